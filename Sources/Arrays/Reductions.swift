import CKernels

/// An array as `[outer, n, inner]`, to be reduced along the middle axis.
private struct Group {
  let source: NDArray
  let outer, n, inner: Int
  /// The shape of what is left.
  let result: [Int]
  /// What undoes the order that the axes had to be put into.
  var order: [Int]?

  /// The reduction as its equation has it.
  func mapped(_ equation: (_ x: [Double]) -> Double) -> NDArray {
    NDArray(source.mapped(outer, n, inner, equation), shape: result, dtype: source.dtype)
  }
}

/// Σ x / n
private func average(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }

/// The place of the number that comes before all others, the first of equals; NaN before all.
private func firstPlace(_ x: [Double], _ comesBefore: (Double, Double) -> Bool) -> Int {
  x.firstIndex { $0.isNaN }
    ?? x.indices.reduce(0) { comesBefore(x[$1], x[$0]) ? $1 : $0 }
}

extension NDArray {
  /// This array as `[outer, n, inner]`, so that the named axes are the middle one.
  private func grouped(
    _ axes: [Int]?, keepDims: Bool, _ operation: String
  ) -> Group {
    let named = (axes ?? Array(0..<rank)).map {
      normalizedAxis($0, rank: rank, operation: operation)
    }
    let ordered = named.count == 1 ? named : Set(named).sorted()
    let result = (0..<rank).compactMap { axis in
      ordered.contains(axis) ? (keepDims ? 1 : nil) : shape[axis]
    }
    let n = ordered.map { shape[$0] }.product
    if let first = ordered.first, let last = ordered.last, last - first + 1 == ordered.count {
      return Group(
        source: contiguous, outer: shape[..<first].product, n: n,
        inner: shape[(last + 1)...].product, result: result)
    }
    let kept = (0..<rank).filter { !ordered.contains($0) }
    let order = kept + ordered
    let source = permuted(order).contiguous
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return Group(
      source: source, outer: kept.map { shape[$0] }.product, n: n, inner: 1, result: result,
      order: inverse)
  }

  private func reduced(
    _ reduction: ck_reduction, _ axes: [Int]?, keepDims: Bool, _ name: String,
    _ equation: (_ x: [Double]) -> Double
  ) -> NDArray {
    let group = grouped(axes, keepDims: keepDims, name)
    if group.n == 0, reduction != CK_SUM, reduction != CK_MEAN {
      wrongUse("\(name): no numbers in \(shape)")
    }
    if ck_is_plain() { return group.mapped(equation) }
    let result = NDArray.uninitialized(group.result, dtype)
    ck_reduce(
      reduction, dtype.kernel, group.outer, group.n, group.inner, group.source.storage.pointer,
      result.storage.pointer)
    return result
  }

  /// The sum along the axes, of all numbers if none is named. `keepDims` leaves the axes in place
  /// with size 1.
  public func sum(axes: [Int]? = nil, keepDims: Bool = false) -> NDArray {
    reduced(CK_SUM, axes, keepDims: keepDims, "sum") { $0.reduce(0, +) }
  }

  /// The sum along one axis (negative counts from the end), which goes unless `keepDims` leaves it
  /// with size 1.
  public func sum(axis: Int, keepDims: Bool = false) -> NDArray {
    sum(axes: [axis], keepDims: keepDims)
  }

  /// The arithmetic mean along the axes, of all numbers if none is named.
  public func mean(axes: [Int]? = nil, keepDims: Bool = false) -> NDArray {
    reduced(CK_MEAN, axes, keepDims: keepDims, "mean", average)
  }

  /// The mean along one axis, which goes unless `keepDims` leaves it with size 1.
  public func mean(axis: Int, keepDims: Bool = false) -> NDArray {
    mean(axes: [axis], keepDims: keepDims)
  }

  /// The largest number along the axes; NaN where one is NaN.
  public func max(axes: [Int]? = nil, keepDims: Bool = false) -> NDArray {
    reduced(CK_REDUCE_MAX, axes, keepDims: keepDims, "max") { $0[firstPlace($0, >)] }
  }

  /// The largest number along one axis; NaN where one is NaN.
  public func max(axis: Int, keepDims: Bool = false) -> NDArray {
    max(axes: [axis], keepDims: keepDims)
  }

  /// The smallest number along the axes; NaN where one is NaN.
  public func min(axes: [Int]? = nil, keepDims: Bool = false) -> NDArray {
    reduced(CK_REDUCE_MIN, axes, keepDims: keepDims, "min") { $0[firstPlace($0, <)] }
  }

  /// The smallest number along one axis; NaN where one is NaN.
  public func min(axis: Int, keepDims: Bool = false) -> NDArray {
    min(axes: [axis], keepDims: keepDims)
  }

  /// The variance along the axes: the mean squared distance from the mean, with `correction`
  /// (1 for the unbiased estimate, as PyTorch's default; 0 for the mean) taken off the count.
  public func variance(
    axes: [Int]? = nil, correction: Double = 1, keepDims: Bool = false
  ) -> NDArray {
    let group = grouped(axes, keepDims: keepDims, "variance")
    if ck_is_plain() {  // Σ (x − mean x)² / (n − correction)
      return group.mapped { x in
        let mean = average(x)
        return x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (Double(x.count) - correction)
      }
    }
    let result = NDArray.uninitialized(group.result, dtype)
    ck_variance(
      dtype.kernel, correction, group.outer, group.n, group.inner, group.source.storage.pointer,
      result.storage.pointer)
    return result
  }

  /// The variance along one axis; `correction` as for several.
  public func variance(axis: Int, correction: Double = 1, keepDims: Bool = false) -> NDArray {
    variance(axes: [axis], correction: correction, keepDims: keepDims)
  }

  /// The standard deviation along the axes: the root of the variance.
  public func std(
    axes: [Int]? = nil, correction: Double = 1, keepDims: Bool = false
  ) -> NDArray {
    variance(axes: axes, correction: correction, keepDims: keepDims).sqrt()
  }

  /// The standard deviation along one axis; `correction` as for the variance.
  public func std(axis: Int, correction: Double = 1, keepDims: Bool = false) -> NDArray {
    std(axes: [axis], correction: correction, keepDims: keepDims)
  }

  /// Each number's distance from the mean along the axes, exact also where the mean is large and the
  /// distances are small.
  package func centered(axes: [Int]? = nil) -> NDArray {
    if ck_is_plain() { return self - mean(axes: axes, keepDims: true) }
    let group = grouped(axes, keepDims: true, "centered")
    let result = NDArray.uninitialized(group.source.shape, dtype)
    ck_center(
      dtype.kernel, group.outer, group.n, group.inner, group.source.storage.pointer,
      result.storage.pointer)
    return group.order.map { result.permuted($0) } ?? result
  }

  /// The place of the largest number along an axis, the first of equals; NaN counts as the largest.
  public func argmax(axis: Int, keepDims: Bool = false) -> Indices {
    places(CK_REDUCE_MAX, [axis], keepDims: keepDims, "argmax")
  }

  /// The place of the smallest number along an axis, the first of equals; NaN counts as the smallest.
  public func argmin(axis: Int, keepDims: Bool = false) -> Indices {
    places(CK_REDUCE_MIN, [axis], keepDims: keepDims, "argmin")
  }

  /// The place of the largest of all numbers in row-major order, the first of equals.
  public func argmax() -> Int {
    places(CK_REDUCE_MAX, nil, keepDims: false, "argmax").values[0]
  }

  /// The place of the smallest of all numbers in row-major order, the first of equals.
  public func argmin() -> Int {
    places(CK_REDUCE_MIN, nil, keepDims: false, "argmin").values[0]
  }

  private func places(
    _ reduction: ck_reduction, _ axes: [Int]?, keepDims: Bool, _ name: String
  ) -> Indices {
    let group = grouped(axes, keepDims: keepDims, name)
    if group.n == 0 { wrongUse("\(name): no numbers in \(shape)") }
    if ck_is_plain() {
      let first = group.source.mapped(group.outer, group.n, group.inner) { x in
        firstPlace(x) { reduction == CK_REDUCE_MAX ? $0 > $1 : $0 < $1 }
      }
      return Indices(first, shape: group.result)
    }
    var places = [Int](repeating: 0, count: group.result.product)
    ck_place(
      reduction, dtype.kernel, group.outer, group.n, group.inner, group.source.storage.pointer,
      &places)
    return Indices(places, shape: group.result)
  }

  /// eˣ / Σ eˣ along an axis: numbers as probabilities.
  public func softmax(axis: Int = -1) -> NDArray {
    if let twin = softmaxTwin(axis: axis, logarithm: false) { return twin }
    let e = (self - max(axis: axis, keepDims: true)).exp()
    return e / e.sum(axis: axis, keepDims: true)
  }

  /// log softmax along an axis, without the detour through small probabilities.
  public func logSoftmax(axis: Int = -1) -> NDArray {
    if let twin = softmaxTwin(axis: axis, logarithm: true) { return twin }
    let x = self - max(axis: axis, keepDims: true)
    return x - x.exp().sum(axis: axis, keepDims: true).log()
  }

  private func softmaxTwin(axis: Int, logarithm: Bool) -> NDArray? {
    let group = grouped([axis], keepDims: true, "softmax")
    if count > 0, ck_is_plain() { return nil }
    let result = NDArray.uninitialized(shape, dtype)
    guard count > 0 else { return result }
    ck_softmax(
      dtype.kernel, logarithm ? 1 : 0, group.outer, group.n, group.inner,
      group.source.storage.pointer, result.storage.pointer)
    return result
  }

  /// The twin of the gradient that reaches these numbers from `dy`, that of their softmax (or
  /// log-softmax) `y`.
  package func softmaxGradient(
    _ y: NDArray, _ dy: NDArray, axis: Int, logarithm: Bool
  ) -> NDArray? {
    if ck_is_plain() { return nil }
    let axis = normalizedAxis(axis, rank: rank, operation: "softmax")
    func last(_ array: NDArray) -> NDArray { array.transposed(axis, -1).contiguous }
    let x = last(self), y = last(y), dy = last(dy)
    let result = NDArray.uninitialized(x.shape, dtype)
    let n = shape[axis]
    ck_softmax_grad(
      dtype.kernel, logarithm ? 1 : 0, n == 0 ? 0 : count / n, n, x.storage.pointer,
      y.storage.pointer, dy.storage.pointer, result.storage.pointer)
    return axis == rank - 1 ? result : result.transposed(axis, -1)
  }

  /// log Σ eˣ along an axis, without overflow.
  public func logSumExp(axis: Int = -1, keepDims: Bool = false) -> NDArray {
    // max x − max(log softmax x), the second being exact also where the largest has all of the sum.
    let largest = max(axis: axis, keepDims: keepDims)
    let result = largest - logSoftmax(axis: axis).max(axis: axis, keepDims: keepDims)
    // Where all numbers are −∞ (or one is +∞) so is the sum.
    return .where(largest.abs() .== .full([], .infinity, dtype: dtype), largest, result)
  }

  /// The same along several axes, of all numbers if they are nil.
  public func logSumExp(axes: [Int]?, keepDims: Bool = false) -> NDArray {
    let group = grouped(axes, keepDims: keepDims, "logSumExp")
    return group.source.reshaped([group.outer, group.n, group.inner]).logSumExp(axis: 1)
      .reshaped(group.result)
  }

  /// Sums what broadcasting repeated, so that the result has the given shape: the gradient of
  /// stretching an array is the sum over its copies.
  package mutating func sum(to other: NDArray) {
    if !storage.hasShape(of: other.storage) { self = summed(to: other.shape) }
  }

  /// The numbers of an array that was stretched to this one's shape, each the sum over its copies.
  public func summed(to target: [Int]) -> NDArray {
    if shape == target { return self }
    let added = rank - target.count
    let repeated = (0..<rank).filter { axis in
      axis < added || (target[axis - added] == 1 && shape[axis] != 1)
    }
    return sum(axes: repeated, keepDims: true).reshaped(target)
  }
}
