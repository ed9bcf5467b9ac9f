import Foundation
import Unroll

extension Translator {
  /// The symbol with the highest score, step after step: greedy decoding of many sequences at once,
  /// with what the decoder looked at, `[sequence][step][place]`, if it attends.
  package func greedy(
    _ sequences: [[Int]], maxLength: Int
  ) -> (answers: [[Int]], weights: [[[Double]]]) {
    inEvaluation {
      var (memory, state) = read(sequences)
      var last = sequences.map { _ in Self.begin }
      var answers = sequences.map { _ in [Int]() }
      var weights = sequences.map { _ in [[Double]]() }
      var ended = sequences.map { _ in false }
      for _ in 0..<maxLength where ended.contains(false) {
        let (features, next, looked) = step(last, state, memory)
        state = next
        last = output(features).argmax(axis: 1).values
        let places = looked?.value.doubles ?? [], width = memory.keys.shape[1]
        for k in sequences.indices where !ended[k] {
          if last[k] == Self.end {
            ended[k] = true
            continue
          }
          answers[k].append(last[k])
          if looked != nil {
            weights[k].append(Array(places[k * width..<k * width + sequences[k].count]))
          }
        }
      }
      return (answers, weights)
    }
  }

  /// The likeliest answers to one sequence, looked for with `width` beginnings at a time.
  package func beam(_ sequence: [Int], width: Int, maxLength: Int) -> [Hypothesis] {
    inEvaluation {
      let (memory, state) = read([sequence])
      return beamSearch(
        from: state, width: width, end: Self.end, maxLength: maxLength, lengthPenalty: 0
      ) { state, tokens in
        let (features, next, _) = step([tokens.last ?? Self.begin], state, memory)
        return (output(features).logSoftmax().value.doubles, next)
      }
    }
  }

  /// Greedy decoding in batches.
  package func answers(_ sequences: [[Int]], maxLength: Int, batchSize: Int = 128) -> [[Int]] {
    var answers = sequences
    for batch in lengthBuckets(sequences.map(\.count), batchSize: batchSize) {
      let found = greedy(batch.map { sequences[$0] }, maxLength: maxLength).answers
      for (place, answer) in zip(batch, found) { answers[place] = answer }
    }
    return answers
  }
}
