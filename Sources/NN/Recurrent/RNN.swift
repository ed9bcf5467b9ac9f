/// The plain recurrent network over whole sequences, with PyTorch's options, parameter names and results.
/// What it computes at each step is `RNNCell`.
///
///     let rnn = RNN(inputSize: 28, hiddenSize: 256, numLayers: 2)
///     let (output, h_n) = rnn(input)
public final class RNN: RecurrentLayer<RNNCell> {
  /// Features of the input and of the state.
  public let inputSize, hiddenSize: Int

  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - hiddenSize: features of the state.
  ///   - numLayers: layers; each takes the output of the one below.
  ///   - nonlinearity: what squashes the sum at each step.
  ///   - bias: whether there are `bias_ih` and `bias_hh`.
  ///   - batchFirst: input and output are `[batch, time, feature]`, not `[time, batch, feature]`.
  ///   - dropout: the share of numbers set to 0 between two layers in training.
  ///   - recurrentDropout: the share of numbers of h set to 0 before every step in training, the
  ///     same ones at all steps of a sequence; see `RecurrentLayer`.
  ///   - bidirectional: whether each layer also runs from the end to the start.
  ///   - merge: how the outputs of the two directions become one.
  ///   - checkpointing: whether gates are computed again on the way back instead of kept; half the
  ///     memory for a third more time. See `RecurrentLayer.checkpointing`.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where starting values, and numbers set to 0 in training, are drawn from.
  public init(
    inputSize: Int, hiddenSize: Int, numLayers: Int = 1, nonlinearity: RNNCell.Nonlinearity = .tanh,
    bias: Bool = true, batchFirst: Bool = false, dropout: Double = 0,
    recurrentDropout: Double = 0, bidirectional: Bool = false, merge: Merge = .concatenate,
    checkpointing: Bool = false, dtype: DType = .float32, generator: Generator = .default
  ) {
    (self.inputSize, self.hiddenSize) = (inputSize, hiddenSize)
    super.init(
      inputSize: inputSize, numLayers: numLayers, batchFirst: batchFirst, dropout: dropout,
      recurrentDropout: recurrentDropout, bidirectional: bidirectional, merge: merge,
      generator: generator
    ) { inputSize, _ in
      RNNCell(
        inputSize: inputSize, hiddenSize: hiddenSize, nonlinearity: nonlinearity, bias: bias,
        dtype: dtype, generator: generator)
    }
    self.checkpointing = checkpointing
  }

  /// - Parameters:
  ///   - input: `[time, batch, inputSize]`, `[batch, time, inputSize]` with `batchFirst`, or a single
  ///     sequence `[time, inputSize]`.
  ///   - state: h_0 `[layers · directions, batch, hiddenSize]`; zeros if left out.
  /// - Returns: the last layer's h at every time, shaped as the input, with hiddenSize features (twice
  ///   as many if directions are concatenated), and the last h of every layer and direction.
  public func callAsFunction(
    _ input: Tensor, _ state: Tensor? = nil
  ) -> (output: Tensor, h_n: Tensor) {
    let (output, last) = over(input, state.map { [$0] })
    return (output, last[0])
  }

  /// The same for sequences of unequal length.
  public func callAsFunction(
    _ input: PackedSequence, _ state: Tensor? = nil
  ) -> (output: PackedSequence, h_n: Tensor) {
    let (output, last) = over(input, state.map { [$0] })
    return (output, last[0])
  }
}
