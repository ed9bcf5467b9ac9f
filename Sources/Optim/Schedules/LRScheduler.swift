import Foundation
import NN

/// Changes an optimiser's learning rate as training goes on. Call `step()` after each epoch (or each
/// batch, where the schedule is meant so), after the optimiser's own steps.
///
/// A schedule starts from the rate that the optimiser had when its first schedule was made.
public class LRScheduler: Stateful {
  public let optimizer: Optimizer
  /// How often `step()` was called.
  public final private(set) var stepCount = 0
  /// The rate that the schedule scales.
  public final private(set) var baseRate: Double

  init(_ optimizer: Optimizer) {
    self.optimizer = optimizer
    if optimizer.unscheduledRate == nil { optimizer.unscheduledRate = optimizer.learningRate }
    baseRate = optimizer.unscheduledRate!
  }

  /// The learning rate after so many steps. Every schedule has its own.
  public func rate(at step: Int) -> Double { baseRate }

  public final func step() {
    stepCount += 1
    apply()
  }

  final func apply() { optimizer.learningRate = rate(at: stepCount) }

  public final func stateDict() -> StateDict {
    numbers(["step_count": Double(stepCount), "base_rate": baseRate])
  }

  public final func loadStateDict(_ state: StateDict) throws {
    let values = try scalars(state, ["step_count", "base_rate"])
    (stepCount, baseRate) = (Int(values[0]), values[1])
    apply()
  }
}

func numbers(_ values: [String: Double]) -> StateDict {
  values.mapValues { NDArray($0, dtype: .float64) }
}

/// The numbers of these names, which must be all there are.
func scalars(_ state: StateDict, _ names: [String]) throws -> [Double] {
  let unexpected = Set(state.keys).subtracting(names)
  if !unexpected.isEmpty { throw StateError.unexpected(unexpected.sorted()) }
  return try names.map { name in
    guard let value = state[name] else { throw StateError.missing([name]) }
    guard value.shape == [] else {
      throw StateError.shape(name: name, found: value.shape, expected: [])
    }
    return value.item
  }
}
