import Foundation

/// Where a model tells its forward pass to a page.
final class PageGraph: ModelGraph {
  private let precision: PageModel.Precision
  private(set) var constants: [PageModel.Constant] = []
  private(set) var nodes: [PageModel.Node] = []
  private(set) var inputs: [String: Int] = [:]
  private(set) var outputs: [String: Int] = [:]
  private(set) var problem: String?
  private var count = 0
  /// Weights that stand there already, by the array's own name.
  private var known: [ObjectIdentifier: GraphValue] = [:]

  init(_ precision: PageModel.Precision) { self.precision = precision }

  func refuse<Result>(_ problem: String, _ stand: Result) -> Result {
    if self.problem == nil { self.problem = problem }
    return stand
  }

  private func value(_ shape: [GraphDimension], _ type: GraphElement = .float) -> GraphValue {
    count += 1
    return GraphValue(name: "value \(count)", shape: shape, type: type, number: count - 1)
  }

  // MARK: Inputs, outputs and constants

  func input(_ name: String, _ shape: [GraphDimension]) -> GraphValue {
    given(name, value(shape))
  }

  func indices(_ name: String, _ shape: [GraphDimension]) -> GraphValue {
    given(name, value(shape, .int64))
  }

  private func given(_ name: String, _ value: GraphValue) -> GraphValue {
    inputs[name] = value.number
    return value
  }

  func output(_ name: String, _ value: GraphValue) { outputs[name] = value.number }

  /// Constants are few numbers: they are kept in full.
  func constant(_ array: NDArray) -> GraphValue { constant(array, .float32) }

  func parameter(_ parameter: Parameter) -> GraphValue {
    let name = ObjectIdentifier(parameter)
    if let value = known[name] { return value }
    let value = constant(parameter.value, precision)
    known[name] = value
    return value
  }

  private func constant(_ array: NDArray, _ type: PageModel.Precision) -> GraphValue {
    let value = value(array.shape.map { .size($0) })
    let numbers = array.floats
    var constant = PageModel.Constant(
      value: value.number, shape: array.shape, type: type, base64: "")
    switch type {
    case .int12 where array.shape.count > 1 && numbers.allSatisfy(\.isFinite):
      let (packed, scales) = Self.twelveBits(numbers, width: array.shape.dropFirst().reduce(1, *))
      (constant.base64, constant.scales) = (Self.base64(packed), Self.base64(scales))
    case .int12, .float16:
      constant.type = .float16
      constant.base64 = Self.base64(numbers.map { Float16($0).bitPattern.littleEndian })
    case .float32: constant.base64 = Self.base64(numbers.map(\.bitPattern.littleEndian))
    }
    constants.append(constant)
    return value
  }

  /// Each row as whole numbers from -2047 to 2047 of the row's own unit, two of them, moved up by 2048,
  /// in three bytes; and the units as float32.
  private static func twelveBits(
    _ numbers: [Float], width: Int
  ) -> (packed: [UInt8], scales: [UInt32]) {
    var whole: [UInt16] = [], scales: [UInt32] = []
    for start in stride(from: 0, to: numbers.count, by: Swift.max(width, 1)) {
      let row = numbers[start..<start + width]
      let unit = (row.map(\.magnitude).max() ?? 0) / 2047
      scales.append(unit.bitPattern.littleEndian)
      whole += row.map { unit > 0 ? UInt16(2048 + ($0 / unit).rounded()) : 2048 }
    }
    if whole.count % 2 > 0 { whole.append(2048) }
    let packed = stride(from: 0, to: whole.count, by: 2).flatMap { place -> [UInt8] in
      let (first, second) = (whole[place], whole[place + 1])
      return [UInt8(first & 255), UInt8(first >> 8 | (second & 15) << 4), UInt8(second >> 4)]
    }
    return (packed, scales)
  }

  private static func base64(_ numbers: [some BitwiseCopyable]) -> String {
    numbers.withUnsafeBytes { Data($0) }.base64EncodedString()
  }

  func apply(_ layer: Module, _ input: GraphValue) -> GraphValue {
    guard let layer = layer as? any Exportable else {
      return refuse(
        "PageModel: \(type(of: layer)) has no form in a page; make it Exportable", input)
    }
    return layer.export(input, to: self)
  }

  // MARK: Operations

  func add(
    _ operation: GraphOperation, _ inputs: [GraphValue], shape: [GraphDimension],
    type: GraphElement
  ) -> GraphValue {
    // In evaluation dropout lets everything pass.
    if case .layer(let layer) = operation, layer is Dropout { return inputs[0] }
    guard let (name, weights) = form(of: operation) else {
      return refuse("PageModel: \(operation) has no form in a page", inputs[0])
    }
    let result = value(shape, type)
    var node = PageModel.Node(
      op: name, from: (inputs + weights).map(\.number), to: [result.number])
    switch operation {
    case .leakyReLU(let slope): node.slope = slope
    case .elu(let alpha): node.alpha = alpha
    case .softmax(let axis), .logSoftmax(let axis), .sum(let axis), .mean(let axis),
      .max(let axis), .unsqueeze(let axis), .concatenate(let axis), .mask(let axis):
      node.axis = axis
    case .select(let axis, let index): (node.axis, node.index) = (axis, index)
    case .narrow(let axis, let start, let length):
      (node.axis, node.start, node.length) = (axis, start, length)
    case .transposed(let axes): node.axes = axes
    case .flatten(let startAxis, _): node.startAxis = startAxis
    case .layer(let layer as LayerNorm):
      (node.width, node.eps) = (layer.normalizedShape.reduce(1, *), layer.eps)
    default: break
    }
    nodes.append(node)
    return result
  }

  /// What the script calls an operation, and the weights that it takes.
  private func form(of operation: GraphOperation) -> (String, [GraphValue])? {
    switch operation {
    case .layer(let layer as Linear):
      return ("linear", ([layer.weight] + [layer.bias].compactMap { $0 }).map(parameter))
    case .layer(let layer as Embedding): return ("embedding", [parameter(layer.weight)])
    case .layer(let layer as LayerNorm):
      return ("layerNorm", [layer.weight, layer.bias].compactMap { $0 }.map(parameter))
    case .layer: return nil
    default:
      // `softmax(axis: 1)` is called softmax.
      return (String("\(operation)".prefix { $0.isLetter || $0.isNumber }), [])
    }
  }

  // MARK: Recurrent layers

  func add(
    _ layer: GraphRecurrent, _ input: GraphValue, state: [GraphValue]?, lengths: GraphValue?,
    shapes: (output: [GraphDimension], state: [[GraphDimension]])
  ) -> (output: GraphValue, state: [GraphValue]) {
    switch layer {
    case .rnn(let layer): recurrent("rnn", layer, input, state, lengths, shapes)
    case .gru(let layer): recurrent("gru", layer, input, state, lengths, shapes)
    case .lstm(let layer): recurrent("lstm", layer, input, state, lengths, shapes)
    }
  }

  private func recurrent<Cell: CellWeights & RecurrentCell>(
    _ kind: String, _ layer: RecurrentLayer<Cell>, _ input: GraphValue, _ state: [GraphValue]?,
    _ lengths: GraphValue?, _ shapes: (output: [GraphDimension], state: [[GraphDimension]])
  ) -> (output: GraphValue, state: [GraphValue]) {
    let cells = layer.cells.flatMap { $0 }
    if layer.bidirectional, layer.merge != .concatenate {
      return refuse(
        "PageModel: \(type(of: layer)) with merge \(layer.merge) has no form in a page",
        (input, shapes.state.map { _ in input }))
    }
    if let projected = layer as? LSTM, projected.projSize > 0 {
      return refuse(
        "PageModel: LSTM with a projection has no form in a page",
        (input, shapes.state.map { _ in input }))
    }
    let weights = cells.flatMap { cell -> [GraphValue] in
      let zeros = cell.bias_ih == nil ? constant(.zeros([cell.weight_ih.shape[0]])) : nil
      return [
        parameter(cell.weight_ih), parameter(cell.weight_hh),
        zeros ?? parameter(cell.bias_ih!), zeros ?? parameter(cell.bias_hh!),
      ]
    }
    let output = value(shapes.output), states = shapes.state.map { value($0) }
    let from = [input] + weights + (state ?? []) + (lengths.map { [$0] } ?? [])
    nodes.append(
      PageModel.Node(
        op: "recurrent", from: from.map(\.number), to: ([output] + states).map(\.number),
        recurrent: .init(
          kind: kind, layers: layer.numLayers, directions: layer.bidirectional ? 2 : 1,
          hidden: cells[0].hiddenSize, batchFirst: layer.batchFirst,
          isReLU: (cells[0] as? RNNCell)?.nonlinearity == .relu, hasState: state != nil,
          hasLengths: lengths != nil)))
    return (output, states)
  }
}
