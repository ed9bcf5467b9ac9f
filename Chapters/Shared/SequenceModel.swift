import UnrollChapter

/// The three layers that the chapters compare.
public enum LayerKind: String, CaseIterable, Sendable {
  case rnn, lstm, gru

  public var title: String { rawValue.uppercased() }
}

/// A recurrent layer of one of the three kinds, and an output layer that reads its states.
public final class SequenceModel: Module, UnaryLayer {
  public let layer: Module
  public let output: Linear
  private let run: (Tensor) -> Tensor

  public init(_ kind: LayerKind, inputSize: Int, hiddenSize: Int, outputSize: Int) {
    switch kind {
    case .rnn:
      let rnn = RNN(inputSize: inputSize, hiddenSize: hiddenSize)
      (layer, run) = (rnn, { rnn($0).output })
    case .lstm:
      let lstm = LSTM(inputSize: inputSize, hiddenSize: hiddenSize)
      Init.forgetGateBias(lstm, 1)
      (layer, run) = (lstm, { lstm($0).output })
    case .gru:
      let gru = GRU(inputSize: inputSize, hiddenSize: hiddenSize)
      (layer, run) = (gru, { gru($0).output })
    }
    output = Linear(hiddenSize, outputSize)
  }

  /// All states of the layer: x `[time, batch, input]` gives `[time, batch, hidden]`.
  public func states(_ x: Tensor) -> Tensor { run(x) }

  /// An answer at every step: `[time, batch, output]`.
  public func everyStep(_ x: Tensor) -> Tensor { output(run(x)) }

  /// An answer at the last step: `[batch, output]`.
  public func forward(_ x: Tensor) -> Tensor { output(run(x).select(axis: 0, index: -1)) }
}
