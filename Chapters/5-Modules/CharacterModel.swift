import Foundation
import Unroll

/// The networks that learn to write.
package enum CharacterNetwork: String, CaseIterable, Sendable {
  case rnn, gru, lstm, deepLSTM = "deep_lstm", bidirectionalLSTM = "bi_lstm"

  var title: String {
    switch self {
    case .rnn: "RNN"
    case .gru: "GRU"
    case .lstm: "LSTM"
    case .deepLSTM: "LSTM, 2 layers"
    case .bidirectionalLSTM: "LSTM, both directions"
    }
  }
}

/// Characters in, scores for the next character out, at every step.
package final class CharacterModel: Module {
  let network: CharacterNetwork
  let classes: Int
  let layer: Module
  let dropout: Dropout
  let output: Linear
  private let run: (Tensor, [Tensor]?) -> (output: Tensor, state: [Tensor])

  package init(
    _ network: CharacterNetwork, classes: Int, hiddenSize: Int = 256,
    dropout probability: Double = 0
  ) {
    (self.network, self.classes) = (network, classes)
    let both = network == .bidirectionalLSTM
    switch network {
    case .rnn:
      let rnn = RNN(inputSize: classes, hiddenSize: hiddenSize)
      layer = rnn
      run = { x, state in
        let (output, h) = rnn(x, state?[0])
        return (output, [h])
      }
    case .gru:
      let gru = GRU(inputSize: classes, hiddenSize: hiddenSize)
      layer = gru
      run = { x, state in
        let (output, h) = gru(x, state?[0])
        return (output, [h])
      }
    case .lstm, .deepLSTM, .bidirectionalLSTM:
      let lstm = LSTM(
        inputSize: classes, hiddenSize: hiddenSize, numLayers: network == .lstm ? 1 : 2,
        bidirectional: both)
      layer = lstm
      run = { x, state in
        let (output, (h, c)) = lstm(x, state.map { ($0[0], $0[1]) })
        return (output, [h, c])
      }
    }
    dropout = Dropout(probability)
    output = Linear(both ? 2 * hiddenSize : hiddenSize, classes)
  }

  /// Ids `[time, batch]`; scores `[time · batch, classes]`, and the state to go on from.
  package func callAsFunction(_ ids: Indices, _ state: [Tensor]? = nil) -> (Tensor, state: [Tensor])
  {
    let (states, last) = run(Tensor(.oneHot(ids, classes: classes)), state)
    let rows = states.reshaped([ids.values.count, states.shape[2]])
    return (output(dropout(rows)), last.map { $0.detach() })
  }

  /// e to the mean cross-entropy over a text, read from its start in one piece, or in stretches of
  /// `steps` that know nothing of each other.
  package func perplexity(_ ids: [Int], steps: Int? = nil) -> Double {
    let length = steps ?? ids.count - 1
    return inEvaluation {
      var total = 0.0, count = 0
      for start in stride(from: 0, through: ids.count - 1 - length, by: length) {
        let input = Indices(Array(ids[start..<start + length])).reshaped([length, 1])
        let target = Indices(Array(ids[start + 1..<start + 1 + length]))
        total += crossEntropy(self(input).0, target, reduction: .sum).item
        count += length
      }
      return exp(total / Double(count))
    }
  }

  /// The probability of each character of a text, from the second on, read in one piece.
  package func probabilities(_ ids: [Int]) -> [Double] {
    let input = Indices(Array(ids.dropLast())).reshaped([ids.count - 1, 1])
    let next = Indices(Array(ids.dropFirst()))
    return inEvaluation { crossEntropy(self(input).0, next, reduction: .none).value.doubles }
      .map { exp(-$0) }
  }

  /// The prefix told on, each time with the most likely character; what was told so far is all that
  /// the network is given.
  package func continued(_ prefix: [Int], by count: Int) -> [Int] {
    return inEvaluation {
      var told = prefix
      var (scores, state) = self(Indices(prefix).reshaped([prefix.count, 1]))
      for _ in 0..<count {
        told.append(scores.value[-1].argmax(axis: 0).values[0])
        (scores, state) = self(Indices([told.last!]).reshaped([1, 1]), state)
      }
      return told
    }
  }
}
