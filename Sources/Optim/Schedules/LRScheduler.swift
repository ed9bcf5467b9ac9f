import Foundation
import NN

/// Changes an optimizer's learning rate as training goes on. Call `step()` after each epoch (or each
/// batch, where the schedule is meant so), after the optimizer's own steps.
///
/// A schedule starts from the rate that the optimizer had when its first schedule was made.
///
/// A schedule of one's own is a subclass that says in `rate(at:)` what the rate is after so many steps:
///
///     final class InverseRoot: LRScheduler {
///       override func rate(at step: Int) -> Double { baseRate / Double(step + 1).squareRoot() }
///     }
open class LRScheduler: Stateful {
  /// Whose rate it sets.
  public let optimizer: Optimizer
  /// How often `step()` was called.
  public final private(set) var stepCount = 0
  /// The rate that the schedule scales: that of the group whose turn it is.
  public final private(set) var baseRate: Double
  /// The rates of all groups.
  private final var baseRates: [Double]

  /// Sets the optimizer's rate to that of step 0.
  public init(_ optimizer: Optimizer) {
    self.optimizer = optimizer
    for group in optimizer.groups where group.unscheduledRate == nil {
      group.unscheduledRate = group.learningRate
    }
    baseRates = optimizer.groups.map { $0.unscheduledRate! }
    baseRate = baseRates[0]
    apply()
  }

  /// The learning rate after so many steps. Every schedule has its own. It is asked for step 0 as soon
  /// as `baseRate` is known, and must hang on nothing but the step and what does not change.
  open func rate(at step: Int) -> Double { baseRate }

  /// Whether the schedule reaches so far; a state that is loaded must.
  open func accepts(_ step: Int) -> Bool { step >= 0 }

  final func check(_ step: Int) {
    if !accepts(step) { wrongUse("\(Self.self): step \(step), counted from 0") }
  }

  /// One step on: gives every group of the optimizer the rate of the next step. A step that the
  /// schedule does not have, and a group added since it was made, stop the program.
  public final func step() {
    stepCount += 1
    apply()
  }

  /// Gives every group its rate.
  final func apply() {
    guard baseRates.count == optimizer.groups.count else {
      wrongUse("\(Self.self): the optimizer was given a group after its schedule was made")
    }
    for (place, group) in optimizer.groups.enumerated() {
      turn(to: place)
      group.learningRate = rate(at: stepCount)
    }
    turn(to: 0)
  }

  /// Lets `rate(at:)` speak of a group.
  func turn(to group: Int) { baseRate = baseRates[group] }

  /// `base_rate` of the first group, `base_rate.1` of the next.
  private final var baseNames: [String] {
    baseRates.indices.map { $0 == 0 ? "base_rate" : "base_rate.\($0)" }
  }

  /// The number of steps and each group's base rate, as scalars.
  public final func stateDict() -> StateDict {
    numbers(
      ["step_count": Double(stepCount)].merging(zip(baseNames, baseRates)) { first, _ in first })
  }

  public final func loadStateDict(_ state: StateDict) throws {
    (stepCount, baseRates) = try checked(state)
    apply()
  }

  /// What a state says, if it is one that this schedule can go on from.
  package final func checked(_ state: StateDict) throws -> (stepCount: Int, baseRates: [Double]) {
    let values = try scalars(state, ["step_count"] + baseNames)
    let steps = try wholeNumber(values[0], "step_count")
    guard accepts(steps) else {
      throw StateError.value(
        name: "step_count", found: values[0], expected: "a step that \(Self.self) has")
    }
    return (steps, try zip(values.dropFirst(), baseNames).map(rateNumber))
  }
}

func numbers(_ values: [String: Double]) -> StateDict {
  StateDict(values.mapValues { NDArray($0, dtype: .float64) })
}

/// The numbers of these names, which must be all there are.
func scalars(_ state: StateDict, _ names: [String]) throws -> [Double] {
  let unexpected = state.keys.filter { names.exactIndex(of: $0) == nil }
  if !unexpected.isEmpty { throw StateError.unexpected(unexpected.exactlySorted()) }
  return try names.map { name in
    guard let value = state[name] else { throw StateError.missing([name]) }
    guard value.shape == [] else {
      throw StateError.shape(name: name, found: value.shape, expected: [])
    }
    return value.item
  }
}

/// A count out of a state.
func wholeNumber(_ value: Double, _ name: String, from lowest: Int = 0) throws -> Int {
  // Beyond 2⁵³ a Double no longer tells one whole number from the next.
  guard let number = Int(exactly: value), number >= lowest, number < 1 << 53 else {
    throw StateError.value(
      name: name, found: value, expected: "a whole number from \(lowest)")
  }
  return number
}

/// A learning rate out of a state.
func rateNumber(_ value: Double, _ name: String) throws -> Double {
  guard value >= 0, value < .infinity else {
    throw StateError.value(name: name, found: value, expected: "a number from 0")
  }
  return value
}
