import CKernels

/// The gated recurrent unit (Cho et al. 2014), in the form that PyTorch and cuDNN compute, where the
/// reset gate acts after the product with W_hn:
///
///     r = σ(W_ir x + b_ir + W_hr h + b_hr)             what of the past the candidate sees
///     z = σ(W_iz x + b_iz + W_hz h + b_hz)             what to keep as it was
///     n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))    the candidate
///     h′ = (1 − z) ⊙ n + z ⊙ h
///
/// The rows of the weights are in the order r, z, n.
public final class GRUCell: CellWeights, RecurrentCell {
  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - hiddenSize: features of the state.
  ///   - bias: whether there are `bias_ih` and `bias_hh`.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where the starting values are drawn from.
  public init(
    inputSize: Int, hiddenSize: Int, bias: Bool = true, dtype: DType = .float32,
    generator: Generator = .default
  ) {
    super.init(
      gates: 3, inputSize: inputSize, hiddenSize: hiddenSize, bias: bias, dtype: dtype,
      generator: generator)
  }

  /// Input `[batch, inputSize]` or `[inputSize]`; state and result `[batch, hiddenSize]` or
  /// `[hiddenSize]`.
  public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> Tensor {
    let h = checked(x, h, "h")
    let fromInput = x.linear(weight_ih, bias_ih).chunk(3, axis: -1)
    let fromState = h.linear(weight_hh, bias_hh).chunk(3, axis: -1)
    let r = (fromInput[0] + fromState[0]).sigmoid()
    let z = (fromInput[1] + fromState[1]).sigmoid()
    let n = (fromInput[2] + r * fromState[2]).tanh()
    return observed((1 - z) * n + z * h)
  }

  public var stateSizes: [Int] { [hiddenSize] }
  public func step(_ x: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?) -> [Tensor] {
    [self(x, state[0])]
  }

  /// The twin of all steps of a sequence: kernel `gru`.
  public func sequence(
    _ input: Tensor, batchSizes: [Int], state: [Tensor]?, reverse: Bool
  ) -> (output: Tensor, state: [Tensor])? {
    fused(CK_GRU, input, batchSizes, state, reverse)
  }
}
