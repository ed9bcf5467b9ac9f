/// Which way a monitored figure gets better; `auto` asks the run.
public enum MonitorMode: String, Sendable {
  case auto, min, max
}

/// Judges one figure, epoch by epoch, against the best so far: what early stopping, checkpoints and
/// the plateau rule share.
struct Monitor {
  let name: String
  let mode: MonitorMode
  /// Less change than this is none.
  let minDelta: Double
  /// The best so far; nil before the first.
  var best: Double?
  private var direction: Direction?

  init(_ name: String, mode: MonitorMode, minDelta: Double = 0, best: Double? = nil) {
    self.name = name
    self.mode = mode
    self.minDelta = abs(minDelta)
    self.best = best
    direction = mode == .auto ? nil : mode == .min ? .down : .up
  }

  /// The figure's value in the epoch's logs.
  func value(in logs: Logs, for callback: String) -> Double {
    guard let value = logs[name] else {
      wrongUse(
        "\(callback): monitors \(name), which is not measured; there are "
          + logs.names.joined(separator: ", "))
    }
    return value
  }

  /// Finds out which way is better, where it was left to the run.
  mutating func settle(for callback: String, _ session: any TrainingSession) {
    if direction != nil { return }
    guard let found = session.direction(of: name) else {
      wrongUse("\(callback): is more or less of \(name) better? Pass mode: .min or .max")
    }
    direction = found
  }

  /// Whether the value beats the reference by more than `minDelta`; anything beats nil.
  func isImprovement(_ value: Double, over reference: Double?) -> Bool {
    guard let reference else { return true }
    switch direction {
    case .up: return value - minDelta > reference
    // Where no run was asked (the decision alone is tried), a figure is taken to fall.
    case .down, nil: return value + minDelta < reference
    }
  }
}
