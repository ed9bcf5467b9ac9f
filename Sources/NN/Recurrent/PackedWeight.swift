import CKernels

/// A matrix in the order in which products read it.
final class PackedWeight {
  private let packed: Bytes
  private let rows, columns: Int
  private let dtype: DType

  /// `[n, k]`, to give x Wᵀ where it is `transposed`, and x W where it is not.
  init(_ weight: NDArray, transposed: Bool) {
    dtype = weight.dtype
    (columns, rows) =
      transposed ? (weight.shape[0], weight.shape[1]) : (weight.shape[1], weight.shape[0])
    packed = Bytes(ck_packed_bytes(dtype.kernel, rows, columns))
    ck_pack(
      dtype.kernel, transposed ? 1 : 0, rows, columns, weight.storage.pointer, weight.shape[1],
      packed.pointer)
  }

  /// x W + b, with x `[batch, k]`.
  func times(_ x: NDArray, plus bias: NDArray?) -> NDArray {
    let result = NDArray.uninitialized([x.shape[0], columns], dtype)
    withExtendedLifetime(bias) {
      multiply(x, bias?.storage.pointer, step: 0, into: result)
    }
    return result
  }

  /// sum += x W, in the first rows of `sum`.
  func add(_ x: NDArray, to sum: NDArray) {
    multiply(x, sum.storage.pointer, step: columns, into: sum)
  }

  private func multiply(
    _ x: NDArray, _ first: UnsafeMutableRawPointer?, step: Int, into result: NDArray
  ) {
    let x = x.contiguous
    withExtendedLifetime(x) {
      ck_multiply_packed(
        dtype.kernel, x.shape[0], columns, rows, x.storage.pointer, rows, packed.pointer, first,
        step, result.storage.pointer, columns)
    }
  }

  /// sum += x W for x in memory, its rows without gaps and those of `sum` `row` numbers apart.
  func add(
    _ x: UnsafeRawPointer, rows count: Int, to sum: UnsafeMutableRawPointer, row: Int
  ) {
    ck_multiply_packed(
      dtype.kernel, count, columns, rows, x, rows, packed.pointer, sum, row, sum, row)
  }

  /// x W for x in memory, its rows `row` numbers apart.
  func multiply(
    _ x: UnsafeRawPointer, rows count: Int, row: Int, into result: UnsafeMutableRawPointer
  ) {
    ck_multiply_packed(
      dtype.kernel, count, columns, rows, x, row, packed.pointer, nil, 0, result, columns)
  }
}
