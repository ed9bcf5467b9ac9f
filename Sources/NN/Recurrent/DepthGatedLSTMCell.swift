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
public final class DepthGatedLSTMCell: CellWeights, GatedCell, ForgetGated {
  /// The peephole weights of i, f and o, each `[hidden]`.
  public let weight_ci, weight_cf, weight_co: Parameter
  /// `weight_xd` is `[hidden, input]`; the other weights of the depth gate are vectors `[hidden]`.
  public let weight_xd, weight_cd, weight_ld, bias_d: Parameter?

  /// - Parameters:
  ///   - inputSize: features of the input; of a layer that is not the lowest, those of h below.
  ///   - hiddenSize: features of h and of c.
  ///   - hasLayerBelow: whether there is a memory cell below to be linked to.
  ///   - bias: whether there are biases.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where the starting values are drawn from.
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
    let below = weight_xd.map { _ in [h, checked(x, below, "c of the layer below")] }
    let new = step(x, [h, c], time: 0, below: below)
    return (observed(new[0]), new[1])
  }

  /// W_xd stands below the other weights of x: its product is one of theirs.
  public var inputWeight: (weight: Tensor, bias: Tensor?) {
    guard let weight_xd else { return (weight_ih, bias_ih) }
    return (
      .concatenate([weight_ih, weight_xd]), bias_ih.map { .concatenate([$0, bias_d!]) }
    )
  }
  public var seesLayerBelow: Bool { weight_xd != nil }

  public func step(
    fromInput: Tensor, fromState: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?
  ) -> [Tensor] {
    let c = state[1]
    let gates = fromInput.narrow(axis: -1, start: 0, length: 4 * hiddenSize) + fromState
    let parts = gates.chunk(4, axis: -1)
    let i = (parts[0] + weight_ci * c).sigmoid()
    let f = (parts[1] + weight_cf * c).sigmoid()
    let g = parts[2].tanh()
    var cNew = f * c + i * g
    if let deep = fromBelow(fromInput, c, below) { cNew = cNew + deep }
    let o = (parts[3] + weight_co * cNew).sigmoid()
    return [o * cNew.tanh(), cNew]
  }

  /// d ⊙ c_below; nil where there is no layer below.
  private func fromBelow(_ fromInput: Tensor, _ c: Tensor, _ below: [Tensor]?) -> Tensor? {
    guard let weight_cd, let weight_ld else { return nil }
    let below = below?[1] ?? .zeros(c.shape, dtype: dtype)
    let fromX = fromInput.narrow(axis: -1, start: 4 * hiddenSize, length: hiddenSize)
    return (fromX + weight_cd * c + weight_ld * below).sigmoid() * below
  }

  public var stateSizes: [Int] { [hiddenSize, hiddenSize] }

  public var forgetBiases: [(input: Parameter, recurrent: Parameter, rows: Range<Int>)] {
    forgetRows(hiddenSize..<2 * hiddenSize)
  }
}
