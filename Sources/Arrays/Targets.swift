import CKernels

// What the losses over class numbers need of an array of log-probabilities.

extension NDArray {
  /// −x at the class that each target names, 0 where the target is `ignored`: of the target's shape.
  package func negativeAtTargets(
    _ targets: Indices, axis: Int, ignoring ignored: Int, _ operation: String
  ) -> NDArray {
    let classes = shape[axis]
    for target in targets.values where target != ignored && !(0..<classes).contains(target) {
      wrongUse("\(operation): class \(target) is not in 0..<\(classes), input shape \(shape)")
    }
    if ck_is_plain() {  // −Σ y·x over the classes, y being 1 at the target
      return .where(
        targets.oneHot(axis, classes, ignored, dtype) .!= 0.0, -self, .zeros([], dtype: dtype)
      ).sum(axis: axis)
    }
    let source = contiguous.storage
    let result = NDArray.uninitialized(targets.shape, dtype)
    let (outer, inner) = around(axis)
    ck_nll(
      dtype.kernel, outer, classes, inner, source.pointer, targets.values, ignored,
      result.storage.pointer)
    return result
  }

  /// The gradient that reaches these log-probabilities, or the `logits` whose log-softmax they are,
  /// times `scale`, from `dy`: of the targets' shape or a single number.
  package func gradientAtTargets(
    _ targets: Indices, axis: Int, ignoring ignored: Int, scale: Double, _ dy: NDArray,
    logits: NDArray?
  ) -> NDArray {
    if ck_is_plain() {
      let y = targets.oneHot(axis, shape[axis], ignored, dtype)
      let g = (dy * scale).expanded(to: targets.shape).unsqueezed(axis)
      // p − y through the softmax, −y without
      return (logits == nil ? -y : (exp() - y) * y.sum(axis: axis, keepDims: true)) * g
    }
    let source = contiguous.storage, gradient = dy.contiguous.storage
    let logits = logits?.contiguous.storage
    let result = NDArray.uninitialized(shape, dtype)
    let (outer, inner) = around(axis)
    ck_nll_grad(
      dtype.kernel, logits?.pointer, outer, shape[axis], inner, source.pointer,
      targets.values, ignored, scale, gradient.pointer, gradient.count == 1 ? 0 : 1,
      result.storage.pointer)
    withExtendedLifetime((source, logits, gradient)) {}
    return result
  }

  /// How many numbers there are before an axis and after it.
  private func around(_ axis: Int) -> (outer: Int, inner: Int) {
    (shape[..<axis].product, shape[(axis + 1)...].product)
  }
}

extension Indices {
  /// 1 at the class that each index names, along a new axis; nothing but zeros where that is `ignored`.
  fileprivate func oneHot(_ axis: Int, _ classes: Int, _ ignored: Int, _ dtype: DType) -> NDArray {
    // one class more for what is ignored
    let known = Indices(values.map { $0 == ignored ? classes : $0 }, shape: shape)
    let last = NDArray.oneHot(known, classes: classes + 1, dtype: dtype)
      .narrow(axis: -1, start: 0, length: classes)
    var order = Array(0..<shape.count)
    order.insert(shape.count, at: axis)
    return last.permuted(order)
  }
}
