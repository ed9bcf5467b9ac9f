import Foundation
@_exported import NN

/// The size of an axis in an ONNX file: a number, or a name for what the caller decides.
public enum ONNXDimension: Equatable, Sendable, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral
{
  case size(Int)
  case named(String)

  public init(integerLiteral value: Int) { self = .size(value) }
  public init(stringLiteral value: String) { self = .named(value) }
}

/// Something that flows through an ONNX graph: a name and the size of each axis.
public struct ONNXValue: Equatable, Sendable {
  public let name: String
  public let shape: [ONNXDimension]
  let type: ONNXGraph.Element

  func with(_ shape: [ONNXDimension]) -> ONNXValue {
    ONNXValue(name: name, shape: shape, type: type)
  }
}

/// A model as ONNX sees it: named inputs, operations, outputs. Built by telling the model's forward
/// pass once more, with the same layers:
///
///     let graph = ONNXGraph("characters")
///     let x = graph.input("input", ["time", "batch", 28])
///     let (y, state) = graph.lstm(model.lstm, x)
///     graph.output("logits", graph.linear(model.output, y))
///     graph.output("h_n", state.h)
///     try graph.write(to: file)
///
/// A model that is an `ONNXExportable`, such as a `Sequential` of layers, tells it by itself:
/// `try model.exportONNX(to: file, input: ["batch", 3])`.
///
/// The file holds opset 17, all numbers as float32 (token ids as int64), and runs in ONNX Runtime.
/// Evaluation is what is exported: dropout is not there.
public final class ONNXGraph {
  /// ONNX's numbers for element types.
  enum Element: Int { case float = 1, int64 = 7 }

  static let opset = 17
  /// The file format's version that came with opset 17.
  static let irVersion = 8

  let name: String
  private var nodes: [Data] = []
  private var initializers: [Data] = []
  private var inputs: [ONNXValue] = []
  private var outputs: [ONNXValue] = []
  private var count = 0

  public init(_ name: String = "model") { self.name = name }

  // MARK: Inputs and outputs

  /// An input of numbers.
  public func input(_ name: String, _ shape: [ONNXDimension]) -> ONNXValue {
    claim(name)
    let value = ONNXValue(name: name, shape: shape, type: .float)
    inputs.append(value)
    return value
  }

  /// An input of whole numbers, such as token ids.
  public func indices(_ name: String, _ shape: [ONNXDimension]) -> ONNXValue {
    claim(name)
    let value = ONNXValue(name: name, shape: shape, type: .int64)
    inputs.append(value)
    return value
  }

  /// Gives out a value under the given name.
  public func output(_ name: String, _ value: ONNXValue) {
    claim(name)
    nodes.append(encoded("Identity", [value.name], [name], [:]))
    outputs.append(ONNXValue(name: name, shape: value.shape, type: value.type))
  }

  /// A name of the caller's may stand for one thing only.
  private func claim(_ name: String) {
    if name.isEmpty || (inputs + outputs).contains(where: { $0.name == name }) {
      wrongUse("ONNXGraph: the name '\(name)' is \(name.isEmpty ? "empty" : "taken")")
    }
  }

  // MARK: Operations

  public enum Attribute {
    case integer(Int)
    case integers([Int])
    case string(String)
    case strings([String])
    case float(Double)
  }

  /// Adds an operation of ONNX by its name; nil stands for an optional input that is left out.
  ///
  /// - Parameter shapes: the shapes of its outputs.
  public func node(
    _ operation: String, _ inputs: [ONNXValue?], attributes: [String: Attribute] = [:],
    shapes: [[ONNXDimension]]
  ) -> [ONNXValue] {
    let outputs = shapes.map { shape in
      count += 1
      return ONNXValue(name: "\(operation)_\(count)", shape: shape, type: .float)
    }
    var names = inputs.map { $0?.name ?? "" }
    while names.last == "" { names.removeLast() }
    nodes.append(encoded(operation, names, outputs.map(\.name), attributes))
    return outputs
  }

  /// An operation with one output.
  public func node(
    _ operation: String, _ inputs: ONNXValue?..., attributes: [String: Attribute] = [:],
    shape: [ONNXDimension]
  ) -> ONNXValue {
    node(operation, inputs, attributes: attributes, shapes: [shape])[0]
  }

  /// A constant array, kept in the file as float32.
  public func constant(_ array: NDArray, name: String? = nil) -> ONNXValue {
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
    let value = ONNXValue(
      name: name.map { "\($0)_\(count)" } ?? "constant_\(count)",
      shape: shape.map { .size($0) }, type: type)
    var tensor = ProtobufWriter()
    tensor.integers(1, shape)
    tensor.integer(2, type.rawValue)
    tensor.string(8, value.name)
    tensor.data(9, raw)
    initializers.append(tensor.bytes)
    return value
  }

  // MARK: The file

  /// The whole file.
  public var data: Data {
    if outputs.isEmpty { wrongUse("ONNXGraph: nothing is given out; call output(_:_:)") }
    var model = ProtobufWriter()
    model.integer(1, Self.irVersion)
    model.string(2, "unroll")
    model.message(7) { graph in
      for node in nodes { graph.data(1, node) }
      graph.string(2, name)
      for initializer in initializers { graph.data(5, initializer) }
      for value in inputs { graph.message(11) { encode(value, to: &$0) } }
      for value in outputs { graph.message(12) { encode(value, to: &$0) } }
    }
    model.message(8) { set in
      set.string(1, "")
      set.integer(2, Self.opset)
    }
    return model.bytes
  }

  /// Writes the file, whole or not at all.
  public func write(to file: URL) throws {
    try writeWhole(data, to: file)
  }

  private func encode(_ value: ONNXValue, to info: inout ProtobufWriter) {
    info.string(1, value.name)
    info.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, value.type.rawValue)
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

  private func encoded(
    _ operation: String, _ inputs: [String], _ outputs: [String], _ attributes: [String: Attribute]
  ) -> Data {
    var node = ProtobufWriter()
    for name in inputs { node.string(1, name) }
    for name in outputs { node.string(2, name) }
    node.string(3, "\(operation)#\(nodes.count)")
    node.string(4, operation)
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
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
    return node.bytes
  }
}
