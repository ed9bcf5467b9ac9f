// The library's layers, with the shapes that they take.

extension Exportable {
  fileprivate func layer(
    _ input: GraphValue, _ shape: [GraphDimension], _ graph: any ModelGraph
  ) -> GraphValue {
    graph.add(.layer(self), [input], shape: shape, type: .float)
  }
}

extension Linear: Exportable {
  public func export(_ input: GraphValue, to graph: any ModelGraph) -> GraphValue {
    guard input.shape.last == .size(inputSize) else {
      return graph.refuse("Linear: input \(input.shape), expected \(inputSize) features", input)
    }
    return layer(input, input.shape.dropLast() + [.size(outputSize)], graph)
  }
}

extension Embedding: Exportable {
  /// Ids `[…]`, output `[…, size]`.
  public func export(_ input: GraphValue, to graph: any ModelGraph) -> GraphValue {
    guard input.type == .int64 else {
      return graph.refuse(
        "Embedding: \(input.name) holds numbers; make it by indices(_:_:)", input)
    }
    return layer(input, input.shape + [.size(size)], graph)
  }
}

extension LayerNorm: Exportable {
  public func export(_ input: GraphValue, to graph: any ModelGraph) -> GraphValue {
    guard input.shape.suffix(normalizedShape.count) == normalizedShape.map({ .size($0) })[...]
    else {
      return graph.refuse("LayerNorm: input \(input.shape), expected \(normalizedShape)", input)
    }
    return layer(input, input.shape, graph)
  }
}

extension BatchNorm1d: Exportable {
  /// Input `[batch, features]` or `[batch, features, time]`. In evaluation, with the running means.
  public func export(_ input: GraphValue, to graph: any ModelGraph) -> GraphValue {
    guard (2...3).contains(input.shape.count), input.shape[1] == .size(features) else {
      return graph.refuse("BatchNorm1d: input \(input.shape), expected \(features) features", input)
    }
    return layer(input, input.shape, graph)
  }
}

extension Conv1d: Exportable {
  /// Input `[batch, inChannels, time]`, output `[batch, outChannels, time′]`.
  public func export(_ input: GraphValue, to graph: any ModelGraph) -> GraphValue {
    guard input.shape.count == 3, input.shape[1] == .size(inChannels) else {
      return graph.refuse(
        "Conv1d: input \(input.shape), expected [batch, \(inChannels), time]", input)
    }
    let reach = dilation * (kernelSize - 1) + 1
    let time: GraphDimension
    switch input.shape[2] {
    case .named(let name):
      time = .named(reach == 2 * padding + 1 && stride == 1 ? name : "\(name)_convolved")
    case .size(let size):
      guard size + 2 * padding >= reach else {
        return graph.refuse("Conv1d: a kernel that reaches over \(reach) of \(size) steps", input)
      }
      time = .size((size + 2 * padding - reach) / stride + 1)
    }
    return layer(input, [input.shape[0], .size(outChannels), time], graph)
  }
}

extension Flatten: Exportable {
  public func export(_ input: GraphValue, to graph: any ModelGraph) -> GraphValue {
    guard input.shape.indices.contains(startAxis) else {
      return graph.refuse("Flatten: startAxis \(startAxis) of \(input.shape)", input)
    }
    let merged = input.shape.dropFirst(startAxis).reduce(1) { product, axis -> Int in
      guard case .size(let size) = axis else {
        return graph.refuse(
          "Flatten: the axes from \(startAxis) on of \(input.shape) must be numbers", product)
      }
      return product * size
    }
    return graph.add(
      .flatten(startAxis: startAxis, size: merged), [input],
      shape: input.shape.prefix(startAxis) + [.size(merged)], type: .float)
  }
}

extension Dropout: Exportable {
  public func export(_ input: GraphValue, to graph: any ModelGraph) -> GraphValue {
    layer(input, input.shape, graph)
  }
}

extension Tanh: Exportable {
  public func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue { graph.tanh(x) }
}

extension Sigmoid: Exportable {
  public func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue { graph.sigmoid(x) }
}

extension ReLU: Exportable {
  public func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue { graph.relu(x) }
}

extension Softplus: Exportable {
  public func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue { graph.softplus(x) }
}

extension GELU: Exportable {
  public func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue { graph.gelu(x) }
}

extension SiLU: Exportable {
  public func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue { graph.silu(x) }
}

extension LeakyReLU: Exportable {
  public func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue {
    graph.leakyReLU(x, negativeSlope: negativeSlope)
  }
}

extension ELU: Exportable {
  public func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue {
    graph.elu(x, alpha: alpha)
  }
}

extension Softmax: Exportable {
  public func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue {
    graph.softmax(x, axis: axis)
  }
}

extension LogSoftmax: Exportable {
  public func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue {
    graph.logSoftmax(x, axis: axis)
  }
}

extension Sequential: Exportable {
  public func export(_ input: GraphValue, to graph: any ModelGraph) -> GraphValue {
    layers.reduce(input) { graph.apply($1, $0) }
  }
}
