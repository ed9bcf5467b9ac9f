/// A linear regression for each step ahead on the last values of the series and of other series
/// measured beside it, by ridge regression.
///
/// Only what was known at the time is looked at: of the other series, too, the values before the
/// first one to be forecast.
public struct DirectRegression: ForecastMethod {
  /// How many steps ahead; each has a regression of its own.
  public let horizon: Int
  /// How many values before are looked at, of each series.
  public let lags: Int
  /// The other series from the first value on, each at least as long as the values; none are needed.
  public let exogenous: [[Double]]
  public var name: String {
    "linear regression for each step"
      + (exogenous.isEmpty
        ? "" : " with \(exogenous.count) other column\(exogenous.count == 1 ? "" : "s")")
  }

  /// - Parameters:
  ///   - horizon: how many steps ahead.
  ///   - lags: how many values before are looked at, of each series.
  ///   - exogenous: other series from the same first value on.
  public init(horizon: Int, lags: Int, exogenous: [[Double]] = []) {
    (self.horizon, self.lags, self.exogenous) = (horizon, lags, exogenous)
  }

  public func fitted(to values: [Double]) -> (any FittedForecast)? {
    let series = [values] + exogenous
    let width = 1 + lags * series.count
    let rows = lags...max(lags, values.count - horizon)
    guard values.count - horizon - lags >= 2 * width,
      series.allSatisfy({ $0.count >= values.count })
    else { return nil }
    // Columns in units of their spread, so that one ridge suits all.
    let spreads = series.map { column in
      let known = column[..<values.count]
      return (mean: mean(known), size: max(variance(known).squareRoot(), 1e-12))
    }
    let size = spreads[0].size
    var table = [Double](repeating: 0, count: width * width)
    var right = [[Double]](repeating: [Double](repeating: 0, count: width), count: horizon)
    for t in rows {
      let x = Self.row(series, spreads, before: t, lags: lags)
      for i in 0..<width {
        for j in i..<width { table[i * width + j] += x[i] * x[j] }
        // What follows, as the change since the last value.
        for step in 0..<horizon {
          right[step][i] += x[i] * (values[t + step] - values[t - 1]) / size
        }
      }
    }
    for i in 0..<width {
      for j in 0..<i { table[i * width + j] = table[j * width + i] }
      if i > 0 { table[i * width + i] += 1e-2 * Double(rows.count).squareRoot() + 1e-6 }
    }
    let weights = right.compactMap { solved(table, $0, size: width) }
    guard weights.count == horizon else { return nil }
    return RegressionModel(
      lags: lags, exogenous: exogenous, means: spreads.map(\.mean), sizes: spreads.map(\.size),
      weights: weights)
  }

  static func row(
    _ series: [[Double]], _ spreads: [(mean: Double, size: Double)], before t: Int, lags: Int
  ) -> [Double] {
    var row = [1.0]
    for (column, spread) in zip(series, spreads) {
      for lag in 1...lags {
        // Where another series ends before this one, its last value goes on.
        let value = column[min(t - lag, column.count - 1)]
        row.append((value - spread.mean) / spread.size)
      }
    }
    return row
  }
}

struct RegressionModel: FittedForecast {
  let lags: Int
  let exogenous: [[Double]]
  let means: [Double], sizes: [Double]
  /// For each step ahead: the constant, then each series' newest value and older ones.
  let weights: [[Double]]

  func forecast(after history: [Double], horizon: Int) -> [Double] {
    let spreads = zip(means, sizes).map { (mean: $0, size: $1) }
    let x = DirectRegression.row(
      [history] + exogenous, spreads, before: history.count, lags: lags)
    let last = history[history.count - 1]
    return (0..<horizon).map { step in
      // Beyond what it learned to look, the last step's change again.
      let own = weights[min(step, weights.count - 1)]
      return last + sizes[0] * zip(own, x).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }
}
