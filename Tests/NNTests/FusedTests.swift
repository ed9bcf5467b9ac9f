import NN
import Testing

/// A layer's fused twin gives what its cells give step by step: values and every gradient.
struct FusedTests {
  /// Output, last states, and the gradients of input, first state and parameters of `layer`.
  private func results<Cell>(
    _ layer: RecurrentLayer<Cell>, fused: Bool, lengths: [Int], features: Int, dtype: DType,
    withState: Bool, walks: Int = 1
  ) -> [(name: String, value: NDArray)] {
    let generator = Generator(seed: 7)
    func random(_ shape: [Int]) -> Tensor {
      Tensor(.normal(shape, dtype: dtype, generator: generator), requiresGrad: true)
    }
    layer.isFused = fused
    layer.zeroGrad()
    let padded = random([lengths.max()!, lengths.count, features])
    let states = layer.numLayers * (layer.bidirectional ? 2 : 1)
    let sizes = layer.cells[0][0].stateSizes
    let start = sizes.map { random([states, lengths.count, $0]) }
    let packed = packPaddedSequence(padded, lengths: lengths)
    let (output, last) = layer.over(packed, withState ? start : nil)
    // Weigh every result differently, so that no gradient can be another's.
    var loss = (output.data * random(output.data.shape).detach()).sum()
    for part in last { loss = loss + (part * random(part.shape).detach()).sum() }
    for walk in 1...walks { loss.backward(retainGraph: walk < walks) }
    var results = [("output", output.data.value)] + last.map { ("last state", $0.value) }
    results.append(("∂input", padded.grad!))
    if withState { results += start.map { ("∂state", $0.grad!) } }
    results += layer.namedParameters().map { ("∂" + $0.name, $0.parameter.grad!) }
    return results
  }

  private func compare<Cell>(_ name: String, _ layer: RecurrentLayer<Cell>, _ features: Int) {
    let dtype = layer.parameters()[0].dtype
    for lengths in [[4], [3, 3, 3], [2, 5, 1, 5], [1, 1]] {
      for withState in [false, true] {
        for walks in 1...2 {
          func run(fused: Bool) -> [(name: String, value: NDArray)] {
            results(
              layer, fused: fused, lengths: lengths, features: features, dtype: dtype,
              withState: withState, walks: walks)
          }
          for (f, u) in zip(run(fused: true), run(fused: false)) {
            let bound = dtype == .float64 ? 1e-11 : 2e-5
            #expect(
              f.value.shape == u.value.shape
                && f.value.isClose(to: u.value, relative: bound, absolute: bound),
              "\(name) \(dtype) lengths \(lengths) state \(withState) walks \(walks): \(f.name)")
          }
        }
      }
    }
  }

  @Test(arguments: [DType.float32, .float64], [false, true])
  func fusedEqualsUnrolled(dtype: DType, bidirectional: Bool) {
    for bias in [true, false] {
      for nonlinearity in [RNNCell.Nonlinearity.tanh, .relu] {
        compare(
          "RNN \(nonlinearity)",
          RNN(
            inputSize: 3, hiddenSize: 5, numLayers: 2, nonlinearity: nonlinearity, bias: bias,
            bidirectional: bidirectional, dtype: dtype), 3)
      }
      compare(
        "LSTM",
        LSTM(
          inputSize: 1, hiddenSize: 17, numLayers: 2, bias: bias, bidirectional: bidirectional,
          dtype: dtype), 1)
      compare(
        "GRU",
        GRU(
          inputSize: 4, hiddenSize: 6, numLayers: 1, bias: bias, bidirectional: bidirectional,
          dtype: dtype), 4)
    }
  }

  /// Gates that are computed again give the bits that kept ones give.
  @Test(arguments: [false, true]) func checkpointing(bidirectional: Bool) {
    func runs<Cell>(
      _ lengths: [Int], _ layer: (_ checkpointing: Bool) -> RecurrentLayer<Cell>
    ) -> [[[Double]]] {
      [false, true].map {
        results(
          layer($0), fused: true, lengths: lengths, features: 3, dtype: .float32, withState: false,
          walks: 2
        ).map(\.value.doubles)
      }
    }
    for lengths in [[4], [400], [300, 300], [310, 300, 7, 300]] {
      let lstm = runs(lengths) {
        LSTM(
          inputSize: 3, hiddenSize: 20, numLayers: 2, bidirectional: bidirectional,
          checkpointing: $0, generator: Generator(seed: 1))
      }
      let gru = runs(lengths) {
        GRU(
          inputSize: 3, hiddenSize: 20, numLayers: 2, bidirectional: bidirectional,
          checkpointing: $0, generator: Generator(seed: 1))
      }
      #expect(lstm[0] == lstm[1] && gru[0] == gru[1], "lengths \(lengths)")
    }
  }

  @Test func checkpointingHalvesTheMemory() {
    func kept(_ checkpointing: Bool) -> Int {
      let lstm = LSTM(inputSize: 1, hiddenSize: 32, checkpointing: checkpointing)
      let x = Tensor(.ones([2000, 4, 1]))
      let before = arrayBytesInUseHere
      let output = lstm(x).output
      return withExtendedLifetime(output) { arrayBytesInUseHere - before }
    }
    #expect(kept(true) * 2 < kept(false))
  }
}
