import Foundation
import Training

/// A small network with dropout and a learnable task, the same for every seed. Two networks of one
/// seed are alike to the bit.
struct Task {
  let model: Sequential
  let trainer: Trainer<NDArray, NDArray>
  let x, y: NDArray

  init(seed: UInt64 = 5, dropout: Double = 0.2) {
    let generator = Generator(seed: seed)
    model = Sequential(
      Linear(3, 8, generator: generator), Tanh(), Dropout(dropout, generator: generator),
      Linear(8, 1, generator: generator))
    x = .normal([40, 3], generator: Generator(seed: 1))
    y = (x.sum(axis: 1, keepDims: true) * 0.5).tanh()
    trainer = Trainer(
      model, optimizer: Adam(model.parameters(), learningRate: 0.02),
      loss: MSELoss(), metrics: [MeanAbsoluteError()], generator: generator)
  }

  @discardableResult
  func fit(epochs: Int, _ callbacks: [any Callback] = []) throws -> History {
    try trainer.fit(
      x, y, batchSize: 16, epochs: epochs, validationData: (x, y), callbacks: callbacks)
  }
}

/// Ends the run from outside, as a crash would: nothing is saved.
final class Crash: Callback {
  struct Happened: Error {}
  let epoch, batch: Int
  private var now = 0

  init(epoch: Int, batch: Int) { (self.epoch, self.batch) = (epoch, batch) }

  func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) { now = epoch }
  func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) throws {
    if now == epoch && batch == self.batch { throw Happened() }
  }
}

/// Presses Ctrl-C at a certain batch.
final class ControlC: Callback {
  let epoch, batch: Int
  private var now = 0

  init(epoch: Int, batch: Int) { (self.epoch, self.batch) = (epoch, batch) }

  func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) { now = epoch }
  func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) {
    if now == epoch && batch == self.batch { pressControlC() }
  }
}

/// Does nothing, in the place where an interrupted run had a callback that did.
final class Idle: Callback {}

/// Sends the signal to this thread, where threads of a pool block it, and returns when it has arrived.
func pressControlC() {
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, SIGINT)
  pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  raise(SIGINT)
}
