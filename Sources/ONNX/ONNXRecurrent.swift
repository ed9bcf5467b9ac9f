import Foundation

extension ONNXGraph {
  /// A recurrent layer applied to a sequence, from states that are given or zeros.
  ///
  /// - Parameters:
  ///   - input: `[time, batch, feature]`, or `[batch, time, feature]` with `batchFirst`.
  ///   - h: h_0 `[layers · directions, batch, hiddenSize]`.
  ///   - lengths: of each sequence, `[batch]`, made by `indices(_:_:)`: what stands in the padding
  ///     behind has no effect, and the output there is 0, as of a packed sequence padded again.
  /// - Returns: the last layer's output at every time, and the last h of every layer and direction.
  public func rnn(
    _ layer: RNN, _ input: ONNXValue, h: ONNXValue? = nil, lengths: ONNXValue? = nil
  ) -> (output: ONNXValue, h: ONNXValue) {
    let result = recurrent(layer, .rnn, input, [h], lengths)
    return (result.output, result.state[0])
  }

  /// As `rnn`, with a cell state c beside h.
  public func lstm(
    _ layer: LSTM, _ input: ONNXValue, state: (h: ONNXValue, c: ONNXValue)? = nil,
    lengths: ONNXValue? = nil
  ) -> (output: ONNXValue, state: (h: ONNXValue, c: ONNXValue)) {
    if layer.projSize > 0 {
      return refuse(
        "ONNXGraph: ONNX's LSTM has no projection", (output: input, state: (h: input, c: input)))
    }
    let result = recurrent(layer, .lstm, input, [state?.h, state?.c], lengths)
    return (result.output, (result.state[0], result.state[1]))
  }

  /// As `rnn`.
  public func gru(
    _ layer: GRU, _ input: ONNXValue, h: ONNXValue? = nil, lengths: ONNXValue? = nil
  ) -> (output: ONNXValue, h: ONNXValue) {
    let result = recurrent(layer, .gru, input, [h], lengths)
    return (result.output, result.state[0])
  }

  /// ONNX runs one layer, in one or both directions, at a time.
  private func recurrent<Cell: CellWeights & RecurrentCell>(
    _ layer: RecurrentLayer<Cell>, _ kind: CellKind, _ input: ONNXValue, _ state: [ONNXValue?],
    _ lengths: ONNXValue?
  ) -> (output: ONNXValue, state: [ONNXValue]) {
    let none = (output: input, state: state.map { _ in input })
    let features = layer.cells[0][0].inputSize
    guard input.shape.count == 3, input.shape[2] == .size(features) else {
      return refuse(
        "ONNXGraph: input \(input.shape), expected three axes, \(features) features last", none)
    }
    let count = layer.cells.count * layer.cells[0].count, hiddenSize = layer.cells[0][0].hiddenSize
    for part in state.compactMap({ $0 })
    where part.shape.count != 3 || part.shape[0] != .size(count)
      || part.shape[2] != .size(hiddenSize)
    {
      return refuse(
        "ONNXGraph: state \(part.name) \(part.shape), expected [\(count), batch, \(hiddenSize)]",
        none)
    }
    if let lengths, lengths.type != .int64 || lengths.shape.count != 1 {
      return refuse(
        "ONNXGraph: lengths \(lengths.name) \(lengths.shape), expected indices [batch]", none)
    }
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

  /// Axes in a new order: axis k of the result is axis `axes[k]` of the value.
  public func transposed(_ value: ONNXValue, _ axes: [Int]) -> ONNXValue {
    node(
      "Transpose", value, attributes: ["perm": .integers(axes)], shape: axes.map { value.shape[$0] }
    )
  }

  /// `length` places of the first axis, from `start` on.
  public func narrow(_ value: ONNXValue, start: Int, length: Int) -> ONNXValue {
    node(
      "Slice", value, constant([start]), constant([start + length]), constant([0]),
      shape: [.size(length)] + value.shape.dropFirst())
  }

  /// One place of an axis; the axis goes. Negative places count from the end: −1 is the last step.
  public func select(_ value: ONNXValue, axis: Int, index: Int) -> ONNXValue {
    guard value.shape.indices.contains(axis) else {
      return refuse("ONNXGraph.select: axis \(axis) of \(value.shape)", value)
    }
    var shape = value.shape
    shape.remove(at: axis)
    // Gather by a vector of one and squeeze, for constants here are vectors.
    let picked = node(
      "Gather", value, constant([index]), attributes: ["axis": .integer(axis)], shape: value.shape)
    return node("Squeeze", picked, constant([axis]), shape: shape)
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
