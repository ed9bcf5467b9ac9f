import GoldenSupport
import Optim

/// How an operation of the golden files is computed here: tensors in, tensors by name out. It runs
/// in Double and in Float, with gradients.
typealias Operation = @Sendable (GoldenRun) throws -> [String: Tensor]

/// An operation on plain numbers: it runs once, and there is nothing to differentiate.
typealias Calculation = @Sendable (GoldenCase) throws -> [String: GoldenArray]

/// Every operation that the tests know, a table for each group. What is in no table fails by name.
enum Registry {
  static let operations: [String: Operation] = merged([
    elementwiseOperations, reductionOperations, shapeOperations, lossOperations, layerOperations,
    cellOperations, recurrentOperations(isFused: true), optimizerOperations,
    furtherOperations,
  ])

  /// The same layers computed in another way: step by step, without their fused twins.
  static let twins: [String: Operation] = recurrentOperations(isFused: false)

  static let calculations: [String: Calculation] = scheduleCalculations.merging(
    seriesCalculations.merging(callbackCalculations) { _, _ in
      fatalError("an operation is registered twice")
    }
  ) { _, _ in fatalError("an operation is registered twice") }

  /// What differs from the golden values, a line for each array, in every dtype that there is.
  static func differences(_ golden: GoldenCase) throws -> [String] {
    if let operation = operations[golden.op] {
      return try differences(golden, operation)
        + (twins[golden.op].map { try differences(golden, $0).map { "unrolled: \($0)" } } ?? [])
    }
    if let calculation = calculations[golden.op] {
      return golden.differences(from: try calculation(golden))
    }
    throw GoldenError("\(golden.title): no test knows the operation “\(golden.op)”")
  }

  private static func differences(
    _ golden: GoldenCase, _ operation: Operation
  ) throws -> [String] {
    try DType.allCases.flatMap { dtype in
      let run = GoldenRun(golden, dtype)
      return run.differences(from: try operation(run))
    }
  }

  private static func merged(_ tables: [[String: Operation]]) -> [String: Operation] {
    tables.reduce(into: [:]) { all, table in
      all.merge(table) { _, _ in fatalError("an operation is registered twice") }
    }
  }
}
