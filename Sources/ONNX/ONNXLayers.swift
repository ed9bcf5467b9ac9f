import Foundation

/// A module that can tell its forward pass to an ONNX graph.
public protocol ONNXExportable: Module {
  /// Adds this module's operations to the graph: what `forward` does, said in ONNX's words.
  func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue
}

extension ONNXExportable {
  /// Writes the model as an ONNX file with one input, `input`, and one output, `output`.
  ///
  /// - Parameter input: the input's shape; a name stands for a size that the caller decides.
  /// - Throws: `ONNXError`: a layer that has no form in ONNX or does not fit the input, or a file
  ///   that cannot be written. Then there is none.
  public func exportONNX(to file: URL, input: [ONNXDimension]) throws {
    let graph = ONNXGraph("\(type(of: self))")
    graph.collectsProblems = true
    graph.output("output", export(graph.input("input", input), to: graph))
    if let problem = graph.problem { throw ONNXError.noForm(problem) }
    try graph.write(to: file)
  }
}

extension ONNXGraph {
  /// A layer that is an `ONNXExportable`, applied to a value.
  public func apply(_ layer: some ONNXExportable, _ input: ONNXValue) -> ONNXValue {
    layer.export(input, to: self)
  }
}

extension Linear: ONNXExportable {
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    guard input.shape.last == .size(inputSize) else {
      return graph.refuse("Linear: input \(input.shape), expected \(inputSize) features", input)
    }
    let shape = Array(input.shape.dropLast()) + [.size(outputSize)]
    let product = graph.node(
      "MatMul", input, graph.constant(weight.value.transposed, name: "weight"), shape: shape)
    guard let bias else { return product }
    return graph.node("Add", product, graph.constant(bias.value, name: "bias"), shape: shape)
  }
}

extension Embedding: ONNXExportable {
  /// Ids `[…]`, output `[…, size]`.
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    guard input.type == .int64 else {
      return graph.refuse(
        "Embedding: \(input.name) holds numbers; make it by indices(_:_:)", input)
    }
    return graph.node(
      "Gather", graph.constant(weight.value, name: "embedding"), input,
      attributes: ["axis": .integer(0)], shape: input.shape + [.size(size)])
  }
}

extension LayerNorm: ONNXExportable {
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    guard input.shape.suffix(normalizedShape.count) == normalizedShape.map({ .size($0) })[...]
    else {
      return graph.refuse("LayerNorm: input \(input.shape), expected \(normalizedShape)", input)
    }
    let scale = weight?.value ?? .ones(normalizedShape)
    return graph.node(
      "LayerNormalization", input, graph.constant(scale, name: "scale"),
      bias.map { graph.constant($0.value, name: "shift") },
      attributes: ["axis": .integer(-normalizedShape.count), "epsilon": .float(eps)],
      shape: input.shape)
  }
}

extension BatchNorm1d: ONNXExportable {
  /// Input `[batch, features]` or `[batch, features, time]`. In evaluation, with the running means.
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    guard (2...3).contains(input.shape.count), input.shape[1] == .size(features) else {
      return graph.refuse("BatchNorm1d: input \(input.shape), expected \(features) features", input)
    }
    guard let running_mean, let running_var else {
      return graph.refuse(
        "BatchNorm1d: without running means there is no form of it in ONNX", input)
    }
    let scale = weight?.value ?? .ones([features]), shift = bias?.value ?? .zeros([features])
    return graph.node(
      "BatchNormalization", input, graph.constant(scale, name: "scale"),
      graph.constant(shift, name: "shift"), graph.constant(running_mean.value, name: "mean"),
      graph.constant(running_var.value, name: "variance"),
      attributes: ["epsilon": .float(eps)], shape: input.shape)
  }
}

extension Tanh: ONNXExportable {
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    graph.node("Tanh", input, shape: input.shape)
  }
}

extension Sigmoid: ONNXExportable {
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    graph.node("Sigmoid", input, shape: input.shape)
  }
}

extension ReLU: ONNXExportable {
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    graph.node("Relu", input, shape: input.shape)
  }
}

extension Softplus: ONNXExportable {
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    graph.node("Softplus", input, shape: input.shape)
  }
}

extension ONNXGraph {
  fileprivate func checkAxis(_ axis: Int, _ input: ONNXValue, _ layer: String) {
    let rank = input.shape.count
    if !(-rank..<rank).contains(axis) { refuse("\(layer): axis \(axis) of \(input.shape)", ()) }
  }
}

extension Softmax: ONNXExportable {
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    graph.checkAxis(axis, input, "Softmax")
    return graph.node("Softmax", input, attributes: ["axis": .integer(axis)], shape: input.shape)
  }
}

extension LogSoftmax: ONNXExportable {
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    graph.checkAxis(axis, input, "LogSoftmax")
    return graph.node("LogSoftmax", input, attributes: ["axis": .integer(axis)], shape: input.shape)
  }
}

extension Flatten: ONNXExportable {
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    guard (0..<input.shape.count).contains(startAxis) else {
      return graph.refuse("Flatten: startAxis \(startAxis) of \(input.shape)", input)
    }
    let merged = input.shape.dropFirst(startAxis).reduce(1) { product, axis -> Int in
      guard case .size(let size) = axis else {
        return graph.refuse(
          "Flatten: the axes from \(startAxis) on of \(input.shape) must be numbers", product)
      }
      return product * size
    }
    // 0 keeps an axis as it is.
    let target = [Int](repeating: 0, count: startAxis) + [merged]
    return graph.node(
      "Reshape", input, graph.constant(target),
      shape: input.shape.prefix(startAxis) + [.size(merged)])
  }
}

extension Dropout: ONNXExportable {
  /// In evaluation, which is what is exported, everything passes.
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue { input }
}

extension Sequential: ONNXExportable {
  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    layers.reduce(input) { value, layer in
      guard let layer = layer as? any ONNXExportable else {
        return graph.refuse(
          "exportONNX: \(type(of: layer)) has no form in ONNX; make it ONNXExportable", value)
      }
      return layer.export(value, to: graph)
    }
  }
}
