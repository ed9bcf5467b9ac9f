/// Shares of a gradient that are not added up one after the other.
///
/// Sums of shares, of a power of two of them each: a weight that is used at each of ten thousand steps
/// has as many, and a Float that took them in one after the other would lose its last digits. Two sums
/// of as many shares become one, so that every share passes through few roundings.
///
/// Shares of parts and of rows, as `x[t]` sends them at every step, go to their places: to fill an
/// array of the whole's size for each would take the square of the time.
final class Shares {
  /// How many shares are added up as they come, after the first, before their sum is put by.
  static let atOnce: Int32 = 15

  private var sums: [(level: Int, sum: NDArray)] = []
  /// The only share of a part so far.
  private var part: (share: NDArray, window: Window)?
  /// Shares of which each begins where the one before ends, or the other way around, as those of x[t]
  /// and of a step's gates do: written side by side. Elsewhere there is nothing yet.
  private var sides: (numbers: NDArray, columns: Window.Columns)?
  /// The sum of any others, in Double: there may be many of one place.
  private var parts: NDArray?
  var rows: RowShares?

  /// The rows, where there is nothing else.
  var onlyRows: RowShares? {
    sums.isEmpty && part == nil && sides == nil && parts == nil ? rows : nil
  }

  func add(_ sum: NDArray) {
    var sum = sum, level = 0
    while sums.last?.level == level {
      sum += sums.removeLast().sum
      level += 1
    }
    sums.append((level, sum))
  }

  /// Takes in the share of a part of a tensor of the given shape.
  func add(_ share: NDArray, at window: Window, of shape: [Int]) {
    if parts == nil, let columns = window.columns(of: shape) {
      if sides == nil, part == nil {
        sides = (.uninitialized(shape, share.dtype), columns)
        sides!.numbers.put(share, over: columns)
        return
      }
      if let own = sides?.columns, own.rows == columns.rows,
        columns.range.lowerBound == own.range.upperBound
          || columns.range.upperBound == own.range.lowerBound
      {
        sides!.numbers.put(share, over: columns)
        let start = min(own.range.lowerBound, columns.range.lowerBound)
        sides!.columns.range = start..<start + own.range.count + columns.range.count
        return
      }
    } else if part == nil, sides == nil, parts == nil {
      part = (share, window)
      return
    }
    if parts == nil { parts = .zeros(shape, dtype: .float64) }
    if let (first, place) = part.take() { parts!.add(first, at: place) }
    if let (numbers, columns) = sides.take() {
      let window = Window(columns, of: shape)
      parts!.add(window.part(of: numbers), at: window)
    }
    parts!.add(share, at: window)
  }

  /// All of them and those that have come since, the fewest first.
  func total(_ latest: NDArray?, of shape: [Int], _ dtype: DType) -> NDArray {
    var shares = sums.map(\.sum)
    if let latest { shares.append(latest) }
    var total = shares.popLast()
    while let next = shares.popLast() { total! += next }
    func add(_ share: NDArray) {
      if total == nil { total = share } else { total! += share }
    }
    if let (share, window) = part {
      var whole = NDArray.zeros(shape, dtype: dtype)
      whole.write(share, to: window.part(of:))
      add(whole)
    }
    if var written = sides.take() {
      written.numbers.clear(but: written.columns)
      add(written.numbers)
    }
    if let parts { add(parts.asType(dtype)) }
    if let rows { add(rows.dense(shape)) }
    return total!
  }
}
