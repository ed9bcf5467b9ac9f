/// A table of vectors, one for each word (or whatever is numbered): looking a number up gives its
/// row.
///
/// `weight` is `[wordCount, size]` and starts from the normal distribution, as PyTorch's. The row
/// `paddingIndex` starts as zeros and gets no gradient.
///
/// With `sparse` the weight's gradient is kept as the rows that were looked up: a step takes the time
/// that these take, not that of the whole table. `SGD` without weight decay and `SparseAdam` take such
/// a gradient; it is PyTorch's `sparse=True`.
public final class Embedding: Module {
  /// Rows of the table, and numbers in each.
  public let wordCount, size: Int
  /// The row that stands for padding; nil if none does.
  public let paddingIndex: Int?
  /// Whether the gradient is kept as the rows that were looked up.
  public let sparse: Bool
  /// The table, `[wordCount, size]`.
  public let weight: Parameter

  /// - Parameters:
  ///   - wordCount: rows; indices are 0 ..< `wordCount`.
  ///   - size: numbers in a row.
  ///   - paddingIndex: a row that starts as zeros and does not learn; a place outside the table
  ///     stops the program.
  ///   - sparse: whether the gradient is kept as rows (see above).
  ///   - dtype: the element type of the table.
  ///   - generator: where the starting values are drawn from.
  public init(
    _ wordCount: Int, _ size: Int, paddingIndex: Int? = nil, sparse: Bool = false,
    dtype: DType = .float32, generator: Generator = .default
  ) {
    checkSizes("Embedding", ("wordCount", wordCount), ("size", size))
    (self.wordCount, self.size, self.paddingIndex) = (wordCount, size, paddingIndex)
    self.sparse = sparse
    var table = NDArray.normal([wordCount, size], dtype: dtype, generator: generator)
    if let paddingIndex {
      guard (0..<wordCount).contains(paddingIndex) else {
        wrongUse("Embedding: paddingIndex \(paddingIndex) is not in 0..<\(wordCount)")
      }
      table[paddingIndex] = .zeros([size], dtype: dtype)
    }
    weight = Parameter(table)
  }

  /// Numbers `[…]`, output `[…, size]`.
  public func callAsFunction(_ indices: Indices) -> Tensor {
    if let wrong = indices.values.first(where: { !(0..<wordCount).contains($0) }) {
      wrongUse("Embedding: index \(wrong) is not in 0..<\(wordCount)")
    }
    return observed(weight.embedding(indices, paddingIndex: paddingIndex, sparse: sparse))
  }
}
