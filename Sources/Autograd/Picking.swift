// Numbers picked by place. The gradient is added back to the places that were read; where one was
// read twice both shares are added.

extension Tensor {
  /// Whole slices along an axis, in the order of `indices`.
  public func take(_ indices: Indices, axis: Int = 0) -> Tensor {
    let axis = normalizedAxis(axis, rank: rank, operation: "take")
    let shape = shape, dtype = dtype
    let taken = value.take(indices, axis: axis)
    if axis == 0, count >= RowShares.fromNumbers {
      return rows("take", taken, TakenRows(indices: indices, paddingIndex: nil, isSparse: false))
    }
    return Tensor("take", of: self, value: taken) { dy in
      var dx = NDArray.zeros(shape, dtype: dtype)
      dx.addTaken(dy, at: indices, axis: axis)
      return dx
    }
  }

  /// One number for each index: `result[i, j] = self[i, index[i, j]]` for axis 1 of a matrix.
  public func gather(_ indices: Indices, axis: Int) -> Tensor {
    let shape = shape, dtype = dtype
    return Tensor("gather", of: self, value: value.gather(indices, axis: axis)) { dy in
      var dx = NDArray.zeros(shape, dtype: dtype)
      dx.addGathered(dy, at: indices, axis: axis)
      return dx
    }
  }

  /// Rows of an embedding table: table `[words, features]` and indices `[…]` give `[…, features]`.
  /// The row `paddingIndex` gets no gradient. With `sparse` the gradient is kept as the rows that were
  /// looked up (`rowGradient`), for `SGD` and `SparseAdam`.
  public func embedding(
    _ indices: Indices, paddingIndex: Int? = nil, sparse: Bool = false
  ) -> Tensor {
    guard rank == 2 else { wrongUse("embedding: the table's shape is \(shape), not a matrix") }
    let shape = shape, dtype = dtype
    let rows = value.taken(indices, axis: 0, operation: "embedding")
    if sparse || count >= RowShares.fromNumbers {
      let taken = TakenRows(indices: indices, paddingIndex: paddingIndex, isSparse: sparse)
      return self.rows("embedding", rows, taken)
    }
    return Tensor("embedding", of: self, value: rows) { dy in
      var dx = NDArray.zeros(shape, dtype: dtype)
      dx.addTaken(dy, at: indices, axis: 0)
      if let paddingIndex { dx[paddingIndex] = .zeros([], dtype: dtype) }
      return dx
    }
  }

  /// Rows whose gradients are added up when all are there.
  private func rows(_ name: StaticString, _ value: NDArray, _ taken: TakenRows) -> Tensor {
    guard requiresGrad, isGradEnabled else { return Tensor(value) }
    return Tensor(name, value, .rows(self, taken))
  }
}
