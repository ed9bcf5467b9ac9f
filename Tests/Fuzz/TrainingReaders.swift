import Foundation
import Training

extension Reader {
  /// A checkpoint and the run that goes on from it: what is refused must have changed nothing.
  static let checkpoint = Reader(
    "checkpoint",
    seeds: {
      let input = scratch.appendingPathComponent("seed.safetensors")
      let run = SmallRun()
      try run.fit(epochs: 2, [BackupAndRestore(input, deleteCheckpoint: false)])
      return [Array(try Data(contentsOf: input))]
    },
    read: { bytes in
      let input = try file(bytes, "run.safetensors")
      let run = SmallRun()
      let before = run.model.stateDict()
      do {
        try run.fit(epochs: 3, [BackupAndRestore(input, deleteCheckpoint: false)])
      } catch TrainingError.diverged {
        // The file was taken, and what stands in it is no good start.
      } catch {
        if run.model.stateDict() != before {
          broken("checkpoint: refused, and the model has changed: \(error)")
        }
        throw error
      }
    })
}

/// A run of a few numbers with every kind of memory: an optimizer's slots, dropout's chance, callbacks
/// that count and keep weights, a state carried from batch to batch.
private struct SmallRun {
  let model: Sequential
  let trainer: Trainer<NDArray, NDArray>
  let x: NDArray

  init() {
    let generator = Generator(seed: 5)
    let model = Sequential(
      Linear(2, 2, generator: generator), Dropout(0.2, generator: generator),
      Linear(2, 1, generator: generator))
    self.model = model
    x = .normal([6, 2], generator: generator)
    trainer = Trainer(
      model, optimizer: Adam(model.parameters(), learningRate: 0.02),
      loss: MSELoss(), metrics: [MeanAbsoluteError()], generator: generator,
      carrying: { x, carried in
        carried = [(carried.first ?? .zeros([2])) + x.sum(axis: 0)]
        return model(Tensor(x) + Tensor(carried[0]))
      })
    trainer.showsProgress = false
  }

  func fit(epochs: Int, _ callbacks: [any Callback]) throws {
    let y = x.sum(axis: 1, keepDims: true)
    try trainer.fit(
      x, y, batchSize: 3, epochs: epochs, validationData: (x, y),
      callbacks: [
        EarlyStopping(patience: 9, restoreBestWeights: true),
        ReduceLROnPlateau(factor: 0.5, patience: 1),
        ModelCheckpoint(
          scratch.appendingPathComponent("best"), saveBestOnly: true,
          saveFreq: .epochs(2)),
      ] + callbacks)
  }
}
