// Reductions along axes; their gradients stretch back over what was reduced.

extension Tensor {
  /// Σ x along the axes, of all numbers if none is named.   ∂/∂x = 1
  public func sum(axes: [Int]? = nil, keepDims: Bool = false) -> Tensor {
    let shape = shape
    let kept = shape.reducing(axes, "sum")
    return Tensor("sum", of: self, value: value.sum(axes: axes, keepDims: keepDims)) { dy in
      dy.reshaped(kept).expanded(to: shape)
    }
  }

  /// Σ x along one axis, negative counted from the end.   ∂/∂x = 1
  public func sum(axis: Int, keepDims: Bool = false) -> Tensor {
    sum(axes: [axis], keepDims: keepDims)
  }

  /// The mean along the axes, of all numbers if none is named.   ∂/∂x = 1/n
  public func mean(axes: [Int]? = nil, keepDims: Bool = false) -> Tensor {
    let shape = shape
    let kept = shape.reducing(axes, "mean")
    let value = value.mean(axes: axes, keepDims: keepDims)
    let n = Double(count) / Double(value.count)
    return Tensor("mean", of: self, value: value) { dy in
      (dy / n).reshaped(kept).expanded(to: shape)
    }
  }

  /// The mean along one axis, negative counted from the end.   ∂/∂x = 1/n
  public func mean(axis: Int, keepDims: Bool = false) -> Tensor {
    mean(axes: [axis], keepDims: keepDims)
  }

  /// The variance along the axes, `correction` (1: unbiased, 0: the mean square) taken off the count.
  /// ∂/∂x = 2(x − mean)/(n − correction)
  public func variance(
    axes: [Int]? = nil, correction: Double = 1, keepDims: Bool = false
  ) -> Tensor {
    let x = value
    let kept = shape.reducing(axes, "variance")
    let value = x.variance(axes: axes, correction: correction, keepDims: keepDims)
    let divisor = Double(count) / Double(value.count) - correction
    return Tensor("variance", of: self, value: value) { dy in
      x.centered(axes: axes) * (dy.reshaped(kept) * (2 / divisor))
    }
  }

  /// The variance along one axis; correction and gradient as for several.
  public func variance(axis: Int, correction: Double = 1, keepDims: Bool = false) -> Tensor {
    variance(axes: [axis], correction: correction, keepDims: keepDims)
  }

  /// The standard deviation along the axes, the root of the variance.
  /// ∂/∂x = (x − mean)/((n − correction) · std), and 0 where all numbers are one
  public func std(
    axes: [Int]? = nil, correction: Double = 1, keepDims: Bool = false
  ) -> Tensor {
    let x = value
    let kept = shape.reducing(axes, "std")
    let std = x.std(axes: axes, correction: correction, keepDims: keepDims)
    let divisor = Double(count) / Double(std.count) - correction
    return Tensor("std", of: self, value: std) { dy in
      let zero = NDArray.zeros([], dtype: std.dtype)
      let scale = NDArray.where(std .== zero, zero, dy / (std * divisor))
      return x.centered(axes: axes) * scale.reshaped(kept)
    }
  }

  /// The standard deviation along one axis; correction and gradient as for several.
  public func std(axis: Int, correction: Double = 1, keepDims: Bool = false) -> Tensor {
    std(axes: [axis], correction: correction, keepDims: keepDims)
  }

  /// The largest number along an axis; the gradient goes to its place, the first of equals.
  public func max(axis: Int, keepDims: Bool = false) -> Tensor {
    extreme("max", axis: axis, keepDims: keepDims, places: value.argmax(axis: axis))
  }

  /// The smallest number along an axis; the gradient goes to its place, the first of equals.
  public func min(axis: Int, keepDims: Bool = false) -> Tensor {
    extreme("min", axis: axis, keepDims: keepDims, places: value.argmin(axis: axis))
  }

  private func extreme(
    _ name: StaticString, axis: Int, keepDims: Bool, places: Indices
  ) -> Tensor {
    let axis = normalizedAxis(axis, rank: rank, operation: "\(name)")
    let shape = shape, dtype = dtype
    var kept = shape
    kept[axis] = 1
    let indices = places.reshaped(kept)
    let values = value.gather(indices, axis: axis)
    return Tensor(name, of: self, value: keepDims ? values : values.squeezed(axis)) { dy in
      var dx = NDArray.zeros(shape, dtype: dtype)
      dx.addGathered(dy.reshaped(kept), at: indices, axis: axis)
      return dx
    }
  }

  /// The largest number along the axes, of all numbers if none is named; the gradient is shared evenly
  /// by all that reach it (PyTorch's `amax`).
  public func max(axes: [Int]? = nil, keepDims: Bool = false) -> Tensor {
    shared("max", value.max(axes: axes, keepDims: keepDims), axes)
  }

  /// The smallest number along the axes, of all numbers if none is named; the gradient is shared
  /// evenly by all that reach it (PyTorch's `amin`).
  public func min(axes: [Int]? = nil, keepDims: Bool = false) -> Tensor {
    shared("min", value.min(axes: axes, keepDims: keepDims), axes)
  }

  private func shared(_ name: StaticString, _ found: NDArray, _ axes: [Int]?) -> Tensor {
    let x = value
    let kept = shape.reducing(axes, "\(name)")
    return Tensor(name, of: self, value: found) { dy in
      let reached = x .== found.reshaped(kept)
      return dy.reshaped(kept) * reached / reached.sum(axes: axes, keepDims: true)
    }
  }

  /// The place of the largest number along an axis, the first of equals.
  public func argmax(axis: Int, keepDims: Bool = false) -> Indices {
    value.argmax(axis: axis, keepDims: keepDims)
  }
  /// The place of the smallest number along an axis, the first of equals.
  public func argmin(axis: Int, keepDims: Bool = false) -> Indices {
    value.argmin(axis: axis, keepDims: keepDims)
  }
  /// The place of the largest of all numbers in row-major order, the first of equals.
  public func argmax() -> Int { value.argmax() }
  /// The place of the smallest of all numbers in row-major order, the first of equals.
  public func argmin() -> Int { value.argmin() }

  /// log Σ eˣ along an axis.   ∂/∂x = softmax x
  public func logSumExp(axis: Int = -1, keepDims: Bool = false) -> Tensor {
    let x = value
    let kept = shape.reducing([axis], "logSumExp")
    let y = x.logSumExp(axis: axis, keepDims: keepDims)
    return Tensor("logSumExp", of: self, value: y) { dy in
      dy.reshaped(kept) * x.softmax(axis: axis)
    }
  }

  /// The same along several axes, of all numbers if they are nil.
  public func logSumExp(axes: [Int]?, keepDims: Bool = false) -> Tensor {
    let x = value
    let kept = shape.reducing(axes, "logSumExp")
    let y = x.logSumExp(axes: axes, keepDims: keepDims)
    return Tensor("logSumExp", of: self, value: y) { dy in
      dy.reshaped(kept) * (x - y.reshaped(kept)).exp()
    }
  }

  /// s = eˣ / Σ eˣ along an axis.   ∂L/∂x = s · (dy − Σ dy·s)
  public func softmax(axis: Int = -1) -> Tensor {
    let x = value
    let s = x.softmax(axis: axis)
    return Tensor("softmax", of: self, value: s) { dy in
      x.softmaxGradient(s, dy, axis: axis, logarithm: false)
        ?? s * (dy - (dy * s).sum(axis: axis, keepDims: true))
    }
  }

  /// log softmax along an axis.   ∂L/∂x = dy − softmax(x) · Σ dy
  public func logSoftmax(axis: Int = -1) -> Tensor {
    let x = value
    let y = x.logSoftmax(axis: axis)
    return Tensor("logSoftmax", of: self, value: y) { dy in
      x.softmaxGradient(y, dy, axis: axis, logarithm: true)
        ?? dy - y.exp() * dy.sum(axis: axis, keepDims: true)
    }
  }
}

extension [Int] {
  /// This shape with the axes (all, if nil) at size 1.
  func reducing(_ axes: [Int]?, _ operation: String) -> [Int] {
    guard let axes else { return map { _ in 1 } }
    var kept = self
    for axis in axes { kept[normalizedAxis(axis, rank: count, operation: operation)] = 1 }
    return kept
  }
}
