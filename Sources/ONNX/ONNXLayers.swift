import Foundation

/// A module that tells its forward pass to an ONNX graph alone, in ONNX's own operations (`node`). One
/// that is to become PyTorch too is `Exportable`.
public protocol ONNXExportable: Module {
  /// Adds this module's operations to the graph: what `forward` does, said in ONNX's words.
  func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue
}

extension ONNXExportable where Self: Exportable {
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    export(input, to: graph as any ModelGraph)
  }
}

extension Linear: ONNXExportable {}
extension Embedding: ONNXExportable {}
extension LayerNorm: ONNXExportable {}
extension BatchNorm1d: ONNXExportable {}
extension Conv1d: ONNXExportable {}
extension Tanh: ONNXExportable {}
extension Sigmoid: ONNXExportable {}
extension ReLU: ONNXExportable {}
extension Softplus: ONNXExportable {}
extension GELU: ONNXExportable {}
extension SiLU: ONNXExportable {}
extension LeakyReLU: ONNXExportable {}
extension ELU: ONNXExportable {}
extension Softmax: ONNXExportable {}
extension LogSoftmax: ONNXExportable {}
extension Flatten: ONNXExportable {}
extension Dropout: ONNXExportable {}
extension Sequential: ONNXExportable {}

extension Module {
  /// Writes the model as an ONNX file with one input, `input`, and one output, `output`.
  ///
  /// - Parameters:
  ///   - file: takes the place of the one that is there, when it is whole.
  ///   - input: the input's shape; a name stands for a size that the caller decides.
  /// - Throws: `ONNXError`: a layer that has no form in ONNX or does not fit the input, or a file
  ///   that cannot be written. Then there is none.
  public func exportONNX(to file: URL, input: [ONNXDimension]) throws {
    try writeONNX(to: file) { graph in
      graph.output("output", graph.apply(self, graph.input("input", input)))
    }
  }

  fileprivate func writeONNX(to file: URL, _ tell: (ONNXGraph) -> Void) throws {
    let graph = ONNXGraph("\(type(of: self))")
    graph.collectsProblems = true
    tell(graph)
    if let problem = graph.problem { throw ONNXError.noForm(problem) }
    try graph.write(to: file)
  }
}

extension ExportableModel {
  /// Writes the model as an ONNX file with the inputs and outputs that it names.
  ///
  /// - Throws: `ONNXError`: what has no form in ONNX, or a file that cannot be written. Then there is
  ///   none.
  public func exportONNX(to file: URL) throws {
    try writeONNX(to: file) { export(to: $0) }
  }
}

extension ONNXGraph {
  public func apply(_ layer: Module, _ input: ONNXValue) -> ONNXValue {
    if let layer = layer as? any ONNXExportable { return layer.export(input, to: self) }
    if let layer = layer as? any Exportable { return layer.export(input, to: self) }
    return refuse(
      "exportONNX: \(type(of: layer)) has no form in ONNX; make it ONNXExportable", input)
  }

  /// The library's layers in ONNX's words.
  func add(_ layer: Module, _ x: ONNXValue, _ shape: [ONNXDimension]) -> ONNXValue {
    switch layer {
    case let layer as Linear:
      let product = node(
        "MatMul", x, constant(layer.weight.value.transposed, name: "weight"), shape: shape)
      guard let bias = layer.bias else { return product }
      return node("Add", product, constant(bias.value, name: "bias"), shape: shape)
    case let layer as Embedding:
      return node(
        "Gather", constant(layer.weight.value, name: "embedding"), x,
        attributes: ["axis": .integer(0)], shape: shape)
    case let layer as LayerNorm:
      let scale = layer.weight?.value ?? .ones(layer.normalizedShape)
      return node(
        "LayerNormalization", x, constant(scale, name: "scale"),
        layer.bias.map { constant($0.value, name: "shift") },
        attributes: [
          "axis": .integer(-layer.normalizedShape.count), "epsilon": .float(layer.eps),
        ], shape: shape)
    case let layer as BatchNorm1d:
      guard let mean = layer.running_mean, let variance = layer.running_var else {
        return refuse("BatchNorm1d: without running means there is no form of it in ONNX", x)
      }
      let ones = NDArray.ones([layer.features]), zeros = NDArray.zeros([layer.features])
      return node(
        "BatchNormalization", x, constant(layer.weight?.value ?? ones, name: "scale"),
        constant(layer.bias?.value ?? zeros, name: "shift"), constant(mean.value, name: "mean"),
        constant(variance.value, name: "variance"), attributes: ["epsilon": .float(layer.eps)],
        shape: shape)
    case let layer as Conv1d:
      return node(
        "Conv", x, constant(layer.weight.value, name: "weight"),
        layer.bias.map { constant($0.value, name: "bias") },
        attributes: [
          "strides": .integers([layer.stride]), "dilations": .integers([layer.dilation]),
          "pads": .integers([layer.padding, layer.padding]),
        ], shape: shape)
    // In evaluation, which is what is exported, everything passes.
    case is Dropout: return x
    default:
      return refuse("exportONNX: \(type(of: layer)) has no form in ONNX", x)
    }
  }
}
