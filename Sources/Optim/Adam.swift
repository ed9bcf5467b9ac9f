import CKernels
import Foundation

/// Steps of about equal size in every direction, from running means of the gradient and its square
/// (Kingma & Ba 2015, algorithm 1).
///
///     d = g + weightDecay · p
///     m = β₁ · m + (1 − β₁) · d
///     v = β₂ · v + (1 − β₂) · d²
///     p = p − learningRate · m̂ / (√v̂ + ε),   m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
///
/// With `amsgrad` the largest v so far divides (Reddi, Kale & Kumar 2018). ε stands where algorithm 1
/// and PyTorch have it; Keras has it beside √v before the correction, which is `epsForm: .keras`.
public class Adam: Optimizer {
  /// β₁ and β₂: how much of the running means of the gradient and of its square each step keeps.
  public let betas: (Double, Double)
  /// ε, and how much of the parameter is added to its gradient (`AdamW`: shrinks it).
  public let eps, weightDecay: Double
  /// Whether the largest v so far divides in place of the last.
  public let amsgrad: Bool
  /// Where ε is added.
  public let epsForm: EpsForm

  /// What ε is added to.
  public enum EpsForm: Sendable {
    /// √v̂ + ε, the root after the correction of the first steps: the paper's algorithm 1, PyTorch.
    case pytorch
    /// √v + ε, before it: the paper's remark in section 2 (its ε̂), Keras and TensorFlow. In the first
    /// steps, where √v is small, the same ε counts for more.
    case keras
  }

  /// - Parameters:
  ///   - parameters: what is changed; each may be there once.
  ///   - learningRate: about how far each number moves in one step, in the parameter's units.
  ///   - betas: each in 0 ..< 1, or the program stops.
  ///   - eps: ε, from 0.
  ///   - weightDecay: from 0, times the parameter into the gradient; a group's own goes first.
  ///   - amsgrad: whether the largest v so far divides.
  ///   - epsForm: where ε is added; PyTorch's way if nothing is said.
  public init(
    _ parameters: [Parameter], learningRate: Double = 0.001, betas: (Double, Double) = (0.9, 0.999),
    eps: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false,
    epsForm: EpsForm = .pytorch
  ) {
    (self.betas, self.eps, self.weightDecay, self.amsgrad) = (betas, eps, weightDecay, amsgrad)
    self.epsForm = epsForm
    super.init(
      parameters, learningRate: learningRate,
      slots: ["exp_avg", "exp_avg_sq"] + (amsgrad ? ["max_exp_avg_sq"] : []))
    checkNotNegative(("eps", eps), ("weightDecay", weightDecay))
    guard (0..<1).contains(betas.0), (0..<1).contains(betas.1) else {
      wrongUse("\(Self.self): betas \(betas) are not both in 0..<1")
    }
  }

  /// What is added to the gradient, and what the parameter is multiplied by first.
  var decay: (added: Double, shrink: Double) { (weightDecay(or: weightDecay), 1) }

  /// What is added to √v̂: √v + ε is (√v̂ + ε / c) · c, where c is the root of the correction.
  private func addedEps(at step: Int) -> Double {
    epsForm == .pytorch ? eps : eps / (1 - pow(betas.1, Double(step))).squareRoot()
  }

  public override func updated(
    _ parameter: NDArray, gradient g: NDArray, slots: inout [NDArray], step t: Int
  ) -> NDArray {
    let (beta1, beta2) = betas
    let p = parameter * decay.shrink
    let d = g + decay.added * p
    let m = beta1 * slots[0] + (1 - beta1) * d
    let v = beta2 * slots[1] + (1 - beta2) * d * d
    (slots[0], slots[1]) = (m, v)
    if amsgrad { slots[2] = slots[2].maximum(v) }
    let mHat = m / (1 - pow(beta1, Double(t)))
    let vHat = (amsgrad ? slots[2] : v) / (1 - pow(beta2, Double(t)))
    return p - learningRate * mHat / (vHat.sqrt() + addedEps(at: t))
  }

  override var rowsUse: RowsUse {
    .refused("Adam's means change in every row; use SparseAdam, or leave out sparse: true")
  }

  /// Kernel `adam`: the same up to rounding, by at most 8 units of the last place in three steps.
  override func update(_ it: Update) -> Bool? {
    let options = ck_adam_options(
      step_size: learningRate / (1 - pow(betas.0, Double(it.step))), beta1: betas.0,
      beta2: betas.1, eps: addedEps(at: it.step),
      correction2: (1 - pow(betas.1, Double(it.step))).squareRoot(),
      weight_decay: decay.added, shrink: decay.shrink)
    return ck_adam(
      it.dtype, it.count, options, it.gradient, it.slots[0], it.slots[1],
      amsgrad ? it.slots[2] : nil, it.before, it.after)
  }
}

/// Adam whose weight decay shrinks the parameter itself, p · (1 − learningRate · weightDecay), and
/// does not pass through the means (Loshchilov & Hutter 2019).
public final class AdamW: Adam {
  /// Adam's arguments; `weightDecay`, 0.01 as in PyTorch, shrinks the parameter by learningRate ·
  /// weightDecay of itself at each step.
  public override init(
    _ parameters: [Parameter], learningRate: Double = 0.001, betas: (Double, Double) = (0.9, 0.999),
    eps: Double = 1e-8, weightDecay: Double = 0.01, amsgrad: Bool = false,
    epsForm: EpsForm = .pytorch
  ) {
    super.init(
      parameters, learningRate: learningRate, betas: betas, eps: eps, weightDecay: weightDecay,
      amsgrad: amsgrad, epsForm: epsForm)
  }

  override var decay: (added: Double, shrink: Double) {
    (0, 1 - learningRate * weightDecay(or: weightDecay))
  }
}
