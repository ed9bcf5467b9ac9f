/// The last value again: the best there is for a random walk.
public struct LastValue: ForecastMethod, FittedForecast {
  public var name: String { "last value" }

  /// There is nothing to choose.
  public init() {}

  public func fitted(to values: [Double]) -> (any FittedForecast)? { values.isEmpty ? nil : self }

  public func forecast(after history: [Double], horizon: Int) -> [Double] {
    Array(repeating: history.last ?? .nan, count: horizon)
  }
}

/// The same season last time: the value of a season ago.
public struct SeasonalNaive: ForecastMethod, FittedForecast {
  /// Rows in a season.
  public let season: Int
  public var name: String { season == 1 ? "last value" : "same season last time (\(season))" }

  /// - Parameter season: rows in a season; 1 is the last value.
  public init(season: Int) { self.season = season }

  public func fitted(to values: [Double]) -> (any FittedForecast)? {
    values.count < season ? nil : self
  }

  public func forecast(after history: [Double], horizon: Int) -> [Double] {
    (0..<horizon).map { history[history.count - season + $0 % season] }
  }
}

/// The straight line through the first value and the last, gone on with.
public struct Drift: ForecastMethod, FittedForecast {
  public var name: String { "drift" }

  /// There is nothing to choose.
  public init() {}

  public func fitted(to values: [Double]) -> (any FittedForecast)? { values.count < 2 ? nil : self }

  public func forecast(after history: [Double], horizon: Int) -> [Double] {
    let first = history[0], last = history[history.count - 1]
    let step = (last - first) / Double(history.count - 1)
    return (1...max(1, horizon)).prefix(horizon).map { last + Double($0) * step }
  }
}

/// The mean of all values.
public struct MeanOfAll: ForecastMethod, FittedForecast {
  public var name: String { "mean of all" }

  /// There is nothing to choose.
  public init() {}

  public func fitted(to values: [Double]) -> (any FittedForecast)? { values.isEmpty ? nil : self }

  public func forecast(after history: [Double], horizon: Int) -> [Double] {
    Array(repeating: mean(history), count: horizon)
  }
}

func mean(_ values: some Collection<Double>) -> Double {
  values.reduce(0, +) / Double(values.count)
}

func variance(_ values: some Collection<Double>) -> Double {
  let center = mean(values)
  return values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count)
}
