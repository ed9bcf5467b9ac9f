import CKernels

/// Numbers in a grid: a shape, an element type and the numbers, row-major. A value like an `Int` or
/// an `Array`: a copy shares the memory until one of the two is written to.
///
/// An `NDArray` has no history; the autograd core's `Tensor` is an `NDArray` that remembers where
/// it came from. Views (`transposed`, `narrow`, `reshaped` of a row-major array …) cost nothing.
///
///     let a = NDArray([[1, 2, 3], [4, 5, 6]])      // [2, 3], float32
///     let rowSums = a.sum(axis: 1)                  // [6, 15]
///
/// Values go from task to task freely: none sees what another does to its copy.
public struct NDArray: Sendable {
  package var storage: Storage

  package init(_ storage: Storage) { self.storage = storage }

  /// The size of each axis; `[]` for a single number.
  public var shape: [Int] { storage.shape }
  /// The type of the numbers.
  public var dtype: DType { storage.dtype }
  /// How many numbers there are.
  public var count: Int { storage.count }
  /// How many axes there are.
  public var rank: Int { storage.shape.count }

  /// Whether the numbers lie one after the other, the last axis fastest.
  package var isContiguous: Bool { storage.isContiguous }

  /// Steps, in numbers, from one element to the next along each axis.
  package var strides: [Int] { storage.strides ?? storage.shape.rowMajorStrides }

  /// The same numbers in row-major order: itself if they are already.
  package var contiguous: NDArray { isContiguous ? self : copied() }

  package static func uninitialized(_ shape: [Int], _ dtype: DType) -> NDArray {
    NDArray(.make(shape, dtype, count: shape.product))
  }

  // MARK: Numbers in and out

  /// The numbers in row-major order, as Doubles.
  public var doubles: [Double] {
    let source = contiguous.storage
    return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      if count > 0 { ck_convert(dtype.kernel, CK_F64, count, source.pointer, buffer.baseAddress!) }
      filled = count
    }
  }

  /// The numbers in row-major order, as Floats.
  public var floats: [Float] {
    let source = contiguous.storage
    return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      if count > 0 { ck_convert(dtype.kernel, CK_F32, count, source.pointer, buffer.baseAddress!) }
      filled = count
    }
  }

  /// The only number of an array that holds one.
  public var item: Double {
    guard count == 1 else { wrongUse("item: the array's shape is \(shape), not one number") }
    return dtype == .float32
      ? Double(storage.pointer.load(as: Float.self)) : storage.pointer.load(as: Double.self)
  }

  /// The same numbers as another element type.
  public func asType(_ dtype: DType) -> NDArray {
    if dtype == self.dtype { return self }
    let source = contiguous.storage
    let result = NDArray.uninitialized(shape, dtype)
    ck_convert(self.dtype.kernel, dtype.kernel, count, source.pointer, result.storage.pointer)
    return result
  }

  /// Calls `body` with the numbers in row-major order.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    let source = contiguous.storage
    return try withExtendedLifetime(source) {
      try body(UnsafeRawBufferPointer(start: source.pointer, count: count &* dtype.byteCount))
    }
  }

  /// Calls `body` with the numbers in row-major order, to be changed in place.
  public mutating func withUnsafeMutableBytes<R>(
    _ body: (UnsafeMutableRawBufferPointer) throws -> R
  ) rethrows -> R {
    makeWritable()
    return try body(
      UnsafeMutableRawBufferPointer(
        start: storage.pointer, count: count &* dtype.byteCount))
  }

  /// Makes the memory row-major and this array's alone.
  package mutating func makeWritable() {
    if !isKnownUniquelyReferenced(&storage) || !storage.ownsMemory {
      self = copied()
    }
  }
}
