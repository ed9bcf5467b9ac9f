import ChapterTools
import Foundation
import Unroll

/// The gates and the cell of a one-layer LSTM at every step of one sequence `[time, input]`:
/// `[unit][time]` each.
func gates(
  of lstm: LSTM, reading sequence: NDArray
) -> (i: [[Double]], f: [[Double]], o: [[Double]], c: [[Double]]) {
  let cell = lstm.cells[0][0]
  var (h, c) = (NDArray.zeros([1, lstm.hiddenSize]), NDArray.zeros([1, lstm.hiddenSize]))
  var steps: [[NDArray]] = []
  for t in 0..<sequence.shape[0] {
    let sums =
      sequence[t].unsqueezed(0).matmul(cell.weight_ih.value.transposed) + cell.bias_ih!.value
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

/// ∂L/∂hₜ, and ∂L/∂cₜ of an LSTM, each `[unit]`, from the last step back to the state before the first. L
/// is `loss` of the last h.
///
/// - Parameters:
///   - inputs: `[time, 1, input]`.
///   - start: the state before them, if it isn't zeros.
func stateGradients(
  _ cell: any RecurrentCell, reading inputs: Tensor, from start: [Tensor]? = nil,
  loss: (Tensor) -> Tensor = { $0.sum() }
) -> [[[Double]]] {
  let steps = inputs.shape[0]
  // Zeros added to each part of the state at every step: their gradient is that of the state.
  let probes = (0...steps).map { _ in
    cell.stateSizes.map { Tensor(.zeros([1, $0], dtype: inputs.dtype), requiresGrad: true) }
  }
  func probed(_ state: [Tensor], _ t: Int) -> [Tensor] { zip(state, probes[t]).map { $0 + $1 } }
  var state = probed(start ?? cell.initialState(batch: 1), 0)
  for t in 1...steps {
    state = probed(cell.step(inputs[t - 1], state, time: t - 1, below: nil), t)
  }
  loss(state[0]).backward()
  return cell.stateSizes.enumerated().map { part, size in
    probes.reversed().map { $0[part].grad?.doubles ?? [Double](repeating: 0, count: size) }
  }
}

/// The norms of these gradients, ‖∂L/∂h_T‖ being 1.
func gradientByDistance(
  _ cell: any RecurrentCell, reading inputs: Tensor, from start: [Tensor]? = nil,
  loss: (Tensor) -> Tensor = { $0.sum() }
) -> [[Double]] {
  let norms = stateGradients(cell, reading: inputs, from: start, loss: loss)
    .map { $0.map { $0.map { $0 * $0 }.reduce(0, +).squareRoot() } }
  return norms.map { $0.map { $0 / norms[0][0] } }
}

/// The state after `inputs`, `[time, 1, input]`, and how large the cell was on the average after each step.
func afterReading(
  _ cell: LSTMCell, _ inputs: Tensor
) -> (state: [Tensor], sizes: [Double]) {
  noGrad {
    var state = cell.initialState(batch: 1)
    let sizes = (0..<inputs.shape[0]).map { t in
      state = cell.step(inputs[t], state, time: t, below: nil)
      return state[1].value.abs().doubles.mean
    }
    return (state, sizes)
  }
}
