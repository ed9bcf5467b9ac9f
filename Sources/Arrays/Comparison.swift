import CKernels

// Comparisons give masks: arrays of the same element type with 1 where the relation holds and 0
// where it does not. The operators carry a dot, as for Swift's SIMD types.

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence

extension NDArray {
  /// 1 where a = b, 0 elsewhere, where either is NaN too; the shapes are stretched to one as NumPy
  /// does.
  public static func .== (a: NDArray, b: NDArray) -> NDArray {
    elementwise(CK_EQ, "==", a, b) { $0 == $1 ? 1 : 0 }
  }

  /// 1 where a ≠ b, where either is NaN too, 0 elsewhere.
  public static func .!= (a: NDArray, b: NDArray) -> NDArray {
    elementwise(CK_NE, "!=", a, b) { $0 != $1 ? 1 : 0 }
  }

  /// 1 where a < b, 0 elsewhere and where either is NaN.
  public static func .< (a: NDArray, b: NDArray) -> NDArray {
    elementwise(CK_LT, "<", a, b) { $0 < $1 ? 1 : 0 }
  }

  /// 1 where a ≤ b, 0 elsewhere and where either is NaN.
  public static func .<= (a: NDArray, b: NDArray) -> NDArray {
    elementwise(CK_LE, "<=", a, b) { $0 <= $1 ? 1 : 0 }
  }

  /// 1 where a > b, 0 elsewhere and where either is NaN.
  public static func .> (a: NDArray, b: NDArray) -> NDArray {
    elementwise(CK_GT, ">", a, b) { $0 > $1 ? 1 : 0 }
  }

  /// 1 where a ≥ b, 0 elsewhere and where either is NaN.
  public static func .>= (a: NDArray, b: NDArray) -> NDArray {
    elementwise(CK_GE, ">=", a, b) { $0 >= $1 ? 1 : 0 }
  }

  /// 1 where a number of the array is b, 0 elsewhere and where it is NaN.
  public static func .== (a: NDArray, b: Double) -> NDArray {
    a.elementwise(CK_EQ, b) { $0 == $1 ? 1 : 0 }
  }

  /// 1 where a number of the array is not b, or NaN, 0 elsewhere.
  public static func .!= (a: NDArray, b: Double) -> NDArray {
    a.elementwise(CK_NE, b) { $0 != $1 ? 1 : 0 }
  }

  /// 1 where a number of the array is below b, 0 elsewhere and where it is NaN.
  public static func .< (a: NDArray, b: Double) -> NDArray {
    a.elementwise(CK_LT, b) { $0 < $1 ? 1 : 0 }
  }

  /// 1 where a number of the array is at most b, 0 elsewhere and where it is NaN.
  public static func .<= (a: NDArray, b: Double) -> NDArray {
    a.elementwise(CK_LE, b) { $0 <= $1 ? 1 : 0 }
  }

  /// 1 where a number of the array is above b, 0 elsewhere and where it is NaN.
  public static func .> (a: NDArray, b: Double) -> NDArray {
    a.elementwise(CK_GT, b) { $0 > $1 ? 1 : 0 }
  }

  /// 1 where a number of the array is at least b, 0 elsewhere and where it is NaN.
  public static func .>= (a: NDArray, b: Double) -> NDArray {
    a.elementwise(CK_GE, b) { $0 >= $1 ? 1 : 0 }
  }

  /// `a` where the mask is not 0, `b` where it is.
  public static func `where`(_ mask: NDArray, _ a: NDArray, _ b: NDArray) -> NDArray {
    checkSameType("where", a, b)
    checkSameType("where", mask, a)
    let shape = broadcastShape(
      mask.shape, broadcastShape(a.shape, b.shape, operation: "where"), operation: "where")
    if ck_is_plain() {
      let (m, x, y) = (mask.expanded(to: shape), a.expanded(to: shape), b.expanded(to: shape))
      let numbers = zip(m.doubles, zip(x.doubles, y.doubles)).map { $0 != 0 ? $1.0 : $1.1 }
      return NDArray(numbers, shape: shape, dtype: a.dtype)
    }
    let result = NDArray.uninitialized(shape, a.dtype)
    let bytes = a.dtype.byteCount
    let (m, x, y) = (mask.storage, a.storage, b.storage)
    var output = result.storage.pointer
    forEachRow(
      shape, mask.broadcastStrides(to: shape), a.broadcastStrides(to: shape),
      b.broadcastStrides(to: shape)
    ) { row in
      ck_where(
        x.dtype.kernel, row.count, m.pointer + row.first &* bytes, row.firstStep,
        x.pointer + row.second &* bytes, row.secondStep, y.pointer + row.third &* bytes,
        row.thirdStep, output)
      output += row.count &* bytes
    }
    return result
  }

  /// The largest |a − b|; NaN where the two differ in being NaN. The shapes must be the same.
  public func largestDifference(from other: NDArray) -> Double {
    guard shape == other.shape else {
      wrongUse("largestDifference: \(shape) and \(other.shape)")
    }
    var largest = 0.0
    for (a, b) in zip(doubles, other.doubles) where a != b && !(a.isNaN && b.isNaN) {
      let difference = Swift.abs(a - b)
      if difference.isNaN { return .nan }
      largest = Swift.max(largest, difference)
    }
    return largest
  }

  /// Whether shapes agree and every number is within `absolute + relative · |other|`. An infinite
  /// number is close to itself alone, NaN to nothing.
  public func isClose(
    to other: NDArray, relative: Double = 1e-5, absolute: Double = 1e-8
  ) -> Bool {
    shape == other.shape
      && zip(doubles, other.doubles).allSatisfy { a, b in
        a == b || (b.isFinite && Swift.abs(a - b) <= absolute + relative * Swift.abs(b))
      }
  }
}

extension NDArray: Equatable {
  /// The same shape, the same element type and the same numbers (NaN is equal to nothing).
  public static func == (a: NDArray, b: NDArray) -> Bool {
    a.dtype == b.dtype && a.shape == b.shape && a.doubles == b.doubles
  }
}
