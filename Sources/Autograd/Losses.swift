/// How a loss of many numbers becomes one.
public enum Reduction: String, Sendable {
  case none, mean, sum
}

extension Tensor {
  fileprivate func reduced(_ reduction: Reduction) -> Tensor {
    switch reduction {
    case .none: self
    case .mean: mean()
    case .sum: sum()
    }
  }
}

private func checkSameShape(_ operation: String, _ input: Tensor, _ target: Tensor) {
  guard input.shape == target.shape else {
    wrongUse("\(operation): input \(input.shape) and target \(target.shape)")
  }
}

/// (x − t)², averaged.   ∂/∂x = 2(x − t)
public func mseLoss(_ input: Tensor, _ target: Tensor, reduction: Reduction = .mean) -> Tensor {
  checkSameShape("mseLoss", input, target)
  let difference = input - target
  return (difference * difference).reduced(reduction)
}

/// |x − t|, averaged.   ∂/∂x = sign(x − t)
public func l1Loss(_ input: Tensor, _ target: Tensor, reduction: Reduction = .mean) -> Tensor {
  checkSameShape("l1Loss", input, target)
  return (input - target).abs().reduced(reduction)
}

/// ½(x − t)²/β where |x − t| < β, |x − t| − ½β elsewhere, averaged: a square near 0 that far
/// outliers do not dominate (Girshick 2015).
public func smoothL1Loss(
  _ input: Tensor, _ target: Tensor, beta: Double = 1, reduction: Reduction = .mean
) -> Tensor {
  checkSameShape("smoothL1Loss", input, target)
  if beta == 0 { return l1Loss(input, target, reduction: reduction) }
  let difference = input - target
  let near = difference.value.abs() .< beta
  let square = difference * difference * (0.5 / beta)
  return Tensor.where(near, square, difference.abs() - 0.5 * beta).reduced(reduction)
}

/// max(x, 0) − x·t + log(1 + e^−|x|), averaged: the cross-entropy of yes-or-no targets t from 0 to 1
/// and logits x, in a form that does not overflow.   ∂/∂x = σ(x) − t
public func binaryCrossEntropyWithLogits(
  _ input: Tensor, _ target: Tensor, positiveWeight: Tensor? = nil, reduction: Reduction = .mean
) -> Tensor {
  checkSameShape("binaryCrossEntropyWithLogits", input, target)
  guard let weight = positiveWeight else {
    return (input.softplus() - input * target).reduced(reduction)
  }
  // t·w·softplus(−x) + (1 − t)·softplus(x), where softplus(−x) = softplus(x) − x
  let positive = target * weight * (input.softplus() - input)
  return (positive + (1 - target) * input.softplus()).reduced(reduction)
}

/// −log p of the right class, averaged over the targets that count.
///
/// - Parameters:
///   - input: log-probabilities `[batch, classes, …]`, or `[classes]` for a single sample.
///   - target: class numbers `[batch, …]`, or `[]` for a single sample.
///   - ignoreIndex: targets of this value count for nothing.
public func nllLoss(
  _ input: Tensor, _ target: Indices, ignoreIndex: Int = -100, reduction: Reduction = .mean
) -> Tensor {
  let axis = input.rank == 1 ? 0 : 1
  var expected = input.shape
  if !expected.isEmpty { expected.remove(at: axis) }
  guard input.rank > 0, expected == target.shape else {
    wrongUse("nllLoss: input \(input.shape) and target \(target.shape)")
  }
  let counts = NDArray(
    target.values.map { $0 == ignoreIndex ? 0.0 : 1.0 }, shape: target.shape, dtype: input.dtype)
  let classes = target.values.map { $0 == ignoreIndex ? 0 : $0 }
  var places = target.shape
  places.insert(1, at: axis)
  let picked = input.gather(Indices(classes, shape: places), axis: axis).squeezed(axis)
  let losses = -picked.maskedFill(1 - counts, 0)
  switch reduction {
  case .none: return losses
  case .sum: return losses.sum()
  case .mean: return losses.sum() / counts.sum().item
  }
}

/// The cross-entropy of logits and class numbers: `nllLoss` of `logSoftmax`.   ∂/∂x = (p − y)/n
///
/// - Parameters:
///   - input: logits `[batch, classes, …]`, or `[classes]` for a single sample.
///   - target: class numbers `[batch, …]`, or `[]` for a single sample.
public func crossEntropy(
  _ input: Tensor, _ target: Indices, ignoreIndex: Int = -100, reduction: Reduction = .mean
) -> Tensor {
  nllLoss(
    input.logSoftmax(axis: input.rank == 1 ? 0 : 1), target, ignoreIndex: ignoreIndex,
    reduction: reduction)
}

/// The cross-entropy of logits and probabilities, both `[batch, classes, …]`; the mean is over the
/// samples, not the classes.
public func crossEntropy(
  _ input: Tensor, probabilities target: Tensor, reduction: Reduction = .mean
) -> Tensor {
  checkSameShape("crossEntropy", input, target)
  let axis = input.rank == 1 ? 0 : 1
  let losses = -(target * input.logSoftmax(axis: axis)).sum(axis: axis)
  return losses.reduced(reduction)
}
