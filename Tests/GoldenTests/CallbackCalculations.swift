import Foundation
import GoldenSupport
import Training

/// As much of a training run as a callback sees; the weights are the number of the epoch.
private final class Rehearsal: TrainingSession {
  var stopTraining = false
  var learningRate: Double
  var weights: StateDict = ["epoch": NDArray(-1, dtype: .float64)]
  var saves = 0

  init(learningRate: Double = 0.1) { self.learningRate = learningRate }

  func direction(of figure: String) -> Direction? { .down }
  func saveWeights(to file: URL) { saves += 1 }
  func saveCheckpoint(to file: URL) { saves += 1 }
  func restoreCheckpoint(from file: URL) {}
  func say(_ line: String) {}

  /// Tells the callback of epoch after epoch; what there is to see after each.
  func run(
    _ golden: GoldenCase, _ callback: any Callback
  ) throws -> (rates: [Double], saved: [Double]) {
    var rates: [Double] = [], saved: [Double] = []
    try callback.onTrainBegin(self)
    for (epoch, loss) in try golden.input("losses").values.enumerated() {
      let before = saves
      weights = ["epoch": NDArray(Double(epoch), dtype: .float64)]
      try callback.onEpochBegin(epoch, self)
      var logs: Logs = ["val_loss": loss]
      try callback.onEpochEnd(epoch, logs: &logs, self)
      try callback.afterEpoch(epoch, logs: logs, self)
      rates.append(learningRate)
      saved.append(Double(saves - before))
      if stopTraining { break }
    }
    try callback.onTrainEnd(self)
    return (rates, saved)
  }
}

private func mode(_ golden: GoldenCase) throws -> MonitorMode {
  try golden.need("mode", MonitorMode(rawValue: golden.config[string: "mode"] ?? "auto"))
}

private func scalar(_ value: Double) -> GoldenArray { GoldenArray([value], shape: []) }

let callbackCalculations: [String: Calculation] = [
  "keras.EarlyStopping": { golden in
    let config = golden.config
    let callback = EarlyStopping(
      minDelta: config[double: "min_delta"] ?? 0, patience: config[int: "patience"] ?? 0,
      mode: try mode(golden), baseline: config[double: "baseline"],
      restoreBestWeights: config[bool: "restore_best_weights"] ?? false,
      startFromEpoch: config[int: "start_from_epoch"] ?? 0)
    let session = Rehearsal()
    let epochs = try session.run(golden, callback).rates.count
    return [
      "stopped_epoch": scalar(session.stopTraining ? Double(epochs - 1) : -1),
      "best_epoch": scalar(Double(callback.bestEpoch)),
      "restored_epoch": scalar(session.weights["epoch"]!.item),
      "best": scalar(callback.best ?? .nan),
    ]
  },
  "keras.ReduceLROnPlateau": { golden in
    let config = golden.config
    let callback = ReduceLROnPlateau(
      factor: config[double: "factor"] ?? 0.1, patience: config[int: "patience"] ?? 10,
      mode: try mode(golden), minDelta: config[double: "min_delta"] ?? 1e-4,
      cooldown: config[int: "cooldown"] ?? 0, minLR: config[double: "min_lr"] ?? 0)
    let session = Rehearsal(learningRate: config[double: "lr"] ?? 0.1)
    return ["lr": GoldenArray(try session.run(golden, callback).rates)]
  },
  "keras.ModelCheckpoint": { golden in
    let config = golden.config
    let callback = ModelCheckpoint(
      URL(fileURLWithPath: NSTemporaryDirectory() + "model"),
      saveBestOnly: config[bool: "save_best_only"] ?? false, mode: try mode(golden),
      initialValueThreshold: config[double: "initial_value_threshold"])
    return ["saved": GoldenArray(try Rehearsal().run(golden, callback).saved)]
  },
]
