import Foundation

/// What becomes of several numbers when one has to stand for them. Missing numbers are left out; of
/// none at all the count is 0 and everything else is missing.
public enum Aggregation: String, CaseIterable, Sendable {
  /// As their names say; `first` and `last` by order, `count` of those that are not missing.
  case mean, sum, first, last, minimum, maximum, median, count
  /// Of a sample: divided by one less than there are numbers. Missing for a single number.
  case variance, standardDeviation

  /// The one number for those of `values`.
  public func callAsFunction(_ values: some Sequence<Double>) -> Double {
    let known = values.filter { !$0.isNaN }
    if self == .count { return Double(known.count) }
    guard let first = known.first else { return .nan }
    switch self {
    case .mean: return known.reduce(0, +) / Double(known.count)
    case .sum: return known.reduce(0, +)
    case .first: return first
    case .last: return known[known.count - 1]
    case .minimum: return known.min()!
    case .maximum: return known.max()!
    case .median: return quantile(0.5, of: known.sorted())
    case .count: return Double(known.count)
    case .variance, .standardDeviation:
      guard known.count > 1 else { return .nan }
      let mean = known.reduce(0, +) / Double(known.count)
      let variance =
        known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count - 1)
      return self == .variance ? variance : variance.squareRoot()
    }
  }
}
