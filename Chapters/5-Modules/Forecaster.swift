import ChapterTools
import Unroll

/// Reads a whole series and answers at every step with the next value.
package final class Forecaster: Module {
  package let layer: Module
  let output: Linear
  private let run: (Tensor) -> Tensor

  /// Two layers; in the RNN the states' weights are orthogonal, as the recipe has it.
  package init(_ kind: LayerKind, hiddenSize: Int) {
    switch kind {
    case .rnn:
      let rnn = RNN(inputSize: 1, hiddenSize: hiddenSize, numLayers: 2)
      (layer, run) = (rnn, { rnn($0).output })
    case .lstm:
      let lstm = LSTM(inputSize: 1, hiddenSize: hiddenSize, numLayers: 2)
      (layer, run) = (lstm, { lstm($0).output })
    case .gru:
      let gru = GRU(inputSize: 1, hiddenSize: hiddenSize, numLayers: 2)
      (layer, run) = (gru, { gru($0).output })
    }
    output = Linear(hiddenSize, 1)
    super.init()
    if kind == .rnn {
      for (name, parameter) in layer.namedParameters() where name.hasPrefix("weight_hh") {
        Init.orthogonal(parameter)
      }
    }
  }

  /// x `[time, 1, 1]`, answers `[time]`.
  package func callAsFunction(_ x: Tensor) -> Tensor { output(run(x)).reshaped([x.shape[0]]) }
}

/// The fully connected one: three months in, the next out; layers of 20, 10 and 5, Kaiming's
/// weights.
package func fullyConnectedForecaster() -> Sequential {
  let layers = [Linear(3, 20), Linear(20, 10), Linear(10, 5), Linear(5, 1)]
  for layer in layers {
    Init.kaimingNormal(layer.weight)
    Init.zeros(layer.bias!)
  }
  return Sequential(layers[0], ReLU(), layers[1], ReLU(), layers[2], ReLU(), layers[3])
}
