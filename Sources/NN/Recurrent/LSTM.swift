/// Long short-term memory over whole sequences, with PyTorch's options, parameter names and results.
/// What it computes at each step is `LSTMCell`.
///
///     let lstm = LSTM(inputSize: 28, hiddenSize: 256, numLayers: 2)
///     let (output, (h_n, c_n)) = lstm(input)
public final class LSTM: RecurrentLayer<LSTMCell> {
  /// Features of the input and of the memory cell c.
  public let inputSize, hiddenSize: Int
  /// Features of h where it is projected; 0: `hiddenSize`.
  public let projSize: Int

  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - hiddenSize: features of the state.
  ///   - numLayers: layers; each takes the output of the one below.
  ///   - bias: whether there are `bias_ih` and `bias_hh`.
  ///   - batchFirst: input and output are `[batch, time, feature]`, not `[time, batch, feature]`.
  ///   - dropout: the share of numbers set to 0 between two layers in training.
  ///   - recurrentDropout: the share of numbers of h set to 0 before every step in training, the
  ///     same ones at all steps of a sequence; see `RecurrentLayer`.
  ///   - bidirectional: whether each layer also runs from the end to the start.
  ///   - projSize: h is brought down to so many features, by `weight_hr`; 0: it is not.
  ///   - merge: how the outputs of the two directions become one.
  ///   - checkpointing: whether gates are computed again on the way back instead of kept; half the
  ///     memory for a third more time. See `RecurrentLayer.checkpointing`.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where starting values, and numbers set to 0 in training, are drawn from.
  public init(
    inputSize: Int, hiddenSize: Int, numLayers: Int = 1, bias: Bool = true,
    batchFirst: Bool = false, dropout: Double = 0, recurrentDropout: Double = 0,
    bidirectional: Bool = false, projSize: Int = 0, merge: Merge = .concatenate,
    checkpointing: Bool = false, dtype: DType = .float32, generator: Generator = .default
  ) {
    (self.inputSize, self.hiddenSize, self.projSize) = (inputSize, hiddenSize, projSize)
    super.init(
      inputSize: inputSize, numLayers: numLayers, batchFirst: batchFirst, dropout: dropout,
      recurrentDropout: recurrentDropout, bidirectional: bidirectional, merge: merge,
      generator: generator
    ) { inputSize, _ in
      LSTMCell(
        inputSize: inputSize, hiddenSize: hiddenSize, bias: bias, projSize: projSize, dtype: dtype,
        generator: generator)
    }
    self.checkpointing = checkpointing
  }

  /// - Parameters:
  ///   - input: `[time, batch, inputSize]`, `[batch, time, inputSize]` with `batchFirst`, or a single
  ///     sequence `[time, inputSize]`.
  ///   - state: (h_0, c_0), each `[layers · directions, batch, hiddenSize]`, h_0 with `projSize`
  ///     features if there is one; zeros if left out.
  /// - Returns: the last layer's h at every time, shaped as the input, with hiddenSize (or projSize)
  ///   features (twice as many if directions are concatenated), and the last h and c of every layer
  ///   and direction.
  public func callAsFunction(
    _ input: Tensor, _ state: (Tensor, Tensor)? = nil
  ) -> (output: Tensor, state: (h_n: Tensor, c_n: Tensor)) {
    let (output, last) = over(input, state.map { [$0.0, $0.1] })
    return (output, (last[0], last[1]))
  }

  /// The same for sequences of unequal length.
  public func callAsFunction(
    _ input: PackedSequence, _ state: (Tensor, Tensor)? = nil
  ) -> (output: PackedSequence, state: (h_n: Tensor, c_n: Tensor)) {
    let (output, last) = over(input, state.map { [$0.0, $0.1] })
    return (output, (last[0], last[1]))
  }
}
