import Foundation

/// A sequence that beam search has found.
public struct Hypothesis: Equatable, Sendable {
  /// Its tokens, without the one that ends it.
  public let tokens: [Int]
  /// log p of the tokens and the end.
  public let logProbability: Double
  /// `logProbability` by the length penalty: what hypotheses are ordered by.
  public let score: Double
  /// Whether the model ended it, rather than `maxLength`.
  public let isFinished: Bool
}

private struct Beam<State> {
  var tokens: [Int]
  var logProbability: Double
  var state: State
}

/// Looks for the likeliest sequence a decoder can write, keeping at each step the `width` best
/// beginnings; width 1 is greedy decoding.
///
///     let found = beamSearch(from: state, width: 4, end: 2, maxLength: 20) { state, tokens in
///       let (logits, next) = decoder(tokens.last ?? 1, state)
///       return (logits.logSoftmax().value.doubles, next)
///     }
///     found[0].tokens
///
/// - Parameters:
///   - state: what the decoder starts from, such as its hidden state.
///   - width: how many beginnings are kept.
///   - end: the token that ends a sequence.
///   - maxLength: a sequence of so many tokens ends without it.
///   - lengthPenalty: sequences are ordered by log p / lengthᵅ, the end counted (α; Wu et al. 2016 in
///     its plain form): 0 favors short ones.
///   - step: from a state and the tokens so far to log p of each next token, and the state then.
/// - Returns: up to `width` sequences, the best first.
public func beamSearch<State>(
  from state: State, width: Int = 4, end: Int, maxLength: Int, lengthPenalty: Double = 1,
  step: (_ state: State, _ tokens: [Int]) -> (logProbabilities: [Double], state: State)
) -> [Hypothesis] {
  guard width > 0, maxLength > 0, lengthPenalty >= 0 else {
    wrongUse(
      "beamSearch: width \(width), maxLength \(maxLength), lengthPenalty \(lengthPenalty)")
  }
  func hypothesis(_ tokens: [Int], _ logProbability: Double, finished: Bool) -> Hypothesis {
    let length = Double(tokens.count + (finished ? 1 : 0))
    return Hypothesis(
      tokens: tokens, logProbability: logProbability,
      score: logProbability / pow(length, lengthPenalty), isFinished: finished)
  }
  var beams = [Beam(tokens: [], logProbability: 0, state: state)]
  var found: [Hypothesis] = []
  for length in 1...maxLength {
    var next: [(beam: Int, token: Int, logProbability: Double)] = []
    var states: [State] = []
    for (number, beam) in beams.enumerated() {
      let (logP, state) = step(beam.state, beam.tokens)
      states.append(state)
      guard logP.indices.contains(end) else {
        wrongUse("beamSearch: the end is token \(end), and there are \(logP.count)")
      }
      for (token, p) in logP.enumerated() where p > -.infinity {
        next.append((number, token, beam.logProbability + p))
      }
    }
    next.sort { ($1.logProbability, $0.beam, $0.token) < ($0.logProbability, $1.beam, $1.token) }
    var kept: [Beam<State>] = []
    for way in next.prefix(width) {
      let tokens = beams[way.beam].tokens
      if way.token == end {
        found.append(hypothesis(tokens, way.logProbability, finished: true))
      } else {
        kept.append(
          Beam(
            tokens: tokens + [way.token], logProbability: way.logProbability,
            state: states[way.beam]))
      }
    }
    beams = kept
    if length == maxLength {
      found += beams.map { hypothesis($0.tokens, $0.logProbability, finished: false) }
    }
    // What goes on only loses probability: nothing can overtake `width` that are better already.
    let bound = beams.map { $0.logProbability / pow(Double(maxLength + 1), lengthPenalty) }.max()
    let better = found.count { $0.score >= bound ?? -.infinity }
    if beams.isEmpty || better >= width { break }
  }
  return Array(
    found.sorted { a, b in
      a.score == b.score ? a.tokens.lexicographicallyPrecedes(b.tokens) : a.score > b.score
    }.prefix(width))
}
