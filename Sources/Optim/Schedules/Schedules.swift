import Foundation
import NN

/// The rate times `gamma` after every `stepSize` steps.
public final class StepLR: LRScheduler {
  /// Steps between two reductions.
  public let stepSize: Int
  /// What the rate is multiplied by at each.
  public let gamma: Double

  /// - Parameters:
  ///   - optimizer: whose rate is set.
  ///   - stepSize: positive; epochs or batches, as `step()` is called.
  ///   - gamma: from 0; 0.1 makes each rate a tenth of the last.
  public init(_ optimizer: Optimizer, stepSize: Int, gamma: Double = 0.1) {
    guard stepSize > 0 else { wrongUse("StepLR: stepSize \(stepSize) is not positive") }
    checkOptions("StepLR", [("gamma", gamma)])
    (self.stepSize, self.gamma) = (stepSize, gamma)
    super.init(optimizer)
  }

  public override func rate(at step: Int) -> Double {
    check(step)
    return baseRate * pow(gamma, Double(step / stepSize))
  }
}

/// The rate times `gamma` at each of the milestones, in steps; one that is named twice counts twice.
public final class MultiStepLR: LRScheduler {
  /// The steps, from 0, at which the rate changes.
  public let milestones: [Int]
  /// What the rate is multiplied by at each.
  public let gamma: Double

  /// - Parameters:
  ///   - optimizer: whose rate is set.
  ///   - milestones: steps from 0, in any order.
  ///   - gamma: from 0; 0.1 makes each rate a tenth of the last.
  public init(_ optimizer: Optimizer, milestones: [Int], gamma: Double = 0.1) {
    guard milestones.allSatisfy({ $0 >= 0 }) else {
      wrongUse("MultiStepLR: milestones \(milestones), counted from 0")
    }
    checkOptions("MultiStepLR", [("gamma", gamma)])
    (self.milestones, self.gamma) = (milestones, gamma)
    super.init(optimizer)
  }

  public override func rate(at step: Int) -> Double {
    check(step)
    return baseRate * pow(gamma, Double(milestones.count { $0 <= step }))
  }
}

/// The rate times `gamma` after every step.
public final class ExponentialLR: LRScheduler {
  /// What the rate is multiplied by at each step.
  public let gamma: Double

  /// A rate of base · gammaˢᵗᵉᵖ; `gamma` from 0.
  public init(_ optimizer: Optimizer, gamma: Double) {
    checkOptions("ExponentialLR", [("gamma", gamma)])
    self.gamma = gamma
    super.init(optimizer)
  }

  public override func rate(at step: Int) -> Double {
    check(step)
    return baseRate * pow(gamma, Double(step))
  }
}

/// The rate times whatever a function says of the step.
///
///     LambdaLR(optimizer) { step in 1 / Double(step + 1).squareRoot() }
public final class LambdaLR: LRScheduler {
  private let factor: (Int) -> Double

  /// - Parameters:
  ///   - optimizer: whose rate is set.
  ///   - factor: of the number of the step, from 0; it must say the same whenever it is asked.
  public init(_ optimizer: Optimizer, _ factor: @escaping (_ step: Int) -> Double) {
    self.factor = factor
    super.init(optimizer)
  }

  public override func rate(at step: Int) -> Double {
    check(step)
    let factor = factor(step)
    checkOptions("LambdaLR", [("the factor of step \(step),", factor)])
    return baseRate * factor
  }
}

/// Down half a cosine wave to `minLR` in `period` steps (Loshchilov & Hutter 2017, without
/// restarts):  minLR + (base − minLR) · (1 + cos(π · step / period)) / 2
public final class CosineAnnealingLR: LRScheduler {
  /// Steps from the top of the wave to its bottom. Beyond it the rate rises again.
  public let period: Int
  /// The rate at the bottom, for all groups.
  public let minLR: Double

  /// - Parameters:
  ///   - optimizer: whose rate is set.
  ///   - period: positive; PyTorch's `T_max`.
  ///   - minLR: from 0; PyTorch's `eta_min`.
  public init(_ optimizer: Optimizer, period: Int, minLR: Double = 0) {
    guard period > 0 else { wrongUse("CosineAnnealingLR: period \(period) is not positive") }
    checkOptions("CosineAnnealingLR", [("minLR", minLR)])
    (self.period, self.minLR) = (period, minLR)
    super.init(optimizer)
  }

  public override func rate(at step: Int) -> Double {
    check(step)
    let wave = (1 + cos(Double.pi * Double(step) / Double(period))) / 2
    return minLR + (baseRate - minLR) * wave
  }
}

/// In a straight line from `startFactor` to `endFactor` of the rate in `steps` steps, and on at the
/// latter: a warm-up.
public final class LinearLR: LRScheduler {
  /// The shares of the rate that it begins and ends with.
  public let startFactor, endFactor: Double
  /// Steps from the one to the other.
  public let steps: Int

  /// From a third of the rate to all of it in 5 steps if nothing is said, as PyTorch's; the factors
  /// from 0, `steps` positive.
  public init(
    _ optimizer: Optimizer, startFactor: Double = 1.0 / 3, endFactor: Double = 1, steps: Int = 5
  ) {
    guard steps > 0 else { wrongUse("LinearLR: steps \(steps) is not positive") }
    checkOptions("LinearLR", [("startFactor", startFactor), ("endFactor", endFactor)])
    (self.startFactor, self.endFactor, self.steps) = (startFactor, endFactor, steps)
    super.init(optimizer)
  }

  public override func rate(at step: Int) -> Double {
    check(step)
    let share = Double(min(step, steps)) / Double(steps)
    return baseRate * (startFactor + (endFactor - startFactor) * share)
  }
}

/// One schedule after the other: the next from each of `milestones` on, from its own beginning; one
/// whose milestone is that of the next, or 0, has no turn. A warm-up before another schedule:
///
///     SequentialLR(optimizer, milestones: [5]) {
///       [LinearLR($0, steps: 5), CosineAnnealingLR($0, period: 95)]
///     }
public final class SequentialLR: LRScheduler {
  /// The schedules in turn, one more than the milestones.
  public let schedules: [LRScheduler]
  /// The steps, from 0 and rising, at which the next one takes over.
  public let milestones: [Int]

  /// - Parameters:
  ///   - optimizer: whose rate is set.
  ///   - milestones: steps from 0, rising.
  ///   - schedules: makes the schedules from the optimizer, one more than there are milestones;
  ///     another number, or a schedule of another optimizer, stops the program.
  public init(
    _ optimizer: Optimizer, milestones: [Int], _ schedules: (Optimizer) -> [LRScheduler]
  ) {
    (self.schedules, self.milestones) = (schedules(optimizer), milestones)
    guard self.schedules.count == milestones.count + 1, milestones == milestones.sorted(),
      milestones.first ?? 0 >= 0
    else {
      wrongUse("SequentialLR: \(self.schedules.count) schedules with milestones \(milestones)")
    }
    if self.schedules.contains(where: { $0.optimizer !== optimizer }) {
      wrongUse("SequentialLR: a schedule of another optimizer")
    }
    super.init(optimizer)
  }

  public override func rate(at step: Int) -> Double {
    check(step)
    let (schedule, own) = turn(at: step)
    return schedule.rate(at: own)
  }

  public override func accepts(_ step: Int) -> Bool {
    let (schedule, own) = turn(at: step)
    return schedule.accepts(own)
  }

  override func turn(to group: Int) {
    super.turn(to: group)
    for schedule in schedules { schedule.turn(to: group) }
  }

  /// Whose turn it is, and the step from its own beginning.
  private func turn(at step: Int) -> (schedule: LRScheduler, step: Int) {
    let passed = milestones.prefix { $0 <= step }
    return (schedules[passed.count], step - (passed.last ?? 0))
  }
}
