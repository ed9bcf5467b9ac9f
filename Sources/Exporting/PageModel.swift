import Foundation

/// A model's forward pass and its weights as data for a script that runs it in a page (`model.js` of the
/// target Notebook): the same calls make it as make an ONNX file or a PyTorch module.
///
///     let model = try PageModel(classifier)               // an ExportableModel
///     let shares = try PageModel { graph in
///       let x = graph.input("image", [1, 28, 28])
///       let states = graph.lstm(reader.lstm, x).output
///       graph.output("shares", graph.softmax(graph.apply(reader.output, states), axis: 2))
///     }
///
/// The script computes in Double with the weights as they are kept: float16 by default, 11 bits of
/// each, in two bytes.
public struct PageModel: Encodable, Sendable {
  /// How weights are kept.
  public enum Precision: String, Encodable, Sendable { case float16, float32 }

  let constants: [Constant]
  let inputs, outputs: [String: Int]
  let nodes: [Node]

  /// An array that is known before.
  struct Constant: Encodable {
    let value: Int
    let shape: [Int]
    let type: Precision
    let base64: String
  }

  /// An operation from values to values, and what else there is to know of it.
  struct Node: Encodable {
    let op: String
    let from, to: [Int]
    var axis, index, start, length, startAxis, width: Int?
    var axes: [Int]?
    var slope, alpha, eps: Double?
    var recurrent: Recurrent?

    struct Recurrent: Encodable {
      let kind: String
      let layers, directions, hidden: Int
      let batchFirst, isReLU, hasState, hasLengths: Bool
    }
  }

  /// - Throws: `ExportError` for what has no form in a page.
  public init(_ model: some ExportableModel, weights: Precision = .float16) throws {
    try self.init(weights: weights) { model.export(to: $0) }
  }

  /// - Throws: `ExportError` for what has no form in a page.
  public init(weights: Precision = .float16, _ tell: (any ModelGraph) -> Void) throws {
    let graph = PageGraph(weights)
    tell(graph)
    if let problem = graph.problem { throw ExportError.noForm(problem) }
    (constants, nodes) = (graph.constants, graph.nodes)
    (inputs, outputs) = (graph.inputs, graph.outputs)
  }

  /// How many characters the weights take in a page.
  public var weightBytes: Int { constants.reduce(0) { $0 + $1.base64.utf8.count } }
}
