import NN

/// The rate times `factor` when what is measured has not got better for more than `patience` steps:
/// PyTorch's `ReduceLROnPlateau`. (Of that name is Training's callback, which decides as Keras' does.)
public final class PlateauLR: Stateful {
  /// Which way is better.
  public enum Mode: String, Sendable {
    /// `min`: less is better, as of a loss; `max`: more is, as of an accuracy.
    case min, max
  }
  /// Whether `threshold` is a share of the best value or a difference from it.
  public enum ThresholdMode: String, Sendable {
    /// `relative`: better than best · (1 ∓ threshold); `absolute`: better than best ∓ threshold.
    case relative, absolute
  }

  /// Whose groups' rates it lowers.
  public let optimizer: Optimizer
  /// Which way is better.
  public let mode: Mode
  /// What the rate is multiplied by, how much better counts as better, the lowest rate, and the
  /// least change of a rate that is made.
  public let factor, threshold, minLR, eps: Double
  /// Bad steps that are borne before a reduction, and steps after one that do not count as bad.
  public let patience, cooldown: Int
  /// Whether the threshold is a share or a difference.
  public let thresholdMode: ThresholdMode

  /// The best value so far.
  public private(set) var best: Double
  /// Steps without a better one.
  public private(set) var badSteps = 0
  private var cooldownLeft = 0

  /// - Parameters:
  ///   - optimizer: whose groups' rates are lowered.
  ///   - mode: which way is better.
  ///   - factor: what the rate is multiplied by, from 0 and below 1.
  ///   - patience: bad steps that are borne; the next one reduces the rate.
  ///   - threshold: how much better counts as better.
  ///   - thresholdMode: whether `threshold` is a share of the best value or a difference from it.
  ///   - cooldown: after a reduction, so many steps do not count as bad.
  ///   - minLR: the rate is not reduced below it.
  ///   - eps: a smaller reduction than this is not made.
  public init(
    _ optimizer: Optimizer, mode: Mode = .min, factor: Double = 0.1, patience: Int = 10,
    threshold: Double = 1e-4, thresholdMode: ThresholdMode = .relative, cooldown: Int = 0,
    minLR: Double = 0, eps: Double = 1e-8
  ) {
    guard (0..<1).contains(factor) else {
      wrongUse("PlateauLR: factor \(factor) is not in 0..<1")
    }
    guard patience >= 0, cooldown >= 0 else {
      wrongUse("PlateauLR: patience \(patience), cooldown \(cooldown)")
    }
    checkOptions(
      "PlateauLR", [("threshold", threshold), ("minLR", minLR), ("eps", eps)])
    (self.optimizer, self.mode, self.factor, self.patience) = (optimizer, mode, factor, patience)
    (self.threshold, self.thresholdMode) = (threshold, thresholdMode)
    (self.cooldown, self.minLR, self.eps) = (cooldown, minLR, eps)
    best = mode == .min ? .infinity : -.infinity
  }

  /// Takes the value measured after an epoch. NaN is no better than anything.
  public func step(_ value: Double) {
    if isBetter(value) {
      (best, badSteps) = (value, 0)
    } else {
      badSteps += 1
    }
    if cooldownLeft > 0 {
      cooldownLeft -= 1
      badSteps = 0
    }
    if badSteps > patience {
      for group in optimizer.groups {
        let reduced = Swift.max(group.learningRate * factor, minLR)
        if group.learningRate - reduced > eps { group.learningRate = reduced }
      }
      (cooldownLeft, badSteps) = (cooldown, 0)
    }
  }

  private func isBetter(_ value: Double) -> Bool {
    // Infinite is the best before the first value, and no share of it is a threshold.
    if best.isInfinite { return mode == .min ? value < best : value > best }
    return switch (mode, thresholdMode) {
    case (.min, .relative): value < best * (1 - threshold)
    case (.min, .absolute): value < best - threshold
    case (.max, .relative): value > best * (1 + threshold)
    case (.max, .absolute): value > best + threshold
    }
  }

  /// Best value, bad steps and what is left of the cooldown, as scalars; the rates are the
  /// optimizer's.
  public func stateDict() -> StateDict {
    numbers([
      "best": best, "bad_steps": Double(badSteps), "cooldown_left": Double(cooldownLeft),
    ])
  }

  public func loadStateDict(_ state: StateDict) throws {
    let values = try scalars(state, ["best", "bad_steps", "cooldown_left"])
    if values[0].isNaN { throw StateError.value(name: "best", found: .nan, expected: "a number") }
    let counts = try (
      wholeNumber(values[1], "bad_steps"), wholeNumber(values[2], "cooldown_left")
    )
    (best, badSteps, cooldownLeft) = (values[0], counts.0, counts.1)
  }
}
