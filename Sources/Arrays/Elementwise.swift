import CKernels

// Arithmetic and functions, number by number. Two arrays are stretched to one shape as NumPy does;
// they must be of one element type.

package func checkSameType(_ operation: String, _ a: NDArray, _ b: NDArray) {
  guard a.dtype == b.dtype else {
    wrongUse(
      "\(operation): \(a.dtype) \(a.shape) and \(b.dtype) \(b.shape) are of different types; "
        + "convert one with asType")
  }
}

extension NDArray {
  package static func elementwise(
    _ op: ck_binary_op, _ name: @autoclosure () -> String, _ a: NDArray, _ b: NDArray
  ) -> NDArray {
    let (x, y) = (a.storage, b.storage)
    if x.dtype != y.dtype { checkSameType(name(), a, b) }
    let kernel = x.dtype.kernel
    if x.strides == nil, y.strides == nil {
      if x.count == y.count, x.shape == y.shape {
        let result = Storage(x.shape, x.dtype, count: x.count)
        ck_binary(op, kernel, x.count, x.pointer, 1, y.pointer, 1, result.pointer)
        return NDArray(result)
      }
      if y.count == 1, y.shape.count <= x.shape.count {
        let result = Storage(x.shape, x.dtype, count: x.count)
        ck_binary(op, kernel, x.count, x.pointer, 1, y.pointer, 0, result.pointer)
        return NDArray(result)
      }
      if x.count == 1, x.shape.count <= y.shape.count {
        let result = Storage(y.shape, x.dtype, count: y.count)
        ck_binary(op, kernel, y.count, x.pointer, 0, y.pointer, 1, result.pointer)
        return NDArray(result)
      }
    }
    let shape = broadcastShape(x.shape, y.shape, operation: name())
    let result = NDArray.uninitialized(shape, x.dtype)
    guard let inner = shape.last, result.count > 0 else {
      if result.count > 0 {
        ck_binary(op, kernel, 1, x.pointer, 0, y.pointer, 0, result.storage.pointer)
      }
      return result
    }
    let bytes = x.dtype.byteCount
    let xs = a.broadcastStrides(to: shape), ys = b.broadcastStrides(to: shape)
    let last = shape.count - 1
    var output = result.storage.pointer
    forEachRowPair(shape, xs, ys) { i, j in
      ck_binary(
        op, kernel, inner, x.pointer + i &* bytes, xs[last], y.pointer + j &* bytes, ys[last],
        output)
      output += inner &* bytes
    }
    return result
  }

  package func elementwise(_ op: ck_unary_op) -> NDArray {
    let source = contiguous.storage
    let result = Storage(source.shape, source.dtype, count: source.count)
    ck_unary(op, source.dtype.kernel, source.count, source.pointer, result.pointer)
    return NDArray(result)
  }

  /// With one plain number, for which no array is made.
  package func elementwise(_ op: ck_binary_op, _ number: Double, reversed: Bool = false) -> NDArray
  {
    let source = contiguous.storage
    let result = Storage(source.shape, source.dtype, count: source.count)
    func run(_ scalar: UnsafeRawPointer) {
      if reversed {
        ck_binary(
          op, source.dtype.kernel, source.count, scalar, 0, source.pointer, 1, result.pointer)
      } else {
        ck_binary(
          op, source.dtype.kernel, source.count, source.pointer, 1, scalar, 0, result.pointer)
      }
    }
    if source.dtype == .float32 {
      withUnsafePointer(to: Float(number)) { run($0) }
    } else {
      withUnsafePointer(to: number) { run($0) }
    }
    return NDArray(result)
  }

  // MARK: Arithmetic

  public static func + (a: NDArray, b: NDArray) -> NDArray { elementwise(CK_ADD, "add", a, b) }
  public static func - (a: NDArray, b: NDArray) -> NDArray { elementwise(CK_SUB, "sub", a, b) }
  public static func * (a: NDArray, b: NDArray) -> NDArray { elementwise(CK_MUL, "mul", a, b) }
  public static func / (a: NDArray, b: NDArray) -> NDArray { elementwise(CK_DIV, "div", a, b) }

  public static func + (a: NDArray, b: Double) -> NDArray { a.elementwise(CK_ADD, b) }
  public static func - (a: NDArray, b: Double) -> NDArray { a.elementwise(CK_SUB, b) }
  public static func * (a: NDArray, b: Double) -> NDArray { a.elementwise(CK_MUL, b) }
  public static func / (a: NDArray, b: Double) -> NDArray { a.elementwise(CK_DIV, b) }
  public static func + (a: Double, b: NDArray) -> NDArray { b.elementwise(CK_ADD, a) }
  public static func - (a: Double, b: NDArray) -> NDArray {
    b.elementwise(CK_SUB, a, reversed: true)
  }
  public static func * (a: Double, b: NDArray) -> NDArray { b.elementwise(CK_MUL, a) }
  public static func / (a: Double, b: NDArray) -> NDArray {
    b.elementwise(CK_DIV, a, reversed: true)
  }
  public static prefix func - (a: NDArray) -> NDArray { a.elementwise(CK_NEG) }

  public static func += (a: inout NDArray, b: NDArray) {
    if a.shape == b.shape { a.add(b) } else { a = a + b }
  }
  public static func -= (a: inout NDArray, b: NDArray) {
    if a.shape == b.shape { a.add(b, scale: -1) } else { a = a - b }
  }
  public static func *= (a: inout NDArray, b: NDArray) { a = a * b }
  public static func /= (a: inout NDArray, b: NDArray) { a = a / b }

  /// Adds `scale` times another array of the same shape, in place.
  public mutating func add(_ other: NDArray, scale: Double = 1) {
    checkSameType("add", self, other)
    guard shape == other.shape else { wrongUse("add in place: \(shape) and \(other.shape)") }
    let source = other.contiguous.storage
    makeWritable()
    ck_axpy(dtype.kernel, count, scale, source.pointer, storage.pointer)
  }

  /// Multiplies by a number, in place.
  public mutating func scale(by factor: Double) {
    makeWritable()
    ck_scale(dtype.kernel, count, factor, storage.pointer)
  }

  /// xʸ; NaN where x is negative and y no whole number.
  public func pow(_ exponent: NDArray) -> NDArray { .elementwise(CK_POW, "pow", self, exponent) }
  public func pow(_ exponent: Double) -> NDArray { elementwise(CK_POW, exponent) }

  /// The larger of two, number by number; NaN where either is NaN.
  public func maximum(_ other: NDArray) -> NDArray { .elementwise(CK_MAX, "maximum", self, other) }
  /// The smaller of two, number by number; NaN where either is NaN.
  public func minimum(_ other: NDArray) -> NDArray { .elementwise(CK_MIN, "minimum", self, other) }

  /// Numbers below `lower` become `lower`, those above `upper` become `upper`.
  public func clamped(_ lower: Double, _ upper: Double) -> NDArray {
    elementwise(CK_MAX, lower).elementwise(CK_MIN, upper)
  }

  // MARK: Functions

  public func exp() -> NDArray { elementwise(CK_EXP) }
  public func log() -> NDArray { elementwise(CK_LOG) }
  public func log1p() -> NDArray { elementwise(CK_LOG1P) }
  public func expm1() -> NDArray { elementwise(CK_EXPM1) }
  public func sqrt() -> NDArray { elementwise(CK_SQRT) }
  public func sin() -> NDArray { elementwise(CK_SIN) }
  public func cos() -> NDArray { elementwise(CK_COS) }
  public func tanh() -> NDArray { elementwise(CK_TANH) }
  /// σ(x) = 1 / (1 + e⁻ˣ)
  public func sigmoid() -> NDArray { elementwise(CK_SIGMOID) }
  /// max(x, 0)
  public func relu() -> NDArray { elementwise(CK_RELU) }
  /// log(1 + eˣ), without overflow
  public func softplus() -> NDArray { elementwise(CK_SOFTPLUS) }
  public func abs() -> NDArray { elementwise(CK_ABS) }
  public func floor() -> NDArray { elementwise(CK_FLOOR) }
  /// −1, 0 or 1
  public func sign() -> NDArray { elementwise(CK_SIGN) }
  public func reciprocal() -> NDArray { elementwise(CK_RECIPROCAL) }
}

/// As `forEachRow`, for two operands at once.
private func forEachRowPair(
  _ shape: [Int], _ a: [Int], _ b: [Int], _ body: (Int, Int) -> Void
) {
  let outer = shape.count - 1
  var index = [Int](repeating: 0, count: outer)
  var i = 0, j = 0
  while true {
    body(i, j)
    var axis = outer - 1
    while axis >= 0 {
      index[axis] += 1
      i += a[axis]
      j += b[axis]
      if index[axis] < shape[axis] { break }
      i -= a[axis] * shape[axis]
      j -= b[axis] * shape[axis]
      index[axis] = 0
      axis -= 1
    }
    if axis < 0 { return }
  }
}
