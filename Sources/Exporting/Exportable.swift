import Foundation

/// A module from one value to one value that can tell its forward pass: layers, and what is made of
/// them.
///
///     final class Gate: Module, UnaryLayer, Exportable {
///       let inner = Linear(8, 8)
///       func forward(_ x: Tensor) -> Tensor { x * inner(x).sigmoid() }
///       func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue {
///         graph.multiply(x, graph.sigmoid(graph.apply(inner, x)))
///       }
///     }
public protocol Exportable: Module {
  /// Adds this module's operations to the graph: what `forward` does.
  func export(_ input: GraphValue, to graph: any ModelGraph) -> GraphValue
}

/// A whole model that names its inputs and outputs itself; see `ModelGraph`.
public protocol ExportableModel: Module {
  /// Makes the inputs, adds the model's operations and gives out the results.
  func export(to graph: any ModelGraph)
}

/// Why a model is not exported; its description is one line.
public enum ExportError: Error, CustomStringConvertible {
  /// What has no form in the other language, or does not fit the input.
  case noForm(String)
  /// The file could not be written; the system's reason is kept.
  case cannotWrite(URL, any Error)

  public var description: String {
    switch self {
    case .noForm(let reason): reason.onOneLine
    case .cannotWrite(let file, let error):
      "\(file.path): cannot be written: \(error.systemReason)".onOneLine
    }
  }
}
