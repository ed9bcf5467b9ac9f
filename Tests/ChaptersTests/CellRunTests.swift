import ChapterTools
import Foundation
import RNNFromScratch
import Testing
import Unroll

/// The numbers of the cell drawing against the library's cells and autograd.
@Suite struct CellRunTests {
  private static let inputs: [[Double]] = [
    [0.5, -0.2], [-1.2, 0.3], [0.9, 1], [0, -0.7], [2, 0.1], [-0.4, 0.6],
  ]

  /// The states and their gradients, `[part][time][unit]`, and the inputs' gradients.
  private func byAutograd(
    _ cell: any RecurrentCell
  ) -> (states: [[[Double]]], gradients: [[[Double]]], inputs: [[Double]]) {
    let parts = cell.stateSizes.indices
    var state = cell.initialState(batch: 1)
    var states = parts.map { _ in [[Double]]() }, probes = parts.map { _ in [Tensor]() }
    let inputs = Self.inputs.map { Tensor(NDArray([$0], dtype: .float64), requiresGrad: true) }
    for (time, x) in inputs.enumerated() {
      state = cell.step(x, state, time: time, below: nil)
      for part in parts {
        // Zeros added to a state: their gradient is the state's.
        let probe = Tensor.zeros(state[part].shape, dtype: .float64)
        let own = Tensor(probe.value, requiresGrad: true)
        state[part] = state[part] + own
        states[part].append(state[part].value.doubles)
        probes[part].append(own)
      }
    }
    state[0].sum().backward()
    return (
      states, probes.map { $0.map { ($0.grad ?? .zeros($0.shape)).doubles } },
      inputs.map { $0.grad!.doubles }
    )
  }

  private func compare(_ run: CellRun, _ cell: any RecurrentCell, _ names: [String]) {
    let expected = byAutograd(cell)
    for (part, name) in names.enumerated() {
      for t in run.steps.indices {
        #expect(isClose(run.steps[t][name]!, expected.states[part][t]), "\(name) at \(t)")
        #expect(isClose(run.gradients[t]["x"]!, expected.inputs[t]), "∂x at \(t)")
        // What goes back to a step is what its state's probe was told.
        guard t > 0 else { continue }
        let back = run.gradients[t]["\(name)Before"]!
        #expect(isClose(back, expected.gradients[part][t - 1]), "∂\(name)₋ at \(t)")
        if name == "h" { #expect(isClose(run.gradients[t - 1]["h"]!, back)) }
      }
    }
  }

  private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test func lstm() {
    let cell = LSTMCell(inputSize: 2, hiddenSize: 3, dtype: .float64)
    compare(CellRun(cell, reading: Self.inputs), cell, ["h", "c"])
  }

  @Test func gru() {
    let cell = GRUCell(inputSize: 2, hiddenSize: 3, dtype: .float64)
    compare(CellRun(cell, reading: Self.inputs), cell, ["h"])
  }

  @Test func rnn() {
    let cell = RNNCell(inputSize: 2, hiddenSize: 3, dtype: .float64)
    let run = CellRun(
      weight_ih: cell.weight_ih.value, weight_hh: cell.weight_hh.value,
      bias_ih: cell.bias_ih!.value, bias_hh: cell.bias_hh!.value, reading: Self.inputs)
    compare(run, cell, ["h"])
  }

  /// ∂ of a gate: what a small change of it does to the loss, the steps after it computed anew.
  @Test func gatesByDifferences() {
    let cell = LSTMCell(inputSize: 2, hiddenSize: 1, dtype: .float64)
    let run = CellRun(cell, reading: Self.inputs)
    let (t, change) = (3, 1e-6)
    for name in ["i", "f", "g", "o"] {
      func loss(_ sign: Double) -> Double {
        var v = run.steps[t].mapValues { $0[0] }
        v[name]! += sign * change
        let c = v["f"]! * run.steps[t - 1]["c"]![0] + v["i"]! * v["g"]!
        var state = [
          Tensor([[v["o"]! * tanh(c)]], dtype: .float64), Tensor([[c]], dtype: .float64),
        ]
        for later in (t + 1)..<Self.inputs.count {
          let x = Tensor(NDArray([Self.inputs[later]], dtype: .float64))
          state = cell.step(x, state, time: later, below: nil)
        }
        return state[0].item
      }
      let slope = (loss(1) - loss(-1)) / (2 * change)
      #expect(abs(run.gradients[t][name]![0] - slope) < 1e-9, "∂\(name)")
    }
  }
}
