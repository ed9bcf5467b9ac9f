import Autograd

/// What a trusted library gave for some operation: see Tests/Golden/README.md.
public struct GoldenCase: Sendable {
  /// The file that the case stands in, without its folder.
  public internal(set) var file = ""
  public let name: String
  public let op: String
  public let config: GoldenConfig
  public let parameters: [String: GoldenArray]
  public let inputs: [String: GoldenArray]
  public let outputs: [String: GoldenArray]
  /// What each output is multiplied by before all are summed; one left out counts as zero.
  public let cotangents: [String: GoldenArray]
  /// Of Σ output · cotangent, by the names of inputs and parameters.
  public let gradients: [String: GoldenArray]
  private let ownTolerance: Double?

  /// The largest |got − expected| / max(1, |expected|). A case's own tolerance holds in Double; in
  /// Float, where the inputs themselves are rounded, it is not taken below what Float can hold.
  public func tolerance(_ dtype: DType) -> Double {
    switch dtype {
    case .float64: ownTolerance ?? 1e-9
    case .float32: max(ownTolerance ?? 0, 2e-5)
    }
  }

  /// The name and where to find it, as messages begin.
  public var title: String { "\(file): “\(name)” (\(op))" }

  public func input(_ key: String) throws -> GoldenArray {
    guard let array = inputs[key] else { throw GoldenError("\(title) has no input `\(key)`") }
    return array
  }

  /// The inputs `prefix_1`, `prefix_2`, … as far as they go.
  public func inputs(numbered prefix: String) throws -> [GoldenArray] {
    var found: [GoldenArray] = []
    while let next = inputs["\(prefix)_\(found.count + 1)"] { found.append(next) }
    if found.isEmpty { throw GoldenError("\(title) has no input `\(prefix)_1`") }
    return found
  }

  /// A setting that the operation cannot do without.
  public func need<Value>(_ key: String, _ value: Value?) throws -> Value {
    guard let value else { throw GoldenError("\(title): `\(key)` is missing or of the wrong kind") }
    return value
  }
}

extension GoldenCase: Decodable {
  private enum Key: String, CodingKey {
    case name, op, config, parameters, inputs, outputs, cotangents, gradients, tolerance
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func arrays(_ key: Key) throws -> [String: GoldenArray] {
      try container.decodeIfPresent([String: GoldenArray].self, forKey: key) ?? [:]
    }
    name = try container.decode(String.self, forKey: .name)
    op = try container.decode(String.self, forKey: .op)
    config = try container.decodeIfPresent(GoldenConfig.self, forKey: .config) ?? GoldenConfig()
    parameters = try arrays(.parameters)
    inputs = try arrays(.inputs)
    outputs = try arrays(.outputs)
    cotangents = try arrays(.cotangents)
    gradients = try arrays(.gradients)
    ownTolerance = try container.decodeIfPresent(Double.self, forKey: .tolerance)
    if outputs.isEmpty {
      throw DecodingError.dataCorruptedError(
        forKey: .outputs, in: container, debugDescription: "“\(name)” has no outputs to compare")
    }
  }
}

/// What is wrong with a golden file or case, in one line.
public struct GoldenError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description.onOneLine }
}
