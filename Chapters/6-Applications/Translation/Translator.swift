import Foundation
import Unroll

/// Reads a sequence of symbols and writes another: an encoder, a decoder, and between the two either
/// attention or one vector.
///
/// Symbols are numbers; of those that it writes, 0 begins and 1 ends a sequence.
package final class Translator: Module {
  package static let begin = 0, end = 1

  let source, target: Embedding
  let encoder, decoder: GRU
  let bridge, output: Linear
  let attention: AdditiveAttention?

  package init(sourceCount: Int, targetCount: Int, hiddenSize: Int = 64, attends: Bool = true) {
    source = Embedding(sourceCount, 24)
    target = Embedding(targetCount, 16)
    encoder = GRU(inputSize: 24, hiddenSize: hiddenSize, bidirectional: true)
    // What the encoder knows at both ends, as the decoder's first state.
    bridge = Linear(2 * hiddenSize, hiddenSize)
    decoder = GRU(inputSize: 16 + 2 * hiddenSize, hiddenSize: hiddenSize)
    attention =
      attends
      ? AdditiveAttention(querySize: hiddenSize, keySize: 2 * hiddenSize, hiddenSize: hiddenSize)
      : nil
    output = Linear(3 * hiddenSize, targetCount)
  }

  /// What the encoder has read.
  package struct Memory {
    /// The encoder's states at every place `[batch, time, 2·hidden]`, and the attention's part of
    /// the score that is the same at every step.
    let keys: Tensor
    let projected: Tensor?
    /// 1 where there is a symbol `[batch, time]`.
    let mask: NDArray
    /// The state after the last symbol and the one after the first, read backward: all there is to
    /// go by without attention, `[batch, 2·hidden]`.
    let summary: Tensor
  }

  /// The sequences, read; and the decoder's first state `[batch, hidden]`.
  package func read(_ sequences: [[Int]]) -> (memory: Memory, state: Tensor) {
    let lengths = sequences.map(\.count)
    let vectors = source(padSequence(sequences))  // [time, batch, 24]
    let (packed, last) = encoder(packPaddedSequence(vectors, lengths: lengths))
    let keys = padPackedSequence(packed).output.transposed(0, 1)
    let summary = Tensor.concatenate([last[0], last[1]], axis: 1)
    let memory = Memory(
      keys: keys, projected: attention?.projected(keys),
      mask: sequenceMask(lengths, batchFirst: true), summary: summary)
    return (memory, bridge(summary).tanh())
  }

  /// One symbol further: from the symbols written last, one for each sequence, to what the next are
  /// chosen by, the state then, and where the decoder looked `[batch, time]`.
  package func step(
    _ last: [Int], _ state: Tensor, _ memory: Memory
  ) -> (features: Tensor, state: Tensor, weights: Tensor?) {
    var (context, weights) = (memory.summary, Tensor?.none)
    if let attention {
      let seen = attention(
        state, keys: memory.keys, projected: memory.projected, mask: memory.mask)
      (context, weights) = (seen.context, seen.weights)
    }
    let input = Tensor.concatenate([target(Indices(last)), context], axis: 1)
    let (written, next) = decoder(input.unsqueezed(0), state.unsqueezed(0))
    return (.concatenate([written[0], context], axis: 1), next[0], weights)
  }

  /// Cross-entropy of the right answers, all of one length. The decoder is told what it should have
  /// written so far, not what it would have written (*teacher forcing*): one early mistake would
  /// otherwise spoil the rest of the lesson.
  package func loss(_ sequences: [[Int]], _ answers: [[Int]]) -> Tensor {
    var (memory, state) = read(sequences)
    var last = answers.map { _ in Self.begin }
    var features: [Tensor] = []
    var targets: [Int] = []
    for place in 0...answers[0].count {
      let (feature, next, _) = step(last, state, memory)
      features.append(feature)
      state = next
      last = answers.map { place < $0.count ? $0[place] : Self.end }
      targets += last
    }
    return crossEntropy(output(.concatenate(features)), Indices(targets))
  }
}
