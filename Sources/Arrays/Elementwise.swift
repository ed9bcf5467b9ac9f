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

  package func elementwise(_ op: ck_unary_op) -> NDArray {
    guard isContiguous else { return copied().elementwise(op) }
    let result = Storage.make(like: storage)
    ck_unary(op, storage.dtype.kernel, storage.count, storage.pointer, result.pointer)
    return NDArray(result)
  }

  /// A function (`CK_TANH` or `CK_SIGMOID`) and its derivative at the same places.
  package func withSlopes(_ op: ck_unary_op) -> (value: NDArray, slopes: NDArray) {
    guard isContiguous else { return copied().withSlopes(op) }
    let value = Storage.make(like: storage), slopes = Storage.make(like: storage)
    ck_unary_with_slopes(
      op, storage.dtype.kernel, storage.count, storage.pointer, value.pointer, slopes.pointer)
    return (NDArray(value), NDArray(slopes))
  }

  /// With one plain number, for which no array is made.
  package func elementwise(_ op: ck_binary_op, _ number: Double, reversed: Bool = false) -> NDArray
  {
    guard isContiguous else { return copied().elementwise(op, number, reversed: reversed) }
    let result = Storage.make(like: storage)
    let source = storage.pointer, kernel = storage.dtype.kernel, count = storage.count
    func run(_ scalar: UnsafeRawPointer) {
      if reversed {
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
    if a.storage.hasShape(of: b.storage) { a.add(b) } else { a = a + b }
  }
  public static func -= (a: inout NDArray, b: NDArray) {
    if a.storage.hasShape(of: b.storage) { a.add(b, scale: -1) } else { a = a - b }
  }
  public static func *= (a: inout NDArray, b: NDArray) { a = a * b }
  public static func /= (a: inout NDArray, b: NDArray) { a = a / b }

  /// Adds `scale` times another array of the same shape, in place.
  public mutating func add(_ other: NDArray, scale: Double = 1) {
    if storage.dtype != other.storage.dtype { checkSameType("add", self, other) }
    guard storage.hasShape(of: other.storage) else {
      wrongUse("add in place: \(shape) and \(other.shape)")
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
    guard isContiguous else { return copied().clamped(lower, upper) }
    let result = Storage.make(like: storage)
    ck_clamp(result.dtype.kernel, result.count, lower, upper, storage.pointer, result.pointer)
    return NDArray(result)
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
