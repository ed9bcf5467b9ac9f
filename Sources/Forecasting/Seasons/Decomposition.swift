import Synchronization

/// A series as the sum of a trend, one course a season, and what remains: STL (Cleveland, Cleveland,
/// McRae & Terpenning 1990), and for several seasons its repetition from the shortest to the longest,
/// MSTL (Bandara, Hyndman & Bergmeir 2021).
public struct Decomposition: Sendable {
  /// Rows in each season, shortest first.
  public let seasons: [Int]
  /// The slow course, as long as the series, in its units.
  public let trend: [Double]
  /// The course of each season, as long as the series.
  public let seasonal: [[Double]]
  /// What neither trend nor seasons say, as long as the series.
  public let remainder: [Double]

  /// - Parameters:
  ///   - values: at least two of the longest season.
  ///   - seasons: rows in each season.
  ///   - window: over how many seasons the course of a season may change: an odd number, larger for
  ///     a stiffer one; nil takes 11, and 4 more for each longer season.
  public init(_ values: [Double], seasons: [Int], window: Int? = nil) {
    let seasons = seasons.filter { $0 > 1 && 2 * $0 <= values.count }.sorted()
    self.seasons = seasons
    var courses = seasons.map { _ in [Double](repeating: 0, count: values.count) }
    var trend = [Double](repeating: 0, count: values.count)
    var rest = values
    if seasons.isEmpty {
      trend = loess(values, window: Swift.max(7, values.count / 4 | 1))
    } else {
      for _ in 0..<(seasons.count > 1 ? 2 : 1) {
        for (place, season) in seasons.enumerated() {
          for t in rest.indices { rest[t] += courses[place][t] }
          let stl = STL(rest, season: season, window: window ?? 11 + 4 * place)
          courses[place] = stl.seasonal
          trend = stl.trend
          for t in rest.indices { rest[t] -= courses[place][t] }
        }
      }
    }
    (self.trend, seasonal) = (trend, courses)
    remainder = values.indices.map { t in
      values[t] - trend[t] - courses.reduce(0) { $0 + $1[t] }
    }
  }

  /// The series without its seasons.
  public var adjusted: [Double] { zip(trend, remainder).map(+) }

  /// The next `horizon` values of all seasons together: their last ones again.
  public func seasonalForecast(_ horizon: Int) -> [Double] {
    (0..<horizon).map { step in
      zip(seasons, seasonal).reduce(0) { sum, next in
        sum + next.1[next.1.count - next.0 + step % next.0]
      }
    }
  }

  /// How much of what is not trend the season explains, from 0 to 1 (Wang, Smith & Hyndman 2006).
  public func strength(of place: Int) -> Double {
    let both = zip(remainder, seasonal[place]).map(+)
    let whole = variance(both)
    return whole > 0 ? max(0, 1 - variance(remainder) / whole) : 0
  }
}

extension Decomposition {
  private static let recent = Mutex<[(values: [Double], seasons: [Int], result: Decomposition)]>([])

  /// A decomposition that was perhaps made a moment ago for another method.
  static func kept(_ values: [Double], seasons: [Int]) -> Decomposition {
    let known = recent.withLock { recent in
      recent.first { $0.seasons == seasons && $0.values == values }?.result
    }
    if let known { return known }
    let result = Decomposition(values, seasons: seasons)
    recent.withLock { recent in
      recent.append((values, seasons, result))
      if recent.count > 40 { recent.removeFirst() }
    }
    return result
  }
}

/// One season's decomposition.
struct STL {
  private(set) var trend: [Double]
  private(set) var seasonal: [Double]

  init(_ values: [Double], season: Int, window: Int, passes: Int = 2) {
    let count = values.count
    trend = [Double](repeating: 0, count: count)
    seasonal = trend
    let trendWindow = Int((1.5 * Double(season) / (1 - 1.5 / Double(window))).rounded(.up)) | 1
    let lowPass = season | 1
    for _ in 0..<passes {
      // Each place of the season smoothed over the years, one more at either end.
      var cycle = [Double](repeating: 0, count: count + 2 * season)
      for place in 0..<season {
        let own = stride(from: place, to: count, by: season).map { values[$0] - trend[$0] }
        let smooth = loess(own, window: window, before: 1, after: 1)
        for (year, value) in smooth.enumerated() {
          let t = place + year * season
          if t < cycle.count { cycle[t] = value }
        }
      }
      // What of it is no season: three moving averages and a smooth line.
      let low = loess(
        movingAverage(movingAverage(movingAverage(cycle, season), season), 3), window: lowPass)
      for t in 0..<count { seasonal[t] = cycle[t + season] - low[t] }
      trend = loess(zip(values, seasonal).map(-), window: trendWindow)
    }
  }
}

/// The means of `width` values in a row.
private func movingAverage(_ values: [Double], _ width: Int) -> [Double] {
  var sum = values[..<width].reduce(0, +)
  var means = [sum / Double(width)]
  for t in width..<values.count {
    sum += values[t] - values[t - width]
    means.append(sum / Double(width))
  }
  return means
}
