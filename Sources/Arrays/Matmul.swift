import CKernels

extension NDArray {
  /// The matrix product, as NumPy's and PyTorch's `matmul`.
  ///
  /// - Matrices `[m, k] × [k, n]` give `[m, n]`.
  /// - A vector on the left is a row, one on the right a column; that axis goes again.
  /// - Further axes in front are a batch, stretched to one another: `[b, m, k] × [k, n]` gives
  ///   `[b, m, n]`.
  ///
  /// Transposed matrices are multiplied as they lie, without a copy.
  public func matmul(_ other: NDArray) -> NDArray {
    checkSameType("matmul", self, other)
    guard rank > 0, other.rank > 0 else { wrongUse("matmul: \(shape) × \(other.shape): a scalar") }
    let inner = other.shape[Swift.max(0, other.rank - 2)]
    guard shape[rank - 1] == inner else {
      wrongUse(
        "matmul: \(shape) × \(other.shape): inner sizes \(shape[rank - 1]) and \(inner) "
          + "differ")
    }
    if rank == 1 { return unsqueezed(0).matmul(other).squeezed(other.rank == 1 ? 0 : -2) }
    if other.rank == 1 { return matmul(other.unsqueezed(1)).squeezed(-1) }
    let (m, k, n) = (shape[rank - 2], inner, other.shape[other.rank - 1])
    if rank == 2, other.rank == 2 {
      let result = NDArray.uninitialized([m, n], dtype)
      NDArray.product(Matrix(self), Matrix(other), into: result.storage.pointer, dtype)
      return result
    }
    // One matrix for the whole batch: the batch is just more rows.
    if other.rank == 2 {
      return rows.matmul(other).reshaped(Array(shape.dropLast()) + [n])
    }
    let batch = broadcastShape(
      Array(shape.dropLast(2)), Array(other.shape.dropLast(2)),
      operation: "matmul of \(shape) and \(other.shape), batch")
    let a = expanded(to: batch + [m, k]), b = other.expanded(to: batch + [k, n])
    let result = NDArray.uninitialized(batch + [m, n], dtype)
    var output = result.storage.pointer
    for index in 0..<batch.product {
      var place = index
      var x = 0, y = 0
      for axis in batch.indices.reversed() {
        x += place % batch[axis] * a.strides[axis]
        y += place % batch[axis] * b.strides[axis]
        place /= batch[axis]
      }
      NDArray.product(
        Matrix(a, offset: x), Matrix(b, offset: y), into: output, dtype)
      output += m &* n &* dtype.byteCount
    }
    return result
  }

  /// All leading axes as one: a matrix with this array's last axis as its columns.
  package var rows: NDArray {
    switch rank {
    case 2: self
    case 1: unsqueezed(0)
    default: reshaped([shape.dropLast().product, shape[rank - 1]])
    }
  }

  /// x·Wᵀ + b with x `[…, in]`, W `[out, in]` and b `[out]`: the product is added to rows that hold b.
  package func linear(_ weight: NDArray, _ bias: NDArray?) -> NDArray {
    checkSameType("linear", self, weight)
    let x = rows, size = weight.shape[0]
    let result = NDArray.uninitialized(Array(shape.dropLast()) + [size], dtype)
    let output = result.storage.pointer
    if let bias {
      checkSameType("linear", self, bias)
      let source = bias.contiguous.storage
      for row in 0..<x.shape[0] {
        (output + row &* size &* dtype.byteCount)
          .copyMemory(from: source.pointer, byteCount: size &* dtype.byteCount)
      }
    }
    NDArray.product(
      Matrix(x), Matrix(weight.transposed(0, 1)), into: output, dtype, accumulate: bias != nil)
    return result
  }

  /// The last two axes of an array as the kernel wants a matrix: rows of numbers that lie together, or the
  /// same on its side.
  private struct Matrix {
    let rows, columns, leading: Int
    let isTransposed: Bool
    let pointer: UnsafeMutableRawPointer
    /// Keeps the numbers alive.
    let storage: Storage

    /// The number in row i and column j.
    subscript(i: Int, j: Int) -> Double {
      storage.dtype.number(at: pointer, isTransposed ? j * leading + i : i * leading + j)
    }

    init(_ array: NDArray, offset: Int = 0) {
      let rank = array.rank
      (rows, columns) = (array.shape[rank - 2], array.shape[rank - 1])
      let strides = array.strides
      let (down, along) = (strides[rank - 2], strides[rank - 1])
      if along == 1 || columns == 1, down >= columns, down > 0 || rows == 1 {
        (leading, isTransposed) = (Swift.max(down, columns, 1), false)
        storage = array.storage
        pointer = storage.pointer + offset &* array.dtype.byteCount
      } else if down == 1 || rows == 1, along >= rows {
        (leading, isTransposed) = (Swift.max(along, rows, 1), true)
        storage = array.storage
        pointer = storage.pointer + offset &* array.dtype.byteCount
      } else {
        let copy = array.view([rows, columns], strides: [down, along], offset: offset).copied()
        (leading, isTransposed) = (Swift.max(columns, 1), false)
        storage = copy.storage
        pointer = storage.pointer
      }
    }
  }

  private static func product(
    _ a: Matrix, _ b: Matrix, into result: UnsafeMutableRawPointer, _ dtype: DType,
    accumulate: Bool = false
  ) {
    guard a.rows > 0, b.columns > 0 else { return }
    guard a.columns > 0 else {
      if !accumulate { ck_fill(dtype.kernel, a.rows &* b.columns, 0, result) }
      return
    }
    withExtendedLifetime((a.storage, b.storage)) {
      if ck_is_plain() {  // C_ij (+)= Σ_k A_ik · B_kj
        for i in 0..<a.rows {
          for j in 0..<b.columns {
            let sum = (0..<a.columns).reduce(0) { $0 + a[i, $1] * b[$1, j] }
            let place = i * b.columns + j
            dtype.put(sum + (accumulate ? dtype.number(at: result, place) : 0), at: result, place)
          }
        }
        return
      }
      ck_gemm(
        dtype.kernel, a.isTransposed ? 1 : 0, b.isTransposed ? 1 : 0, a.rows, b.columns,
        a.columns, a.pointer, a.leading, b.pointer, b.leading, accumulate ? 1 : 0, result, b.columns
      )
    }
  }
}
