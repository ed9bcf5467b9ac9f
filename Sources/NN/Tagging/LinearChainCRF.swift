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
  public let tags: Int
  public let transitions: Parameter
  public let start_transitions, end_transitions: Parameter

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
    let losses = logPartition(scores, lengths) - score(scores, target, lengths)
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
    let partition = noGrad { logPartition(scores, lengths).value.doubles }
    let all = scores.value.doubles, batch = scores.shape[1]
    let from = transitions.value.doubles
    let start = start_transitions.value.doubles, end = end_transitions.value.doubles
    return (0..<batch).map { sequence in
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
      var tag = (0..<tags).max { best[$0] + end[$0] < best[$1] + end[$1] }!
      let total = best[tag] + end[tag]
      var path = [tag]
      for ways in back.reversed() {
        tag = ways[tag]
        path.append(tag)
      }
      return (path.reversed(), total - partition[sequence])
    }
  }

  /// log Z of each sequence `[batch]`:  αₜ(j) = logΣ over i (αₜ₋₁(i) + transitions[i, j]) + scores[t, j]
  private func logPartition(_ scores: Tensor, _ lengths: [Int]) -> Tensor {
    var alpha = start_transitions + scores[0]  // [batch, tags]
    for t in 1..<max(1, scores.shape[0]) {
      let next = (alpha.unsqueezed(2) + transitions).logSumExp(axis: 1) + scores[t]
      alpha = t < lengths.min()! ? next : .where(running(at: t, lengths, scores.dtype), next, alpha)
    }
    return (alpha + end_transitions).logSumExp(axis: 1)
  }

  /// The score of given tags `[batch]`.
  private func score(_ scores: Tensor, _ target: Indices, _ lengths: [Int]) -> Tensor {
    let (steps, batch) = (scores.shape[0], scores.shape[1])
    func tag(_ t: Int, _ sequence: Int) -> Int { target.values[t * batch + sequence] }
    let real = sequenceMask(lengths, steps: steps, dtype: scores.dtype)  // [time, batch]
    let chosen = scores.gather(target.reshaped([steps, batch, 1]), axis: 2).squeezed(2)
    let first = start_transitions.take(Indices((0..<batch).map { tag(0, $0) }))
    let last = end_transitions.take(Indices((0..<batch).map { tag(lengths[$0] - 1, $0) }))
    let total = first + (chosen * Tensor(real)).sum(axis: 0) + last
    guard steps > 1 else { return total }
    let pairs = (1..<steps).flatMap { t in (0..<batch).map { tag(t - 1, $0) * tags + tag(t, $0) } }
    let moves = transitions.reshaped([tags * tags])
      .take(Indices(pairs, shape: [steps - 1, batch]))
    return total + (moves * Tensor(real[1..<steps])).sum(axis: 0)
  }

  /// 1 for the sequences that are still running at a step, `[batch, 1]`.
  private func running(at step: Int, _ lengths: [Int], _ dtype: DType) -> NDArray {
    NDArray(lengths.map { step < $0 ? 1.0 : 0 }, shape: [lengths.count, 1], dtype: dtype)
  }

  private func checked(_ operation: String, _ scores: Tensor, _ lengths: [Int]?) -> [Int] {
    guard scores.rank == 3, scores.shape[2] == tags, scores.shape[0] > 0, scores.shape[1] > 0 else {
      wrongUse("\(operation): scores \(scores.shape), expected [time, batch, \(tags)]")
    }
    let lengths = lengths ?? Array(repeating: scores.shape[0], count: scores.shape[1])
    guard lengths.count == scores.shape[1], lengths.allSatisfy((1...scores.shape[0]).contains)
    else {
      wrongUse("\(operation): lengths \(lengths) for scores \(scores.shape)")
    }
    return lengths
  }
}
