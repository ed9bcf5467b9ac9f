import CKernels

/// Divides each gradient by the root of its own running mean square (Tieleman & Hinton 2012).
///
///     d = g + weightDecay · p
///     s = α · s + (1 − α) · d²
///     a = α · a + (1 − α) · d                       (centered only: then max(s − a², 0) divides)
///     b = momentum · b + d / (√s + ε)
///     p = p − learningRate · b
public final class RMSprop: Optimizer {
  /// α, ε, weight decay and momentum as in the formula above.
  public let alpha, eps, weightDecay, momentum: Double
  /// Whether the mean is taken off, so that the gradient's variance divides, not its square.
  public let centered: Bool

  /// - Parameters:
  ///   - parameters: what is changed; each may be there once.
  ///   - learningRate: from 0.
  ///   - alpha: from 0 to 1: how much of the running mean square each step keeps.
  ///   - eps: ε, added to the root.
  ///   - weightDecay: times the parameter, added to the gradient.
  ///   - momentum: how much of the last step is taken again; 0 remembers none.
  ///   - centered: whether the gradient's variance divides (Graves 2013).
  public init(
    _ parameters: [Parameter], learningRate: Double = 0.01, alpha: Double = 0.99,
    eps: Double = 1e-8, weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false
  ) {
    (self.alpha, self.eps, self.weightDecay) = (alpha, eps, weightDecay)
    (self.momentum, self.centered) = (momentum, centered)
    super.init(
      parameters, learningRate: learningRate,
      slots: ["square_avg"] + (centered ? ["grad_avg"] : [])
        + (momentum > 0 ? ["momentum_buffer"] : []))
    checkNotNegative(
      ("alpha", alpha), ("eps", eps), ("weightDecay", weightDecay), ("momentum", momentum))
    guard alpha <= 1 else { wrongUse("RMSprop: alpha \(alpha) is not in 0...1") }
  }

  public override func updated(
    _ p: NDArray, gradient g: NDArray, slots: inout [NDArray], step t: Int
  ) -> NDArray {
    let d = g + weightDecay(or: weightDecay) * p
    let s = alpha * slots[0] + (1 - alpha) * d * d
    slots[0] = s
    var divisor = s
    if centered {
      let a = alpha * slots[1] + (1 - alpha) * d
      slots[1] = a
      divisor = (s - a * a).relu()
    }
    var b = d / (divisor.sqrt() + eps)
    if momentum > 0 {
      b = momentum * slots[slots.count - 1] + b
      slots[slots.count - 1] = b
    }
    return p - learningRate * b
  }

  override var rowsUse: RowsUse {
    .refused("RMSprop takes none; leave out sparse: true, or use SGD or SparseAdam")
  }

  /// Kernel `rmsprop`: the same up to rounding, by at most 8 units of the last place in three steps.
  override func update(_ it: Update) -> Bool? {
    let options = ck_rmsprop_options(
      learning_rate: learningRate, alpha: alpha, eps: eps, momentum: momentum,
      weight_decay: weightDecay(or: weightDecay))
    return ck_rmsprop(
      it.dtype, it.count, options, it.gradient, it.slots[0], centered ? it.slots[1] : nil,
      momentum > 0 ? it.slots.last : nil, it.before, it.after)
  }
}
