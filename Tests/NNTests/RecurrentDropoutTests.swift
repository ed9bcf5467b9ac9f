import NN
import Testing

/// A mask on h, one for all steps: Gal & Ghahramani 2016, Keras' `recurrent_dropout`.
@Suite struct RecurrentDropoutTests {
  private let x = random([4, 3, 2])

  /// The layer beside its cell, stepped by hand with the mask that a generator of this seed draws.
  @Test func hIsMaskedBeforeEveryStep() {
    func layer(_ generator: Generator) -> LSTM {
      LSTM(
        inputSize: 2, hiddenSize: 5, recurrentDropout: 0.4, dtype: .float64, generator: generator)
    }
    let lstm = layer(Generator(seed: 7))
    // Where that generator stands once it has drawn the weights.
    let generator = Generator(seed: 7)
    _ = layer(generator)
    let mask = Tensor.ones([3, 5], dtype: .float64).dropout(0.4, generator: generator)
    #expect(Set(mask.value.doubles) == [0, 1 / 0.6])

    var (h, c) = (Tensor.zeros([3, 5], dtype: .float64), Tensor.zeros([3, 5], dtype: .float64))
    let output = lstm(Tensor(x)).output
    for t in 0..<4 {
      (h, c) = lstm.cells[0][0](Tensor(x[t]), (h * mask, c))
      #expect((output.value[t] - h.value).abs().max().item < 1e-12)
    }
  }

  @Test func restsInEvaluation() {
    func outputs(_ share: Double) -> NDArray {
      let gru = GRU(
        inputSize: 2, hiddenSize: 5, recurrentDropout: share, bidirectional: true, dtype: .float64,
        generator: Generator(seed: 2))
      gru.eval()
      return gru(Tensor(x)).output.value
    }
    #expect(outputs(0.5) == outputs(0))
  }

  /// All of h gone: every step begins anew, as a cell of PyTorch's from a state of zeros.
  @Test func withoutHEveryStepStandsAlone() {
    let rnn = RNN(
      inputSize: 2, hiddenSize: 3, recurrentDropout: 1, dtype: .float64,
      generator: Generator(seed: 2))
    let output = rnn(Tensor(x)).output.value
    for t in 0..<4 {
      let alone = rnn.cells[0][0](Tensor(x[t])).value
      #expect((output[t] - alone).abs().max().item < 1e-12)
    }
  }

  @Test func gradientsAreRightOverUnequalSequences() throws {
    let input = random([4, 3, 2])
    for bidirectional in [false, true] {
      // Made anew each time, so that every run draws the same mask.
      func output(_ x: Tensor, _ layer: GRU) -> Tensor {
        layer(packPaddedSequence(x, lengths: [4, 2, 1])).output.data.tanh()
      }
      let weights = GRU(
        inputSize: 2, hiddenSize: 3, numLayers: 2, dropout: 0.3, recurrentDropout: 0.4,
        bidirectional: bidirectional, dtype: .float64, generator: Generator(seed: 5))
      try gradientCheck(
        { inputs in
          let fresh = GRU(
            inputSize: 2, hiddenSize: 3, numLayers: 2, dropout: 0.3, recurrentDropout: 0.4,
            bidirectional: bidirectional, dtype: .float64, generator: Generator(seed: 5))
          try! fresh.loadStateDict(weights.stateDict())
          return output(inputs[0], fresh)
        }, inputs: [input])
    }
  }

  @Test func aShareOutsideIsRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = LSTM(inputSize: 1, hiddenSize: 1, recurrentDropout: 1.5)
    }
  }
}
