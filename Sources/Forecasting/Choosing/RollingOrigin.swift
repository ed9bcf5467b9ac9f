/// Forecasts of a part of a series as they would have been made at the time: at each origin from the
/// values before it alone.
public struct RollingOrigin: Sendable {
  /// How many values are known at each forecast.
  public let origins: [Int]
  /// How many values ahead are forecast from each.
  public let horizon: Int
  /// A method learns anew at each origin up to so many values; beyond, once, before the first.
  public var refitsUpTo = 1000

  /// Forecasts of `horizon` values from each of the origins, which rise.
  public init(origins: [Int], horizon: Int) {
    (self.origins, self.horizon) = (origins, horizon)
  }

  /// The forecasts at each origin, `horizon` values each (fewer where the series ends); nil if the
  /// method has none, or no finite ones.
  public func forecasts(of values: [Double], by method: any ForecastMethod) -> [[Double]]? {
    var learned: (any FittedForecast)?
    var all: [[Double]] = []
    for origin in origins {
      let history = Array(values[..<origin])
      if learned == nil {
        learned = method.fitted(to: history)
      } else if origin <= refitsUpTo {
        learned = learned?.refitted(to: history)
      }
      guard let learned else { return nil }
      let reach = min(horizon, values.count - origin)
      let next = learned.forecast(after: history, horizon: reach)
      guard next.allSatisfy(\.isFinite) else { return nil }
      all.append(next)
    }
    return all
  }

  /// The mean absolute error over all origins and steps.
  public func error(of forecasts: [[Double]], _ values: [Double]) -> Double {
    var sum = 0.0, count = 0
    for (origin, forecast) in zip(origins, forecasts) {
      for (step, value) in forecast.enumerated() {
        sum += abs(values[origin + step] - value)
        count += 1
      }
    }
    return sum / Double(count)
  }
}
