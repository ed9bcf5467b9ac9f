import Foundation

/// What was forecast and what came.
struct Past {
  /// Errors by step ahead, from 0: forecast and truth.
  private(set) var pairs: [(step: Int, forecast: Double, truth: Double)] = []

  init(_ origins: [Int], _ forecasts: [[Double]], _ values: [Double]) {
    for (origin, forecast) in zip(origins, forecasts) {
      for (step, value) in forecast.enumerated() {
        pairs.append((step, value, values[origin + step]))
      }
    }
  }

  mutating func add(_ other: Past) { pairs += other.pairs }
}

/// How far around a forecast the truth has been in the past, by steps ahead.
///
/// The typical error grows as a power of the step, a·hᵇ with b from 0 to 1, fitted to the mean errors
/// at each step; how many times that the band reaches is the quantile of all past errors in this unit
/// (split conformal prediction: Vovk, Gammerman & Shafer 2005). Of positive values errors are those of
/// logarithms, so that the band stays positive.
///
/// Errors from one origin, and from origins nearer than a horizon, resemble one another: the quantile of
/// few independent ones is uncertain, and the band wider by as much as Student's distribution is than the
/// normal one with that many.
struct Band: Codable, Sendable {
  let share: Double
  private let isRelative: Bool
  private let size: Double, power: Double, times: Double

  /// - Parameter independent: how many errors that have little to do with one another there are.
  init(_ past: Past, share: Double, isRelative: Bool, independent: Double) {
    self.share = share
    self.isRelative = isRelative && past.pairs.allSatisfy { $0.forecast > 0 && $0.truth > 0 }
    let isLog = self.isRelative
    func error(_ pair: (step: Int, forecast: Double, truth: Double)) -> Double {
      isLog ? abs(log(pair.truth / pair.forecast)) : abs(pair.truth - pair.forecast)
    }
    let longest = (past.pairs.map(\.step).max() ?? 0) + 1
    var sums = [Double](repeating: 0, count: longest), counts = sums
    for pair in past.pairs {
      sums[pair.step] += error(pair)
      counts[pair.step] += 1
    }
    let known = (0..<longest).filter { counts[$0] > 0 && sums[$0] > 0 }
    let points = known.map { (step: Int) -> (x: Double, y: Double) in
      (log(Double(step + 1)), log(sums[step] / counts[step]))
    }
    let middle = (x: mean(points.map(\.x)), y: mean(points.map(\.y)))
    let above = points.reduce(0) { $0 + ($1.x - middle.x) * ($1.y - middle.y) }
    let below = points.reduce(0) { $0 + ($1.x - middle.x) * ($1.x - middle.x) }
    let slope = min(1, max(0, below > 0 ? above / below : 0))
    power = points.isEmpty ? 0 : slope
    size = points.isEmpty ? 0 : exp(middle.y - slope * middle.x)
    let base = size, exponent = power
    let units = past.pairs.map {
      error($0) / max(base * pow(Double($0.step + 1), exponent), 1e-300)
    }
    .sorted()
    let place = Int((share * Double(units.count + 1)).rounded(.up)) - 1
    let quantile = units.isEmpty ? 0 : units[min(max(0, place), units.count - 1)]
    times = quantile * Self.widening(share, independent: independent)
  }

  /// The quantile of Student's distribution in units of the normal one's, by the expansion of Peizer &
  /// Pratt (Abramowitz & Stegun 26.7.5).
  static func widening(_ share: Double, independent count: Double) -> Double {
    var low = 0.0, high = 10.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if erf(middle / 2.0.squareRoot()) < share { low = middle } else { high = middle }
    }
    let z = low, z2 = z * z, n = max(2, count)
    let first = (z2 + 1) / (4 * n)
    let second = (5 * z2 * z2 + 16 * z2 + 3) / (96 * n * n)
    let third = (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / (384 * n * n * n)
    return 1 + first + second + third
  }

  /// The band around a forecast so many steps ahead, from 0.
  func around(_ forecast: Double, step: Int) -> (lower: Double, upper: Double) {
    let reach = times * size * pow(Double(step + 1), power)
    return isRelative && forecast > 0
      ? (forecast * exp(-reach), forecast * exp(reach)) : (forecast - reach, forecast + reach)
  }

  /// The share of truths inside.
  func coverage(_ past: Past) -> Double {
    let inside = past.pairs.count {
      let band = around($0.forecast, step: $0.step)
      return band.lower <= $0.truth && $0.truth <= band.upper
    }
    return Double(inside) / Double(max(1, past.pairs.count))
  }
}
