extension ModelGraph {
  private func same(_ operation: GraphOperation, _ x: GraphValue) -> GraphValue {
    add(operation, [x], shape: x.shape, type: x.type)
  }

  /// (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ), number by number.
  public func tanh(_ x: GraphValue) -> GraphValue { same(.tanh, x) }
  /// 1/(1 + e⁻ˣ), number by number.
  public func sigmoid(_ x: GraphValue) -> GraphValue { same(.sigmoid, x) }
  /// max(x, 0), number by number.
  public func relu(_ x: GraphValue) -> GraphValue { same(.relu, x) }
  /// log(1 + eˣ), number by number.
  public func softplus(_ x: GraphValue) -> GraphValue { same(.softplus, x) }
  /// x·Φ(x), number by number, as `Tensor.gelu`.
  public func gelu(_ x: GraphValue) -> GraphValue { same(.gelu, x) }
  /// x·σ(x), number by number.
  public func silu(_ x: GraphValue) -> GraphValue { same(.silu, x) }
  /// eˣ, number by number.
  public func exp(_ x: GraphValue) -> GraphValue { same(.exp, x) }
  /// The natural logarithm, number by number.
  public func log(_ x: GraphValue) -> GraphValue { same(.log, x) }
  /// √x, number by number.
  public func sqrt(_ x: GraphValue) -> GraphValue { same(.sqrt, x) }
  /// |x|, number by number.
  public func abs(_ x: GraphValue) -> GraphValue { same(.abs, x) }
  /// x where x > 0, negativeSlope·x elsewhere.
  public func leakyReLU(_ x: GraphValue, negativeSlope: Double = 0.01) -> GraphValue {
    same(.leakyReLU(slope: negativeSlope), x)
  }

  /// x where x > 0, α(eˣ − 1) elsewhere.
  public func elu(_ x: GraphValue, alpha: Double = 1) -> GraphValue { same(.elu(alpha: alpha), x) }

  // MARK: Two values

  /// a + b, sizes as NumPy broadcasts them; sizes that do not go together are refused.
  public func add(_ a: GraphValue, _ b: GraphValue) -> GraphValue { elementwise(.add, a, b) }
  /// a − b, sizes as for `add`.
  public func subtract(_ a: GraphValue, _ b: GraphValue) -> GraphValue {
    elementwise(.subtract, a, b)
  }

  /// a · b, number by number, sizes as for `add`.
  public func multiply(_ a: GraphValue, _ b: GraphValue) -> GraphValue {
    elementwise(.multiply, a, b)
  }

  /// a / b, number by number, sizes as for `add`.
  public func divide(_ a: GraphValue, _ b: GraphValue) -> GraphValue { elementwise(.divide, a, b) }

  /// b added to every number.
  public func add(_ a: GraphValue, _ b: Double) -> GraphValue { add(a, number(b)) }
  /// b taken off every number.
  public func subtract(_ a: GraphValue, _ b: Double) -> GraphValue { subtract(a, number(b)) }
  /// Every number times b.
  public func multiply(_ a: GraphValue, _ b: Double) -> GraphValue { multiply(a, number(b)) }
  /// Every number by b.
  public func divide(_ a: GraphValue, _ b: Double) -> GraphValue { divide(a, number(b)) }

  private func number(_ value: Double) -> GraphValue { constant(NDArray([value], shape: [])) }

  private func elementwise(
    _ operation: GraphOperation, _ a: GraphValue, _ b: GraphValue
  ) -> GraphValue {
    guard let shape = broadcast(a.shape, b.shape) else {
      return refuse("\(operation): \(a.shape) and \(b.shape) do not go together", a)
    }
    return add(operation, [a, b], shape: shape, type: .float)
  }

  private func broadcast(_ a: [GraphDimension], _ b: [GraphDimension]) -> [GraphDimension]? {
    let rank = Swift.max(a.count, b.count)
    func filled(_ shape: [GraphDimension]) -> [GraphDimension] {
      Array(repeating: 1, count: rank - shape.count) + shape
    }
    var shape: [GraphDimension] = []
    for (left, right) in zip(filled(a), filled(b)) {
      guard left == right || left == 1 || right == 1 else { return nil }
      shape.append(left == 1 ? right : left)
    }
    return shape
  }

  /// The matrix product of the last two axes; those before broadcast.
  public func matmul(_ a: GraphValue, _ b: GraphValue) -> GraphValue {
    guard a.shape.count >= 2, b.shape.count >= 2, a.shape.last == b.shape[b.shape.count - 2],
      let batch = broadcast(Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)))
    else { return refuse("matmul: \(a.shape) and \(b.shape) do not go together", a) }
    return add(
      .matmul, [a, b], shape: batch + [a.shape[a.shape.count - 2], b.shape.last!], type: .float)
  }

  // MARK: Axes

  /// An axis counted from 0, which may be given from the end (−1: the last); nil where there is none.
  private func axis(_ axis: Int, _ x: GraphValue) -> Int? {
    let place = axis < 0 ? axis + x.shape.count : axis
    return x.shape.indices.contains(place) ? place : nil
  }

  /// Numbers that sum to 1 along an axis; negative counts from the end.
  public func softmax(_ x: GraphValue, axis: Int = -1) -> GraphValue {
    guard let place = self.axis(axis, x) else {
      return refuse("Softmax: axis \(axis) of \(x.shape)", x)
    }
    return same(.softmax(axis: place), x)
  }

  /// The logarithms of numbers that sum to 1 along an axis; negative counts from the end.
  public func logSoftmax(_ x: GraphValue, axis: Int = -1) -> GraphValue {
    guard let place = self.axis(axis, x) else {
      return refuse("LogSoftmax: axis \(axis) of \(x.shape)", x)
    }
    return same(.logSoftmax(axis: place), x)
  }

  private func reduced(
    _ name: String, _ x: GraphValue, _ axis: Int, _ operation: (Int) -> GraphOperation
  ) -> GraphValue {
    guard let place = self.axis(axis, x) else {
      return refuse("\(name): axis \(axis) of \(x.shape)", x)
    }
    return add(operation(place), [x], shape: x.shape.without(place), type: x.type)
  }

  /// The sum over an axis, which goes.
  public func sum(_ x: GraphValue, axis: Int) -> GraphValue {
    reduced("sum", x, axis) { .sum(axis: $0) }
  }
  /// The mean over an axis, which goes.
  public func mean(_ x: GraphValue, axis: Int) -> GraphValue {
    reduced("mean", x, axis) { .mean(axis: $0) }
  }
  /// The largest over an axis, which goes.
  public func max(_ x: GraphValue, axis: Int) -> GraphValue {
    reduced("max", x, axis) { .max(axis: $0) }
  }

  /// One place of an axis; the axis goes. Negative places count from the end: −1 is the last step.
  public func select(_ x: GraphValue, axis: Int, index: Int) -> GraphValue {
    guard let place = self.axis(axis, x) else {
      return refuse("select: axis \(axis) of \(x.shape)", x)
    }
    if case .size(let size) = x.shape[place], !(-size..<size).contains(index) {
      return refuse("select: index \(index) of \(x.shape), axis \(axis)", x)
    }
    return add(
      .select(axis: place, index: index), [x], shape: x.shape.without(place), type: x.type)
  }

  /// `length` places of an axis, from `start` on.
  public func narrow(_ x: GraphValue, axis: Int = 0, start: Int, length: Int) -> GraphValue {
    guard let place = self.axis(axis, x), start >= 0, length >= 0 else {
      return refuse("narrow: \(length) from \(start) on of axis \(axis), \(x.shape)", x)
    }
    if case .size(let size) = x.shape[place], start + length > size {
      return refuse("narrow: \(length) from \(start) on of axis \(axis), \(x.shape)", x)
    }
    var shape = x.shape
    shape[place] = .size(length)
    return add(
      .narrow(axis: place, start: start, length: length), [x], shape: shape, type: x.type)
  }

  /// Axes in a new order: axis k of the result is axis `axes[k]` of the value.
  public func transposed(_ x: GraphValue, _ axes: [Int]) -> GraphValue {
    guard axes.sorted() == Array(x.shape.indices) else {
      return refuse("transposed: axes \(axes) of \(x.shape)", x)
    }
    return add(
      .transposed(axes: axes), [x], shape: axes.map { x.shape[$0] }, type: x.type)
  }

  /// An axis of size 1 more, at the given place.
  public func unsqueezed(_ x: GraphValue, _ axis: Int) -> GraphValue {
    let place = axis < 0 ? axis + x.shape.count + 1 : axis
    guard (0...x.shape.count).contains(place) else {
      return refuse("unsqueezed: axis \(axis) of \(x.shape)", x)
    }
    var shape = x.shape
    shape.insert(1, at: place)
    return add(.unsqueeze(axis: place), [x], shape: shape, type: x.type)
  }

  /// Values one after the other along an axis; their other axes are the same.
  public func concatenate(_ values: [GraphValue], axis: Int) -> GraphValue {
    guard let first = values.first else { wrongUse("concatenate: no values") }
    guard let place = self.axis(axis, first),
      values.allSatisfy({ $0.shape.without(place) == first.shape.without(place) })
    else { return refuse("concatenate: \(values.map(\.shape)) along axis \(axis)", first) }
    var sum = 0
    for value in values {
      guard value.shape.indices.contains(place), case .size(let size) = value.shape[place] else {
        return refuse("concatenate: axis \(axis) of \(value.shape) must be a number", first)
      }
      sum += size
    }
    var shape = first.shape
    shape[place] = .size(sum)
    return add(.concatenate(axis: place), values, shape: shape, type: first.type)
  }

  // MARK: Padding

  /// 1 where a step is before its sequence's end and 0 in the padding behind.
  ///
  /// - Parameters:
  ///   - x: `[batch, time, …]`, or `[time, batch, …]` with `axis` 0.
  ///   - lengths: `[batch]`, made by `indices(_:_:)`.
  ///   - axis: which of the two is time's.
  /// - Returns: `[batch, time]`, or `[time, batch]`.
  public func mask(_ x: GraphValue, lengths: GraphValue, axis: Int = 1) -> GraphValue {
    guard x.shape.count >= 2, (0...1).contains(axis), lengths.type == .int64,
      lengths.shape.count == 1
    else {
      return refuse(
        "mask: \(x.shape) and lengths \(lengths.shape), expected [batch, time, …] and indices "
          + "[batch]", x)
    }
    return add(.mask(axis: axis), [x, lengths], shape: Array(x.shape.prefix(2)), type: .float)
  }

  /// The mean over each sequence's own steps, without the padding behind; `[batch, …]`.
  ///
  /// Parameters as of `mask`.
  public func maskedMean(_ x: GraphValue, lengths: GraphValue, axis: Int = 1) -> GraphValue {
    var mask = mask(x, lengths: lengths, axis: axis)
    var divisor = add(.float, [lengths], shape: lengths.shape, type: .float)
    for _ in 0..<Swift.max(0, x.shape.count - 2) {
      mask = unsqueezed(mask, -1)
      divisor = unsqueezed(divisor, -1)
    }
    return divide(sum(multiply(x, mask), axis: axis), divisor)
  }

  // MARK: Recurrent layers

  /// A recurrent layer applied to a sequence, from states that are given or zeros.
  ///
  /// - Parameters:
  ///   - layer: with its weights and options.
  ///   - input: `[time, batch, feature]`, or `[batch, time, feature]` with `batchFirst`.
  ///   - h: h_0 `[layers · directions, batch, hiddenSize]`.
  ///   - lengths: of each sequence, `[batch]`, made by `indices(_:_:)`: what stands in the padding
  ///     behind has no effect, and the output there is 0, as of a packed sequence padded again.
  /// - Returns: the last layer's output at every time, and the last h of every layer and direction.
  public func rnn(
    _ layer: RNN, _ input: GraphValue, h: GraphValue? = nil, lengths: GraphValue? = nil
  ) -> (output: GraphValue, h: GraphValue) {
    let result = recurrent(
      layer, .rnn(layer), input, h.map { [$0] }, lengths, sizes: [layer.hiddenSize])
    return (result.output, result.state[0])
  }

  /// As `rnn`, with a cell state c beside h.
  public func lstm(
    _ layer: LSTM, _ input: GraphValue, state: (h: GraphValue, c: GraphValue)? = nil,
    lengths: GraphValue? = nil
  ) -> (output: GraphValue, state: (h: GraphValue, c: GraphValue)) {
    let h = layer.projSize > 0 ? layer.projSize : layer.hiddenSize
    let result = recurrent(
      layer, .lstm(layer), input, state.map { [$0.h, $0.c] }, lengths,
      sizes: [h, layer.hiddenSize])
    return (result.output, (result.state[0], result.state[1]))
  }

  /// As `rnn`.
  public func gru(
    _ layer: GRU, _ input: GraphValue, h: GraphValue? = nil, lengths: GraphValue? = nil
  ) -> (output: GraphValue, h: GraphValue) {
    let result = recurrent(
      layer, .gru(layer), input, h.map { [$0] }, lengths, sizes: [layer.hiddenSize])
    return (result.output, result.state[0])
  }

  private func recurrent<Cell: CellWeights & RecurrentCell>(
    _ layer: RecurrentLayer<Cell>, _ kind: GraphRecurrent, _ input: GraphValue,
    _ state: [GraphValue]?, _ lengths: GraphValue?, sizes: [Int]
  ) -> (output: GraphValue, state: [GraphValue]) {
    let name = "\(type(of: layer))"
    let none = (output: input, state: sizes.map { _ in input })
    let features = layer.cells[0][0].inputSize
    guard input.shape.count == 3, input.shape[2] == .size(features) else {
      return refuse(
        "\(name): input \(input.shape), expected three axes, \(features) features last", none)
    }
    let directions = layer.cells[0].count, count = layer.cells.count * directions
    for (part, size) in zip(state ?? [], sizes)
    where part.shape.count != 3 || part.shape[0] != .size(count) || part.shape[2] != .size(size) {
      return refuse(
        "\(name): state \(part.name) \(part.shape), expected [\(count), batch, \(size)]", none)
    }
    if let lengths, lengths.type != .int64 || lengths.shape.count != 1 {
      return refuse(
        "\(name): lengths \(lengths.name) \(lengths.shape), expected indices [batch]", none)
    }
    let batch = input.shape[layer.batchFirst ? 0 : 1]
    let width =
      directions == 2 && layer.merge == .concatenate ? 2 * sizes[0] : sizes[0]
    return add(
      kind, input, state: state, lengths: lengths,
      shapes: (
        output: input.shape.prefix(2) + [.size(width)],
        state: sizes.map { [.size(count), batch, .size($0)] }
      ))
  }
}

extension [GraphDimension] {
  fileprivate func without(_ axis: Int) -> [GraphDimension] {
    indices.filter { $0 != axis }.map { self[$0] }
  }
}
