import CKernels

/// Stochastic gradient descent, with momentum as PyTorch defines it.
///
///     d = g + weightDecay · p
///     b = momentum · b + (1 − dampening) · d        (b = d at the first step)
///     p = p − learningRate · b                      (· (d + momentum · b) with Nesterov's)
///
/// Without momentum b is d. Nesterov's momentum: Sutskever et al. 2013.
///
/// Of a table whose gradient is rows (`Embedding(…, sparse: true)`, or a large one of which few rows
/// were looked up) only those rows are touched, with the same numbers; weight decay and momentum move
/// every row, so with them the whole table is gone through. Weight decay refuses a gradient that was
/// asked for as rows, as PyTorch's does.
public final class SGD: Optimizer {
  /// As in the formula above.
  public let momentum, dampening, weightDecay: Double
  /// Whether the momentum is Nesterov's, which looks a step ahead.
  public let nesterov: Bool

  /// - Parameters:
  ///   - parameters: what is changed; each may be there once.
  ///   - learningRate: from 0.
  ///   - momentum: how much of the last step is taken again; 0 remembers none.
  ///   - dampening: the share of the gradient that momentum leaves out.
  ///   - weightDecay: times the parameter, added to the gradient.
  ///   - nesterov: needs a momentum and no dampening, or the program stops.
  public init(
    _ parameters: [Parameter], learningRate: Double = 0.001, momentum: Double = 0,
    dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false
  ) {
    (self.momentum, self.dampening) = (momentum, dampening)
    (self.weightDecay, self.nesterov) = (weightDecay, nesterov)
    super.init(
      parameters, learningRate: learningRate, slots: momentum == 0 ? [] : ["momentum_buffer"])
    checkNotNegative(("momentum", momentum), ("weightDecay", weightDecay))
    guard dampening.isFinite else { wrongUse("SGD: dampening \(dampening) is not a finite number") }
    if nesterov, momentum == 0 || dampening != 0 {
      wrongUse("SGD: Nesterov's momentum needs a momentum, and no dampening")
    }
  }

  public override func updated(
    _ p: NDArray, gradient g: NDArray, slots: inout [NDArray], step t: Int
  ) -> NDArray {
    let d = g + weightDecay(or: weightDecay) * p
    if momentum == 0 { return p - learningRate * d }
    let b = t == 1 ? d : momentum * slots[0] + (1 - dampening) * d
    slots[0] = b
    return p - learningRate * (nesterov ? d + momentum * b : b)
  }

  override var rowsUse: RowsUse {
    if weightDecay(or: weightDecay) != 0 {
      return .refused("weight decay moves every row; set it to 0, or leave out sparse: true")
    }
    return momentum == 0 ? .asRows : .asDense
  }

  /// Kernel `sgd`: the same up to rounding, by at most 8 units of the last place in three steps.
  override func update(_ it: Update) -> Bool? {
    let options = ck_sgd_options(
      learning_rate: learningRate, momentum: momentum, dampening: dampening,
      weight_decay: weightDecay(or: weightDecay), nesterov: nesterov ? 1 : 0,
      first: it.step == 1 ? 1 : 0)
    return ck_sgd(it.dtype, it.count, options, it.gradient, it.slots.first, it.before, it.after)
  }
}
