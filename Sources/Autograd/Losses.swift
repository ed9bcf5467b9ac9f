import CKernels
import Foundation

/// How a loss of many numbers becomes one.
public enum Reduction: String, Sendable {
  /// Every number's own loss, in the targets' shape; their mean; their sum.
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
/// outliers do not dominate (Girshick 2015).   ∂/∂x = (x − t)/β, from −1 to 1
public func smoothL1Loss(
  _ input: Tensor, _ target: Tensor, beta: Double = 1, reduction: Reduction = .mean
) -> Tensor {
  checkSameShape("smoothL1Loss", input, target)
  if beta == 0 { return l1Loss(input, target, reduction: reduction) }
  let difference = input - target
  let d = difference.value, size = d.abs()
  let losses = NDArray.where(size .< beta, d * (d / beta) * 0.5, size - 0.5 * beta)
  return Tensor("smoothL1Loss", of: difference, value: losses) { dy in
    dy * (d / beta).clamped(-1, 1)
  }.reduced(reduction)
}

/// max(x, 0) − x·t + log(1 + e^−|x|), averaged: the cross-entropy of yes-or-no targets t from 0 to 1
/// and logits x, in a form that does not overflow.   ∂/∂x = σ(x) − t
public func binaryCrossEntropyWithLogits(
  _ input: Tensor, _ target: Tensor, positiveWeight: Tensor? = nil, reduction: Reduction = .mean
) -> Tensor {
  checkSameShape("binaryCrossEntropyWithLogits", input, target)
  guard let weight = positiveWeight else {
    let (x, t) = (input.value, target.value)
    let losses = NDArray.elementwise(CK_BCE, "binaryCrossEntropyWithLogits", x, t) { x, t in
      max(x, 0) - x * t + log1p(exp(-abs(x)))
    }
    return Tensor("bce", of: input, target, value: losses) { dy in
      dy
        * .elementwise(CK_BCE_GRAD, "binaryCrossEntropyWithLogits", x, t) { x, t in
          1 / (1 + exp(-x)) - t
        }
    } _: { dy in
      -dy * x
    }.reduced(reduction)
  }
  // −w·t·log σ(x) − (1 − t)·log σ(−x): neither term is negative, so that nothing is lost
  return (target * weight * (-input).softplus() + (1 - target) * input.softplus())
    .reduced(reduction)
}

/// −log p of the right class, averaged over the targets that count (NaN if none does).
///
/// - Parameters:
///   - input: log-probabilities `[batch, classes, …]`, or `[classes]` for a single sample.
///   - target: class numbers `[batch, …]`, or `[]` for a single sample.
///   - weight: how much each class counts, `[classes]`; the mean is then divided by the targets'
///     weights.
///   - ignoreIndex: targets of this value count for nothing.
///   - reduction: how the targets' losses become one.
public func nllLoss(
  _ input: Tensor, _ target: Indices, weight: [Double]? = nil, ignoreIndex: Int = -100,
  reduction: Reduction = .mean
) -> Tensor {
  if let weight {
    let losses = nllLoss(input, target, ignoreIndex: ignoreIndex, reduction: .none)
    return losses.weighed(
      target, input.classWeights(weight, "nllLoss"), ignoring: ignoreIndex, reduction)
  }
  return nll("nllLoss", input, input.value, target, ignoreIndex, reduction, logits: nil)
}

/// The cross-entropy of logits and class numbers: `nllLoss` of `logSoftmax`, as one operation.
/// ∂/∂x = (p − y)/n
///
/// - Parameters:
///   - input: logits `[batch, classes, …]`, or `[classes]` for a single sample.
///   - target: class numbers `[batch, …]`, or `[]` for a single sample.
///   - weight: how much each class counts, `[classes]`; the mean is then divided by the targets'
///     weights.
///   - ignoreIndex: targets of this value count for nothing.
///   - labelSmoothing: the share of each target that is spread evenly over all classes, so that the
///     model is not driven to be sure (Szegedy et al. 2016).
///   - reduction: how the targets' losses become one.
public func crossEntropy(
  _ input: Tensor, _ target: Indices, weight: [Double]? = nil, ignoreIndex: Int = -100,
  labelSmoothing: Double = 0, reduction: Reduction = .mean
) -> Tensor {
  if weight != nil || labelSmoothing != 0 {
    return smoothed(input, target, weight, ignoreIndex, labelSmoothing, reduction)
  }
  guard input.rank > 0 else { wrongUse("crossEntropy: input [] and target \(target.shape)") }
  let logP = input.value.logSoftmax(axis: input.rank == 1 ? 0 : 1)
  return nll("crossEntropy", input, logP, target, ignoreIndex, reduction, logits: input.value)
}

private func nll(
  _ name: StaticString, _ input: Tensor, _ logP: NDArray, _ target: Indices, _ ignoreIndex: Int,
  _ reduction: Reduction, logits: NDArray?
) -> Tensor {
  let axis = input.rank == 1 ? 0 : 1
  var expected = input.shape
  if !expected.isEmpty { expected.remove(at: axis) }
  guard input.rank > 0, expected == target.shape else {
    wrongUse("\(name): input \(input.shape) and target \(target.shape)")
  }
  let losses = logP.negativeAtTargets(target, axis: axis, ignoring: ignoreIndex, "\(name)")
  let value: NDArray
  var scale = 1.0
  switch reduction {
  case .none: value = losses
  case .sum: value = losses.sum()
  case .mean:
    scale = 1 / Double(target.values.count { $0 != ignoreIndex })
    value = losses.sum() * scale
  }
  return Tensor(name, of: input, value: value) { dy in
    logP.gradientAtTargets(
      target, axis: axis, ignoring: ignoreIndex, scale: scale, dy, logits: logits)
  }
}

/// The cross-entropy of logits and probabilities, both `[batch, classes, …]`; the mean is over the
/// samples, not the classes, whatever the classes' weights. `weight` and `labelSmoothing` as above.
public func crossEntropy(
  _ input: Tensor, probabilities target: Tensor, weight: [Double]? = nil,
  labelSmoothing: Double = 0, reduction: Reduction = .mean
) -> Tensor {
  checkSameShape("crossEntropy", input, target)
  checkSmoothing(labelSmoothing)
  guard input.rank > 0 else { wrongUse("crossEntropy: input [] and target []") }
  let axis = input.rank == 1 ? 0 : 1
  var target = target
  if labelSmoothing > 0 {
    target = target * (1 - labelSmoothing) + labelSmoothing / Double(input.shape[axis])
  }
  if let weight { target = target * Tensor(input.classWeights(weight, "crossEntropy")) }
  let losses = -(target * input.logSoftmax(axis: axis)).sum(axis: axis)
  return losses.reduced(reduction)
}
