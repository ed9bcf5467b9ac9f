import Foundation
import Unroll

/// Presses Ctrl-C once, after so many batches.
final class ImpatientHand: Callback {
  private var batchesLeft: Int
  init(afterBatches count: Int) { batchesLeft = count }

  func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) {
    batchesLeft -= 1
    if batchesLeft == 0 { raise(SIGINT) }
  }
}

extension Modules {
  /// A run that is interrupted and taken up again.
  func interruption(_ page: Page, _ x: NDArray, _ y: NDArray) throws {
    page.prose(
      #"""
      ## Interrupted, and taken up again

      Ctrl-C ends this program at once: of an unfinished chapter nothing is kept, and the pages of
      the last whole run stay as they are. Training of one's own should not be lost so easily. One
      more callback, `BackupAndRestore`, writes a file after every epoch and at the first Ctrl-C;
      the next `fit` finds it and goes on in the middle of the epoch, to the same bits as a run that
      was never disturbed. Here the program presses Ctrl-C itself.
      """#)
    page.show("ImpatientHand", in: "Interruption.swift")
    let backup = page.folder.appendingPathComponent("sine.checkpoint")
    func trained(_ callbacks: [any Callback]) throws -> StateDict {
      let model = SineModel()
      let trainer = Trainer<NDArray, NDArray>(
        model, optimizer: RMSprop(model.parameters(), learningRate: 0.001),
        loss: MSELoss())
      trainer.showsProgress = false
      try trainer.fit(x, y, batchSize: 64, epochs: 3, callbacks: callbacks)
      return model.stateDict()
    }
    Generator.default.seed(page.seed)
    let undisturbed = try trained([])
    let callbacks: [any Callback] = [BackupAndRestore(backup), ImpatientHand(afterBatches: 30)]
    Generator.default.seed(page.seed)
    do {
      _ = try trained(callbacks)
    } catch let stop as TrainingInterrupted {
      page.print("interrupted in epoch \(stop.epoch + 1) of 3, after \(stop.batch) batches")
    }
    // Other random numbers than the first time; those that count are in the file.
    Generator.default.seed(page.seed + 1)
    let resumed = try trained(callbacks)
    let differing = undisturbed.filter { $1.floats != resumed[$0]?.floats }.count
    page.result("sine.resumed_parameters_differing", differing)
  }
}
