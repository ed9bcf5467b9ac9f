/// A linear-chain conditional random field over a network's scores for tags (Lafferty et al. 2001; on
/// an LSTM: Lample et al. 2016). It weighs whole sequences of tags, so that a tag's neighbors count:
///
///     score(y) = start[y₁] + Σₜ scores[t, yₜ] + Σₜ transitions[yₜ₋₁, yₜ] + end[y_T]
///     p(y) = e^score(y) / Z
///
/// Z, the sum over all sequences of tags, comes from the forward algorithm; the best sequence from
/// Viterbi's. Parameters: `transitions` `[tags, tags]` (from, to), `start_transitions` and
/// `end_transitions` `[tags]`, evenly from ±0.1 at the start.
public final class LinearChainCRF: Module {
  /// How many tags there are; they are numbered from 0.
  public let tags: Int
  /// What a step from one tag to the next scores, `[tags (from), tags (to)]`.
  public let transitions: Parameter
  /// What a sequence scores for its first and for its last tag, `[tags]` each.
  public let start_transitions, end_transitions: Parameter

  /// Scores drawn evenly from ±0.1; `tags` below 1 stops the program.
  public init(_ tags: Int, dtype: DType = .float32, generator: Generator = .default) {
    checkSizes("LinearChainCRF", ("tags", tags))
    self.tags = tags
    start_transitions = Parameter(uniform: 0.1, [tags], dtype, generator)
    end_transitions = Parameter(uniform: 0.1, [tags], dtype, generator)
    transitions = Parameter(uniform: 0.1, [tags, tags], dtype, generator)
  }

  /// −log p of the right tags, one number a sequence.
  ///
  /// - Parameters:
  ///   - scores: of each tag at each step, `[time, batch, tags]`.
  ///   - target: the right tags `[time, batch]`; in the padding any tag.
  ///   - lengths: the real steps of each sequence, at least 1; all if left out.
  ///   - reduction: over the sequences.
  public func loss(
    _ scores: Tensor, _ target: Indices, lengths: [Int]? = nil, reduction: Reduction = .mean
  ) -> Tensor {
    let lengths = checked("LinearChainCRF.loss", scores, lengths)
    let (steps, batch) = (scores.shape[0], scores.shape[1])
    guard target.shape == [steps, batch], target.values.allSatisfy((0..<tags).contains) else {
      wrongUse("LinearChainCRF.loss: scores \(scores.shape) and target \(target.shape)")
    }
    let losses =
      batch > 0
      ? surprise(scores, target, lengths)
      // No sequence: nothing, and gradients of zeros.
      : parameters().reduce(scores.sum(axes: [0, 2])) { $0 + $1.sum() }
    switch reduction {
    case .none: return losses
    case .mean: return losses.mean()
    case .sum: return losses.sum()
    }
  }

  /// The likeliest tags of each sequence, by Viterbi's algorithm, and their probability's logarithm.
  public func decode(
    _ scores: Tensor, lengths: [Int]? = nil
  ) -> [(tags: [Int], logProbability: Double)] {
    let lengths = checked("LinearChainCRF.decode", scores, lengths)
    let all = scores.value.doubles, (steps, batch) = (scores.shape[0], scores.shape[1])
    if batch == 0 { return [] }
    let from = transitions.value.doubles
    let start = start_transitions.value.doubles, end = end_transitions.value.doubles
    let paths = (0..<batch).map { sequence in
      func score(_ t: Int, _ tag: Int) -> Double { all[(t * batch + sequence) * tags + tag] }
      var best = (0..<tags).map { start[$0] + score(0, $0) }
      var back: [[Int]] = []
      for t in 1..<max(1, lengths[sequence]) {
        let ways = (0..<tags).map { tag in
          (0..<tags).max { best[$0] + from[$0 * tags + tag] < best[$1] + from[$1 * tags + tag] }!
        }
        best = (0..<tags).map { best[ways[$0]] + from[ways[$0] * tags + $0] + score(t, $0) }
        back.append(ways)
      }
      let ended = (0..<tags).map { best[$0] + end[$0] }
      var tag = (0..<tags).max { ended[$0] < ended[$1] }!
      var path = [tag]
      for ways in back.reversed() {
        tag = ways[tag]
        path.append(tag)
      }
      return Array(path.reversed())
    }
    let tagged = padSequence(paths, value: 0)  // [longest, batch]
    let padding = [Int](repeating: 0, count: (steps - tagged.shape[0]) * batch)
    let target = Indices(tagged.values + padding, shape: [steps, batch])
    let losses = noGrad { surprise(scores, target, lengths).value.doubles }
    return zip(paths, losses).map { ($0, 0 - $1) }
  }

  /// log Z − score(y) of given tags y, `[batch]`: the forward algorithm for how far the score of each
  /// sequence of tags lies from theirs, so that nothing cancels where they have nearly all of Z.
  ///
  ///     αₜ(j) = logΣ over i (αₜ₋₁(i) + transitions[i, j] − transitions[yₜ₋₁, yₜ])
  ///             + scores[t, j] − scores[t, yₜ]
  private func surprise(_ scores: Tensor, _ target: Indices, _ lengths: [Int]) -> Tensor {
    let (steps, batch) = (scores.shape[0], scores.shape[1])
    let shortest = lengths.min()!
    func given(_ t: Int) -> [Int] { Array(target.values[t * batch..<(t + 1) * batch]) }
    let moves = transitions.reshaped([tags * tags])
    var alpha = distances(start_transitions, from: given(0)) + distances(scores[0], from: given(0))
    for t in 1..<max(1, steps) {
      let pairs = zip(given(t - 1), given(t)).map { $0 * tags + $1 }
      let move = distances(moves, from: pairs).reshaped([batch, tags, tags])
      let next =
        (alpha.unsqueezed(2) + move).logSumExp(axis: 1) + distances(scores[t], from: given(t))
      alpha = t < shortest ? next : .where(running(at: t, lengths, scores.dtype), next, alpha)
    }
    let last = lengths.enumerated().map { target.values[($1 - 1) * batch + $0] }
    return (alpha + distances(end_transitions, from: last)).logSumExp(axis: 1)
  }

  /// Each number less that of the place given, for every sequence: from `[batch, n]`, or from `[n]`
  /// for all of them, `[batch, n]`.   ∂L/∂(the place's own) = −Σ of the others' dy
  private func distances(_ table: Tensor, from places: [Int]) -> Tensor {
    let n = table.shape.last!
    let numbers = table.value.expanded(to: [places.count, n])
    let chosen = numbers.gather(Indices(places, shape: [places.count, 1]), axis: 1)
    return Tensor("crf", of: table, value: numbers - chosen) { dy in
      let own = NDArray.oneHot(Indices(places), classes: n, dtype: dy.dtype)
      let others = dy * (1.0 - own)
      return others - own * others.sum(axis: 1, keepDims: true)
    }
  }

  /// 1 for the sequences that are still running at a step, `[batch, 1]`.
  private func running(at step: Int, _ lengths: [Int], _ dtype: DType) -> NDArray {
    NDArray(lengths.map { step < $0 ? 1.0 : 0 }, shape: [lengths.count, 1], dtype: dtype)
  }

  private func checked(_ operation: String, _ scores: Tensor, _ lengths: [Int]?) -> [Int] {
    guard scores.rank == 3, scores.shape[2] == tags, scores.shape[0] > 0 || scores.shape[1] == 0
    else {
      wrongUse("\(operation): scores \(scores.shape), expected [time, batch, \(tags)]")
    }
    let lengths = lengths ?? Array(repeating: scores.shape[0], count: scores.shape[1])
    guard lengths.count == scores.shape[1],
      lengths.allSatisfy({ $0 >= 1 && $0 <= scores.shape[0] })
    else {
      wrongUse("\(operation): lengths \(lengths) for scores \(scores.shape)")
    }
    return lengths
  }
}
