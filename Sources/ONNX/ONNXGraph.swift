import Foundation
@_exported import Exporting

/// The size of an axis, or its name: `GraphDimension` under the name that ONNX has for it.
public typealias ONNXDimension = GraphDimension
/// A value of the graph: `GraphValue` under the name that ONNX has for it.
public typealias ONNXValue = GraphValue

/// A model as ONNX sees it: named inputs, operations, outputs. Built by telling the model's forward
/// pass once more, with the same layers:
///
///     let graph = ONNXGraph("characters")
///     let x = graph.input("input", ["time", "batch", 28])
///     let (y, state) = graph.lstm(model.lstm, x)
///     graph.output("logits", graph.apply(model.output, y))
///     graph.output("h_n", state.h)
///     try graph.write(to: file)
///
/// A model that is `Exportable`, such as a `Sequential` of layers, or an `ExportableModel`, tells it by
/// itself: `try model.exportONNX(to: file, input: ["batch", 3])`. See `ModelGraph` for the calls.
///
/// The file holds opset 17, all numbers as float32 (token ids as int64), and runs in ONNX Runtime.
/// Evaluation is what is exported: dropout is not there.
public final class ONNXGraph: ModelGraph {
  /// What numbers a value holds.
  public typealias Element = GraphElement

  static let opset = 17
  /// The file format's version that came with opset 17.
  static let irVersion = 8

  let name: String
  private var nodes: [Node] = []
  private var initializers: [(value: ONNXValue, raw: Data)] = []
  private var inputs: [ONNXValue] = []
  private var outputs: [ONNXValue] = []
  /// Every value's name, and how many of them were made up.
  private var names: [String] = []
  private var count = 0
  /// Set where the graph is to report what it cannot say in ONNX, instead of stopping the program.
  var collectsProblems = false
  private(set) var problem: String?

  /// An operation, its inputs (nil: left out) and outputs by number.
  private struct Node {
    let operation: String
    let inputs: [Int?]
    let outputs: [Int]
    let attributes: [String: Attribute]
  }

  /// An empty graph. The name stands in the file; viewers show it.
  public init(_ name: String = "model") { self.name = name }

  /// For an `export` to say that what was asked has no form in ONNX, or does not fit: `exportONNX` throws
  /// it, and where a graph is put together by hand the program stops with it. `stand` takes the place of
  /// the result until then.
  public func refuse<Result>(_ problem: String, _ stand: Result) -> Result {
    if !collectsProblems { wrongUse(problem) }
    if self.problem == nil { self.problem = problem }
    return stand
  }

  private func value(
    _ name: String, _ shape: [ONNXDimension], _ type: Element = .float
  ) -> ONNXValue {
    names.append(name)
    return ONNXValue(name: name, shape: shape, type: type, number: names.count - 1)
  }

  // MARK: Inputs and outputs

  /// An input of numbers.
  public func input(_ name: String, _ shape: [ONNXDimension]) -> ONNXValue {
    claim(name)
    let value = value(name, shape)
    inputs.append(value)
    return value
  }

  /// An input of whole numbers, such as token ids.
  public func indices(_ name: String, _ shape: [ONNXDimension]) -> ONNXValue {
    claim(name)
    let value = value(name, shape, .int64)
    inputs.append(value)
    return value
  }

  /// Gives out a value under the given name.
  public func output(_ name: String, _ value: ONNXValue) {
    claim(name)
    let output = self.value(name, value.shape, value.type)
    nodes.append(
      Node(
        operation: "Identity", inputs: [value.number], outputs: [output.number], attributes: [:]))
    outputs.append(output)
  }

  /// A name of the caller's may stand for one thing only.
  private func claim(_ name: String) {
    if name.isEmpty || (inputs + outputs).contains(where: { $0.name == name }) {
      wrongUse("ONNXGraph: the name '\(name)' is \(name.isEmpty ? "empty" : "taken")")
    }
  }

  // MARK: Operations

  /// What an operation is told besides its inputs, by the types that ONNX has.
  public enum Attribute {
    /// A whole number: an axis, a flag.
    case integer(Int)
    /// Whole numbers: axes, paddings.
    case integers([Int])
    /// A word, such as the direction of a recurrent layer.
    case string(String)
    /// Words, such as the activations of a recurrent layer.
    case strings([String])
    /// A number, written as float32.
    case float(Double)
  }

  /// Adds an operation of ONNX by its name; nil stands for an optional input that is left out.
  ///
  /// - Parameters:
  ///   - operation: ONNX's name for it, such as `Gather`.
  ///   - inputs: in ONNX's order.
  ///   - attributes: by ONNX's names.
  ///   - shapes: the shapes of its outputs.
  ///   - type: what numbers these hold.
  public func node(
    _ operation: String, _ inputs: [ONNXValue?], attributes: [String: Attribute] = [:],
    shapes: [[ONNXDimension]], type: Element = .float
  ) -> [ONNXValue] {
    let outputs = shapes.map { shape in
      count += 1
      return value("\(operation)_\(count)", shape, type)
    }
    var numbers = inputs.map { $0?.number }
    while let last = numbers.last, last == nil { numbers.removeLast() }
    nodes.append(
      Node(
        operation: operation, inputs: numbers, outputs: outputs.map(\.number),
        attributes: attributes))
    return outputs
  }

  /// Whole numbers as int32, which `sequence_lens` must be.
  func int32(_ value: ONNXValue) -> ONNXValue {
    node(
      "Cast", [value], attributes: ["to": .integer(Element.int32.onnxNumber)],
      shapes: [value.shape], type: .int32)[0]
  }

  /// An operation with one output.
  public func node(
    _ operation: String, _ inputs: ONNXValue?..., attributes: [String: Attribute] = [:],
    shape: [ONNXDimension], type: Element = .float
  ) -> ONNXValue {
    node(operation, inputs, attributes: attributes, shapes: [shape], type: type)[0]
  }

  /// A constant array, kept in the file as float32.
  public func constant(_ array: NDArray) -> ONNXValue { constant(array, name: nil) }

  /// A parameter of the model, which is a constant in the file.
  public func parameter(_ parameter: Parameter) -> ONNXValue {
    constant(parameter.value, name: "parameter")
  }

  /// A constant array under a name of one's own.
  public func constant(_ array: NDArray, name: String?) -> ONNXValue {
    var raw = Data(capacity: 4 * array.count)
    for number in array.floats {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { raw.append(contentsOf: $0) }
    }
    return constant(array.shape, .float, raw, name)
  }

  /// Constant whole numbers, kept in the file as int64.
  public func constant(_ indices: [Int]) -> ONNXValue {
    var raw = Data(capacity: 8 * indices.count)
    for number in indices {
      withUnsafeBytes(of: Int64(number).littleEndian) { raw.append(contentsOf: $0) }
    }
    return constant([indices.count], .int64, raw, nil)
  }

  private func constant(_ shape: [Int], _ type: Element, _ raw: Data, _ name: String?) -> ONNXValue
  {
    count += 1
    let value = value("\(name ?? "constant")_\(count)", shape.map { .size($0) }, type)
    initializers.append((value, raw))
    return value
  }

  // MARK: The file

  /// The whole file.
  public var data: Data {
    if outputs.isEmpty { wrongUse("ONNXGraph: nothing is given out; call output(_:_:)") }
    let names = uniqueNames
    var model = ProtobufWriter()
    model.integer(1, Self.irVersion)
    model.string(2, "unroll")
    model.message(7) { graph in
      for (place, node) in nodes.enumerated() {
        graph.message(1) { encode(node, place, names, to: &$0) }
      }
      graph.string(2, name)
      for (value, raw) in initializers {
        graph.message(5) { tensor in
          tensor.integers(1, value.sizes)
          tensor.integer(2, value.type.onnxNumber)
          tensor.string(8, names[value.number])
          tensor.data(9, raw)
        }
      }
      for value in inputs { graph.message(11) { encode(value, to: &$0) } }
      for value in outputs { graph.message(12) { encode(value, to: &$0) } }
    }
    model.message(8) { set in
      set.string(1, "")
      set.integer(2, Self.opset)
    }
    return model.bytes
  }

  /// The values' names in the file, where no two may be alike: the caller's as they are, one made up
  /// with as many strokes behind it as it needs.
  private var uniqueNames: [String] {
    let given = Set((inputs + outputs).map(\.number))
    var taken = Set(given.map { names[$0] })
    return names.enumerated().map { number, name in
      if given.contains(number) { return name }
      var free = name
      while !taken.insert(free).inserted { free += "_" }
      return free
    }
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `ONNXError`.
  public func write(to file: URL) throws {
    do {
      try data.write(to: file, options: .atomic)
    } catch {
      throw ONNXError.cannotWrite(file, error)
    }
  }

  private func encode(_ value: ONNXValue, to info: inout ProtobufWriter) {
    info.string(1, value.name)
    info.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, value.type.onnxNumber)
        tensor.message(2) { shape in
          for dimension in value.shape {
            shape.message(1) { axis in
              switch dimension {
              case .size(let size): axis.integer(1, size)
              case .named(let name): axis.string(2, name)
              }
            }
          }
        }
      }
    }
  }

  private func encode(
    _ it: Node, _ place: Int, _ names: [String], to node: inout ProtobufWriter
  ) {
    for number in it.inputs { node.string(1, number.map { names[$0] } ?? "") }
    for number in it.outputs { node.string(2, names[number]) }
    node.string(3, "\(it.operation)#\(place)")
    node.string(4, it.operation)
    for (name, value) in it.attributes.sorted(by: { $0.key < $1.key }) {
      node.message(5) { attribute in
        attribute.string(1, name)
        switch value {
        case .float(let number):
          attribute.float(2, Float(number))
          attribute.integer(20, 1)
        case .integer(let number):
          attribute.integer(3, number)
          attribute.integer(20, 2)
        case .string(let text):
          attribute.string(4, text)
          attribute.integer(20, 3)
        case .integers(let numbers):
          for number in numbers { attribute.integer(8, number) }
          attribute.integer(20, 7)
        case .strings(let texts):
          for text in texts { attribute.string(9, text) }
          attribute.integer(20, 8)
        }
      }
    }
  }
}

extension GraphElement {
  /// ONNX's number for it.
  var onnxNumber: Int {
    switch self {
    case .float: 1
    case .int32: 6
    case .int64: 7
    }
  }
}

extension ONNXValue {
  /// The sizes of a constant, which are all numbers.
  fileprivate var sizes: [Int] {
    shape.map { if case .size(let size) = $0 { size } else { 0 } }
  }
}
