/// LSTM that takes in as much as it forgets: one gate decides both, i = 1 − f (Greff et al. 2017 call
/// it CIFG).
///
///     f = σ(W_if x + W_hf h + b_f)
///     g = tanh(W_ig x + W_hg h + b_g)
///     c′ = f ⊙ c + (1 − f) ⊙ g
///     o = σ(W_io x + W_ho h + b_o)
///     h′ = o ⊙ tanh(c′)
///
/// With `peephole`, f sees w_cf ⊙ c and o sees w_co ⊙ c′ beside. The rows of the weights are in the
/// order f, g, o.
public final class CoupledLSTMCell: CellWeights, GatedCell, ForgetGated {
  /// The peephole weights of f and o, each `[hidden]`; nil without peepholes.
  public let weight_cf, weight_co: Parameter?

  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - hiddenSize: features of h and of c.
  ///   - peephole: whether the gates look at the memory cell.
  ///   - bias: whether there are `bias_ih` and `bias_hh`.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where the starting values are drawn from.
  public init(
    inputSize: Int, hiddenSize: Int, peephole: Bool = false, bias: Bool = true,
    dtype: DType = .float32, generator: Generator = .default
  ) {
    weight_cf = peephole ? .peephole(hiddenSize, dtype, generator) : nil
    weight_co = peephole ? .peephole(hiddenSize, dtype, generator) : nil
    super.init(
      gates: 3, inputSize: inputSize, hiddenSize: hiddenSize, bias: bias, dtype: dtype,
      generator: generator)
  }

  /// As `LSTMCell`.
  public func callAsFunction(
    _ x: Tensor, _ state: (Tensor, Tensor)? = nil
  ) -> (h: Tensor, c: Tensor) {
    stepped(x, state)
  }

  public func step(
    fromInput: Tensor, fromState: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?
  ) -> [Tensor] {
    let c = state[1]
    let parts = (fromInput + fromState).chunk(3, axis: -1)
    func peep(_ gate: Tensor, _ weight: Parameter?, _ cell: Tensor) -> Tensor {
      weight.map { gate + $0 * cell } ?? gate
    }
    let f = peep(parts[0], weight_cf, c).sigmoid()
    let g = parts[1].tanh()
    let cNew = f * c + (1 - f) * g
    let o = peep(parts[2], weight_co, cNew).sigmoid()
    return [o * cNew.tanh(), cNew]
  }

  public var stateSizes: [Int] { [hiddenSize, hiddenSize] }

  public var forgetBiases: [(input: Parameter, recurrent: Parameter, rows: Range<Int>)] {
    forgetRows(0..<hiddenSize)
  }
}
