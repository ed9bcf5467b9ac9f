/// ½(x − t)² where |x − t| ≤ δ, δ(|x − t| − ½δ) elsewhere, averaged: squares for small errors, plain
/// distances for outliers (Huber 1964). It is δ times `smoothL1Loss` with β = δ.
public func huberLoss(
  _ input: Tensor, _ target: Tensor, delta: Double = 1, reduction: Reduction = .mean
) -> Tensor {
  guard input.shape == target.shape else {
    wrongUse("huberLoss: input \(input.shape) and target \(target.shape)")
  }
  guard delta > 0 else { wrongUse("huberLoss: delta \(delta) is not positive") }
  return smoothL1Loss(input, target, beta: delta, reduction: reduction) * delta
}
