import Autograd

/// An array of a golden file: its shape and its numbers, row-major.
public struct GoldenArray: Sendable {
  public let shape: [Int]
  /// The numbers; what the file has as `null` is NaN here.
  public let values: [Double]
  /// Whether the file says `int64`.
  public let isInteger: Bool

  public init(_ values: [Double], shape: [Int]) {
    self.values = values
    self.shape = shape
    isInteger = false
  }

  public init(_ values: [Double]) { self.init(values, shape: [values.count]) }
  public init(_ array: NDArray) { self.init(array.doubles, shape: array.shape) }
  public init(_ indices: Indices) {
    self.init(indices.values.map(Double.init), shape: indices.shape)
  }

  /// The numbers as places or classes.
  ///
  /// - Throws: `GoldenError` for a number that is not whole.
  public var indices: Indices {
    get throws {
      let integers = try values.map { value in
        guard let integer = Int(exactly: value) else {
          throw GoldenError("\(value) where whole numbers are needed")
        }
        return integer
      }
      return Indices(integers, shape: shape)
    }
  }
  public func ndArray(_ dtype: DType) -> NDArray { NDArray(values, shape: shape, dtype: dtype) }
}

extension GoldenArray: Decodable {
  private enum Key: CodingKey { case shape, data, dtype }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    shape = try container.decode([Int].self, forKey: .shape)
    let dtype = try container.decodeIfPresent(String.self, forKey: .dtype) ?? "float64"
    isInteger = dtype.hasPrefix("int")
    values = try container.decode([Double?].self, forKey: .data).map { $0 ?? .nan }
    func corrupted(_ key: Key, _ words: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: words)
    }
    if shape.contains(where: { $0 < 0 }) { throw corrupted(.shape, "a negative size in \(shape)") }
    guard let count = shape.checkedProduct else {
      throw corrupted(.shape, "\(shape) holds more numbers than memory has places")
    }
    if count != values.count {
      throw corrupted(.data, "\(values.count) numbers for shape \(shape), which holds \(count)")
    }
    if isInteger, let value = values.first(where: { Int(exactly: $0) == nil }) {
      throw corrupted(.data, "\(value) in an array of \(dtype)")
    }
  }
}
