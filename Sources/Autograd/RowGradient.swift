/// The gradient of a table of which only some rows were looked up: those rows, as PyTorch's sparse
/// gradients have them. Every other row's is 0.
///
///     let table = Embedding(50_000, 128, sparse: true)
///     table([7, 3, 7]).sum().backward()
///     table.weight.rowGradient!.rows                  // [3, 7]
public struct RowGradient {
  /// The rows that have a gradient, each once, in ascending order.
  public let rows: [Int]
  /// Their gradients, `[rows.count, …]`.
  public package(set) var values: NDArray
  /// The whole table's shape.
  public let shape: [Int]
  /// Whether the rows were asked for (`sparse: true`), rather than kept for speed alone.
  package let isSparse: Bool

  /// The same with all rows.
  public var dense: NDArray {
    var all = NDArray.zeros(shape, dtype: values.dtype)
    all.addTaken(values, at: Indices(rows), axis: 0)
    return all
  }
}

/// Which rows of a table an operation took, as its history remembers.
struct TakenRows {
  let indices: Indices
  /// A row that gets no gradient.
  let paddingIndex: Int?
  let isSparse: Bool
}

/// Shares of a table's gradient, each for some of its rows, until all are in.
struct RowShares {
  private var entries: [(rows: [Int], slices: NDArray)] = []
  private var count = 0
  private(set) var isSparse = true

  /// From how many numbers on a table's rows are kept apart; a smaller table is as quickly filled.
  static let fromNumbers = 1 << 12
  /// From how many on they stay apart for the optimizer, unasked.
  static let keptFromNumbers = 1 << 18

  mutating func add(_ share: NDArray, _ taken: TakenRows, of shape: [Int]) {
    var rows = taken.indices.values
    var slices = share.reshaped([rows.count] + shape.dropFirst())
    if let padding = taken.paddingIndex, rows.contains(padding) {
      let kept = rows.indices.filter { rows[$0] != padding }
      slices = slices.take(Indices(kept))
      rows = kept.map { rows[$0] }
    }
    isSparse = isSparse && taken.isSparse
    entries.append((rows, slices))
    count += rows.count
    // What is added up over many passes is not to outgrow the table.
    if entries.count > 1, count > shape[0] { replace(with: combined(shape)) }
  }

  mutating func replace(with gradient: RowGradient) {
    entries = [(gradient.rows, gradient.values)]
    count = gradient.rows.count
  }

  /// All shares, those of one row added up (in Double, and rounded once).
  func combined(_ shape: [Int]) -> RowGradient {
    let (places, slices) = joined()
    // a gradient that was combined before is as it should be
    if entries.count == 1, zip(places, places.dropFirst()).allSatisfy(<) {
      return RowGradient(rows: places, values: slices, shape: shape, isSparse: isSparse)
    }
    var rows: [Int] = []
    for row in places.sorted() where row != rows.last { rows.append(row) }
    let compact = places.map { row in
      var (low, high) = (0, rows.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if rows[middle] < row { low = middle + 1 } else { high = middle }
      }
      return low
    }
    var values = NDArray.zeros([rows.count] + shape.dropFirst(), dtype: slices.dtype)
    values.addTaken(slices, at: Indices(compact), axis: 0)
    return RowGradient(rows: rows, values: values, shape: shape, isSparse: isSparse)
  }

  func dense(_ shape: [Int]) -> NDArray {
    let (places, slices) = joined()
    var all = NDArray.zeros(shape, dtype: slices.dtype)
    all.addTaken(slices, at: Indices(places), axis: 0)
    return all
  }

  private func joined() -> (places: [Int], slices: NDArray) {
    if entries.count == 1 { return (entries[0].rows, entries[0].slices) }
    return (entries.flatMap(\.rows), .concatenate(entries.map(\.slices)))
  }
}

extension Tensor {
  /// The gradient as rows, where `sparse: true` asked for it and nothing else has a share in it; nil
  /// otherwise. `grad` is the same with all rows.
  public final var rowGradient: RowGradient? {
    guard earlier?.rows?.isSparse == true else { return nil }
    return gradientRows
  }

  /// Whether some of the gradient came as rows: worth a look at `gradientRows`.
  package final var hasRows: Bool { earlier?.rows != nil }

  /// The gradient as rows where it was asked for so, and of a large table wherever it came so. (A
  /// smaller one is as quickly gone through, and keeps the bits of one array.)
  package final var gradientRows: RowGradient? {
    get {
      guard gradient == nil, let rows = earlier?.onlyRows,
        rows.isSparse || count >= RowShares.keptFromNumbers
      else { return nil }
      let combined = rows.combined(shape)
      earlier!.rows!.replace(with: combined)
      return combined
    }
    set { if let newValue { earlier!.rows!.replace(with: newValue) } }
  }

  @inline(never)
  final func add(_ share: NDArray, _ taken: TakenRows) {
    if earlier == nil { earlier = Shares() }
    if earlier!.rows == nil { earlier!.rows = RowShares() }
    earlier!.rows!.add(share, taken, of: shape)
  }
}
