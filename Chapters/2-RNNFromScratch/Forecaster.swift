import Unroll

/// The layer above with an output layer: a window in, the next value out.
final class Forecaster: Module, UnaryLayer {
  let rnn: ScratchRNN
  let dropout: Dropout
  let output: Linear

  init(hiddenSize: Int, dropout probability: Double) {
    rnn = ScratchRNN(inputSize: 1, hiddenSize: hiddenSize)
    dropout = Dropout(probability)
    output = Linear(hiddenSize, 1)
  }

  /// x `[time, batch, 1]` gives `[batch, 1]`.
  func forward(_ x: Tensor) -> Tensor { output(dropout(rnn(x).last)) }

  /// The same without dropout, a number for each window.
  func answers(_ x: NDArray) -> [Double] { inEvaluation { self(Tensor(x)).value.doubles } }
}
