/// Adam for tables of which each step looks up some rows: of the parameter and of both means only the
/// rows with a gradient change, the others neither decay nor move (the *lazy* form; PyTorch's
/// `SparseAdam`).
///
///     m = β₁ · m + (1 − β₁) · g,   v = β₂ · v + (1 − β₂) · g²          (rows with a gradient)
///     p = p − learningRate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)
///
/// That is not what `Adam` makes of the same gradient filled with zeros: there a row goes on moving by
/// its means, and these fade. t counts the parameter's steps, not the row's. ε stands beside √v before
/// the correction.
///
///     let words = Embedding(50_000, 128, sparse: true)
///     let optimizer = SparseAdam(words.parameters(), learningRate: 0.001)
///
/// A gradient that is not rows is refused.
public final class SparseAdam: Adam {
  /// Adam's arguments without weight decay, which would move every row.
  public init(
    _ parameters: [Parameter], learningRate: Double = 0.001,
    betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8
  ) {
    super.init(parameters, learningRate: learningRate, betas: betas, eps: eps, epsForm: .keras)
  }

  override var rowsUse: RowsUse { .asRows }
  override var takesRowsAlone: Bool { true }
}
