import CKernels

// The cells that have a fused twin, and its name.

extension RNNCell {
  public func sequence(
    _ input: Tensor, batchSizes: [Int], state: [Tensor]?, reverse: Bool
  ) -> (output: Tensor, state: [Tensor])? {
    fused(nonlinearity == .tanh ? CK_RNN_TANH : CK_RNN_RELU, input, batchSizes, state, reverse)
  }
}

extension LSTMCell {
  public func sequence(
    _ input: Tensor, batchSizes: [Int], state: [Tensor]?, reverse: Bool
  ) -> (output: Tensor, state: [Tensor])? {
    guard let weight_hr else { return fused(CK_LSTM, input, batchSizes, state, reverse) }
    // W_hh h = (W_hh W_hr)(o ⊙ tanh c): an LSTM without projection, if it starts from zeros.
    guard state == nil else { return nil }
    let (shown, last) = FusedSequence(
      cell: CK_LSTM, input: input, batchSizes: batchSizes, state: nil,
      weights: (weight_ih, weight_hh.matmul(weight_hr)), biases: bias_ih.map { ($0, bias_hh!) },
      reverse: reverse)()
    return (shown.linear(weight_hr), [last[0].linear(weight_hr), last[1]])
  }
}

extension GRUCell {
  public func sequence(
    _ input: Tensor, batchSizes: [Int], state: [Tensor]?, reverse: Bool
  ) -> (output: Tensor, state: [Tensor])? { fused(CK_GRU, input, batchSizes, state, reverse) }
}

extension CellWeights {
  fileprivate final func fused(
    _ cell: ck_cell, _ input: Tensor, _ batchSizes: [Int], _ state: [Tensor]?, _ reverse: Bool
  ) -> (output: Tensor, state: [Tensor]) {
    FusedSequence(
      cell: cell, input: input, batchSizes: batchSizes, state: state,
      weights: (weight_ih, weight_hh), biases: bias_ih.map { ($0, bias_hh!) }, reverse: reverse)()
  }
}
