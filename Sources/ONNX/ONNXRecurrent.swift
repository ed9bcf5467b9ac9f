import Foundation

extension ONNXGraph {
  public func add(
    _ layer: GraphRecurrent, _ input: ONNXValue, state: [ONNXValue]?, lengths: ONNXValue?,
    shapes: (output: [ONNXDimension], state: [[ONNXDimension]])
  ) -> (output: ONNXValue, state: [ONNXValue]) {
    switch layer {
    case .rnn(let layer): return recurrent(layer, .rnn, input, state?.map { $0 } ?? [nil], lengths)
    case .gru(let layer): return recurrent(layer, .gru, input, state?.map { $0 } ?? [nil], lengths)
    case .lstm(let layer):
      if layer.projSize > 0 {
        return refuse("ONNXGraph: ONNX's LSTM has no projection", (input, [input, input]))
      }
      return recurrent(layer, .lstm, input, state?.map { $0 } ?? [nil, nil], lengths)
    }
  }

  /// ONNX runs one layer, in one or both directions, at a time.
  private func recurrent<Cell: CellWeights & RecurrentCell>(
    _ layer: RecurrentLayer<Cell>, _ kind: CellKind, _ input: ONNXValue, _ state: [ONNXValue?],
    _ lengths: ONNXValue?
  ) -> (output: ONNXValue, state: [ONNXValue]) {
    let count = layer.cells.count * layer.cells[0].count
    // nil: all sequences have the full length.
    let steps = lengths.map { int32($0) }
    var rows = layer.batchFirst ? transposed(input, [1, 0, 2]) : input
    let batch = rows.shape[1]
    var last: [[ONNXValue]] = []
    for (number, cells) in layer.cells.enumerated() {
      let starts = state.map { part in
        part.map { narrow($0, start: number * cells.count, length: cells.count) }
      }
      let hidden = cells[0].hiddenSize
      let sequence: [ONNXDimension] = [rows.shape[0], .size(cells.count), batch, .size(hidden)]
      let results = node(
        kind.operation,
        [rows] + weights(cells, kind) + [steps] + starts,
        attributes: kind.attributes(cells),
        shapes: [sequence] + state.map { _ in Array(sequence.dropFirst()) })
      rows = merged(results[0], layer.merge)
      last.append(Array(results.dropFirst()))
    }
    let states = state.indices.map { part -> ONNXValue in
      guard last.count > 1 else { return last[0][part] }
      return node(
        "Concat", last.map { $0[part] }, attributes: ["axis": .integer(0)],
        shapes: [[.size(count)] + last[0][part].shape.dropFirst()])[0]
    }
    return (layer.batchFirst ? transposed(rows, [1, 0, 2]) : rows, states)
  }

  /// W `[directions, gates · hidden, input]`, R `[directions, gates · hidden, hidden]` and the two
  /// biases one after the other, B `[directions, 2 · gates · hidden]`, with ONNX's order of gates.
  private func weights(_ cells: [some CellWeights], _ kind: CellKind) -> [ONNXValue?] {
    func ordered(_ parameter: Parameter) -> NDArray {
      let gates = parameter.value.chunk(kind.gateOrder.count)
      return .concatenate(kind.gateOrder.map { gates[$0] })
    }
    let biases = cells.compactMap { cell -> NDArray? in
      guard let input = cell.bias_ih, let state = cell.bias_hh else { return nil }
      return .concatenate([ordered(input), ordered(state)])
    }
    return [
      constant(.stack(cells.map { ordered($0.weight_ih) }), name: "W"),
      constant(.stack(cells.map { ordered($0.weight_hh) }), name: "R"),
      biases.isEmpty ? nil : constant(.stack(biases), name: "B"),
    ]
  }

  /// `[time, directions, batch, hidden]` as the layer gives it: `[time, batch, feature]`.
  private func merged(_ output: ONNXValue, _ merge: Merge) -> ONNXValue {
    let (time, batch, hidden) = (output.shape[0], output.shape[2], output.shape[3])
    if output.shape[1] == .size(1) {
      return node("Squeeze", output, constant([1]), shape: [time, batch, hidden])
    }
    guard case .size(let size) = hidden else { wrongUse("ONNXGraph: hidden size \(hidden)") }
    func reduced(_ operation: String) -> ONNXValue {
      node(
        operation, output, attributes: ["axes": .integers([1]), "keepdims": .integer(0)],
        shape: [time, batch, hidden])
    }
    switch merge {
    case .concatenate:
      // A 0 in Reshape keeps an axis.
      return node(
        "Reshape", transposed(output, [0, 2, 1, 3]), constant([0, 0, 2 * size]),
        shape: [time, batch, .size(2 * size)])
    case .sum:
      return node(
        "ReduceSum", output, constant([1]), attributes: ["keepdims": .integer(0)],
        shape: [time, batch, hidden])
    case .mean: return reduced("ReduceMean")
    case .product: return reduced("ReduceProd")
    }
  }
}

/// How ONNX names and lays out the three kinds of cells (github.com/onnx/onnx, Operators.md).
private enum CellKind {
  case rnn, lstm, gru

  var operation: String {
    switch self {
    case .rnn: "RNN"
    case .lstm: "LSTM"
    case .gru: "GRU"
    }
  }

  /// Which of PyTorch's gates stands at each place of ONNX's: i, o, f, c out of i, f, g, o, and
  /// z, r, h out of r, z, n.
  var gateOrder: [Int] {
    switch self {
    case .rnn: [0]
    case .lstm: [0, 3, 1, 2]
    case .gru: [1, 0, 2]
    }
  }

  func attributes(_ cells: [some CellWeights]) -> [String: ONNXGraph.Attribute] {
    var attributes: [String: ONNXGraph.Attribute] = [
      "hidden_size": .integer(cells[0].hiddenSize),
      "direction": .string(cells.count == 2 ? "bidirectional" : "forward"),
    ]
    if self == .gru {
      // The reset gate acts after the product with its matrix, as in PyTorch and cuDNN.
      attributes["linear_before_reset"] = .integer(1)
    }
    if let cells = cells as? [RNNCell] {
      attributes["activations"] = .strings(
        cells.map { $0.nonlinearity == .tanh ? "Tanh" : "Relu" })
    }
    return attributes
  }
}
