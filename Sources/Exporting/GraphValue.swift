@_exported import NN

/// The size of an axis in an exported model: a number, or a name for what the caller decides.
public enum GraphDimension: Equatable, Sendable, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, CustomStringConvertible
{
  /// A number that the model fixes; an integer literal.
  case size(Int)
  /// A name for what the caller decides, such as `batch`; a string literal.
  case named(String)

  public init(integerLiteral value: Int) { self = .size(value) }
  public init(stringLiteral value: String) { self = .named(value) }

  public var description: String {
    switch self {
    case .size(let size): "\(size)"
    case .named(let name): name
    }
  }
}

/// What numbers a value of an exported model holds.
public enum GraphElement: Sendable {
  /// 32-bit numbers, and whole numbers of 32 and of 64 bits.
  case float, int32, int64
}

/// Something that flows through an exported model: a name and the size of each axis.
public struct GraphValue: Equatable, Sendable {
  /// The caller's name for it, or one made up, which in a file may be another.
  public let name: String
  /// The size of each axis, or its name.
  public let shape: [GraphDimension]
  /// What numbers it holds.
  public let type: GraphElement
  /// Its place among the graph's values.
  package let number: Int

  package init(name: String, shape: [GraphDimension], type: GraphElement, number: Int) {
    (self.name, self.shape, self.type, self.number) = (name, shape, type, number)
  }
}
