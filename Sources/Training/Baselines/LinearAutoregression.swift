/// The next value of a series as a weighted sum of the last ones and a constant, the weights by least
/// squares: what can be done without a network, and what one has to beat.
///
///     let model = LinearAutoregression(series, lags: 24, targets: 24..<88)
///     let next = model.forecast(series, 100)     // from series[76..<100]
public struct LinearAutoregression: Sendable {
  /// The constant, then the weights of the `lags` values before, the oldest first.
  public var weights: [Double] { [regression.intercept] + regression.coefficients }
  private let regression: LinearRegression
  private var lags: Int { regression.coefficients.count }

  /// Where the targets leave the weights open (a series that does not change, more lags than targets), they
  /// are the smallest that fit as well: see ``LinearRegression``.
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
    regression = LinearRegression(
      fitting: targets.map { Array(series[($0 - lags)..<$0]) }, targets: Array(series[targets]))
  }

  /// The forecast of `series[t]` from the values before it; `t` may be the place after the last.
  public func forecast(_ series: [Double], _ t: Int) -> Double {
    guard t >= lags, t <= series.count else {
      wrongUse("LinearAutoregression: \(lags) lags before \(t) in \(series.count) values")
    }
    return regression.predict(Array(series[(t - lags)..<t]))
  }
}
