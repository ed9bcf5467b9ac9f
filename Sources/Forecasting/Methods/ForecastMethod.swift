/// A way to forecast one series of numbers on a regular grid.
///
///     struct Same: ForecastMethod, FittedForecast {
///       var name: String { "the same again" }
///       func fitted(to values: [Double]) -> (any FittedForecast)? { self }
///       func forecast(after history: [Double], horizon: Int) -> [Double] {
///         (0..<horizon).map { _ in history.last ?? 0 }
///       }
///     }
///
/// What `fitted` returns holds all that was learned, and forecasts from any history of the series:
/// the one it learned from, or a longer one.
public protocol ForecastMethod: Sendable {
  /// What tables call it.
  var name: String { get }

  /// What the method learns from `values`, oldest first, all finite; nil where they are too few for
  /// it, or where it has nothing to say (a logarithm of negative numbers).
  func fitted(to values: [Double]) -> (any FittedForecast)?
}

/// What a method has learned.
public protocol FittedForecast: Codable, Sendable {
  /// The `horizon` values that follow `history`.
  func forecast(after history: [Double], horizon: Int) -> [Double]

  /// The same form with its coefficients learned anew, from a longer history; itself if that is no
  /// use or would take long.
  func refitted(to values: [Double]) -> any FittedForecast
}

extension FittedForecast {
  public func refitted(to values: [Double]) -> any FittedForecast { self }
}
