import Foundation

/// A forecast with its band.
public struct Forecast: Sendable, Equatable {
  /// The values foreseen, and the ends of the band around each, one number a step ahead, in the
  /// series' units.
  public let mean, lower, upper: [Double]
}

/// What the held-out part of a series says of the forecasts.
public struct HeldOut: Sendable, Codable {
  /// A method on the held-out part.
  public struct Rival: Sendable, Codable {
    /// What it is called.
    public let name: String
    /// Its share of the forecast; 0 if it is told for comparison.
    public let weight: Double
    /// Mean absolute errors: where the choice was made, and on the part held out.
    public let validationError, error: Double
  }

  /// How often the truth was inside a band that was to hold a share of it.
  public struct Coverage: Sendable, Codable, Equatable {
    /// The share that it was to hold, and the share that was inside.
    public let share, measured: Double
  }

  /// How many values were known at each forecast.
  public let origins: [Int]
  /// What was foreseen from each origin, `horizon` values in the series' units.
  public let forecasts: [[Double]]
  /// The mean absolute error.
  public let error: Double
  /// The share of values inside the band.
  public let coverage: Double
  /// The same for bands of 80, 90 and 95 %.
  public let coverages: [Coverage]
  /// The methods that are used and the best of each other family, in the order of their validation
  /// errors.
  public let rivals: [Rival]
}

/// A forecaster that has chosen and learned.
public struct ForecastModel: Sendable, Codable {
  /// A method with its share of the forecast.
  public struct Member: Sendable, Codable {
    /// What the method is called.
    public let name: String
    /// Its share of the forecast, beside the other members' weights.
    public let weight: Double
    let box: FittedBox

    /// The method with what it has learned.
    public var fitted: any FittedForecast { box.fitted }
  }

  /// What it has learned from, oldest first.
  public let values: [Double]
  /// How many values ahead it was made for; `forecast` gives other numbers, too.
  public let horizon: Int
  /// Rows in each season.
  public let seasons: [Int]
  /// The methods that are used.
  public let members: [Member]
  let band: Band
  /// nil for a series too short to hold anything out.
  public let heldOut: HeldOut?

  /// The share of future values that the band is to hold.
  public var interval: Double { band.share }

  /// The values that follow.
  ///
  /// - Parameters:
  ///   - newer: values that have come since, if any: what is learned stays as it is.
  ///   - horizon: how many; those asked for when it was made if left out.
  public func forecast(after newer: [Double] = [], horizon: Int? = nil) -> Forecast {
    let history = values + newer, count = horizon ?? self.horizon
    var sum = [Double](repeating: 0, count: count)
    let whole = members.reduce(0) { $0 + $1.weight }
    for member in members {
      for (step, value) in member.fitted.forecast(after: history, horizon: count).enumerated() {
        sum[step] += value * member.weight / whole
      }
    }
    let bands = sum.enumerated().map { band.around($1, step: $0) }
    return Forecast(mean: sum, lower: bands.map(\.lower), upper: bands.map(\.upper))
  }
}
