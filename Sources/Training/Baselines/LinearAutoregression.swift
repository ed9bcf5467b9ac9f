/// The next value of a series as a weighted sum of the last ones and a constant, the weights by least
/// squares: what can be done without a network, and what one has to beat.
///
///     let model = LinearAutoregression(series, lags: 24, targets: 24..<88)
///     let next = model.forecast(series, 100)     // from series[76..<100]
public struct LinearAutoregression: Sendable {
  /// The constant, then the weights of the `lags` values before, the oldest first.
  public let weights: [Double]

  /// Weights that the targets leave open (a series that does not change, more lags than targets) are 0.
  ///
  /// - Parameters:
  ///   - series: the values.
  ///   - lags: how many values before t are looked at.
  ///   - targets: the places t to learn from; each has `lags` values before it.
  public init(_ series: [Double], lags: Int, targets: Range<Int>) {
    guard lags > 0, targets.lowerBound >= lags, targets.upperBound <= series.count, !targets.isEmpty
    else {
      wrongUse(
        "LinearAutoregression: targets \(targets) with \(lags) lags in a series of \(series.count)")
    }
    weights = leastSquares(targets.map { t in (Array(series[(t - lags)..<t]), series[t]) })
  }

  /// The forecast of `series[t]` from the values before it; `t` may be the place after the last.
  public func forecast(_ series: [Double], _ t: Int) -> Double {
    guard t >= weights.count - 1, t <= series.count else {
      wrongUse(
        "LinearAutoregression: \(weights.count - 1) lags before \(t) in \(series.count) values")
    }
    let past = series[(t - weights.count + 1)..<t]
    return weights[0] + zip(weights.dropFirst(), past).map { $0 * $1 }.reduce(0, +)
  }
}
