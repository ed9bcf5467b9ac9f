import CKernels

extension NDArray {
  /// The given numbers, in row-major order, as an array of the given shape.
  public init<S: BinaryFloatingPoint>(_ values: [S], shape: [Int], dtype: DType = .float32) {
    let count = shape.product
    guard values.count == count else {
      wrongUse("NDArray: \(values.count) numbers for shape \(shape), which holds \(count)")
    }
    self = .uninitialized(shape, dtype)
    switch (dtype, values) {
    case (_, let values as [Double]):
      ck_convert(CK_F64, dtype.kernel, count, values, storage.pointer)
    case (_, let values as [Float]):
      ck_convert(CK_F32, dtype.kernel, count, values, storage.pointer)
    default:
      let doubles = values.map { Double($0) }
      ck_convert(CK_F64, dtype.kernel, count, doubles, storage.pointer)
    }
  }

  /// A single number, of shape `[]`.
  public init(_ value: Double, dtype: DType = .float32) {
    self = .full([], value, dtype: dtype)
  }

  /// A vector, of shape `[count]`.
  public init(_ values: [Double], dtype: DType = .float32) {
    self.init(values, shape: [values.count], dtype: dtype)
  }

  /// A vector, of shape `[count]`, from numbers of any floating-point type.
  public init<S: BinaryFloatingPoint>(_ values: [S], dtype: DType = .float32) {
    self.init(values, shape: [values.count], dtype: dtype)
  }

  /// A matrix, of shape `[rows, columns]`.
  public init(_ rows: [[Double]], dtype: DType = .float32) {
    let columns = rows.first?.count ?? 0
    if let ragged = rows.firstIndex(where: { $0.count != columns }) {
      wrongUse("NDArray: row 0 has \(columns) numbers, row \(ragged) has \(rows[ragged].count)")
    }
    self.init(rows.flatMap { $0 }, shape: [rows.count, columns], dtype: dtype)
  }

  /// An array of three axes.
  public init(_ matrices: [[[Double]]], dtype: DType = .float32) {
    self = NDArray.stack(matrices.map { NDArray($0, dtype: dtype) })
  }

  /// An array of this shape, every number `value`.
  public static func full(_ shape: [Int], _ value: Double, dtype: DType = .float32) -> NDArray {
    let result = uninitialized(shape, dtype)
    ck_fill(dtype.kernel, result.count, value, result.storage.pointer)
    return result
  }

  /// An array of this shape, every number 0.
  public static func zeros(_ shape: [Int], dtype: DType = .float32) -> NDArray {
    full(shape, 0, dtype: dtype)
  }

  /// An array of this shape, every number 1.
  public static func ones(_ shape: [Int], dtype: DType = .float32) -> NDArray {
    full(shape, 1, dtype: dtype)
  }

  /// The identity matrix `[size, size]`.
  public static func eye(_ size: Int, dtype: DType = .float32) -> NDArray {
    var values = [Double](repeating: 0, count: [size, size].product("eye"))
    for i in 0..<size { values[i * size + i] = 1 }
    return NDArray(values, shape: [size, size], dtype: dtype)
  }

  /// `start`, `start + step`, … up to but not including `stop`.
  public static func arange(
    _ start: Double, _ stop: Double, step: Double = 1, dtype: DType = .float32
  ) -> NDArray {
    guard step != 0, let count = Int(exactly: Swift.max(0, ((stop - start) / step).rounded(.up)))
    else { wrongUse("arange: from \(start) to \(stop) in steps of \(step)") }
    _ = [count].product("arange")
    return NDArray(Array(stride(from: start, to: stop, by: step)), dtype: dtype)
  }

  /// 0, 1, … `count` − 1.
  public static func arange(_ count: Int, dtype: DType = .float32) -> NDArray {
    arange(0, Double(count), dtype: dtype)
  }

  /// `count` numbers at equal distances from `start` to `end`, both included.
  public static func linspace(
    _ start: Double, _ end: Double, count: Int, dtype: DType = .float32
  ) -> NDArray {
    _ = [count].product("linspace")
    let step = count > 1 ? (end - start) / Double(count - 1) : 0
    return NDArray((0..<count).map { start + Double($0) * step }, dtype: dtype)
  }

  /// Numbers drawn evenly from `range`. The same generator state gives the same numbers in both
  /// element types, up to rounding.
  public static func uniform(
    _ shape: [Int], in range: ClosedRange<Double> = 0...1, dtype: DType = .float32,
    generator: Generator = .default
  ) -> NDArray {
    let width = range.upperBound - range.lowerBound
    let values = generator.draw(shape.product("uniform")) {
      $0.uniform() * width + range.lowerBound
    }
    return NDArray(values, shape: shape, dtype: dtype)
  }

  /// Numbers drawn from a normal distribution.
  public static func normal(
    _ shape: [Int], mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32,
    generator: Generator = .default
  ) -> NDArray {
    let values = generator.draw(shape.product("normal")) {
      $0.normal() * standardDeviation + mean
    }
    return NDArray(values, shape: shape, dtype: dtype)
  }

  /// Ones and zeros: 1 with the given probability.
  public static func bernoulli(
    _ shape: [Int], probability: Double, dtype: DType = .float32, generator: Generator = .default
  ) -> NDArray {
    let values = generator.draw(shape.product("bernoulli")) {
      $0.uniform() < probability ? 1.0 : 0.0
    }
    return NDArray(values, shape: shape, dtype: dtype)
  }
}
