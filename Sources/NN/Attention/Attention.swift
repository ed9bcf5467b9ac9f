// Attention: for each query a mean of the values, weighted by how well the keys fit.

/// softmax(Q·Kᵀ/√d)·V (Vaswani et al. 2017).
///
/// - Parameters:
///   - queries: `[…, queries, d]`.
///   - keys: `[…, keys, d]`.
///   - values: `[…, keys, dv]`.
///   - mask: not 0 where a query may look at a key, of a shape that stretches to
///     `[…, queries, keys]`.
///   - scale: in place of 1/√d.
/// - Returns: the means `[…, queries, dv]` and the weights `[…, queries, keys]`, which sum to 1 over
///   the keys, or are all 0 for a query that may look at none.
public func scaledDotProductAttention(
  _ queries: Tensor, _ keys: Tensor, _ values: Tensor, mask: NDArray? = nil, scale: Double? = nil
) -> (output: Tensor, weights: Tensor) {
  guard queries.rank >= 2, keys.rank == queries.rank, values.rank == queries.rank,
    queries.shape.last == keys.shape.last, keys.shape.dropLast() == values.shape.dropLast(),
    queries.shape.dropLast(2) == keys.shape.dropLast(2)
  else {
    wrongUse(
      "scaledDotProductAttention: queries \(queries.shape), keys \(keys.shape), values "
        + "\(values.shape)")
  }
  let scale = scale ?? 1 / Double(queries.shape.last!).squareRoot()
  let weights = attentionWeights((queries * scale).matmul(keys.transposed(-1, -2)), mask)
  return (weights.matmul(values), weights)
}

/// The softmax of scores over the keys, the last axis, as far as the mask allows.
private func attentionWeights(_ scores: Tensor, _ mask: NDArray?) -> Tensor {
  guard let mask else { return scores.softmax(axis: -1) }
  let hidden = (mask.asType(scores.dtype) .== 0).expanded(to: scores.shape)
  let weights = scores.maskedFill(hidden, -.infinity).softmax(axis: -1)
  // Where all keys are hidden the softmax is 0/0.
  let seen = (1.0 - hidden).sum(axis: -1, keepDims: true)
  return seen.count == 0 || seen.min().item > 0
    ? weights : weights.maskedFill((seen .== 0).expanded(to: scores.shape), 0)
}

/// Attention whose scores a small network gives (Bahdanau, Cho & Bengio 2015):
///
///     e = vᵀ·tanh(W_q·q + W_k·k),   weights = softmax(e),   context = Σ weights · k
///
/// Parameters: `query.weight` `[hiddenSize, querySize]`, `key.weight` `[hiddenSize, keySize]`,
/// `score.weight` `[1, hiddenSize]`; no biases.
public final class AdditiveAttention: Module {
  /// The maps W_q (of the decoder's state), W_k (of the keys) and vᵀ (to one number a key), none
  /// with a bias.
  public let query, key, score: Linear

  /// - Parameters:
  ///   - querySize: features of a query.
  ///   - keySize: features of a key.
  ///   - hiddenSize: features in which query and key are added, W_q's and W_k's rows.
  ///   - dtype: the element type of the weights.
  ///   - generator: where the starting weights are drawn from.
  public init(
    querySize: Int, keySize: Int, hiddenSize: Int, dtype: DType = .float32,
    generator: Generator = .default
  ) {
    query = Linear(querySize, hiddenSize, bias: false, dtype: dtype, generator: generator)
    key = Linear(keySize, hiddenSize, bias: false, dtype: dtype, generator: generator)
    score = Linear(hiddenSize, 1, bias: false, dtype: dtype, generator: generator)
  }

  /// The keys' part W_k·k, which is the same for every query: computed once for all steps of a
  /// decoder. Keys `[batch, keys, keySize]`, result `[batch, keys, hiddenSize]`.
  public func projected(_ keys: Tensor) -> Tensor { key(keys) }

  /// - Parameters:
  ///   - query: `[batch, querySize]`.
  ///   - keys: `[batch, keys, keySize]`, which are the values too.
  ///   - projected: what `projected(keys)` gave.
  ///   - mask: `[batch, keys]`, not 0 where a key is real.
  /// - Returns: context `[batch, keySize]` and weights `[batch, keys]`.
  public func callAsFunction(
    _ query: Tensor, keys: Tensor, projected: Tensor? = nil, mask: NDArray? = nil
  ) -> (context: Tensor, weights: Tensor) {
    guard keys.rank == 3, query.rank == 2, query.shape[0] == keys.shape[0] else {
      wrongUse(
        "AdditiveAttention: query \(query.shape) and keys \(keys.shape), expected [batch, size] and "
          + "[batch, keys, size]")
    }
    let inner = (self.query(query).unsqueezed(1) + (projected ?? self.projected(keys))).tanh()
    let weights = attentionWeights(score(inner).squeezed(2), mask)
    let context = weights.unsqueezed(1).matmul(keys).squeezed(1)
    return (observed(context), weights)
  }
}
