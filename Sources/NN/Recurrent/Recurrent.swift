/// Any cell over time: stacked, in both directions, over padded or packed sequences.
///
///     let deep = Recurrent(inputSize: 8, numLayers: 3) { inputSize, layer in
///       DepthGatedLSTMCell(inputSize: inputSize, hiddenSize: 16, hasLayerBelow: layer > 0)
///     }
///     let (output, states) = deep(input)     // states: [h_n, c_n]
public final class Recurrent<Cell: RecurrentCell>: RecurrentLayer<Cell> {
  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - numLayers: layers; each takes the output of the one below.
  ///   - batchFirst: input and output are `[batch, time, feature]`, not `[time, batch, feature]`.
  ///   - dropout: the share of numbers set to 0 between two layers in training.
  ///   - recurrentDropout: the share of numbers of h set to 0 before every step in training, the
  ///     same ones at all steps of a sequence; see `RecurrentLayer`.
  ///   - bidirectional: whether each layer also runs from the end to the start.
  ///   - merge: how the outputs of the two directions become one.
  ///   - generator: where the numbers set to 0 in training are drawn from.
  ///   - cell: makes a cell for an input of so many features in the layer of this number. It is
  ///     called for each layer and direction.
  public override init(
    inputSize: Int, numLayers: Int = 1, batchFirst: Bool = false, dropout: Double = 0,
    recurrentDropout: Double = 0, bidirectional: Bool = false, merge: Merge = .concatenate,
    generator: Generator = .default, cell: (_ inputSize: Int, _ layer: Int) -> Cell
  ) {
    super.init(
      inputSize: inputSize, numLayers: numLayers, batchFirst: batchFirst, dropout: dropout,
      recurrentDropout: recurrentDropout, bidirectional: bidirectional, merge: merge,
      generator: generator, cell: cell)
  }

  /// - Parameters:
  ///   - input: `[time, batch, inputSize]`, `[batch, time, inputSize]` with `batchFirst`, or a single
  ///     sequence `[time, inputSize]`.
  ///   - state: each part of the state `[layers · directions, batch, size]`; zeros if left out.
  /// - Returns: the last layer's output at every time, and each part of every layer's last state.
  public func callAsFunction(
    _ input: Tensor, _ state: [Tensor]? = nil
  ) -> (output: Tensor, state: [Tensor]) { over(input, state) }

  /// The same for sequences of unequal length.
  public func callAsFunction(
    _ input: PackedSequence, _ state: [Tensor]? = nil
  ) -> (output: PackedSequence, state: [Tensor]) { over(input, state) }
}
