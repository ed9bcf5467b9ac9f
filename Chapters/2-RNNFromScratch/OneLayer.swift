import Unroll

extension RNNFromScratch {
  /// The layer, drawn, written and followed through a small batch, which is returned with it.
  func layer(_ page: Page) throws -> (ScratchRNN, Tensor) {
    page.prose(
      #"""
      ## One unit that slides over the sequence

      A *recurrent layer* reads a sequence from left to right. At every time step it looks at the
      input $x_t$ and at its own last state $h_{t-1}$, the *hidden state*, and gives its new one:

      $$h_t = \tanh(x_t W_{ih}^\top + b_{ih} + h_{t-1} W_{hh}^\top + b_{hh})$$

      It is the same layer each time, with the same weights: *unrolled* in time it is a tall network
      whose layers share everything. That is all there is to it, and the code is that line.
      """#)
    page.show("ScratchRNN", in: "ScratchRNN.swift")

    try page.figure(Self.foldedAndUnrolled())

    page.prose(
      #"""
      Follow one small batch through it: two sequences of five steps with one number a step, into
      three *hidden units*, the numbers of the state. The axes are `[time, batch, feature]`, so that
      one step is one matrix.
      """#)
    let small = ScratchRNN(inputSize: 1, hiddenSize: 3, dtype: .float64)
    let input = Tensor(.normal([5, 2, 1], dtype: .float64))
    var h = Tensor.zeros([2, 3], dtype: .float64)
    for t in 0..<5 {
      let x = input[t]
      h = small.step(x, h)
      page.print("t = \(t + 1):  x \(x.shape), h \(h.shape)")
    }
    page.print("parameters:", small.parameterCount, "= 3·1 + 3·3 + 3 + 3, at any length")
    return (small, input)
  }
}
