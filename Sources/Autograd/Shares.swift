/// Sums of a gradient's shares, of a power of two of them each: a weight that is used at each of ten
/// thousand steps has as many, and a Float that took them in one after the other would lose its last
/// digits. Two sums of as many shares become one, so that every share passes through few roundings.
final class Shares {
  /// How many shares are added up as they come, after the first, before their sum is put by.
  static let atOnce: Int32 = 15

  private var sums: [(level: Int, sum: NDArray)] = []

  func add(_ sum: NDArray) {
    var sum = sum, level = 0
    while sums.last?.level == level {
      sum += sums.removeLast().sum
      level += 1
    }
    sums.append((level, sum))
  }

  /// All of them and those that have come since, the fewest first.
  func total(_ latest: NDArray?) -> NDArray {
    var total = latest ?? sums.removeLast().sum
    while let next = sums.popLast() { total += next.sum }
    return total
  }
}
