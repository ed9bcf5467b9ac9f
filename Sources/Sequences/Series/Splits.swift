import Arrays

// Splits in time order: the past to train on, the future to test on. Split first, then cut windows
// from each part: windows cut before a split lie across it, and the test set shares its numbers
// with the training set (`sharedValues(between:and:)` counts them).

/// Where the parts of a split begin and end: the given shares of `count` rows, rounded down, and
/// the rest as the last part. No rounding error moves a border: 0.7 of 10 is 7.
package func splitRanges(count: Int, fractions: [Double]) -> [Range<Int>] {
  guard fractions.allSatisfy({ $0 >= 0 }), fractions.reduce(0, +) <= 1 + 1e-9 else {
    wrongUse("split: the fractions \(fractions) are not shares of a whole")
  }
  var total = 0.0
  let borders = fractions.map { fraction -> Int in
    total += fraction
    return min(count, Int((total * Double(count) + 1e-6).rounded(.down)))
  }
  return zip([0] + borders, borders + [count]).map { $0..<$1 }
}

package func splitRanges(count: Int, counts: [Int]) -> [Range<Int>] {
  guard counts.allSatisfy({ $0 >= 0 }), counts.reduce(0, +) <= count else {
    wrongUse("split: parts of \(counts) rows out of \(count)")
  }
  var start = 0
  var ranges: [Range<Int>] = []
  for size in counts {
    ranges.append(start..<start + size)
    start += size
  }
  return ranges + [start..<count]
}

extension TimeSeries {
  /// The first `fraction` of the rows, and the rows after them.
  public func split(fraction: Double) -> (first: TimeSeries, rest: TimeSeries) {
    let parts = split(fractions: [fraction])
    return (parts[0], parts[1])
  }

  /// The first `count` rows, and the rows after them.
  public func split(count: Int) -> (first: TimeSeries, rest: TimeSeries) {
    let parts = split(counts: [count])
    return (parts[0], parts[1])
  }

  /// Parts in time order with the given shares of the rows, and what remains as the last part:
  /// `split(fractions: [0.7, 0.15])` gives training, validation and test.
  public func split(fractions: [Double]) -> [TimeSeries] {
    splitRanges(count: count, fractions: fractions).map { self[$0] }
  }

  /// Parts in time order with the given numbers of rows, and what remains as the last part.
  public func split(counts: [Int]) -> [TimeSeries] {
    splitRanges(count: count, counts: counts).map { self[$0] }
  }
}

extension NDArray {
  /// The first `fraction` of the rows (axis 0) and the rows after them, as views.
  public func split(fraction: Double) -> (first: NDArray, rest: NDArray) {
    let parts = split(fractions: [fraction])
    return (parts[0], parts[1])
  }

  /// The first `count` rows (axis 0) and the rows after them, as views.
  public func split(count: Int) -> (first: NDArray, rest: NDArray) {
    let parts = splitRanges(count: shape[0], counts: [count]).map { self[$0] }
    return (parts[0], parts[1])
  }

  /// Parts along axis 0 with the given shares of the rows, and what remains as the last part, as
  /// views.
  public func split(fractions: [Double]) -> [NDArray] {
    splitRanges(count: shape[0], fractions: fractions).map { self[$0] }
  }
}
