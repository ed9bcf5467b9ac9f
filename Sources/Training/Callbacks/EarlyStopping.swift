/// Ends training when the monitored figure has stopped getting better. Arguments and decisions are
/// those of Keras' `EarlyStopping`.
public final class EarlyStopping: Callback {
  /// After how many epochs without betterment the run ends.
  public let patience: Int
  /// What the figure has to beat as well, or the wait goes on; nil: only itself.
  public let baseline: Double?
  /// Whether the model ends with the weights of its best epoch.
  public let restoreBestWeights: Bool
  /// The first epoch that is judged, from 0.
  public let startFromEpoch: Int
  /// Whether a line says when the run is ended and which epoch's weights were restored.
  public let verbose: Bool

  /// Epochs since the figure last got better.
  public private(set) var wait = 0
  /// The epoch after which the run was ended; nil if it was not.
  public private(set) var stoppedEpoch: Int?
  /// The epoch with the best figure.
  public private(set) var bestEpoch = 0
  /// The best figure.
  public var best: Double? { monitor.best }

  private var monitor: Monitor
  private var bestWeights: StateDict = [:]

  /// - Parameters:
  ///   - monitor: the figure's name in the history.
  ///   - minDelta: a smaller change counts as none.
  ///   - patience: after how many epochs without betterment to stop.
  ///   - verbose: whether a line says when the run is ended and which epoch's weights were
  ///     restored.
  ///   - mode: which way is better.
  ///   - baseline: the wait goes on until the figure also beats this.
  ///   - restoreBestWeights: whether the model ends with the weights of its best epoch.
  ///   - startFromEpoch: earlier epochs are not judged.
  public init(
    monitor: String = "val_loss", minDelta: Double = 0, patience: Int = 0, verbose: Bool = false,
    mode: MonitorMode = .auto, baseline: Double? = nil, restoreBestWeights: Bool = false,
    startFromEpoch: Int = 0
  ) {
    guard patience >= 0, startFromEpoch >= 0, baseline?.isNaN != true else {
      wrongUse(
        "EarlyStopping: patience \(patience), startFromEpoch \(startFromEpoch), baseline "
          + (baseline.map { "\($0)" } ?? "none"))
    }
    self.monitor = Monitor(monitor, mode: mode, minDelta: minDelta)
    self.patience = patience
    self.verbose = verbose
    self.baseline = baseline
    self.restoreBestWeights = restoreBestWeights
    self.startFromEpoch = startFromEpoch
  }

  /// What a new value of the figure means.
  public enum Decision: String, Sendable {
    /// Better than before; not better, or not judged yet; not better for `patience` epochs, which
    /// ends the run.
    case improved, wait, stop
  }

  /// The decision by itself: takes the figure of an epoch, says what follows. NaN is no betterment.
  public func judge(_ value: Double, epoch: Int) -> Decision {
    if epoch < startFromEpoch { return .wait }
    wait += 1
    if monitor.isImprovement(value, over: monitor.best) {
      monitor.best = value
      bestEpoch = epoch
      if baseline == nil || monitor.isImprovement(value, over: baseline) { wait = 0 }
      return .improved
    }
    guard wait >= patience && epoch > 0 else { return .wait }
    stoppedEpoch = epoch
    return .stop
  }

  public func onTrainBegin(_ session: any TrainingSession) throws {
    memory = CallbackMemory()
    try monitor.settle(for: "EarlyStopping", among: session.figures, session)
  }

  public func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) throws {
    switch judge(try monitor.value(in: logs, for: "EarlyStopping"), epoch: epoch) {
    case .improved: if restoreBestWeights { bestWeights = session.weights }
    case .wait: break
    case .stop: session.stopTraining = true
    }
  }

  public func onTrainEnd(_ session: any TrainingSession) {
    if verbose, let stoppedEpoch { session.say("Epoch \(stoppedEpoch + 1): early stopping") }
    guard !bestWeights.isEmpty else { return }
    if verbose { session.say("Weights restored from the best epoch, \(bestEpoch + 1)") }
    session.weights = bestWeights
  }

  public var memory: CallbackMemory {
    get {
      var numbers = ["wait": Double(wait), "bestEpoch": Double(bestEpoch)]
      numbers["best"] = best
      numbers["stoppedEpoch"] = stoppedEpoch.map(Double.init)
      return CallbackMemory(numbers: numbers, arrays: bestWeights)
    }
    set {
      wait = newValue.count("wait")
      bestEpoch = newValue.count("bestEpoch")
      monitor.best = newValue.numbers["best"]
      stoppedEpoch = newValue.numbers["stoppedEpoch"].map { _ in newValue.count("stoppedEpoch") }
      bestWeights = newValue.arrays
    }
  }

  public func check(
    _ memory: CallbackMemory, epochs: Int, _ session: any TrainingSession
  ) throws {
    try memory.check(
      counts: ["wait": epochs, "bestEpoch": epochs], optional: ["stoppedEpoch": epochs])
    let kept = memory.arrays, model = session.weights
    if kept.isEmpty {
      if restoreBestWeights, memory.numbers["best"] != nil {
        throw StateError.missing(["the best epoch's weights"])
      }
      return
    }
    let names = Set(kept.keys), own = Set(model.keys)
    if !own.isSubset(of: names) { throw StateError.missing(own.subtracting(names).sorted()) }
    if !names.isSubset(of: own) { throw StateError.unexpected(names.subtracting(own).sorted()) }
    for (name, value) in kept.sorted(by: { $0.key < $1.key })
    where value.shape != model[name]!.shape {
      throw StateError.shape(name: name, found: value.shape, expected: model[name]!.shape)
    }
  }
}
