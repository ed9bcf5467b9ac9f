/// The next value of a series as a weighted sum of the last ones and a constant, the weights by least
/// squares: the best that can be done without a network, and what one has to beat.
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
    // The normal equations XᵀX w = Xᵀy, with a column of ones in X.
    let size = lags + 1
    var table = [[Double]](repeating: [Double](repeating: 0, count: size + 1), count: size)
    for t in targets {
      let row = [1] + series[(t - lags)..<t] + [series[t]]
      for i in 0..<size {
        for j in 0...size { table[i][j] += row[i] * row[j] }
      }
    }
    // Gauss and Jordan's elimination, with the largest pivot; what has none is left open.
    let smallest = 1e-13 * (0..<size).map { table[$0][$0] }.max()!
    var weights = [Double](repeating: 0, count: size)
    var row = 0, columns: [Int] = []
    for column in 0..<size {
      let pivot = (row..<size).max { abs(table[$0][column]) < abs(table[$1][column]) }!
      guard abs(table[pivot][column]) > smallest else { continue }
      table.swapAt(row, pivot)
      for i in 0..<size where i != row {
        let factor = table[i][column] / table[row][column]
        for j in column...size { table[i][j] -= factor * table[row][j] }
      }
      columns.append(column)
      row += 1
      if row == size { break }
    }
    for (row, column) in columns.enumerated() {
      weights[column] = table[row][size] / table[row][column]
    }
    self.weights = weights
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
