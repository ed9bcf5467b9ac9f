@_exported import Foundation

/// Numbers in rows and columns, for exercises: the part of the library's `NDArray` that they need,
/// with the same names. One step of a batch is `[batch, feature]`, a bias is one row, and a sequence
/// is a list of matrices, one a time step.
///
/// Where one of two matrices has a single row (or column), it is used for every row (column) of the
/// other.
public struct Matrix: Codable, Equatable, Sendable {
  public let rows: Int
  public let columns: Int
  /// Row after row.
  public var numbers: [Double]

  public var shape: [Int] { [rows, columns] }

  public init(_ rows: Int, _ columns: Int, _ numbers: [Double]) {
    guard numbers.count == rows * columns else {
      stop("Matrix: \(numbers.count) numbers for shape [\(rows), \(columns)]")
    }
    (self.rows, self.columns, self.numbers) = (rows, columns, numbers)
  }

  public init(_ rows: [[Double]]) {
    self.init(rows.count, rows.first?.count ?? 0, rows.flatMap { $0 })
  }

  public static func full(_ rows: Int, _ columns: Int, _ value: Double) -> Matrix {
    Matrix(rows, columns, Array(repeating: value, count: rows * columns))
  }

  public static func zeros(_ rows: Int, _ columns: Int) -> Matrix { full(rows, columns, 0) }

  public subscript(row: Int, column: Int) -> Double {
    get {
      check(row, column)
      return numbers[row * columns + column]
    }
    set {
      check(row, column)
      numbers[row * columns + column] = newValue
    }
  }

  private func check(_ row: Int, _ column: Int) {
    guard (0..<rows).contains(row), (0..<columns).contains(column) else {
      stop("Matrix: there is no [\(row), \(column)] in shape \(shape)")
    }
  }

  /// One row, as a matrix `[1, columns]`.
  public func row(_ row: Int) -> Matrix { self.rows(row..<row + 1) }

  /// Some rows.
  public func rows(_ range: Range<Int>) -> Matrix {
    guard range.lowerBound >= 0, range.upperBound <= rows else {
      stop("rows: there are no rows \(range) in shape \(shape)")
    }
    return Matrix(
      range.count, columns, Array(numbers[range.lowerBound * columns..<range.upperBound * columns]))
  }

  /// Some columns, for one gate of several.
  public func columns(_ range: Range<Int>) -> Matrix { transposed.rows(range).transposed }

  /// Matrices beside one another.
  public static func joined(columns matrices: [Matrix]) -> Matrix {
    joined(rows: matrices.map(\.transposed)).transposed
  }

  /// Matrices one below the other.
  public static func joined(rows matrices: [Matrix]) -> Matrix {
    let columns = matrices.first?.columns ?? 0
    if let other = matrices.first(where: { $0.columns != columns }) {
      stop("joined: shapes \(matrices[0].shape) and \(other.shape)")
    }
    return Matrix(matrices.reduce(0) { $0 + $1.rows }, columns, matrices.flatMap(\.numbers))
  }

  // MARK: Products

  public var transposed: Matrix {
    var result = Matrix.zeros(columns, rows)
    for i in 0..<rows { for j in 0..<columns { result[j, i] = self[i, j] } }
    return result
  }

  /// `[m, k]` × `[k, n]` → `[m, n]`
  public func matmul(_ other: Matrix) -> Matrix {
    guard columns == other.rows else {
      stop("matmul: \(shape) × \(other.shape): inner sizes \(columns) and \(other.rows) differ")
    }
    var result = Matrix.zeros(rows, other.columns)
    for i in 0..<rows {
      for k in 0..<columns {
        for j in 0..<other.columns { result[i, j] += self[i, k] * other[k, j] }
      }
    }
    return result
  }

  // MARK: Element by element

  public func map(_ function: (Double) -> Double) -> Matrix {
    Matrix(rows, columns, numbers.map(function))
  }

  public func tanh() -> Matrix { map { Foundation.tanh($0) } }
  public func sigmoid() -> Matrix { map { 1 / (1 + Foundation.exp(-$0)) } }
  public func exp() -> Matrix { map { Foundation.exp($0) } }
  public func log() -> Matrix { map { Foundation.log($0) } }

  public static func + (a: Matrix, b: Matrix) -> Matrix { combined("+", a, b, +) }
  public static func - (a: Matrix, b: Matrix) -> Matrix { combined("-", a, b, -) }
  public static func * (a: Matrix, b: Matrix) -> Matrix { combined("*", a, b, *) }
  public static func / (a: Matrix, b: Matrix) -> Matrix { combined("/", a, b, /) }
  public static func + (a: Matrix, b: Double) -> Matrix { a.map { $0 + b } }
  public static func - (a: Matrix, b: Double) -> Matrix { a.map { $0 - b } }
  public static func * (a: Matrix, b: Double) -> Matrix { a.map { $0 * b } }
  public static func / (a: Matrix, b: Double) -> Matrix { a.map { $0 / b } }
  public static func + (a: Double, b: Matrix) -> Matrix { b.map { a + $0 } }
  public static func - (a: Double, b: Matrix) -> Matrix { b.map { a - $0 } }
  public static func * (a: Double, b: Matrix) -> Matrix { b.map { a * $0 } }
  public static prefix func - (a: Matrix) -> Matrix { a.map { -$0 } }
  public static func += (a: inout Matrix, b: Matrix) { a = a + b }
  public static func -= (a: inout Matrix, b: Matrix) { a = a - b }

  private static func combined(
    _ name: String, _ a: Matrix, _ b: Matrix, _ function: (Double, Double) -> Double
  ) -> Matrix {
    func size(_ one: Int, _ other: Int) -> Int {
      guard one == other || one == 1 || other == 1 else {
        stop("\(name): shapes \(a.shape) and \(b.shape) do not fit")
      }
      return one == 1 ? other : one
    }
    var result = Matrix.zeros(size(a.rows, b.rows), size(a.columns, b.columns))
    for i in 0..<result.rows {
      for j in 0..<result.columns {
        result[i, j] = function(
          a[a.rows == 1 ? 0 : i, a.columns == 1 ? 0 : j],
          b[b.rows == 1 ? 0 : i, b.columns == 1 ? 0 : j])
      }
    }
    return result
  }

  // MARK: Sums

  public func sum() -> Double { numbers.reduce(0, +) }

  /// Over the rows (`axis: 0`, gives `[1, columns]`) or the columns (`axis: 1`, gives `[rows, 1]`).
  public func sum(axis: Int) -> Matrix { reduced(axis, "sum") { $0.reduce(0, +) } }

  /// The largest of each column (`axis: 0`) or row (`axis: 1`).
  public func max(axis: Int) -> Matrix { reduced(axis, "max") { $0.max() ?? -.infinity } }

  private func reduced(_ axis: Int, _ name: String, _ function: ([Double]) -> Double) -> Matrix {
    switch axis {
    case 0: return transposed.reduced(1, name, function).transposed
    case 1:
      return Matrix(
        rows, 1, (0..<rows).map { function(Array(numbers[$0 * columns..<($0 + 1) * columns])) })
    default: stop("\(name): there is no axis \(axis), only 0 and 1")
    }
  }
}

extension Matrix: CustomStringConvertible {
  /// A line a row, for `print`.
  public var description: String {
    let lines = (0..<rows).map { i in
      (0..<columns).map { String(format: "%10.4f", self[i, $0]) }.joined()
    }
    return "\(shape)\n" + lines.joined(separator: "\n")
  }
}

/// Stops the program with a sentence, as a wrong use of the library does.
private func stop(_ sentence: String) -> Never { fatalError(sentence) }
