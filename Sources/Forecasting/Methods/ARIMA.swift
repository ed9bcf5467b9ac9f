import Foundation
import Sequences

/// Autoregression and moving averages of differences, with a season (Box & Jenkins 1970):
///
///     φ(B) Φ(B^m) (1 − B)^d (1 − B^m)^D y_t = c + θ(B) Θ(B^m) a_t
///
/// How often differences are taken, the caller says; of the orders, the ones with the lowest
/// corrected information criterion are found step by step (Hyndman & Khandakar 2008). Coefficients
/// are those with the smallest sum of squared a_t, values before the first counting as average.
public struct ARIMA: ForecastMethod {
  /// m, rows in a season; 1 for none.
  public let season: Int
  /// d, how often the change since the row before is taken.
  public let order: Int
  /// D, how often the change since a season before is taken; 0 without a season.
  public let seasonalOrder: Int
  public var name: String {
    "ARIMA" + differencesText(order, seasonalOrder, season)
  }

  /// - Parameters:
  ///   - season: m, rows in a season; 1 for none.
  ///   - order: d, how often the change since the row before is taken.
  ///   - seasonalOrder: D, how often the change since a season before is taken.
  public init(season: Int = 1, order: Int = 1, seasonalOrder: Int = 0) {
    (self.season, self.order) = (max(1, season), order)
    self.seasonalOrder = season > 1 ? seasonalOrder : 0
  }

  public func fitted(to values: [Double]) -> (any FittedForecast)? {
    let differencing = Differencing(
      order: order, season: seasonalOrder > 0 ? season : nil, seasonalOrder: seasonalOrder)
    let changes = differencing.differences(of: values)
    guard changes.count >= max(8, (season > 1 ? season + 6 : 0)) else { return nil }
    let search = ARIMASearch(changes, season: season, hasMean: order + seasonalOrder <= 1)
    guard let (orders, fit) = search.best() else { return nil }
    return ARIMAModel(
      order: order, season: season, seasonalOrder: seasonalOrder, orders: orders,
      center: fit.center, past: fit.past, shocks: fit.shocks)
  }
}

/// How many coefficients the four polynomials have: φ, θ, Φ, Θ.
struct ARIMAOrders: Hashable, Codable { var p = 0, q = 0, P = 0, Q = 0 }

/// An ARIMA with its coefficients, the products of its polynomials multiplied out.
public struct ARIMAModel: FittedForecast {
  let order: Int, season: Int, seasonalOrder: Int
  let orders: ARIMAOrders
  /// The mean of the differences.
  let center: Double
  /// What the differences 1, 2, … rows before weigh.
  let past: [Double]
  /// What the shocks 1, 2, … rows before weigh.
  let shocks: [Double]

  private var differencing: Differencing {
    Differencing(
      order: order, season: seasonalOrder > 0 ? season : nil, seasonalOrder: seasonalOrder)
  }

  public func refitted(to values: [Double]) -> any FittedForecast {
    let search = ARIMASearch(
      differencing.differences(of: values), season: season, hasMean: order + seasonalOrder <= 1)
    guard let fit = search.fit(orders) else { return self }
    return ARIMAModel(
      order: order, season: season, seasonalOrder: seasonalOrder, orders: orders,
      center: fit.center, past: fit.past, shocks: fit.shocks)
  }

  public func forecast(after history: [Double], horizon: Int) -> [Double] {
    var w = differencing.differences(of: history).map { $0 - center }
    var a = shocksOf(w, past: Sparse(past), shocks: Sparse(shocks))
    let count = w.count
    for time in count..<count + horizon {
      var value = 0.0
      for (lag, weight) in past.enumerated() where time - lag - 1 >= 0 {
        value += weight * w[time - lag - 1]
      }
      for (lag, weight) in shocks.enumerated() where time - lag - 1 >= 0 {
        value += weight * a[time - lag - 1]
      }
      w.append(value)
      a.append(0)
    }
    return differencing.values(ofDifferences: w[count...].map { $0 + center }, after: history)
  }
}

/// The lags whose weight is not 0.
struct Sparse {
  let lags: [Int], weights: [Double]

  init(_ dense: [Double]) {
    let places = dense.indices.filter { dense[$0] != 0 }
    lags = places.map { $0 + 1 }
    weights = places.map { dense[$0] }
  }
}

/// a_t = w_t − Σ past w − Σ shocks a, with zeros before the first.
func shocksOf(_ w: [Double], past: Sparse, shocks: Sparse) -> [Double] {
  var a = [Double](repeating: 0, count: w.count)
  a.withUnsafeMutableBufferPointer { a in
    w.withUnsafeBufferPointer { w in
      for time in 0..<w.count {
        var value = w[time]
        for k in 0..<past.lags.count where past.lags[k] <= time {
          value -= past.weights[k] * w[time - past.lags[k]]
        }
        for k in 0..<shocks.lags.count where shocks.lags[k] <= time {
          value -= shocks.weights[k] * a[time - shocks.lags[k]]
        }
        a[time] = value
      }
    }
  }
  return a
}

/// Finds the orders p, q, P, Q.
private struct ARIMASearch {
  typealias Orders = ARIMAOrders
  struct Fit {
    var criterion: Double
    var center: Double, past: [Double], shocks: [Double]
  }

  let w: [Double]
  let season: Int
  let center: Double

  init(_ changes: [Double], season: Int, hasMean: Bool) {
    (self.season, center) = (season, hasMean ? mean(changes) : 0)
    w = changes.map { [center] in $0 - center }
  }

  func best() -> (orders: Orders, fit: Fit)? {
    let hasSeason = season > 1
    let most = Orders(
      p: min(5, w.count / 6), q: min(5, w.count / 6), P: hasSeason ? 2 : 0, Q: hasSeason ? 2 : 0)
    var tried: [Orders: Fit?] = [:]
    func attempt(_ orders: Orders) -> Fit? {
      if let known = tried[orders] { return known }
      let fit = self.fit(orders)
      tried[orders] = .some(fit)
      return fit
    }
    let starts = [
      Orders(), Orders(p: 1, P: hasSeason ? 1 : 0), Orders(q: 1, Q: hasSeason ? 1 : 0),
      Orders(p: 2, q: 2, P: hasSeason ? 1 : 0, Q: hasSeason ? 1 : 0),
    ]
    var best: (orders: Orders, fit: Fit)?
    for orders in starts {
      guard let fit = attempt(orders) else { continue }
      if fit.criterion < best?.fit.criterion ?? .infinity { best = (orders, fit) }
    }
    guard var now = best else { return nil }
    let steps: [(Int, Int, Int, Int)] = [
      (1, 0, 0, 0), (-1, 0, 0, 0), (0, 1, 0, 0), (0, -1, 0, 0), (1, 1, 0, 0), (-1, -1, 0, 0),
      (0, 0, 1, 0), (0, 0, -1, 0), (0, 0, 0, 1), (0, 0, 0, -1), (0, 0, 1, 1), (0, 0, -1, -1),
    ]
    var moved = true
    while moved, tried.count < 60 {
      moved = false
      for (p, q, P, Q) in steps {
        let next = Orders(
          p: now.orders.p + p, q: now.orders.q + q, P: now.orders.P + P, Q: now.orders.Q + Q)
        guard (0...most.p).contains(next.p), (0...most.q).contains(next.q),
          (0...most.P).contains(next.P), (0...most.Q).contains(next.Q), tried[next] == nil
        else { continue }
        if let fit = attempt(next), fit.criterion < now.fit.criterion {
          now = (next, fit)
          moved = true
          break
        }
      }
    }
    return now
  }

  func fit(_ orders: Orders) -> Fit? {
    let parameters = orders.p + orders.q + orders.P + orders.Q
    let count = Double(w.count)
    let spread = Double(parameters + 1 + (center == 0 ? 0 : 1))
    guard count - spread - 1 > 0 else { return nil }
    func weights(_ point: [Double]) -> (past: [Double], shocks: [Double]) {
      var rest = point[...]
      func take(_ number: Int) -> [Double] {
        defer { rest = rest.dropFirst(number) }
        return stable(rest.prefix(number).map { tanh($0) })
      }
      let phi = take(orders.p), theta = take(orders.q)
      let seasonalPhi = take(orders.P), seasonalTheta = take(orders.Q)
      // θ(B) = 1 − θ₁B − …: an invertible moving average is a stable autoregression turned round.
      return (
        product(phi, seasonalPhi, season: season),
        product(theta, seasonalTheta, season: season).map { -$0 }
      )
    }
    func deviance(_ point: [Double]) -> Double {
      let (past, shocks) = weights(point)
      let a = shocksOf(w, past: Sparse(past), shocks: Sparse(shocks))
      return count * log(max(a.reduce(0) { $0 + $1 * $1 }, 1e-300))
    }
    let start = [Double](repeating: 0.1, count: parameters)
    let found = nelderMead(
      from: start, step: start.map { _ in 0.4 }, limit: 100 * parameters, tolerance: 1e-7, deviance)
    guard found.value < .infinity else { return nil }
    let (past, shocks) = weights(found.point)
    return Fit(
      criterion: found.value + 2 * spread + 2 * spread * (spread + 1) / (count - spread - 1),
      center: center, past: past, shocks: shocks)
  }
}

/// The coefficients of the stable autoregression with these partial autocorrelations, each in (−1, 1)
/// (Barndorff-Nielsen & Schou 1973, by Durbin and Levinson's recursion).
private func stable(_ partial: [Double]) -> [Double] {
  var coefficients: [Double] = []
  for r in partial {
    let before = coefficients
    for k in before.indices { coefficients[k] = before[k] - r * before[before.count - 1 - k] }
    coefficients.append(r)
  }
  return coefficients
}

/// (1 − Σ aᵢBⁱ)(1 − Σ bⱼB^(mj)) = 1 − Σ cₖBᵏ: the coefficients c.
private func product(_ a: [Double], _ b: [Double], season: Int) -> [Double] {
  if b.isEmpty { return a }
  var polynomial = [Double](repeating: 0, count: a.count + season * b.count + 1)
  for (i, left) in ([-1] + a).enumerated() {
    for (j, right) in ([-1] + b).enumerated() { polynomial[i + season * j] -= left * right }
  }
  return Array(polynomial.dropFirst())
}
