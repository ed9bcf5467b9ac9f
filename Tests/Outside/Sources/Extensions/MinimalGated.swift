import UnrollNN

/// The minimal gated unit (Zhou et al. 2016), one gate for both to forget and to read:
///
///     f = σ(W_f x + U_f h + b_f)
///     n = tanh(W_n x + U_n (f ⊙ h) + b_n)
///     h′ = (1 − f) ⊙ h + f ⊙ n
///
/// The rows of the weights are in the order f, n.
public final class MinimalGatedCell: CellWeights, RecurrentCell {
  public init(
    inputSize: Int, hiddenSize: Int, dtype: DType = .float32, generator: Generator = .default
  ) {
    super.init(
      gates: 2, inputSize: inputSize, hiddenSize: hiddenSize, dtype: dtype, generator: generator)
  }

  public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> Tensor {
    let h = checked(x, h, "h")
    let fromInput = x.linear(weight_ih, bias_ih).chunk(2, axis: -1)
    let (weights, biases) = (weight_hh.chunk(2), bias_hh!.chunk(2))
    let f = (fromInput[0] + h.linear(weights[0], biases[0])).sigmoid()
    let n = (fromInput[1] + (f * h).linear(weights[1], biases[1])).tanh()
    return observed((1 - f) * h + f * n)
  }

  public var stateSizes: [Int] { [hiddenSize] }
  public func step(_ x: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?) -> [Tensor] {
    [self(x, state[0])]
  }
}

/// The unit over whole sequences, with a gain of its own on the output.
public final class MinimalGated: RecurrentLayer<MinimalGatedCell> {
  public let gain: Parameter

  public init(
    inputSize: Int, hiddenSize: Int, numLayers: Int = 1, batchFirst: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false, merge: Merge = .concatenate,
    dtype: DType = .float32, generator: Generator = .default
  ) {
    gain = Parameter(.ones([bidirectional ? merge.size(hiddenSize) : hiddenSize], dtype: dtype))
    super.init(
      inputSize: inputSize, numLayers: numLayers, batchFirst: batchFirst, dropout: dropout,
      bidirectional: bidirectional, merge: merge, generator: generator
    ) { inputSize, _ in
      MinimalGatedCell(
        inputSize: inputSize, hiddenSize: hiddenSize, dtype: dtype, generator: generator)
    }
  }

  public func callAsFunction(
    _ input: Tensor, _ h_0: Tensor? = nil
  ) -> (output: Tensor, h_n: Tensor) {
    let (output, last) = over(input, h_0.map { [$0] })
    return (output * gain, last[0])
  }

  public func callAsFunction(
    _ input: PackedSequence, _ h_0: Tensor? = nil
  ) -> (output: PackedSequence, h_n: Tensor) {
    let (output, last) = over(input, h_0.map { [$0] })
    return (PackedSequence(data: output.data * gain, packing: output.packing), last[0])
  }
}
