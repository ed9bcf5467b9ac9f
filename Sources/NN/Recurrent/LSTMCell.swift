import CKernels

/// Long short-term memory (Hochreiter & Schmidhuber 1997; the forget gate is from Gers, Schmidhuber
/// & Cummins 2000): gates decide what a memory cell takes in, keeps and shows.
///
///     i = σ(W_ii x + b_ii + W_hi h + b_hi)        what to take in
///     f = σ(W_if x + b_if + W_hf h + b_hf)        what to keep
///     g = tanh(W_ig x + b_ig + W_hg h + b_hg)     what there is to take in
///     o = σ(W_io x + b_io + W_ho h + b_ho)        what to show
///     c′ = f ⊙ c + i ⊙ g
///     h′ = o ⊙ tanh(c′)
///
/// With a `projSize` what is shown is brought down to so many features (Sak, Senior & Beaufays 2014),
/// which makes the recurrent weights smaller: h′ = W_hr (o ⊙ tanh(c′)).
///
/// The rows of the weights are in the order i, f, g, o, as PyTorch's.
public final class LSTMCell: CellWeights, RecurrentCell, ForgetGated {
  /// Features of h; 0: no projection, h has `hiddenSize`.
  public let projSize: Int
  /// W_hr, `[projSize, hiddenSize]`.
  public let weight_hr: Parameter?

  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - hiddenSize: features of c, and of h without a projection.
  ///   - bias: whether there are `bias_ih` and `bias_hh`.
  ///   - projSize: features of h, fewer than `hiddenSize`, or the program stops; 0: no projection.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where the starting values are drawn from.
  public init(
    inputSize: Int, hiddenSize: Int, bias: Bool = true, projSize: Int = 0,
    dtype: DType = .float32, generator: Generator = .default
  ) {
    guard projSize == 0 || projSize > 0 && projSize < hiddenSize else {
      wrongUse("LSTM: projSize \(projSize) is not in 0..<\(hiddenSize), the hiddenSize")
    }
    self.projSize = projSize
    // The superclass draws its weights first, as PyTorch does.
    let late = projSize > 0 ? Parameter(.zeros([projSize, hiddenSize], dtype: dtype)) : nil
    weight_hr = late
    super.init(
      gates: 4, inputSize: inputSize, hiddenSize: hiddenSize,
      outputSize: projSize > 0 ? projSize : nil, bias: bias, dtype: dtype, generator: generator)
    if let late {
      let bound = 1 / Double(hiddenSize).squareRoot()
      Init.uniform(late, in: -bound...bound, generator: generator)
    }
  }

  /// Features of h.
  private var outputSize: Int { projSize > 0 ? projSize : hiddenSize }

  /// Input `[batch, inputSize]`; h `[batch, hiddenSize]`, or `[batch, projSize]`, and c
  /// `[batch, hiddenSize]`, zeros if left out. All without the batch axis for a single sample.
  public func callAsFunction(
    _ x: Tensor, _ state: (Tensor, Tensor)? = nil
  ) -> (h: Tensor, c: Tensor) {
    let (h, c) = (checked(x, state?.0, "h", size: outputSize), checked(x, state?.1, "c"))
    let gates = x.linear(weight_ih, bias_ih) + h.linear(weight_hh, bias_hh)
    let parts = gates.chunk(4, axis: -1)
    let (i, f, g, o) = (parts[0].sigmoid(), parts[1].sigmoid(), parts[2].tanh(), parts[3].sigmoid())
    let cNew = f * c + i * g
    let shown = o * cNew.tanh()
    let hNew = weight_hr.map { shown.linear($0) } ?? shown
    return (observed(hNew), cNew)
  }

  public var stateSizes: [Int] { [outputSize, hiddenSize] }
  public func step(_ x: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?) -> [Tensor] {
    let (h, c) = self(x, (state[0], state[1]))
    return [h, c]
  }

  /// The twin of all steps of a sequence: kernel `lstm`.
  public func sequence(
    _ input: Tensor, batchSizes: [Int], state: [Tensor]?, reverse: Bool
  ) -> (output: Tensor, state: [Tensor])? {
    guard let weight_hr else { return fused(CK_LSTM, input, batchSizes, state, reverse) }
    // W_hh h = (W_hh W_hr)(o ⊙ tanh c): an LSTM without projection, if it starts from zeros.
    guard state == nil, !ck_is_plain() else { return nil }
    let (shown, last) = FusedSequence(
      cell: CK_LSTM, input: input, batchSizes: batchSizes, state: nil,
      weights: (weight_ih, weight_hh.matmul(weight_hr)), biases: bias_ih.map { ($0, bias_hh!) },
      reverse: reverse, checkpointing: checkpointing)()
    return (shown.linear(weight_hr), [last[0].linear(weight_hr), last[1]])
  }

  public var forgetBiases: [(input: Parameter, recurrent: Parameter, rows: Range<Int>)] {
    forgetRows(hiddenSize..<2 * hiddenSize)
  }
}

extension CellWeights {
  final func forgetRows(
    _ rows: Range<Int>
  ) -> [(input: Parameter, recurrent: Parameter, rows: Range<Int>)] {
    guard let bias_ih, let bias_hh else { return [] }
    return [(bias_ih, bias_hh, rows)]
  }
}
