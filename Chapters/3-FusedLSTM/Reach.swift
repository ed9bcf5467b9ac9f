import ChapterTools
import Foundation
import Unroll

extension FusedLSTM {
  /// How far the gradient reaches back before any training.
  func reach(_ page: Page) throws {
    page.prose(
      #"""
      Why? Look at the gradients, first before any training: the norm of $\partial L / \partial h_t$ for
      a loss on the last state, and beside it that of $\partial L / \partial c_t$, by the distance in
      time; both are divided by the norm of $\partial L / \partial h_T$ at the last step. An RNN and an LSTM with PyTorch's initial weights, and LSTMs whose forget gates begin with a
      bias of 1, as those above did, and of 3 (Jozefowicz et al. 2015 advise a large one), which is
      $f \approx 0.73$ and $f \approx 0.95$; three seeds of each.
      """#)
    page.show("stateGradients", in: "Gates.swift")

    page.prose("Thirty-two units, a hundred steps of noise; a line a seed:")
    let cells: [(name: String, title: String, bias: Double?, color: Color)] = [
      ("rnn", "RNN", nil, .blue), ("lstm", "LSTM, bias 0", 0, .orange),
      ("lstm_forget1", "LSTM, bias 1", 1, .vermilion), ("lstm_forget3", "LSTM, bias 3", 3, .green),
    ]
    let axis = Axis.log("norm / last ∂L/∂h", min: 1e-28, max: 10)
    var ofState = Figure("∂L/∂h", x: "steps back", y: axis)
    var ofCell = Figure("∂L/∂c", x: "steps back", y: axis)
    /// What is left 99 steps back, after the first step, of ∂L/∂h and of an LSTM's ∂L/∂c: the median seed.
    var left: [String: [Double]] = [:]
    /// Of bias 3, a seed each: by how much the gradient grows over the first twenty steps of the sequence on
    /// its way back, from an empty cell and from a full one, and the size of the cell there and at the end.
    var climbs: [(empty: Double, full: Double, first: Double, last: Double)] = []
    for (name, title, bias, color) in cells {
      var ends: [[Double]] = []
      for seed in 0..<3 {
        Generator.default.seed(page.seed &* 1000 &+ UInt64(seed))
        let cell: any RecurrentCell
        if let bias {
          let lstm = LSTMCell(inputSize: 1, hiddenSize: 32, dtype: .float64)
          if bias > 0 { Init.forgetGateBias(lstm, bias) }
          cell = lstm
        } else {
          cell = RNNCell(inputSize: 1, hiddenSize: 32, dtype: .float64)
        }
        let noise = Tensor(.normal([100, 1, 1], dtype: .float64))
        let norms = gradientByDistance(cell, reading: noise)
        if bias == 3, let cell = cell as? LSTMCell {
          let (full, sizes) = afterReading(cell, noise)
          let later = gradientByDistance(cell, reading: noise, from: full)
          climbs.append(
            (
              norms[1][99] / norms[1][80], later[1][99] / later[1][80], Array(sizes[..<20]).mean,
              Array(sizes[80...]).mean
            ))
        }
        // The very last is the state before the first step, on which no weight has acted.
        ofState.line(y: norms[0].dropLast(), label: seed == 0 ? title : nil, color: color, width: 2)
        if norms.count > 1 {
          ofCell.line(
            y: norms[1].dropLast(), label: seed == 0 ? title : nil, color: color, width: 2)
        }
        ends.append(norms.map { $0[99] })
      }
      left[name] = ends[0].indices.map { part in ends.map { $0[part] }.sorted()[1] }
      for (part, value) in zip(["dh", "dc"], left[name]!) {
        page.result("gradient_norm.\(name).\(part)_99_steps_back", value, digits: 3)
      }
    }
    try page.figure(
      .grid("Gradient norm by distance in time, before training", columns: 2, [ofState, ofCell]))
    page.claim(
      "Only the bias of 3 keeps a gradient over a hundred steps; with 1 it vanishes before training as "
        + "it does in the RNN, if more slowly.",
      holds: left["lstm_forget3"]!.min()! > 1e-3 && left["lstm_forget1"]!.max()! < 1e-5,
      in: .everyRun)
    let climb = climbs.sorted { $0.empty < $1.empty }[1]
    page.claim(
      String(
        format:
          "The curves of bias 3 turn up at their end, where the sequence begins: over the first twenty steps "
          + "the gradient grows %.1f times (the median seed). It is the empty cell, %.2f on the average there and "
          + "%.2f over the last twenty: the tanh is steep, and the way through h adds to the direct one. For a "
          + "cell that has read the same noise once before the factor is %.1f.", climb.empty,
        climb.first,
        climb.last, climb.full),
      holds: climbs.allSatisfy { $0.empty > 1.2 * $0.full && $0.first < $0.last },
      otherwise:
        "At their end, where the sequence begins, the curves of bias 3 do not all rise more than "
        + "those of a cell that has read before.")
  }
}
