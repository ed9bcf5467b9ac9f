/// Which way a monitored figure gets better; `auto` asks the run.
public enum MonitorMode: String, Sendable {
  /// `auto`: as the figure's metric says; `min`: less is better; `max`: more is.
  case auto, min, max
}

/// Judges one figure, epoch by epoch, against the best so far: what early stopping, checkpoints and
/// the plateau rule share.
public struct Monitor {
  /// The figure's name in the logs.
  public let name: String
  /// Which way is better, as it was asked for; `auto` is settled when the run begins.
  public let mode: MonitorMode
  /// Less change than this is none.
  public let minDelta: Double
  /// The best so far; nil before the first.
  public var best: Double?
  private var direction: Direction?

  /// - Parameters:
  ///   - name: the figure's name in the logs, such as `val_loss`.
  ///   - mode: which way is better; `auto` asks the run, in `settle`.
  ///   - minDelta: a smaller change counts as none; its sign does not matter.
  ///   - best: what the first value has to beat; nil: nothing.
  public init(_ name: String, mode: MonitorMode = .auto, minDelta: Double = 0, best: Double? = nil)
  {
    self.name = name
    self.mode = mode
    guard minDelta.isFinite, best?.isNaN != true else {
      wrongUse("monitor \(name): minDelta \(minDelta), first to beat \(best ?? 0)")
    }
    self.minDelta = abs(minDelta)
    self.best = best
    direction = mode == .auto ? nil : mode == .min ? .down : .up
  }

  /// The figure's value in the epoch's logs.
  public func value(in logs: Logs, for callback: String) throws(TrainingError) -> Double {
    guard let value = logs[name] else {
      throw .notMeasured(name, by: callback, known: logs.names)
    }
    return value
  }

  /// Before the first epoch: whether the figure will be measured (`among` the run's, if it knows
  /// them), and which way is better, where that was left to the run.
  public mutating func settle(
    for callback: String, among figures: [String], _ session: any TrainingSession
  ) throws(TrainingError) {
    if !figures.isEmpty, !figures.contains(name) {
      throw .notMeasured(name, by: callback, known: figures)
    }
    if direction != nil { return }
    guard let found = session.direction(of: name) else {
      throw .noDirection(name, by: callback)
    }
    direction = found
  }

  /// Whether the value beats the reference by more than `minDelta`; anything but NaN beats nil.
  public func isImprovement(_ value: Double, over reference: Double?) -> Bool {
    if value.isNaN { return false }
    guard let reference else { return true }
    switch direction {
    case .up: return value - minDelta > reference
    // Where no run was asked (the decision alone is tried), a figure is taken to fall.
    case .down, nil: return value + minDelta < reference
    }
  }
}
