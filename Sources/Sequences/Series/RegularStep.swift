// What stamps of Doubles can tell. Today's stamps are whole multiples of 2.4e-7 s, and so 0.1 s after
// one of them is a tenth of a second but for rounding. Where stamps are compared with others that
// were computed in another way, moments that rounding alone sets apart are the same.

/// How far apart two stamps of a size may lie that mean the same moment.
func stampSlack(_ stamp: Double) -> Double { 2 * abs(stamp).ulp }

extension TimeSeries {
  /// How far apart two stamps may lie that mean the same moment, on a grid of this step if any.
  func slack(for step: TimeStep? = nil) -> Double {
    let slack = stampSlack(max(abs(times.first ?? 0), abs(times.last ?? 0)))
    if case .seconds(let seconds) = step?.length { return min(slack, seconds / 4) }
    return slack
  }

  /// The distance between stamps if it is the same everywhere, up to a millionth of it and up to
  /// the stamps' own rounding, in seconds; else nil.
  ///
  /// Of the steps that the stamps cannot tell apart it is the one of the fewest digits, or of a
  /// whole number of rows a second: 0.1 at any date, where two stamps differ by 0.0999999.
  public var regularStep: Double? {
    guard count > 1, let first = times.first, let last = times.last else { return nil }
    let mean = (last - first) / Double(count - 1), slack = min(slack(), mean / 4)
    let regular = times.indices.dropFirst().allSatisfy {
      abs(times[$0] - times[$0 - 1] - mean) <= 1e-6 * mean + slack
    }
    guard regular else { return nil }
    // The ends know the step best.
    let unsure = slack / Double(count - 1)
    let rate = (1 / mean).rounded()
    let simple = (0...9).lazy.map { digits in
      let unit = powersOfTen[digits]
      return (mean * unit).rounded() / unit
    }
    return (Array(simple.prefix(4)) + [1 / rate] + Array(simple.dropFirst(4)))
      .first { $0 > 0 && abs($0 - mean) <= unsure } ?? mean
  }
}
