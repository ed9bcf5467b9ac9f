/// The next value as a weighted sum of the last ones and a constant, the weights by least squares:
/// the best that can be done without a network. `past(t)` are the values before t, newest last.
public struct LinearAutoregression {
  public let weights: [Double]

  /// - Parameters:
  ///   - series: the values.
  ///   - lags: how many values before t are looked at.
  ///   - targets: the places t to learn from; each has `lags` values before it.
  public init(_ series: [Double], lags: Int, targets: Range<Int>) {
    // The normal equations XᵀX w = Xᵀy, with a column of ones in X.
    let size = lags + 1
    var table = [[Double]](repeating: [Double](repeating: 0, count: size + 1), count: size)
    for t in targets {
      let row = [1] + series[(t - lags)..<t] + [series[t]]
      for i in 0..<size {
        for j in 0...size { table[i][j] += row[i] * row[j] }
      }
    }
    // Gauss and Jordan's elimination, with the largest pivot.
    for k in 0..<size {
      let pivot = (k..<size).max { abs(table[$0][k]) < abs(table[$1][k]) }!
      table.swapAt(k, pivot)
      for i in 0..<size where i != k {
        let factor = table[i][k] / table[k][k]
        for j in k...size { table[i][j] -= factor * table[k][j] }
      }
    }
    weights = (0..<size).map { table[$0][size] / table[$0][$0] }
  }

  /// The forecast of `series[t]`.
  public func forecast(_ series: [Double], _ t: Int) -> Double {
    let past = series[(t - weights.count + 1)..<t]
    return weights[0] + zip(weights.dropFirst(), past).map { $0 * $1 }.reduce(0, +)
  }
}
