import Arrays

/// Sequences of unequal length in one padded array, and how long each of them really is.
public struct PaddedBatch<Inputs, Targets> {
  /// `[time, batch, …]`, or `[batch, time, …]` if made with `batchFirst`.
  public let inputs: Inputs
  /// What each sequence is to give.
  public let targets: Targets
  /// How many time steps of each sequence are real.
  public let lengths: [Int]
  let batchFirst: Bool

  /// For batches put together by a function of one's own; the arrays are taken as they are.
  public init(inputs: Inputs, targets: Targets, lengths: [Int], batchFirst: Bool = false) {
    (self.inputs, self.targets) = (inputs, targets)
    (self.lengths, self.batchFirst) = (lengths, batchFirst)
  }

  /// 1 for what is real and 0 for padding: `[time, batch]`, or `[batch, time]`.
  public func mask(dtype: DType = .float32) -> NDArray {
    sequenceMask(lengths, batchFirst: batchFirst, dtype: dtype)
  }
}

/// Sequences of tokens with a class for each: sentences and their polarity, names and their
/// language. Batches are padded with `padding`.
public struct LabeledTokens: Dataset, Sendable {
  /// The tokens of each example.
  public let sequences: [[Int]]
  /// The class of each example.
  public let labels: [Int]
  /// The token that fills up the shorter sequences of a batch.
  public let padding: Int
  /// Whether batches are `[batch, time]` rather than `[time, batch]`.
  public let batchFirst: Bool

  /// - Parameters:
  ///   - sequences: token numbers, one list an example.
  ///   - labels: the class of each, as many as there are sequences, or the program stops.
  ///   - padding: the token that fills up the shorter ones; an `Embedding`'s `paddingIndex`.
  ///   - batchFirst: whether batches are `[batch, time]` rather than `[time, batch]`.
  public init(
    _ sequences: [[Int]], labels: [Int], padding: Int = 0, batchFirst: Bool = false
  ) {
    guard sequences.count == labels.count else {
      wrongUse("LabeledTokens: \(sequences.count) sequences and \(labels.count) labels")
    }
    (self.sequences, self.labels) = (sequences, labels)
    (self.padding, self.batchFirst) = (padding, batchFirst)
  }

  public var count: Int { sequences.count }
  /// How long each example is: what to bucket by.
  public var lengths: [Int] { sequences.map(\.count) }

  public subscript(place: Int) -> (tokens: [Int], label: Int) {
    (sequences[place], labels[place])
  }

  public func batch(_ places: [Int]) -> PaddedBatch<Indices, Indices> {
    PaddedBatch(
      inputs: padSequence(places.map { sequences[$0] }, value: padding, batchFirst: batchFirst),
      targets: Indices(places.map { labels[$0] }), lengths: places.map { sequences[$0].count },
      batchFirst: batchFirst)
  }
}

/// Places of examples in batches of similar length. Without a generator from the shortest to the
/// longest; with one, equal lengths are mixed, so are neighboring lengths, and the batches come in
/// random order.
public func lengthBuckets(
  _ lengths: [Int], batchSize: Int, generator: Generator? = nil
) -> [[Int]] {
  guard batchSize > 0 else { wrongUse("lengthBuckets: batches of \(batchSize)") }
  // A random tenth of the length is enough to bring other neighbors together at every walk.
  let keys = lengths.map { length in
    Double(length) * (1 + 0.1 * (generator?.uniform() ?? 0)) + (generator?.uniform() ?? 0)
  }
  let order = lengths.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
  let batches = stride(from: 0, to: order.count, by: batchSize).map {
    Array(order[$0..<min($0 + batchSize, order.count)])
  }
  guard var generator else { return batches }
  return batches.shuffled(using: &generator)
}
