import CKernels

/// The plain recurrent cell (Elman 1990): the new state is a squashed sum of what comes in and what
/// was there.
///
///     h′ = tanh(W_ih x + b_ih + W_hh h + b_hh)
public final class RNNCell: CellWeights, RecurrentCell {
  /// What squashes the sum.
  public enum Nonlinearity: String, Sendable {
    /// From −1 to 1, or from 0 up (Le, Jaitly & Hinton 2015).
    case tanh, relu
  }

  /// What squashes the sum.
  public let nonlinearity: Nonlinearity

  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - hiddenSize: features of the state.
  ///   - nonlinearity: what squashes the sum.
  ///   - bias: whether there are `bias_ih` and `bias_hh`.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where the starting values are drawn from.
  public init(
    inputSize: Int, hiddenSize: Int, nonlinearity: Nonlinearity = .tanh, bias: Bool = true,
    dtype: DType = .float32, generator: Generator = .default
  ) {
    self.nonlinearity = nonlinearity
    super.init(
      gates: 1, inputSize: inputSize, hiddenSize: hiddenSize, bias: bias, dtype: dtype,
      generator: generator)
  }

  /// Input `[batch, inputSize]` or `[inputSize]`; state and result `[batch, hiddenSize]` or
  /// `[hiddenSize]`.
  public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> Tensor {
    let h = checked(x, h, "h")
    let sum = x.linear(weight_ih, bias_ih) + h.linear(weight_hh, bias_hh)
    return observed(nonlinearity == .tanh ? sum.tanh() : sum.relu())
  }

  public var stateSizes: [Int] { [hiddenSize] }
  public func step(_ x: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?) -> [Tensor] {
    [self(x, state[0])]
  }

  /// The twin of all steps of a sequence: kernel `rnn_tanh` or `rnn_relu`.
  public func sequence(
    _ input: Tensor, batchSizes: [Int], state: [Tensor]?, reverse: Bool
  ) -> (output: Tensor, state: [Tensor])? {
    fused(nonlinearity == .tanh ? CK_RNN_TANH : CK_RNN_RELU, input, batchSizes, state, reverse)
  }
}
