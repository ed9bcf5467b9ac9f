import Unroll

extension Modules {
  /// The constructor, option by option.
  func constructor(_ page: Page) throws {
    page.prose(
      #"""
      ## The constructor, option by option

      One sequence of seven steps, three at a time, twenty numbers a step: `[7, 3, 20]`. Each row of
      the table changes one thing, and shows what the layer gives back: all outputs of the last
      layer, and the last states of every layer and direction.
      """#)
    let x = Tensor(.normal([7, 3, 20]))
    var rows: [[any CustomStringConvertible]] = []
    var mismatches = 0
    func row(
      _ option: String, _ module: Module, _ output: Tensor, _ state: [Tensor], _ formula: Int
    ) {
      let states = state.map { "\($0.shape)" }.joined(separator: ", ")
      rows.append([option, "\(output.shape)", states, module.parameterCount, formula])
      if module.parameterCount != formula { mismatches += 1 }
    }
    func counted(_ option: String, _ layer: RNN, _ input: Tensor, _ formula: Int) {
      let (output, h_n) = layer(input)
      row(option, layer, output, [h_n], formula)
    }
    counted(
      "RNN, tanh", RNN(inputSize: 20, hiddenSize: 50), x,
      parameters(gates: 1, input: 20, hidden: 50))
    counted(
      "nonlinearity: .relu", RNN(inputSize: 20, hiddenSize: 50, nonlinearity: .relu), x,
      parameters(gates: 1, input: 20, hidden: 50))
    counted(
      "bias: false", RNN(inputSize: 20, hiddenSize: 50, bias: false), x,
      parameters(gates: 1, input: 20, hidden: 50, bias: false))
    counted(
      "batchFirst: true", RNN(inputSize: 20, hiddenSize: 50, batchFirst: true),
      x.transposed(0, 1), parameters(gates: 1, input: 20, hidden: 50))
    counted(
      "numLayers: 2", RNN(inputSize: 20, hiddenSize: 50, numLayers: 2), x,
      parameters(gates: 1, input: 20, hidden: 50, layers: 2))
    counted(
      "the same, dropout: 0.5", RNN(inputSize: 20, hiddenSize: 50, numLayers: 2, dropout: 0.5), x,
      parameters(gates: 1, input: 20, hidden: 50, layers: 2))
    counted(
      "bidirectional: true", RNN(inputSize: 20, hiddenSize: 50, bidirectional: true), x,
      parameters(gates: 1, input: 20, hidden: 50, directions: 2))
    counted(
      "2 layers, both ways, merge: .sum",
      RNN(inputSize: 20, hiddenSize: 50, numLayers: 2, bidirectional: true, merge: .sum), x,
      2 * 2 * parameters(gates: 1, input: 20, hidden: 50) - 2 * 50 * (20 - 50))
    let rnn = RNN(inputSize: 20, hiddenSize: 50, numLayers: 2)
    let gru = GRU(inputSize: 20, hiddenSize: 50, numLayers: 2)
    let lstm = LSTM(inputSize: 20, hiddenSize: 50, numLayers: 2)
    row(
      "GRU, numLayers: 2", gru, gru(x).output, [gru(x).h_n],
      parameters(gates: 3, input: 20, hidden: 50, layers: 2))
    row(
      "LSTM, numLayers: 2", lstm, lstm(x).output, [lstm(x).state.h_n, lstm(x).state.c_n],
      parameters(gates: 4, input: 20, hidden: 50, layers: 2))
    page.table(["constructor", "output", "h_n (and c_n)", "counted", "by formula"], rows)
    page.result("parameters.formula_mismatches", mismatches)

    page.prose(
      #"""
      The axes of the outputs are `[time, batch, features]`, and of the states `[layers ·
      directions, batch, hidden]`. With `batchFirst` time and batch change places in input and
      output, but not in the states. Two directions give twice the features, unless they are merged
      by a sum, a mean or a product.

      ## Where 1 : 3 : 4 comes from

      A layer with $g$ blocks of weights, $I$ inputs and $H$ hidden units has

      $$g \cdot (I \cdot H + H \cdot H + 2 H)$$

      parameters: a matrix for the input, one for the state, and the two biases PyTorch keeps. An
      RNN has one block; a GRU three (reset, update, candidate); an LSTM four (input, forget,
      candidate, output). The blocks have the same shape, so the ratio is exact at any size.
      """#)
    page.show("parameters", in: "ParameterCount.swift")
    page.result(
      "parameters.gru_to_rnn", Double(gru.parameterCount) / Double(rnn.parameterCount))
    page.result(
      "parameters.lstm_to_rnn", Double(lstm.parameterCount) / Double(rnn.parameterCount))
    page.print(lstm.summary { _ = lstm(x) })

    page.prose(
      #"""
      `dropout` acts between the layers of a stack, and only in training: the same input gives
      another output each time while training, and always the same after `eval()`.
      """#)
    let dropped = LSTM(inputSize: 20, hiddenSize: 50, numLayers: 2, dropout: 0.5)
    func twice() -> Double {
      noGrad { (dropped(x).output.value - dropped(x).output.value).abs().max().item }
    }
    page.print("training:   two calls differ by up to", String(format: "%.3f", twice()))
    dropped.eval()
    page.print("evaluation: two calls differ by up to", String(format: "%.3f", twice()))

    page.prose(
      #"""
      ## Deep, and in both directions

      A *deep network* runs one layer over the outputs of the one below; all of them step through
      time together. A *bidirectional* layer is two layers over the same input, one from each end.
      What it says about step $t$ has seen the whole sequence: good for labeling, useless for
      forecasting, as the end of this chapter shows. With $f$ for one step of a cell, layer $l$
      forward and backward,

      $$\begin{aligned}
      h^{(l,\rightarrow)}_t &= f\big(h^{(l-1)}_t, h^{(l,\rightarrow)}_{t-1}\big), &
      h^{(l,\leftarrow)}_t &= f\big(h^{(l-1)}_t, h^{(l,\leftarrow)}_{t+1}\big) \\
      h^{(l)}_t &= \big[h^{(l,\rightarrow)}_t, h^{(l,\leftarrow)}_t\big], & h^{(0)}_t &= x_t
      \end{aligned}$$
      """#)
    try page.figure(Figure(deepNetwork(layers: 3, steps: 5)), standsForChapter: true)
    try page.figure(Figure(bidirectionalNetwork(steps: 5)))

    page.prose(
      #"""
      ## Where the last states are

      Three questions that are asked about every such layer.

      *Where is the last state of a bidirectional layer?* The forward half has read everything at the last
      step, the backward half at the first. So `output` at step −1 holds the forward half's last state
      and the backward half's *first*. `h_n` has the last of both, one row a direction.

      *Why does `batchFirst` leave `h_n` alone?* It is the order of a batch of sequences, as data come.
      `h_n` is no sequence; it is what the next call takes as its start, in the same order.

      *Why not take `output[−1]` of padded sequences?* Because for the shorter ones that is the state after
      the padding. Packed, `h_n` is each sequence's own last state; padded, one picks the output at step
      length − 1. When all sequences are of one length, or the loss masks the padding and nobody reads the
      last state of a one-way layer, packing is not needed.
      """#)
    let both = GRU(inputSize: 20, hiddenSize: 50, bidirectional: true)
    let (outputs, last) = both(x)
    func equal(_ a: Tensor, _ b: Tensor) -> Bool { a.value.isClose(to: b.value) }
    let forward = outputs[6].narrow(axis: 1, start: 0, length: 50)
    let backward = outputs[0].narrow(axis: 1, start: 50, length: 50)
    page.claim(
      "`h_n[0]` is the forward half of the output at the last step, `h_n[1]` the backward half of that at "
        + "the first.", holds: equal(last[0], forward) && equal(last[1], backward), in: .everyRun)
    page.claim(
      "`output[−1]` is not both.",
      holds: !equal(last[1], outputs[6].narrow(axis: 1, start: 50, length: 50)), in: .everyRun)
  }
}
