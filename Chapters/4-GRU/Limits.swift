import Unroll

/// What a GRU should be when its gates are held at 0 or 1, and how far it is from that.
struct GRULimit {
  let name, gates, title: String
  let difference: Double
}

/// A library GRU whose gates are held by biases so large that nothing else counts.
private func gruLimit(r: Double, z: Double) -> GRU {
  let gru = GRU(inputSize: 3, hiddenSize: 4, dtype: .float64)
  let cell = gru.cells[0][0]
  func hold(_ row: Int, at value: Double) {
    let rows = (row * 4)..<((row + 1) * 4)
    cell.bias_ih!.value[rows] = .full([4], value == 1 ? 50 : -50, dtype: .float64)
  }
  hold(0, at: r)
  hold(1, at: z)
  return gru
}

func gruLimits() -> [GRULimit] {
  let x = Tensor(.normal([20, 2, 3], dtype: .float64))
  let h0 = Tensor(.uniform([1, 2, 4], in: -1...1, dtype: .float64))

  /// The rows of the candidate n of a weight or a bias.
  func candidate(_ parameter: Parameter) -> Tensor {
    parameter.narrow(axis: 0, start: 8, length: 4)
  }

  func compare(
    _ name: String, _ gates: String, _ title: String, r: Double, z: Double,
    to expected: (_ cell: GRUCell) -> Tensor
  ) -> GRULimit {
    let gru = gruLimit(r: r, z: z)
    return noGrad {
      GRULimit(
        name: name, gates: gates, title: title,
        difference: gru(x, h0).output.value
          .largestDifference(from: expected(gru.cells[0][0]).value))
    }
  }

  return [
    compare("update_1", "z = 1", "the state it began with", r: 1, z: 1) { _ in
      h0.expanded(to: [20, 2, 4])
    },
    compare("update_0_reset_1", "z = 0, r = 1", "a plain RNN", r: 1, z: 0) { cell in
      let W_x = candidate(cell.weight_ih), b_x = candidate(cell.bias_ih!)
      let W_h = candidate(cell.weight_hh), b_h = candidate(cell.bias_hh!)
      var h = h0[0]
      return Tensor.stack(
        (0..<20).map { t in
          h = (x[t].linear(W_x, b_x) + h.linear(W_h, b_h)).tanh()
          return h
        })
    },
    compare("update_0_reset_0", "z = 0, r = 0", "a layer without memory", r: 0, z: 0) { cell in
      x.linear(candidate(cell.weight_ih), candidate(cell.bias_ih!)).tanh()
    },
  ]
}
