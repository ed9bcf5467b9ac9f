import Foundation
import Unroll

/// The gates and the cell of a one-layer LSTM at every step of one series: `[unit][time]` each.
func gates(
  of lstm: LSTM, reading series: some Collection<Double>
) -> (i: [[Double]], f: [[Double]], o: [[Double]], c: [[Double]]) {
  let cell = lstm.cells[0][0]
  var (h, c) = (NDArray.zeros([1, lstm.hiddenSize]), NDArray.zeros([1, lstm.hiddenSize]))
  var steps: [[NDArray]] = []
  for x in series {
    let sums =
      NDArray([x], shape: [1, 1]).matmul(cell.weight_ih.value.transposed) + cell.bias_ih!.value
      + h.matmul(cell.weight_hh.value.transposed) + cell.bias_hh!.value
    let parts = sums.chunk(4, axis: 1)
    let (i, f, g, o) = (
      parts[0].sigmoid(), parts[1].sigmoid(), parts[2].tanh(), parts[3].sigmoid()
    )
    c = f * c + i * g
    h = o * c.tanh()
    steps.append([i, f, o, c])
  }
  func rows(_ part: Int) -> [[Double]] {
    let matrix = NDArray.concatenate(steps.map { $0[part] }, axis: 0).transposed
    return (0..<lstm.hiddenSize).map { matrix[$0].doubles }
  }
  return (rows(0), rows(1), rows(2), rows(3))
}

/// An LSTM cell whose forget gate is open from the start.
func openLSTMCell() -> LSTMCell {
  let cell = LSTMCell(inputSize: 1, hiddenSize: 32, dtype: .float64)
  Init.forgetGateBias(cell, 3)
  return cell
}

/// ‖∂L/∂hₜ‖ for L = Σ h_T, from the last step back to the first, relative to the last.
func gradientByDistance(_ cell: any RecurrentCell, steps: Int) -> [Double] {
  let size = cell.stateSizes[0]
  // Zeros added to h at every step: their gradient is that of h. The other parts of the state (an
  // LSTM's cell) pass by untouched.
  let probes = (0...steps).map { _ in
    Tensor(.zeros([1, size], dtype: .float64), requiresGrad: true)
  }
  var state = cell.initialState(batch: 1)
  state[0] = state[0] + probes[0]
  for t in 1...steps {
    let x = Tensor(.normal([1, 1], dtype: .float64))
    state = cell.step(x, state, time: t - 1, below: nil)
    state[0] = state[0] + probes[t]
  }
  state[0].sum().backward()
  let norms = probes.reversed().map { ($0.grad! * $0.grad!).sum().item.squareRoot() }
  return norms.map { $0 / norms[0] }
}
