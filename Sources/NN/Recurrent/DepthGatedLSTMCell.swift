/// LSTM whose memory cell is also linked to the memory cell of the layer below, through a gate of
/// its own, so that memory flows upward as it flows through time (Yao et al. 2015):
///
///     i = σ(W_ii x + W_hi h + w_ci ⊙ c + b_i)
///     f = σ(W_if x + W_hf h + w_cf ⊙ c + b_f)
///     d = σ(W_xd x + w_cd ⊙ c + w_ld ⊙ c_below + b_d)
///     g = tanh(W_ig x + W_hg h + b_g)
///     c′ = d ⊙ c_below + f ⊙ c + i ⊙ g
///     o = σ(W_io x + W_ho h + w_co ⊙ c′ + b_o)
///     h′ = o ⊙ tanh(c′)
///
/// The layer at the bottom has none below it: without `c_below` the terms with d are left out, and a
/// cell made with `hasLayerBelow: false` has no weights for them.
public final class DepthGatedLSTMCell: CellWeights, RecurrentCell, ForgetGated {
  public let weight_ci, weight_cf, weight_co: Parameter
  /// `weight_xd` is `[hidden, input]`; the other weights of the depth gate are vectors `[hidden]`.
  public let weight_xd, weight_cd, weight_ld, bias_d: Parameter?

  public init(
    inputSize: Int, hiddenSize: Int, hasLayerBelow: Bool, bias: Bool = true,
    dtype: DType = .float32, generator: Generator = .default
  ) {
    func vector() -> Parameter { .peephole(hiddenSize, dtype, generator) }
    (weight_ci, weight_cf, weight_co) = (vector(), vector(), vector())
    weight_xd =
      hasLayerBelow
      ? Parameter(
        uniform: 1 / Double(hiddenSize).squareRoot(), [hiddenSize, inputSize], dtype, generator)
      : nil
    weight_cd = hasLayerBelow ? vector() : nil
    weight_ld = hasLayerBelow ? vector() : nil
    bias_d = hasLayerBelow && bias ? vector() : nil
    super.init(
      gates: 4, inputSize: inputSize, hiddenSize: hiddenSize, bias: bias, dtype: dtype,
      generator: generator)
  }

  /// Input `[batch, inputSize]`; h, c and the lower layer's c at the same time `[batch, hiddenSize]`.
  public func callAsFunction(
    _ x: Tensor, _ state: (Tensor, Tensor)? = nil, below: Tensor? = nil
  ) -> (h: Tensor, c: Tensor) {
    let (h, c) = (checked(x, state?.0, "h"), checked(x, state?.1, "c"))
    let gates = x.linear(weight_ih, bias_ih) + h.linear(weight_hh, bias_hh)
    let parts = gates.chunk(4, axis: -1)
    let i = (parts[0] + weight_ci * c).sigmoid()
    let f = (parts[1] + weight_cf * c).sigmoid()
    let g = parts[2].tanh()
    let cNew = f * c + i * g + fromBelow(x, c, below)
    let o = (parts[3] + weight_co * cNew).sigmoid()
    return (observed(o * cNew.tanh()), cNew)
  }

  /// d ⊙ c_below, or 0.
  private func fromBelow(_ x: Tensor, _ c: Tensor, _ below: Tensor?) -> Tensor {
    guard let weight_xd, let weight_cd, let weight_ld else { return .zeros([], dtype: dtype) }
    let below = checked(x, below, "c of the layer below")
    let d = (x.linear(weight_xd, bias_d) + weight_cd * c + weight_ld * below).sigmoid()
    return d * below
  }

  public var stateSizes: [Int] { [hiddenSize, hiddenSize] }
  public func step(_ x: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?) -> [Tensor] {
    let (h, c) = self(x, (state[0], state[1]), below: below?[1])
    return [h, c]
  }

  public var forgetBiases: [(input: Parameter, recurrent: Parameter, rows: Range<Int>)] {
    forgetRows(hiddenSize..<2 * hiddenSize)
  }
}
