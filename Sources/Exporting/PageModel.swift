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
/// The script computes in Double with the weights as they are kept: 12 bits of each by default, which
/// is two characters of a page.
public struct PageModel: Encodable, Sendable {
  /// How weights are kept.
  ///
  /// There is no int8: of a GRU of 256 units that had read a novel it moved the probabilities that it
  /// gives by up to 6e-3, even where its recurrent weights stayed as they were, int12 by 4e-4 and float16
  /// by 2e-4. A page is to keep within 1e-3 of the library.
  public enum Precision: String, Encodable, Sendable {
    /// A whole number from -2047 to 2047, times a number for each row; arrays of one axis are float16.
    case int12
    /// 11 bits and an exponent.
    case float16
    /// As the library keeps them.
    case float32
  }

  let constants: [Constant]
  let inputs, outputs: [String: Int]
  let nodes: [Node]

  /// An array that is known before.
  struct Constant: Encodable {
    let value: Int
    let shape: [Int]
    var type: Precision
    var base64: String
    /// What each row of whole numbers is multiplied by, as float32.
    var scales: String?
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
  public init(_ model: some ExportableModel, weights: Precision = .int12) throws {
    try self.init(weights: weights) { model.export(to: $0) }
  }

  /// - Throws: `ExportError` for what has no form in a page.
  public init(weights: Precision = .int12, _ tell: (any ModelGraph) -> Void) throws {
    let graph = PageGraph(weights)
    tell(graph)
    if let problem = graph.problem { throw ExportError.noForm(problem) }
    (constants, nodes) = (graph.constants, graph.nodes)
    (inputs, outputs) = (graph.inputs, graph.outputs)
  }

  /// How many characters the weights take in a page.
  public var weightBytes: Int {
    constants.reduce(0) { $0 + $1.base64.utf8.count + ($1.scales?.utf8.count ?? 0) }
  }
}
