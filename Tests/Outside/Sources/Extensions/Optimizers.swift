import UnrollNN

/// The sign of an interpolated momentum (Chen et al. 2023, algorithm 2):
///
///     c = β₁ · m + (1 − β₁) · g
///     m = β₂ · m + (1 − β₂) · g
///     p = p − learningRate · (sign c + weightDecay · p)
public final class Lion: Optimizer {
  public let betas: (Double, Double)
  public let weightDecay: Double

  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-4, betas: (Double, Double) = (0.9, 0.99),
    weightDecay: Double = 0
  ) {
    (self.betas, self.weightDecay) = (betas, weightDecay)
    super.init(parameters, learningRate: learningRate, slots: ["exp_avg"])
  }

  public override func updated(
    _ p: NDArray, gradient g: NDArray, slots: inout [NDArray], step: Int
  ) -> NDArray {
    let m = slots[0]
    let direction = (m * betas.0 + g * (1 - betas.0)).sign()
    slots[0] = m * betas.1 + g * (1 - betas.1)
    return p - (direction + p * weightDecay(or: weightDecay)) * learningRate
  }
}

/// Up in a straight line for `warmUp` steps, then down with the root of the step (Vaswani et al.
/// 2017):  base · min((step + 1)/warmUp, √(warmUp/(step + 1)))
public final class InverseRootLR: LRScheduler {
  public let warmUp: Int

  public init(_ optimizer: Optimizer, warmUp: Int) {
    self.warmUp = warmUp
    super.init(optimizer)
  }

  public override func rate(at step: Int) -> Double {
    let share = Double(step + 1) / Double(warmUp)
    return baseRate * min(share, 1 / share.squareRoot())
  }
}
