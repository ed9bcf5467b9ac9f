/// LSTM whose gates see the memory cell itself, so that it can time and count exactly (Gers &
/// Schmidhuber 2000):
///
///     i = σ(W_ii x + W_hi h + w_ci ⊙ c + b_i)
///     f = σ(W_if x + W_hf h + w_cf ⊙ c + b_f)
///     g = tanh(W_ig x + W_hg h + b_g)
///     c′ = f ⊙ c + i ⊙ g
///     o = σ(W_io x + W_ho h + w_co ⊙ c′ + b_o)
///     h′ = o ⊙ tanh(c′)
///
/// Each b is the sum of b_ih and b_hh. The peephole weights `weight_ci`, `weight_cf`, `weight_co` are
/// vectors `[hidden]`.
public final class PeepholeLSTMCell: CellWeights, GatedCell, ForgetGated {
  /// The peephole weights of the gates i, f and o, each `[hidden]`.
  public let weight_ci, weight_cf, weight_co: Parameter

  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - hiddenSize: features of h and of c.
  ///   - bias: whether there are `bias_ih` and `bias_hh`.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where the starting values are drawn from.
  public init(
    inputSize: Int, hiddenSize: Int, bias: Bool = true, dtype: DType = .float32,
    generator: Generator = .default
  ) {
    weight_ci = .peephole(hiddenSize, dtype, generator)
    weight_cf = .peephole(hiddenSize, dtype, generator)
    weight_co = .peephole(hiddenSize, dtype, generator)
    super.init(
      gates: 4, inputSize: inputSize, hiddenSize: hiddenSize, bias: bias, dtype: dtype,
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
    let parts = (fromInput + fromState).chunk(4, axis: -1)
    let i = (parts[0] + weight_ci * c).sigmoid()
    let f = (parts[1] + weight_cf * c).sigmoid()
    let g = parts[2].tanh()
    let cNew = f * c + i * g
    let o = (parts[3] + weight_co * cNew).sigmoid()
    return [o * cNew.tanh(), cNew]
  }

  public var stateSizes: [Int] { [hiddenSize, hiddenSize] }

  public var forgetBiases: [(input: Parameter, recurrent: Parameter, rows: Range<Int>)] {
    forgetRows(hiddenSize..<2 * hiddenSize)
  }
}

extension Parameter {
  /// One weight for each memory cell, started as the other weights.
  static func peephole(_ size: Int, _ dtype: DType, _ generator: Generator) -> Parameter {
    checkSizes("LSTM with peepholes", ("hiddenSize", size))
    return Parameter(uniform: 1 / Double(size).squareRoot(), [size], dtype, generator)
  }
}
