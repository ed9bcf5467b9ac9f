/// Lowers the learning rate when the monitored figure has stopped getting better. Arguments and
/// decisions are those of Keras' callback; `PlateauLR` decides as PyTorch's scheduler of this name,
/// whose threshold is relative and whose patience is one epoch longer.
public final class ReduceLROnPlateau: Callback {
  /// What the rate is multiplied by at a reduction, below 1.
  public let factor: Double
  /// After how many epochs without betterment the rate is reduced.
  public let patience: Int
  /// Epochs to rest after a reduction.
  public let cooldown: Int
  /// The rate never falls below this.
  public let minLR: Double
  /// Whether a line says of each reduction.
  public let verbose: Bool

  /// Epochs since the figure last got better.
  public private(set) var wait = 0
  /// Epochs for which the rule still rests after a reduction.
  public private(set) var cooldownCounter = 0

  private var monitor: Monitor

  /// - Parameters:
  ///   - monitor: the figure's name in the history.
  ///   - factor: new rate = old rate · factor; below 1.
  ///   - patience: after how many epochs without betterment to reduce.
  ///   - verbose: whether a line says of each reduction.
  ///   - mode: which way is better.
  ///   - minDelta: a smaller change counts as none.
  ///   - cooldown: epochs to rest after a reduction.
  ///   - minLR: the rate never falls below this.
  public init(
    monitor: String = "val_loss", factor: Double = 0.1, patience: Int = 10, verbose: Bool = false,
    mode: MonitorMode = .auto, minDelta: Double = 1e-4, cooldown: Int = 0, minLR: Double = 0
  ) {
    guard (0..<1).contains(factor) else {
      wrongUse("ReduceLROnPlateau: factor \(factor) is not in 0..<1")
    }
    guard patience >= 0, cooldown >= 0, minLR >= 0, minLR.isFinite else {
      wrongUse("ReduceLROnPlateau: patience \(patience), cooldown \(cooldown), minLR \(minLR)")
    }
    self.monitor = Monitor(monitor, mode: mode, minDelta: minDelta)
    self.factor = factor
    self.patience = patience
    self.verbose = verbose
    self.cooldown = cooldown
    self.minLR = minLR
  }

  /// The decision by itself: takes the figure of an epoch and the learning rate, returns the rate to
  /// go on with.
  public func judge(_ value: Double, learningRate: Double) -> Double {
    if cooldownCounter > 0 {
      cooldownCounter -= 1
      wait = 0
    }
    if monitor.isImprovement(value, over: monitor.best) {
      monitor.best = value
      wait = 0
    } else if cooldownCounter == 0 {
      wait += 1
      if wait >= patience && learningRate > minLR {
        cooldownCounter = cooldown
        wait = 0
        return max(learningRate * factor, minLR)
      }
    }
    return learningRate
  }

  public var figures: [String] { ["learning_rate"] }

  public func onTrainBegin(_ session: any TrainingSession) throws {
    memory = CallbackMemory()
    try monitor.settle(for: "ReduceLROnPlateau", among: session.figures, session)
  }

  public func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) throws {
    let old = session.learningRate
    logs["learning_rate"] = old
    let new = judge(
      try monitor.value(in: logs, for: "ReduceLROnPlateau"), learningRate: old)
    guard new != old else { return }
    session.learningRate = new
    if verbose { session.say("Epoch \(epoch + 1): learning rate reduced to \(new)") }
  }

  public var memory: CallbackMemory {
    get {
      var numbers = ["wait": Double(wait), "cooldown": Double(cooldownCounter)]
      numbers["best"] = monitor.best
      return CallbackMemory(numbers: numbers)
    }
    set {
      wait = newValue.count("wait")
      cooldownCounter = newValue.count("cooldown")
      monitor.best = newValue.numbers["best"]
    }
  }

  public func check(
    _ memory: CallbackMemory, epochs: Int, _ session: any TrainingSession
  ) throws {
    // The rest may be longer than this callback's, if the run was begun with another.
    try memory.check(counts: ["wait": epochs, "cooldown": 1 << 53])
  }
}
