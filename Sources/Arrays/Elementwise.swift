import CKernels
import Foundation

// Arithmetic and functions, number by number. Two arrays are stretched to one shape as NumPy does;
// they must be of one element type. Each line names the kernel and says what it computes (Twins.swift).

package func checkSameType(_ operation: String, _ a: NDArray, _ b: NDArray) {
  guard a.dtype == b.dtype else {
    wrongUse(
      "\(operation): \(a.dtype) \(a.shape) and \(b.dtype) \(b.shape) are of different types; "
        + "convert one with asType")
  }
}

extension NDArray {
  package static func elementwise(
    _ op: ck_binary_op, _ name: @autoclosure () -> String, _ a: NDArray, _ b: NDArray,
    _ equation: (_ a: Double, _ b: Double) -> Double
  ) -> NDArray {
    if ck_is_plain() { return mapped(name(), a, b, equation) }
    let (x, y) = (a.storage, b.storage)
    if x.dtype != y.dtype { checkSameType(name(), a, b) }
    guard x.isContiguous, y.isContiguous else { return broadcast(op, name(), a, b) }
    let result: Storage
    if x.hasShape(of: y) {
      result = .make(like: x)
      ck_binary(op, x.dtype.kernel, x.count, x.pointer, 1, y.pointer, 1, result.pointer)
    } else if y.count == 1, y.shape.count <= x.shape.count {
      result = .make(like: x)
      ck_binary(op, x.dtype.kernel, x.count, x.pointer, 1, y.pointer, 0, result.pointer)
    } else if x.count == 1, x.shape.count <= y.shape.count {
      result = .make(like: y)
      ck_binary(op, x.dtype.kernel, y.count, x.pointer, 0, y.pointer, 1, result.pointer)
    } else {
      return broadcast(op, name(), a, b)
    }
    return NDArray(result)
  }

  /// The general case: rows of any strides, as long as both operands allow.
  private static func broadcast(
    _ op: ck_binary_op, _ name: String, _ a: NDArray, _ b: NDArray
  ) -> NDArray {
    let shape = broadcastShape(a.shape, b.shape, operation: name)
    let result = NDArray.uninitialized(shape, a.dtype)
    let bytes = a.dtype.byteCount
    var output = result.storage.pointer
    let (x, y) = (a.storage, b.storage)
    forEachRow(shape, a.broadcastStrides(to: shape), b.broadcastStrides(to: shape)) { row in
      ck_binary(
        op, x.dtype.kernel, row.count, x.pointer + row.first &* bytes, row.firstStep,
        y.pointer + row.second &* bytes, row.secondStep, output)
      output += row.count &* bytes
    }
    return result
  }

  func elementwise(_ op: ck_unary_op, _ equation: (_ x: Double) -> Double) -> NDArray {
    if ck_is_plain() { return mapped(equation) }
    guard isContiguous else { return copied().elementwise(op, equation) }
    let result = Storage.make(like: storage)
    ck_unary(op, storage.dtype.kernel, storage.count, storage.pointer, result.pointer)
    return NDArray(result)
  }

  /// The twin of a function (`CK_TANH` or `CK_SIGMOID`) that gives its derivative, too.
  package func withSlopes(_ op: ck_unary_op) -> (value: NDArray, slopes: NDArray) {
    guard isContiguous else { return copied().withSlopes(op) }
    let value = Storage.make(like: storage), slopes = Storage.make(like: storage)
    ck_unary_with_slopes(
      op, storage.dtype.kernel, storage.count, storage.pointer, value.pointer, slopes.pointer)
    return (NDArray(value), NDArray(slopes))
  }

  /// With one plain number, for which no array is made.
  func elementwise(
    _ op: ck_binary_op, _ number: Double, _ equation: (_ a: Double, _ number: Double) -> Double
  ) -> NDArray {
    if ck_is_plain() { return mapped(number, equation) }
    guard isContiguous else { return copied().elementwise(op, number, equation) }
    return withNumber(op, number, isLeft: false)
  }

  /// The same with the number on the left.
  func elementwise(
    _ op: ck_binary_op, of number: Double, _ equation: (_ number: Double, _ b: Double) -> Double
  ) -> NDArray {
    if ck_is_plain() { return mapped(number) { equation($1, $0) } }
    guard isContiguous else { return copied().elementwise(op, of: number, equation) }
    return withNumber(op, number, isLeft: true)
  }

  private func withNumber(_ op: ck_binary_op, _ number: Double, isLeft: Bool) -> NDArray {
    let result = Storage.make(like: storage)
    let source = storage.pointer, kernel = storage.dtype.kernel, count = storage.count
    func run(_ scalar: UnsafeRawPointer) {
      if isLeft {
        ck_binary(op, kernel, count, scalar, 0, source, 1, result.pointer)
      } else {
        ck_binary(op, kernel, count, source, 1, scalar, 0, result.pointer)
      }
    }
    if storage.dtype == .float32 {
      withUnsafePointer(to: Float(number)) { run($0) }
    } else {
      withUnsafePointer(to: number) { run($0) }
    }
    return NDArray(result)
  }

  // MARK: Arithmetic

  /// a + b, number by number. The shapes are stretched to one as NumPy does (axes of size 1, and
  /// axes that are not there, repeat); shapes that do not meet, or unlike element types, stop the
  /// program.
  public static func + (a: NDArray, b: NDArray) -> NDArray { elementwise(CK_ADD, "add", a, b, +) }
  /// a − b, number by number; shapes as for `+`.
  public static func - (a: NDArray, b: NDArray) -> NDArray { elementwise(CK_SUB, "sub", a, b, -) }
  /// a · b, number by number; shapes as for `+`. The matrix product is `matmul`.
  public static func * (a: NDArray, b: NDArray) -> NDArray { elementwise(CK_MUL, "mul", a, b, *) }
  /// a / b, number by number, infinite or NaN where b is 0; shapes as for `+`.
  public static func / (a: NDArray, b: NDArray) -> NDArray { elementwise(CK_DIV, "div", a, b, /) }

  /// b added to every number.
  public static func + (a: NDArray, b: Double) -> NDArray { a.elementwise(CK_ADD, b, +) }
  /// b taken off every number.
  public static func - (a: NDArray, b: Double) -> NDArray { a.elementwise(CK_SUB, b, -) }
  /// Every number times b.
  public static func * (a: NDArray, b: Double) -> NDArray { a.elementwise(CK_MUL, b, *) }
  /// Every number by b.
  public static func / (a: NDArray, b: Double) -> NDArray { a.elementwise(CK_DIV, b, /) }
  /// a added to every number.
  public static func + (a: Double, b: NDArray) -> NDArray { b.elementwise(CK_ADD, of: a, +) }
  /// a less every number.
  public static func - (a: Double, b: NDArray) -> NDArray {
    b.elementwise(CK_SUB, of: a, -)
  }

  /// a times every number.
  public static func * (a: Double, b: NDArray) -> NDArray { b.elementwise(CK_MUL, of: a, *) }
  /// a by every number.
  public static func / (a: Double, b: NDArray) -> NDArray {
    b.elementwise(CK_DIV, of: a, /)
  }

  /// Every number with its sign changed.
  public static prefix func - (a: NDArray) -> NDArray { a.elementwise(CK_NEG) { -$0 } }

  /// a = a + b, in place where the shapes are the same; otherwise b is stretched, as for `+`.
  public static func += (a: inout NDArray, b: NDArray) {
    if a.storage.hasShape(of: b.storage) { a.add(b) } else { a = a + b }
  }

  /// a = a − b, in place where the shapes are the same; otherwise b is stretched, as for `-`.
  public static func -= (a: inout NDArray, b: NDArray) {
    if a.storage.hasShape(of: b.storage) { a.add(b, scale: -1) } else { a = a - b }
  }

  /// a = a · b; shapes as for `*`.
  public static func *= (a: inout NDArray, b: NDArray) { a = a * b }
  /// a = a / b; shapes as for `/`.
  public static func /= (a: inout NDArray, b: NDArray) { a = a / b }

  /// Adds `scale` times another array of the same shape, in place.
  public mutating func add(_ other: NDArray, scale: Double = 1) {
    if storage.dtype != other.storage.dtype { checkSameType("add", self, other) }
    guard storage.hasShape(of: other.storage) else {
      wrongUse("add in place: \(shape) and \(other.shape)")
    }
    if ck_is_plain() {
      let scale = dtype.rounded(scale)
      self = .mapped("add", self, other) { $0 + scale * $1 }
      return
    }
    makeWritable()
    if other.isContiguous {
      ck_axpy(storage.dtype.kernel, storage.count, scale, other.storage.pointer, storage.pointer)
    } else {
      add(other.copied(), scale: scale)
    }
  }

  /// Multiplies by a number, in place.
  public mutating func scale(by factor: Double) {
    if ck_is_plain() {
      let factor = dtype.rounded(factor)
      self = mapped { $0 * factor }
      return
    }
    makeWritable()
    ck_scale(dtype.kernel, count, factor, storage.pointer)
  }

  /// xʸ; NaN where x is negative and y no whole number.
  public func pow(_ exponent: NDArray) -> NDArray {
    .elementwise(CK_POW, "pow", self, exponent) { Foundation.pow($0, $1) }
  }

  /// xʸ for one y; NaN where x is negative and y no whole number.
  public func pow(_ exponent: Double) -> NDArray {
    elementwise(CK_POW, exponent) { Foundation.pow($0, $1) }
  }

  /// The larger of two, number by number; NaN where either is NaN.
  public func maximum(_ other: NDArray) -> NDArray {
    .elementwise(CK_MAX, "maximum", self, other) { $0.isNaN || $0 > $1 ? $0 : $1 }
  }
  /// The smaller of two, number by number; NaN where either is NaN.
  public func minimum(_ other: NDArray) -> NDArray {
    .elementwise(CK_MIN, "minimum", self, other) { $0.isNaN || $0 < $1 ? $0 : $1 }
  }

  /// Numbers below `lower` become `lower`, those above `upper` become `upper`.
  public func clamped(_ lower: Double, _ upper: Double) -> NDArray {
    if ck_is_plain() {
      let (low, high) = (dtype.rounded(lower), dtype.rounded(upper))
      return mapped { $0 < low ? low : $0 > high ? high : $0 }
    }
    guard isContiguous else { return copied().clamped(lower, upper) }
    let result = Storage.make(like: storage)
    ck_clamp(result.dtype.kernel, result.count, lower, upper, storage.pointer, result.pointer)
    return NDArray(result)
  }

  // MARK: Functions

  /// eˣ; infinite where that is too large for the element type.
  public func exp() -> NDArray { elementwise(CK_EXP) { Foundation.exp($0) } }
  /// The natural logarithm; −∞ at 0, NaN below.
  public func log() -> NDArray { elementwise(CK_LOG) { Foundation.log($0) } }
  /// log(1 + x), exact also where x is small beside 1.
  public func log1p() -> NDArray { elementwise(CK_LOG1P) { Foundation.log1p($0) } }
  /// eˣ − 1, exact also where x is near 0.
  public func expm1() -> NDArray { elementwise(CK_EXPM1) { Foundation.expm1($0) } }
  /// √x; NaN below 0.
  public func sqrt() -> NDArray { elementwise(CK_SQRT) { $0.squareRoot() } }
  /// The sine of an angle in radians.
  public func sin() -> NDArray { elementwise(CK_SIN) { Foundation.sin($0) } }
  /// The cosine of an angle in radians.
  public func cos() -> NDArray { elementwise(CK_COS) { Foundation.cos($0) } }
  /// (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ), from −1 to 1
  public func tanh() -> NDArray { elementwise(CK_TANH) { Foundation.tanh($0) } }
  /// σ(x) = 1 / (1 + e⁻ˣ)
  public func sigmoid() -> NDArray { elementwise(CK_SIGMOID) { 1 / (1 + Foundation.exp(-$0)) } }
  /// max(x, 0)
  public func relu() -> NDArray { elementwise(CK_RELU) { $0 < 0 ? 0 : $0 } }
  /// log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), which does not overflow
  public func softplus() -> NDArray {
    elementwise(CK_SOFTPLUS) {
      Swift.max($0, 0) + Foundation.log1p(Foundation.exp(-Swift.abs($0)))
    }
  }

  /// |x|
  public func abs() -> NDArray { elementwise(CK_ABS) { Swift.abs($0) } }
  /// The largest whole number that is not above x.
  public func floor() -> NDArray { elementwise(CK_FLOOR) { $0.rounded(.down) } }
  /// −1, 0 or 1
  public func sign() -> NDArray { elementwise(CK_SIGN) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 } }
  /// 1/x; infinite at 0.
  public func reciprocal() -> NDArray { elementwise(CK_RECIPROCAL) { 1 / $0 } }
}
