/// Whole numbers in a grid: class labels, token ids, places to gather from. Kept apart from
/// `NDArray` because no one differentiates by them.
public struct Indices: Equatable, Sendable, CustomStringConvertible {
  /// The size of each axis.
  public let shape: [Int]
  /// The numbers, in row-major order.
  public let values: [Int]

  /// Numbers in row-major order under a shape; a count that is not the shape's product stops the
  /// program.
  public init(_ values: [Int], shape: [Int]) {
    guard values.count == shape.product else {
      wrongUse("Indices: \(values.count) numbers for shape \(shape)")
    }
    self.values = values
    self.shape = shape
  }

  /// A vector `[count]`.
  public init(_ values: [Int]) { self.init(values, shape: [values.count]) }

  /// A matrix `[rows, columns]`.
  public init(_ rows: [[Int]]) {
    let columns = rows.first?.count ?? 0
    if let ragged = rows.firstIndex(where: { $0.count != columns }) {
      wrongUse("Indices: row 0 has \(columns) numbers, row \(ragged) has \(rows[ragged].count)")
    }
    self.init(rows.flatMap { $0 }, shape: [rows.count, columns])
  }

  /// How many numbers there are.
  public var count: Int { values.count }

  /// The same numbers under another shape.
  public func reshaped(_ shape: [Int]) -> Indices { Indices(values, shape: shape) }

  public var description: String { "Indices\(shape) \(values)" }
}

extension Indices: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}
