/// The settings of a golden case under the names that the library gives them. What is left out, or
/// `null`, is nil here: the caller knows the library's default.
public struct GoldenConfig: Sendable {
  private let settings: [String: Setting]

  fileprivate enum Setting: Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list([Setting])
  }

  public init() { settings = [:] }

  public var keys: [String] { settings.keys.sorted() }

  public subscript(bool key: String) -> Bool? {
    if case .bool(let value)? = settings[key] { value } else { nil }
  }
  public subscript(string key: String) -> String? {
    if case .string(let value)? = settings[key] { value } else { nil }
  }
  public subscript(int key: String) -> Int? { settings[key].flatMap(Self.integer) }
  public subscript(double key: String) -> Double? { settings[key].flatMap(Self.number) }

  /// A list, or a single number as a list of one.
  public subscript(ints key: String) -> [Int]? {
    if case .list(let values)? = settings[key] { return values.compactMap(Self.integer) }
    return self[int: key].map { [$0] }
  }
  public subscript(doubles key: String) -> [Double]? {
    if case .list(let values)? = settings[key] { return values.compactMap(Self.number) }
    return self[double: key].map { [$0] }
  }

  public func isList(_ key: String) -> Bool {
    if case .list? = settings[key] { true } else { false }
  }

  private static func integer(_ setting: Setting) -> Int? {
    switch setting {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  private static func number(_ setting: Setting) -> Double? {
    switch setting {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}

extension GoldenConfig: Decodable {
  public init(from decoder: any Decoder) throws {
    settings = try [String: Setting](from: decoder)
  }
}

extension GoldenConfig.Setting: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .none
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else {
      self = .list(try container.decode([Self].self))
    }
  }
}
