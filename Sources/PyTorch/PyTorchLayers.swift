import Exporting

extension PyTorchProgram {
  /// What makes a layer of the library in Python; nil for a module that has to tell its forward pass.
  static func constructor(of module: Module) -> String? {
    func call(_ name: String, _ arguments: [String?]) -> String {
      "nn.\(name)(\(arguments.compactMap { $0 }.joined(separator: ", ")))"
    }
    func option<Value: Equatable>(
      _ name: String, _ value: Value, _ usual: Value, _ text: String? = nil
    ) -> String? {
      value == usual ? nil : "\(name)=\(text ?? "\(value)")"
    }
    func off(_ name: String, _ value: Bool) -> String? { value ? nil : "\(name)=False" }
    switch module {
    case let it as Linear:
      return call("Linear", ["\(it.inputSize)", "\(it.outputSize)", off("bias", it.bias != nil)])
    case let it as Embedding:
      return call(
        "Embedding",
        ["\(it.wordCount)", "\(it.size)", it.paddingIndex.map { "padding_idx=\($0)" }])
    case let it as LayerNorm:
      let shape = it.normalizedShape
      return call(
        "LayerNorm",
        [
          shape.count == 1 ? "\(shape[0])" : pythonTuple(shape), option("eps", it.eps, 1e-5),
          off("elementwise_affine", it.weight != nil),
          it.weight == nil ? nil : off("bias", it.bias != nil),
        ])
    case let it as BatchNorm1d:
      return call(
        "BatchNorm1d",
        [
          "\(it.features)", option("eps", it.eps, 1e-5),
          option("momentum", it.momentum, 0.1, it.momentum.map { "\($0)" } ?? "None"),
          off("affine", it.weight != nil), off("track_running_stats", it.running_mean != nil),
        ])
    case let it as Conv1d:
      return call(
        "Conv1d",
        [
          "\(it.inChannels)", "\(it.outChannels)", "\(it.kernelSize)",
          option("stride", it.stride, 1), option("padding", it.padding, 0),
          option("dilation", it.dilation, 1), off("bias", it.bias != nil),
        ])
    case let it as Flatten: return call("Flatten", [option("start_dim", it.startAxis, 1)])
    case let it as Dropout: return call("Dropout", ["\(it.probability)"])
    case is Tanh: return "nn.Tanh()"
    case is Sigmoid: return "nn.Sigmoid()"
    case is ReLU: return "nn.ReLU()"
    case is Softplus: return "nn.Softplus()"
    case is GELU: return "nn.GELU()"
    case is SiLU: return "nn.SiLU()"
    case let it as LeakyReLU:
      return call("LeakyReLU", [option("negative_slope", it.negativeSlope, 0.01)])
    case let it as ELU: return call("ELU", [option("alpha", it.alpha, 1)])
    case let it as Softmax: return "nn.Softmax(dim=\(it.axis))"
    case let it as LogSoftmax: return "nn.LogSoftmax(dim=\(it.axis))"
    default: return nil
    }
  }

  /// A recurrent layer's; nil where PyTorch's is another.
  static func constructor<Cell: CellWeights>(
    _ name: String, _ layer: RecurrentLayer<Cell>, projSize: Int = 0, extra: String? = nil
  ) -> String? {
    let cell = layer.cells[0][0]
    if layer.bidirectional, layer.merge != .concatenate, layer.numLayers > 1 { return nil }
    var arguments = ["\(cell.inputSize)", "\(cell.hiddenSize)"]
    if layer.numLayers > 1 { arguments.append("num_layers=\(layer.numLayers)") }
    if let extra { arguments.append(extra) }
    if cell.bias_ih == nil { arguments.append("bias=False") }
    if layer.batchFirst { arguments.append("batch_first=True") }
    if layer.dropout > 0, layer.numLayers > 1 { arguments.append("dropout=\(layer.dropout)") }
    if layer.bidirectional { arguments.append("bidirectional=True") }
    if projSize > 0 { arguments.append("proj_size=\(projSize)") }
    return "nn.\(name)(\(arguments.joined(separator: ", ")))"
  }

  public func add(
    _ layer: GraphRecurrent, _ input: GraphValue, state: [GraphValue]?, lengths: GraphValue?,
    shapes: (output: [GraphDimension], state: [[GraphDimension]])
  ) -> (output: GraphValue, state: [GraphValue]) {
    switch layer {
    case .rnn(let it):
      let extra = it.cells[0][0].nonlinearity == .relu ? "nonlinearity=\"relu\"" : nil
      return add(
        it, Self.constructor("RNN", it, extra: extra), input, state, lengths, shapes)
    case .lstm(let it):
      return add(
        it, Self.constructor("LSTM", it, projSize: it.projSize), input, state, lengths, shapes)
    case .gru(let it):
      return add(it, Self.constructor("GRU", it), input, state, lengths, shapes)
    }
  }

  private func add<Cell: CellWeights>(
    _ layer: RecurrentLayer<Cell>, _ constructor: String?, _ input: GraphValue,
    _ state: [GraphValue]?, _ lengths: GraphValue?,
    _ shapes: (output: [GraphDimension], state: [[GraphDimension]])
  ) -> (output: GraphValue, state: [GraphValue]) {
    let none = (output: input, state: shapes.state.map { _ in input })
    guard let path = scope.paths.path(of: layer) else {
      return refuse(
        "PyTorchProgram: \(type(of: layer)) is no part of \(type(of: scope.module))", none)
    }
    guard let constructor else {
      return refuse(
        "exportPyTorch: PyTorch's \(type(of: layer)) concatenates directions between layers; "
          + "\(layer.merge) has no form there", none)
    }
    let name = path.last.map { $0.first!.isNumber ? "output" : $0 } ?? "output"
    let place = scope.member(path, constructor, isModule: true)
    let parts = state?.map { scope.text($0) }
    // An LSTM's state is a pair.
    let given =
      parts.map { $0.count == 1 ? ", \($0[0])" : ", (\($0.joined(separator: ", ")))" } ?? ""
    let x = scope.text(input)
    let first = layer.batchFirst ? "batch_first=True, " : ""
    let values = scope.lines(
      [name, "h"] + (shapes.state.count > 1 ? ["c"] : []), [shapes.output] + shapes.state
    ) { names in
      let last = names.count == 2 ? names[1] : "(\(names[1]), \(names[2]))"
      var lines: [String] = []
      if let lengths {
        lines = [
          "\(names[0]) = nn.utils.rnn.pack_padded_sequence(",
          "    \(x), \(scope.text(lengths)).cpu(), \(first)enforce_sorted=False)",
          "\(names[0]), \(last) = \(place)(\(names[0])\(given))",
          "\(names[0]), _ = nn.utils.rnn.pad_packed_sequence(",
          "    \(names[0]), \(first)total_length=\(x).shape[\(layer.batchFirst ? 1 : 0)])",
        ]
      } else {
        lines = ["\(names[0]), \(last) = \(place)(\(x)\(given))"]
      }
      if layer.bidirectional, layer.merge != .concatenate {
        let how = layer.merge == .product ? "prod" : layer.merge.rawValue
        lines.append("\(names[0]) = \(names[0]).unflatten(-1, (2, -1)).\(how)(dim=-2)")
      }
      return lines
    }
    return (values[0], Array(values.dropFirst()))
  }
}
