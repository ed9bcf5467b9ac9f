import NN
import Testing

/// The general fused path: every cell that says only its arithmetic gives over a whole sequence what it
/// gives step by step.
struct GatedTests {
  /// Layer norm inside the cell, of each product on its own (Ba, Kiros & Hinton 2016).
  final class NormalizedLSTMCell: CellWeights, GatedCell {
    let scale_ih, scale_hh, scale_c: Parameter
    init(inputSize: Int, hiddenSize: Int, dtype: DType, generator: Generator) {
      func scale(_ size: Int) -> Parameter {
        Parameter(.uniform([size], in: 0.5...1.5, dtype: dtype, generator: generator))
      }
      (scale_ih, scale_hh) = (scale(4 * hiddenSize), scale(4 * hiddenSize))
      scale_c = scale(hiddenSize)
      super.init(
        gates: 4, inputSize: inputSize, hiddenSize: hiddenSize, dtype: dtype, generator: generator)
    }
    var stateSizes: [Int] { [hiddenSize, hiddenSize] }
    func step(
      fromInput: Tensor, fromState: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?
    ) -> [Tensor] {
      let sums =
        fromInput.layerNorm([4 * hiddenSize], weight: scale_ih)
        + fromState.layerNorm([4 * hiddenSize], weight: scale_hh)
      let parts = sums.chunk(4, axis: -1)
      let c = parts[1].sigmoid() * state[1] + parts[0].sigmoid() * parts[2].tanh()
      let shown = c.layerNorm([hiddenSize], weight: scale_c).tanh()
      return [parts[3].sigmoid() * shown, c]
    }
  }

  private func compare<Cell: GatedCell>(
    bidirectional: Bool, _ cell: @escaping (_ inputSize: Int, _ layer: Int) -> Cell
  ) throws {
    let layer = Recurrent(inputSize: 3, numLayers: 2, bidirectional: bidirectional, cell: cell)
    let states = bidirectional ? 4 : 2
    for lengths in [[4], [3, 3, 3], [2, 5, 1, 5]] {
      for (withState, checkpointing) in [(false, false), (true, false), (true, true)] {
        func results(fused: Bool) -> [NDArray] {
          let generator = Generator(seed: 7)
          func random(_ shape: [Int]) -> Tensor {
            Tensor(.normal(shape, dtype: .float64, generator: generator), requiresGrad: true)
          }
          layer.isFused = fused
          layer.checkpointing = checkpointing
          layer.zeroGrad()
          let padded = random([lengths.max()!, lengths.count, 3])
          let start = layer.cells[0][0].stateSizes.map { random([states, lengths.count, $0]) }
          let (output, last) = layer(
            packPaddedSequence(padded, lengths: lengths), withState ? start : nil)
          var loss = (output.data * random(output.data.shape).detach()).sum()
          for part in last { loss = loss + (part * random(part.shape).detach()).sum() }
          for walk in 1...2 { loss.backward(retainGraph: walk < 2) }
          return [output.data.value, padded.grad!] + last.map(\.value)
            + (withState ? start.map { $0.grad! } : []) + layer.parameters().map { $0.grad! }
        }
        for (place, (f, u)) in zip(results(fused: true), results(fused: false)).enumerated() {
          #expect(
            f.isClose(to: u, relative: 1e-10, absolute: 1e-10),
            "\(Cell.self) lengths \(lengths) state \(withState) again \(checkpointing): \(place)")
        }
      }
    }
  }

  @Test(arguments: [false, true]) func fusedEqualsUnrolled(bidirectional: Bool) throws {
    let g = Generator(seed: 1)
    try compare(bidirectional: bidirectional) { size, _ in
      PeepholeLSTMCell(inputSize: size, hiddenSize: 5, dtype: .float64, generator: g)
    }
    for (peephole, bias) in [(false, true), (true, false)] {
      try compare(bidirectional: bidirectional) { size, _ in
        CoupledLSTMCell(
          inputSize: size, hiddenSize: 5, peephole: peephole, bias: bias, dtype: .float64,
          generator: g)
      }
    }
    try compare(bidirectional: bidirectional) { size, layer in
      DepthGatedLSTMCell(
        inputSize: size, hiddenSize: 5, hasLayerBelow: layer > 0, dtype: .float64, generator: g)
    }
    try compare(bidirectional: bidirectional) { size, _ in
      ClockworkRNNCell(
        inputSize: size, hiddenSize: 6, periods: [1, 2, 3], dtype: .float64, generator: g)
    }
    try compare(bidirectional: bidirectional) { size, _ in
      NormalizedLSTMCell(inputSize: size, hiddenSize: 5, dtype: .float64, generator: g)
    }
  }

  /// Where only the arithmetic's own weights are learned, they are.
  @Test func frozenProducts() {
    let cell = PeepholeLSTMCell(inputSize: 2, hiddenSize: 3)
    let layer = Recurrent(inputSize: 2) { _, _ in cell }
    for weight in [cell.weight_ih, cell.weight_hh, cell.bias_ih!, cell.bias_hh!] {
      weight.isFrozen = true
    }
    layer(Tensor(.ones([4, 1, 2]))).output.sum().backward()
    #expect(cell.weight_co.grad != nil && cell.weight_hh.grad == nil)
  }
}
