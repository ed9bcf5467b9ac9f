import NN
import Testing

/// A layer fed one step at a time gives the bits that it gives when called on one step after the other.
struct StepperTests {
  private func compare<Cell>(
    _ layer: RecurrentLayer<Cell>, batch: Int, withState: Bool, bits: Bool = true
  ) {
    func same(_ a: NDArray, _ b: NDArray) -> Bool {
      bits ? a.doubles == b.doubles : a.isClose(to: b, relative: 1e-5, absolute: 1e-6)
    }
    let generator = Generator(seed: 3), size = layer.cells[0][0].inputSize
    let steps = (0..<4).map { _ in
      NDArray.normal([batch, size], dtype: .float32, generator: generator)
    }
    var state: [Tensor]? =
      withState
      ? layer.cells[0][0].stateSizes.map {
        Tensor(.normal([layer.numLayers, batch, $0], generator: generator))
      } : nil
    let stepper = layer.stepper(batch: batch, state)
    for (number, x) in steps.enumerated() {
      let (output, last) = noGrad { layer.over(Tensor(x.unsqueezed(0)), state) }
      state = last
      let h = stepper(x)
      #expect(
        same(h, output.value.squeezed(0)) && h.shape == [batch, output.shape[2]],
        "\(Cell.self) batch \(batch), step \(number)")
      for (a, b) in zip(stepper.state, last) {
        #expect(a.shape == b.shape && same(a.value, b.value))
      }
    }
  }

  @Test(arguments: [1, 3, 32], [false, true]) func theLayersBits(batch: Int, withState: Bool) {
    compare(RNN(inputSize: 5, hiddenSize: 40, numLayers: 2), batch: batch, withState: withState)
    compare(LSTM(inputSize: 5, hiddenSize: 40, numLayers: 2), batch: batch, withState: withState)
    compare(GRU(inputSize: 5, hiddenSize: 37), batch: batch, withState: withState)
    compare(LSTM(inputSize: 5, hiddenSize: 8, projSize: 3), batch: batch, withState: true)
    compare(
      Recurrent(inputSize: 5, numLayers: 2) { size, _ in
        PeepholeLSTMCell(inputSize: size, hiddenSize: 6)
      }, batch: 1, withState: true, bits: false)
  }

  /// Time goes on from step to step: a clockwork's slow groups stand still in between.
  @Test func timeGoesOn() {
    let layer = Recurrent(inputSize: 1) { size, _ in
      ClockworkRNNCell(inputSize: size, hiddenSize: 4, periods: [1, 2])
    }
    let x = NDArray.normal([5, 1, 1])
    let stepper = layer.stepper()
    let h = (0..<5).map { stepper(x.select(axis: 0, index: $0)) }
    #expect(NDArray.stack(h).isClose(to: layer(Tensor(x)).output.value, absolute: 1e-6))
  }

  /// Training that goes on meanwhile does not change a stepper's weights.
  @Test func theWeightsAreThoseOfTheBeginning() {
    let layer = GRU(inputSize: 2, hiddenSize: 6)
    let x = NDArray.normal([8, 2])
    let (one, other) = (layer.stepper(batch: 8), layer.stepper(batch: 8))
    let before = one(x)
    layer.cells[0][0].weight_ih.value += NDArray.ones([18, 2])
    #expect(other(x).doubles == before.doubles)
    #expect(layer.stepper(batch: 8)(x).doubles != before.doubles)
  }

  @Test func wrongUse() async {
    await #expect(processExitsWith: .failure) {
      _ = GRU(inputSize: 2, hiddenSize: 6, bidirectional: true).stepper()
    }
    await #expect(processExitsWith: .failure) {
      _ = GRU(inputSize: 2, hiddenSize: 6).stepper(batch: 2)(.zeros([1, 2]))
    }
  }
}
