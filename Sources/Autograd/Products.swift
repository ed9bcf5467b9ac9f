extension Tensor {
  /// The matrix product, with batches and vectors as NumPy's (see `NDArray.matmul`).
  ///
  /// C = A·B.   ∂L/∂A = dC·Bᵀ,  ∂L/∂B = Aᵀ·dC
  public func matmul(_ other: Tensor) -> Tensor {
    let value = value.matmul(other.value)
    // A vector is a matrix with one row (left) or one column (right) in the equations above.
    let a = rank == 1 ? self.value.unsqueezed(0) : self.value
    let b = other.rank == 1 ? other.value.unsqueezed(1) : other.value
    let columnsGone = other.rank == 1, rowsGone = rank == 1
    func matrix(_ dy: NDArray) -> NDArray {
      let dy = columnsGone ? dy.unsqueezed(-1) : dy
      return rowsGone ? dy.unsqueezed(-2) : dy
    }
    return Tensor("matmul", of: self, other, value: value) { dy in
      let da = matrix(dy).matmul(b.transposed(-1, -2))
      return rowsGone ? da.summed(to: a.shape).squeezed(0) : da
    } _: { dy in
      let dc = matrix(dy)
      let db =
        b.rank == 2 && a.rank > 2
        ? a.rows.transposed
          .matmul(dc.rows)
        : a.transposed(-1, -2).matmul(dc)
      return columnsGone ? db.summed(to: b.shape).squeezed(1) : db
    }
  }

  /// A fully connected layer: `[…, in]` with the weight `[out, in]` and the bias `[out]` gives
  /// `[…, out]`.
  ///
  /// y = x·Wᵀ + b.   ∂L/∂x = dy·W,  ∂L/∂W = dyᵀ·x,  ∂L/∂b = Σ dy over all but the last axis
  public func linear(_ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
    let (x, w) = (value, weight.value)
    guard rank > 0, weight.rank == 2, x.shape.last == w.shape[1],
      bias.map({ $0.shape == [w.shape[0]] }) ?? true
    else {
      wrongUse(
        "linear: input \(shape), weight \(weight.shape), bias \(bias?.shape.description ?? "none")")
    }
    let y = x.linear(w, bias?.value)
    let (inWanted, weightWanted) = (requiresGrad, weight.requiresGrad)
    let inputs = bias.map { [self, weight, $0] } ?? [self, weight]
    let hasBias = bias != nil
    let biasWanted = bias?.requiresGrad ?? false
    return Tensor("linear", of: inputs, value: y) { dy in
      var gradients: [NDArray?] = [
        inWanted ? dy.matmul(w) : nil,
        weightWanted ? dy.rows.transposed.matmul(x.rows) : nil,
      ]
      if hasBias { gradients.append(biasWanted ? dy.rows.sum(axis: 0) : nil) }
      return gradients
    }
  }
}
