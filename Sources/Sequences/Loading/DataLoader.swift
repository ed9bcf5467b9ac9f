import Arrays

/// A data set in batches: each walk through it is one epoch.
///
///     let loader = DataLoader(windows, batchSize: 32, shuffle: true, generator: Generator(seed: 1))
///     for (inputs, targets) in loader { … }
///
/// With `shuffle`, every walk takes the examples in a new random order; two loaders whose generators
/// have the same seed give the same orders.
public struct DataLoader<Data: Dataset, Batch>: Sequence {
  /// Where the examples are from.
  public let dataset: Data
  /// Examples in a batch; the last one may have fewer (see `dropLast`).
  public let batchSize: Int
  /// Whether every walk takes the examples in a new random order.
  public let shuffle: Bool
  /// Whether a last batch with fewer examples is left out.
  public let dropLast: Bool
  let generator: Generator
  let order: (@Sendable (Int, Generator) -> [[Int]])?
  let makeBatch: (Data, [Int]) -> Batch

  /// Batches as the data set itself puts them together.
  public init(
    _ dataset: Data, batchSize: Int, shuffle: Bool = false, dropLast: Bool = false,
    generator: Generator = .default
  ) where Batch == Data.Batch {
    self.init(
      dataset, batchSize, shuffle, dropLast, generator, order: nil
    ) { $0.batch($1) }
  }

  /// Batches put together by `collate`, from a list of examples.
  public init(
    _ dataset: Data, batchSize: Int, shuffle: Bool = false, dropLast: Bool = false,
    generator: Generator = .default, collate: @escaping ([Data.Element]) -> Batch
  ) {
    self.init(dataset, batchSize, shuffle, dropLast, generator, order: nil) { data, places in
      collate(places.map { data[$0] })
    }
  }

  /// Batches of examples of similar length, so that little is padded: see `lengthBuckets`.
  public init(
    _ dataset: Data, batchSize: Int, lengths: [Int], shuffle: Bool = false,
    dropLast: Bool = false, generator: Generator = .default
  ) where Batch == Data.Batch {
    guard lengths.count == dataset.count else {
      wrongUse("DataLoader: \(lengths.count) lengths for \(dataset.count) examples")
    }
    self.init(
      dataset, batchSize, shuffle, dropLast, generator,
      order: { size, generator in
        lengthBuckets(lengths, batchSize: size, generator: shuffle ? generator : nil)
      }
    ) { $0.batch($1) }
  }

  private init(
    _ dataset: Data, _ batchSize: Int, _ shuffle: Bool, _ dropLast: Bool, _ generator: Generator,
    order: (@Sendable (Int, Generator) -> [[Int]])?, makeBatch: @escaping (Data, [Int]) -> Batch
  ) {
    guard batchSize > 0 else { wrongUse("DataLoader: batches of \(batchSize)") }
    (self.dataset, self.batchSize, self.shuffle) = (dataset, batchSize, shuffle)
    (self.dropLast, self.generator, self.order) = (dropLast, generator, order)
    self.makeBatch = makeBatch
  }

  /// How many batches a walk gives.
  public var count: Int {
    dropLast ? dataset.count / batchSize : (dataset.count + batchSize - 1) / batchSize
  }

  /// One epoch.
  public func makeIterator() -> AnyIterator<Batch> {
    var batches: [[Int]]
    if let order {
      batches = order(batchSize, generator)
    } else {
      let places = shuffle ? generator.permutation(dataset.count) : Array(0..<dataset.count)
      batches = stride(from: 0, to: places.count, by: batchSize).map {
        Array(places[$0..<Swift.min($0 + batchSize, places.count)])
      }
    }
    if dropLast { batches.removeAll { $0.count < batchSize } }
    return AnyIterator(batches.lazy.map { makeBatch(dataset, $0) }.makeIterator())
  }
}
