import Foundation

/// Exponential smoothing: level, trend and season, each moved a little by every new value (Holt 1957,
/// Winters 1960; in the form of Hyndman, Koehler, Snyder & Grose 2002).
///
/// Of the forms, without a trend, with one, with one that dies away, and each without a season, with
/// one that is added and one that is multiplied, the one with the lowest corrected information
/// criterion is taken. Smoothing weights and beginnings are those with the largest likelihood.
public struct ExponentialSmoothing: ForecastMethod {
  /// Rows in a season; 1 for none.
  public let season: Int
  public var name: String { "exponential smoothing" }

  /// - Parameter season: rows in a season, 1 for none; beyond 24 none is looked for.
  public init(season: Int = 1) { self.season = season }

  public func fitted(to values: [Double]) -> (any FittedForecast)? {
    guard values.count >= 4 else { return nil }
    let hasSeason = season > 1 && season <= 24 && values.count >= 2 * season + 2
    var best: (criterion: Double, model: SmoothingModel)?
    let isPositive = values.allSatisfy { $0 > 0 }
    for trend in SmoothingModel.Trend.allCases {
      for course in SmoothingModel.Course.allCases {
        if course != .none, !hasSeason { continue }
        if course == .multiplied, !isPositive { continue }
        if course == .none, hasSeason, trend != .none { continue }
        guard
          let (criterion, model) = SmoothingModel.fitted(
            to: values, trend: trend, course: course, season: hasSeason ? season : 1)
        else { continue }
        if criterion < best?.criterion ?? .infinity { best = (criterion, model) }
      }
    }
    return best?.model
  }
}

/// One form of exponential smoothing with its weights.
///
/// With level ℓ, trend b and season s of m rows, the forecast of the next value is
/// ŷ = ℓ + φb + s (or (ℓ + φb) s), and its error e moves them:
///
///     ℓ ← ℓ + φb + α e          b ← φb + β e          s ← s + γ e
///
/// With a multiplied season, e/s moves level and trend and e/(ℓ + φb) the season.
public struct SmoothingModel: FittedForecast {
  enum Trend: String, Codable, CaseIterable, Sendable { case none, straight, damped }
  enum Course: String, Codable, CaseIterable, Sendable { case none, added, multiplied }

  let trend: Trend
  let course: Course
  let season: Int
  var alpha = 0.0, beta = 0.0, gamma = 0.0, phi = 1.0
  var level = 0.0, slope = 0.0
  var seasonal: [Double] = []

  private init(trend: Trend, course: Course, season: Int) {
    (self.trend, self.course, self.season) = (trend, course, season)
  }

  public func forecast(after history: [Double], horizon: Int) -> [Double] {
    var model = self
    model.seasonal = seasonal
    _ = model.run(history)
    let place = season > 1 ? history.count % season : 0
    var damp = 1.0, reach = 0.0
    return (0..<horizon).map { step in
      damp *= model.phi
      reach += trend == .none ? 0 : damp
      let value = model.level + reach * model.slope
      switch course {
      case .none: return value
      case .added: return value + model.seasonal[(place + step) % season]
      case .multiplied: return value * model.seasonal[(place + step) % season]
      }
    }
  }

  /// Walks over the values, and leaves the states that follow them.
  ///
  /// - Returns: the sum of squared errors, relative ones where the season is multiplied, and the sum
  ///   of the logarithms of what they are relative to.
  private mutating func run(_ values: [Double]) -> (squares: Double, logs: Double) {
    var squares = 0.0, logs = 0.0
    for (time, value) in values.enumerated() {
      let place = season > 1 ? time % season : 0
      let carried = level + phi * slope
      switch course {
      case .none, .added:
        let error = value - carried - (course == .added ? seasonal[place] : 0)
        squares += error * error
        level = carried + alpha * error
        slope = phi * slope + beta * error
        if course == .added { seasonal[place] += gamma * error }
      case .multiplied:
        let share = seasonal[place], forecast = carried * share, error = value - forecast
        squares += error * error / (forecast * forecast)
        logs += log(abs(forecast))
        level = carried + alpha * error / share
        slope = phi * slope + beta * error / share
        seasonal[place] += gamma * error / carried
      }
      if !level.isFinite { return (.infinity, 0) }
    }
    return (squares, logs)
  }

  public func refitted(to values: [Double]) -> any FittedForecast {
    Self.fitted(to: values, trend: trend, course: course, season: season)?.model ?? self
  }

  fileprivate static func fitted(
    to values: [Double], trend: Trend, course: Course, season: Int
  ) -> (criterion: Double, model: SmoothingModel)? {
    var start = SmoothingModel(trend: trend, course: course, season: season)
    let beginning = Beginning(values, course: course, season: season)
    start.seasonal = beginning.seasonal
    (start.level, start.slope) = (beginning.level, trend == .none ? 0 : beginning.slope)
    let spread = max(variance(values).squareRoot(), .leastNormalMagnitude)
    // α in (0, 1), β below α, γ below 1 − α, φ from 0.8 to 0.98; the beginnings in units of the
    // spread.
    func model(_ point: [Double]) -> SmoothingModel {
      var model = start, next = 0
      func take() -> Double {
        next += 1
        return point[next - 1]
      }
      func share(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
      model.alpha = 1e-4 + 0.9998 * share(take())
      model.level = start.level + spread * take()
      if trend != .none {
        model.beta = model.alpha * share(take())
        model.slope = start.slope + 0.1 * spread * take()
      }
      if trend == .damped { model.phi = 0.8 + 0.18 * share(take()) }
      if course != .none { model.gamma = (1 - model.alpha) * share(take()) }
      return model
    }
    let count = Double(values.count)
    func deviance(_ model: SmoothingModel) -> Double {
      var model = model
      let (squares, logs) = model.run(values)
      return count * log(max(squares, 1e-300 * count)) + 2 * logs
    }
    var point = [-0.8, 0.0]
    if trend != .none { point += [-2, 0] }
    if trend == .damped { point.append(1.5) }
    if course != .none { point.append(-2) }
    let found = nelderMead(
      from: point, step: point.map { $0 == 0 ? 0.2 : 0.8 }, limit: 120 * point.count
    ) { deviance(model($0)) }
    guard found.value < .infinity else { return nil }
    let parameters = Double(point.count + (course == .none ? 0 : season - 1) + 1)
    guard count - parameters - 1 > 0 else { return nil }
    let criterion =
      found.value + 2 * parameters + 2 * parameters * (parameters + 1) / (count - parameters - 1)
    return (criterion, model(found.point))
  }

  /// Where level, slope and season begin: a line through the first values, and what lies above it.
  private struct Beginning {
    var level: Double, slope: Double, seasonal: [Double] = []

    init(_ values: [Double], course: Course, season: Int) {
      let count = min(values.count, max(10, course == .none ? 0 : 3 * season))
      let first = Array(values.prefix(count))
      guard course != .none else {
        let line = StraightLine(first)
        (level, slope) = (line.intercept, line.slope)
        return
      }
      // The mean over a whole season has none.
      let whole = count / season * season
      let means = stride(from: 0, to: whole, by: season).map { mean(first[$0..<$0 + season]) }
      let rise = means.count > 1 ? (means.last! - means[0]) / Double((means.count - 1) * season) : 0
      let middle = Double(season - 1) / 2
      func base(_ time: Int) -> Double {
        let block = time / season
        return means[block] + rise * (Double(time - block * season) - middle)
      }
      seasonal = (0..<season).map { place in
        mean(
          stride(from: place, to: whole, by: season).map {
            course == .added ? first[$0] - base($0) : first[$0] / max(base($0), 1e-12)
          })
      }
      let center = mean(seasonal)
      seasonal = seasonal.map { course == .added ? $0 - center : $0 / center }
      (level, slope) = (means[0] - rise * (middle + 1), rise)
    }
  }
}

/// The straight line nearest to numbers at 0, 1, 2, … by least squares; at −1 it is `intercept`.
struct StraightLine {
  let slope: Double, intercept: Double

  init(_ values: [Double]) {
    let middle = Double(values.count - 1) / 2, center = mean(values)
    var above = 0.0, below = 0.0
    for (time, value) in values.enumerated() {
      let x = Double(time) - middle
      above += x * (value - center)
      below += x * x
    }
    slope = below > 0 ? above / below : 0
    intercept = center - slope * (middle + 1)
  }
}
