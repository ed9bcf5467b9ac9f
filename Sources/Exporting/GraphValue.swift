@_exported import NN

/// The size of an axis in an exported model: a number, or a name for what the caller decides.
public enum GraphDimension: Equatable, Sendable, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, CustomStringConvertible
{
  case size(Int)
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
public enum GraphElement: Sendable { case float, int32, int64 }

/// Something that flows through an exported model: a name and the size of each axis.
public struct GraphValue: Equatable, Sendable {
  /// The caller's name for it, or one made up, which in a file may be another.
  public let name: String
  public let shape: [GraphDimension]
  /// What numbers it holds.
  public let type: GraphElement
  /// Its place among the graph's values.
  package let number: Int

  package init(name: String, shape: [GraphDimension], type: GraphElement, number: Int) {
    (self.name, self.shape, self.type, self.number) = (name, shape, type, number)
  }
}
