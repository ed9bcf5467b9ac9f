import Arrays

/// A long text cut into batches to learn a language model from: in each row a stretch of tokens,
/// and as targets the same stretch moved on by one.
///
/// Every walk through it is an epoch and begins at a new random offset below `steps`, so that the
/// cuts fall elsewhere each time.
///
///     for batch in TextStream(tokens, batchSize: 32, steps: 35, order: .sequential) {
///       if !batch.continuesLast { state = nil }
///       …
///     }
public struct TextStream: Sequence {
  /// How the stretches are put into batches.
  public enum Order: Sendable {
    /// Stretches in random order: neighbors in the text seldom meet, a state says nothing.
    case random
    /// Row r of a batch goes on where row r of the batch before ended, so that the hidden state may
    /// be carried over.
    case sequential
  }

  /// Token numbers and, for each, the one that follows it.
  public struct Batch: Sendable {
    /// `[steps, batch]`, or `[batch, steps]` if made with `batchFirst`.
    public let inputs: Indices
    /// The tokens that follow the inputs, of the same shape.
    public let targets: Indices
    /// Whether each row goes on where the same row of the batch before ended.
    public let continuesLast: Bool
  }

  /// The whole text, as numbers.
  public let tokens: [Int]
  /// Rows in a batch.
  public let batchSize: Int
  /// Tokens in a row of a batch.
  public let steps: Int
  /// How the stretches are put into batches.
  public let order: Order
  /// Whether batches are `[batch, steps]` rather than `[steps, batch]`.
  public let batchFirst: Bool
  /// Whether each epoch begins at an offset of its own; else at the first token.
  public let randomOffset: Bool
  let generator: Generator

  /// Needs at least batchSize · steps + 1 tokens for a batch that no offset can take away;
  /// with fewer the program stops.
  public init(
    _ tokens: [Int], batchSize: Int, steps: Int, order: Order, batchFirst: Bool = false,
    randomOffset: Bool = true, generator: Generator = .default
  ) {
    guard batchSize > 0, steps > 0, tokens.count > batchSize * steps else {
      wrongUse(
        "TextStream: \(tokens.count) tokens are too few for a batch of \(batchSize) × \(steps)")
    }
    (self.tokens, self.batchSize, self.steps) = (tokens, batchSize, steps)
    (self.order, self.batchFirst, self.generator) = (order, batchFirst, generator)
    self.randomOffset = randomOffset
  }

  /// Batches in an epoch that begins at token `offset`.
  func batchCount(offset: Int) -> Int {
    switch order {
    case .random: (tokens.count - 1 - offset) / steps / batchSize
    case .sequential: (tokens.count - 1 - offset) / batchSize / steps
    }
  }

  /// One epoch.
  public func makeIterator() -> AnyIterator<Batch> {
    // As many offsets as leave a batch: a text that is just long enough has but one.
    let offsets = Swift.min(steps, tokens.count - batchSize * steps)
    let offset =
      randomOffset ? Int(generator.uniform() * Double(offsets)) : 0
    let count = batchCount(offset: offset)
    let starts: [Int]
    switch order {
    case .random:
      starts = generator.permutation((tokens.count - 1 - offset) / steps).map {
        offset + $0 * steps
      }
    case .sequential:
      let row = (tokens.count - 1 - offset) / batchSize
      starts = (0..<count).flatMap { batch in
        (0..<batchSize).map { offset + $0 * row + batch * steps }
      }
    }
    return AnyIterator(
      (0..<count).lazy.map { number in
        let rows = starts[number * batchSize..<(number + 1) * batchSize]
        return batch(
          rows: Array(rows), continues: order == .sequential && number > 0)
      }.makeIterator())
  }

  private func batch(rows: [Int], continues: Bool) -> Batch {
    func cut(_ shift: Int) -> Indices {
      let values =
        batchFirst
        ? rows.flatMap { tokens[$0 + shift..<$0 + shift + steps] }
        : (0..<steps).flatMap { step in rows.map { tokens[$0 + step + shift] } }
      return Indices(values, shape: batchFirst ? [batchSize, steps] : [steps, batchSize])
    }
    return Batch(inputs: cut(0), targets: cut(1), continuesLast: continues)
  }
}
