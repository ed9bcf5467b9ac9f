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
  /// The sum of several, in Double: there may be many of one place.
  private var parts: NDArray?
  var rows: RowShares?

  /// The rows, where there is nothing else.
  var onlyRows: RowShares? { sums.isEmpty && part == nil && parts == nil ? rows : nil }

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
    if part == nil, parts == nil {
      part = (share, window)
      return
    }
    if let (first, place) = part.take() {
      parts = .zeros(shape, dtype: .float64)
      parts!.add(first, at: place)
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
    if let parts { add(parts.asType(dtype)) }
    if let rows { add(rows.dense(shape)) }
    return total!
  }
}
