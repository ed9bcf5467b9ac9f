import Foundation
import NN
import Testing

/// One cell of every kind, in Double.
private func makeCells() -> [any RecurrentCell] {
  let g = Generator(seed: 21)
  return [
    RNNCell(inputSize: 3, hiddenSize: 2, dtype: .float64, generator: g),
    RNNCell(
      inputSize: 3, hiddenSize: 2, nonlinearity: .relu, bias: false, dtype: .float64, generator: g),
    LSTMCell(inputSize: 3, hiddenSize: 2, dtype: .float64, generator: g),
    GRUCell(inputSize: 3, hiddenSize: 2, dtype: .float64, generator: g),
    PeepholeLSTMCell(inputSize: 3, hiddenSize: 2, dtype: .float64, generator: g),
    CoupledLSTMCell(inputSize: 3, hiddenSize: 2, dtype: .float64, generator: g),
    CoupledLSTMCell(inputSize: 3, hiddenSize: 2, peephole: true, dtype: .float64, generator: g),
    DepthGatedLSTMCell(
      inputSize: 3, hiddenSize: 2, hasLayerBelow: true, dtype: .float64, generator: g),
    DepthGatedLSTMCell(
      inputSize: 3, hiddenSize: 2, hasLayerBelow: false, bias: false, dtype: .float64, generator: g),
    ClockworkRNNCell(inputSize: 3, hiddenSize: 2, periods: [1, 3], dtype: .float64, generator: g),
    LSTMCell(inputSize: 3, hiddenSize: 3, projSize: 1, dtype: .float64, generator: g),
  ]
}

@Suite struct CellTests {
  @Test(arguments: makeCells().indices)
  func gradientsAreRight(place: Int) throws {
    let cell = makeCells()[place]
    let sizes = cell.stateSizes
    // Two steps, so that the state's gradient flows; the last two inputs are a state below.
    let inputs =
      [random([2, 3], seed: 1), random([2, 3], seed: 2)]
      + sizes.map { random([2, $0], seed: 3) } + [
        random([2, 2], seed: 8), random([2, 2], seed: 9),
      ]
    try gradientCheck(
      { tensors in
        let below = Array(tensors.suffix(2))
        var state = Array(tensors[2..<2 + sizes.count])
        for time in 0..<2 { state = cell.step(tensors[time], state, time: time, below: below) }
        return Tensor.concatenate(state, axis: 1)
      }, inputs: inputs, parameters: cell.parameters())
  }

  /// Dropped, walked, walked twice: the graph of a long sequence goes on a stack of 512 KB.
  @Test(arguments: makeCells().indices)
  func aLongSequenceIsForgotten(place: Int) {
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      let cell = makeCells()[place]
      let x = Tensor(random([1, 3], seed: 1)), below = Tensor(random([1, 2], seed: 2))
      let before = arrayBytesInUseHere
      for walks in 0...2 {
        var state = cell.stateSizes.map { Tensor.zeros([1, $0], dtype: .float64) }
        for time in 0..<3000 { state = cell.step(x, state, time: time, below: [below, below]) }
        let loss = Tensor.concatenate(state, axis: 1).sum()
        for _ in 0..<walks { loss.backward(retainGraph: walks == 2) }
      }
      for parameter in cell.parameters() { parameter.zeroGrad() }
      #expect(arrayBytesInUseHere <= before + 4096)
      done.signal()
    }
    thread.stackSize = 512 << 10
    thread.start()
    done.wait()
  }

  @Test func aMissingStateIsZeros() {
    let x = Tensor(random([4, 3]))
    let zeros = Tensor.zeros([4, 2], dtype: .float64)
    let cells = makeCells()
    let lstm = cells[2] as! LSTMCell, gru = cells[3] as! GRUCell
    #expect(lstm(x).h.value == lstm(x, (zeros, zeros)).h.value)
    #expect(gru(x).value == gru(x, zeros).value)
    #expect(lstm(x).h.shape == [4, 2] && lstm(Tensor(random([3]))).c.shape == [2])
  }

  /// Yao et al. 2015, number by number.
  @Test func depthGatedLSTMIsItsEquations() {
    let cell = makeCells()[7] as! DepthGatedLSTMCell
    let (x, h, c, below) = (
      random([3], seed: 1).doubles, random([2], seed: 2).doubles, random([2], seed: 3).doubles,
      random([2], seed: 4).doubles
    )
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    func row(_ w: Parameter, _ row: Int, _ v: [Double]) -> Double {
      zip(w.value[row].doubles, v).reduce(0) { $0 + $1.0 * $1.1 }
    }
    func at(_ p: Parameter?, _ place: Int) -> Double { p!.value[place].item }
    func sum(_ gate: Int, _ k: Int) -> Double {
      let r = 2 * gate + k
      return row(cell.weight_ih, r, x) + row(cell.weight_hh, r, h) + at(cell.bias_ih, r)
        + at(cell.bias_hh, r)
    }
    let (h1, c1) = cell(
      Tensor(NDArray(x, dtype: .float64)),
      (Tensor(NDArray(h, dtype: .float64)), Tensor(NDArray(c, dtype: .float64))),
      below: Tensor(NDArray(below, dtype: .float64)))
    for k in 0..<2 {
      let i = sigmoid(sum(0, k) + at(cell.weight_ci, k) * c[k])
      let f = sigmoid(sum(1, k) + at(cell.weight_cf, k) * c[k])
      let d = sigmoid(
        row(cell.weight_xd!, k, x) + at(cell.weight_cd, k) * c[k]
          + at(cell.weight_ld, k) * below[k] + at(cell.bias_d, k))
      let new = d * below[k] + f * c[k] + i * tanh(sum(2, k))
      let o = sigmoid(sum(3, k) + at(cell.weight_co, k) * new)
      #expect(abs(c1.value[k].item - new) < 1e-12)
      #expect(abs(h1.value[k].item - o * tanh(new)) < 1e-12)
    }
  }

  /// Koutník et al. 2014, number by number.
  @Test func clockworkRNNIsItsEquations() {
    let periods = [1, 2, 4]
    let cell = ClockworkRNNCell(
      inputSize: 2, hiddenSize: 6, periods: periods, dtype: .float64,
      generator: Generator(seed: 6))
    let steps = (0..<9).map { random([2], seed: UInt64($0)) }
    var state = [Double](repeating: 0, count: 6)
    var h: Tensor?
    for (time, x) in steps.enumerated() {
      let before = state
      for unit in 0..<6 where time % periods[unit / 2] == 0 {
        var sum = cell.bias_ih!.value[unit].item + cell.bias_hh!.value[unit].item
        for k in 0..<2 { sum += cell.weight_ih.value[unit, k].item * x[k].item }
        for other in 0..<6 where periods[unit / 2] <= periods[other / 2] {
          sum += cell.weight_hh.value[unit, other].item * before[other]
        }
        state[unit] = tanh(sum)
      }
      h = cell(Tensor(x), h, time: time)
      #expect(h!.value.largestDifference(from: NDArray(state, dtype: .float64)) < 1e-12)
    }
  }

  @Test func misuseStopsWithTheSizes() async {
    let input = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LSTMCell(inputSize: 3, hiddenSize: 2)(Tensor(.zeros([2, 4])))
    }
    expectWords("LSTMCell: input [2, 4], expected 3 features", input)
    let state = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GRUCell(inputSize: 3, hiddenSize: 2)(Tensor(.zeros([2, 3])), Tensor(.zeros([3, 2])))
    }
    expectWords("GRUCell: state h [3, 2], expected [2, 2]", state)
    let periods = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ClockworkRNNCell(inputSize: 1, hiddenSize: 4, periods: [2, 1])
    }
    expectWords("periods [2, 1] do not rise", periods)
  }
}
