import Foundation
import Sequences

/// A linear autoregression: each value, or its difference, as a weighted sum of those before it, the
/// weights by ridge regression; one step ahead, and on from there with its own forecasts.
public struct Autoregression: ForecastMethod {
  /// How many values before are looked at; nil lets the corrected information criterion choose.
  public let lags: Int?
  /// Rows in a season; 1 for none. Its differences are taken where `differences` says so.
  public let season: Int
  /// Whether changes are modelled, since the row before and since a season before.
  public let order: Int, seasonalOrder: Int
  public var name: String {
    "linear autoregression" + differencesText(order, seasonalOrder, season)
  }

  /// - Parameters:
  ///   - lags: how many values before are looked at; nil lets the criterion choose.
  ///   - season: rows in a season; 1 for none.
  ///   - order: how often the change since the row before is taken.
  ///   - seasonalOrder: how often the change since a season before is taken; of no account without
  ///     one.
  public init(lags: Int? = nil, season: Int = 1, order: Int = 0, seasonalOrder: Int = 0) {
    (self.lags, self.season, self.order) = (lags, max(1, season), order)
    self.seasonalOrder = season > 1 ? seasonalOrder : 0
  }

  public func fitted(to values: [Double]) -> (any FittedForecast)? {
    let differencing = Differencing(
      order: order, season: seasonalOrder > 0 ? season : nil, seasonalOrder: seasonalOrder)
    let changes = differencing.differences(of: values)
    guard changes.count >= 8 else { return nil }
    let longest = min(changes.count / 4, max(24, season == 1 ? 24 : min(2 * season + 1, 400)))
    let choices = lags.map { [min($0, longest)] } ?? Self.choices(upTo: longest, season: season)
    var best: (criterion: Double, model: AutoregressionModel)?
    for lags in choices where lags >= 1 {
      // All choices are judged on the same rows.
      guard let fit = leastSquares(changes, lags: lags, from: choices.max()!) else { continue }
      let count = Double(changes.count - choices.max()!), k = Double(lags + 2)
      guard count - k - 1 > 0 else { continue }
      let criterion =
        count * log(max(fit.error, 1e-300)) + 2 * k + 2 * k * (k + 1) / (count - k - 1)
      if criterion < best?.criterion ?? .infinity {
        let weights = leastSquares(changes, lags: lags, from: lags)?.weights ?? fit.weights
        best = (
          criterion,
          AutoregressionModel(
            weights: weights, order: order, season: season, seasonalOrder: seasonalOrder)
        )
      }
    }
    return best?.model
  }

  private static func choices(upTo longest: Int, season: Int) -> [Int] {
    let round = [1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 16, 20, 24]
    let seasonal = season > 1 ? [season, season + 1, 2 * season, 2 * season + 1] : []
    return Set(round + seasonal).filter { $0 <= longest }.sorted()
  }
}

/// What a table says of the differences that are taken: ` on differences 1, 12`.
func differencesText(_ order: Int, _ seasonalOrder: Int, _ season: Int) -> String {
  let lags =
    Array(repeating: 1, count: order) + Array(repeating: season, count: seasonalOrder)
  return lags.isEmpty ? "" : " on differences " + lags.map(String.init).joined(separator: ", ")
}

/// The weights of a linear autoregression: a constant, then the newest value's, and older ones'.
public struct AutoregressionModel: FittedForecast {
  let weights: [Double]
  let order: Int, season: Int, seasonalOrder: Int

  public func forecast(after history: [Double], horizon: Int) -> [Double] {
    let differencing = Differencing(
      order: order, season: seasonalOrder > 0 ? season : nil, seasonalOrder: seasonalOrder)
    let lags = weights.count - 1
    var w = Array(differencing.differences(of: history).suffix(lags))
    while w.count < lags { w.insert(w.first ?? 0, at: 0) }
    for _ in 0..<horizon {
      var value = weights[0]
      for lag in 0..<lags { value += weights[lag + 1] * w[w.count - 1 - lag] }
      w.append(value)
    }
    return differencing.values(ofDifferences: Array(w.suffix(horizon)), after: history)
  }
}

/// Ridge regression of each value on a constant and the `lags` before it.
private func leastSquares(
  _ values: [Double], lags: Int, from start: Int
) -> (weights: [Double], error: Double)? {
  guard values.count - start > lags + 1 else { return nil }
  let size = lags + 1, center = mean(values)
  let centered = values.map { $0 - center }
  // XᵀX of lagged values, filled along its diagonals: entry (i+1, j+1) is entry (i, j) shifted by one.
  var table = [Double](repeating: 0, count: size * size),
    right = [Double](repeating: 0, count: size)
  let rows = start..<values.count
  centered.withUnsafeBufferPointer { x in
    table[0] = Double(rows.count)
    for t in rows { right[0] += x[t] }
    for i in 1..<size {
      var sum = 0.0, product = 0.0
      for t in rows {
        sum += x[t - i]
        product += x[t] * x[t - i]
      }
      (table[i], table[i * size], right[i]) = (sum, sum, product)
    }
    for gap in 0..<lags {
      // Lags 1 and 1 + gap.
      var product = 0.0
      for t in rows { product += x[t - 1] * x[t - 1 - gap] }
      var i = 1
      while i + gap < size {
        table[i * size + i + gap] = product
        table[(i + gap) * size + i] = product
        if i + gap + 1 < size {
          let first = rows.lowerBound, last = rows.upperBound - 1
          product += x[first - 1 - i] * x[first - 1 - i - gap] - x[last - i] * x[last - i - gap]
        }
        i += 1
      }
    }
  }
  let ridge = 1e-4 * max(variance(values), .leastNormalMagnitude) * Double(rows.count)
  for i in 1..<size { table[i * size + i] += ridge }
  guard let weights = solved(table, right, size: size) else { return nil }
  var error = 0.0
  for t in rows {
    var forecast = weights[0]
    for lag in 1...lags { forecast += weights[lag] * centered[t - lag] }
    error += (centered[t] - forecast) * (centered[t] - forecast)
  }
  // Back to values that are not centred.
  let constant = weights[0] + center * (1 - weights.dropFirst().reduce(0, +))
  return ([constant] + weights.dropFirst(), error)
}

/// The solution of a positive definite system, by Cholesky's factor; nil if it is none.
func solved(_ matrix: [Double], _ right: [Double], size: Int) -> [Double]? {
  var l = matrix, x = right
  for j in 0..<size {
    for i in j..<size {
      var sum = l[i * size + j]
      for k in 0..<j { sum -= l[i * size + k] * l[j * size + k] }
      if i == j {
        guard sum > 0 else { return nil }
        l[j * size + j] = sum.squareRoot()
      } else {
        l[i * size + j] = sum / l[j * size + j]
      }
    }
  }
  for i in 0..<size {
    for k in 0..<i { x[i] -= l[i * size + k] * x[k] }
    x[i] /= l[i * size + i]
  }
  for i in (0..<size).reversed() {
    for k in i + 1..<max(size, i + 1) { x[i] -= l[k * size + i] * x[k] }
    x[i] /= l[i * size + i]
  }
  return x
}
