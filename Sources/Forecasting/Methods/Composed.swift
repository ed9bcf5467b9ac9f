import Sequences

/// Another method on the series without its seasons, which are taken out by a decomposition and put
/// back: the way to forecast several seasons at once.
public struct Decomposed: ForecastMethod {
  /// Rows in each season that is taken out.
  public let seasons: [Int]
  /// What forecasts the rest.
  public let inner: any ForecastMethod
  public var name: String {
    "decomposition (\(seasons.map(String.init).joined(separator: ", "))) + \(inner.name)"
  }

  /// A method on what `Decomposition` leaves; it needs two of the longest season.
  public init(seasons: [Int], _ inner: any ForecastMethod) {
    (self.seasons, self.inner) = (seasons, inner)
  }

  public func fitted(to values: [Double]) -> (any FittedForecast)? {
    guard let longest = seasons.max(), values.count >= 2 * longest else { return nil }
    let decomposition = Decomposition.kept(values, seasons: seasons)
    return inner.fitted(to: decomposition.adjusted).map {
      DecomposedModel(seasons: seasons, inner: FittedBox($0))
    }
  }
}

struct DecomposedModel: FittedForecast {
  let seasons: [Int]
  let inner: FittedBox

  func refitted(to values: [Double]) -> any FittedForecast {
    let adjusted = Decomposition.kept(values, seasons: seasons).adjusted
    return DecomposedModel(seasons: seasons, inner: FittedBox(inner.fitted.refitted(to: adjusted)))
  }

  func forecast(after history: [Double], horizon: Int) -> [Double] {
    let decomposition = Decomposition.kept(history, seasons: seasons)
    let rest = inner.fitted.forecast(after: decomposition.adjusted, horizon: horizon)
    return zip(rest, decomposition.seasonalForecast(horizon)).map(+)
  }
}

/// Another method on the scale of a Box–Cox transform.
public struct Transformed: ForecastMethod {
  /// What is done to the values before, and undone after.
  public let transform: BoxCox
  /// What forecasts the transformed values.
  public let inner: any ForecastMethod
  public var name: String {
    (transform.lambda == 0 ? "log: " : "λ = \(transform.lambda): ") + inner.name
  }

  /// A method on the transformed values, which must all be positive: of others nothing is learned.
  public init(_ transform: BoxCox, _ inner: any ForecastMethod) {
    (self.transform, self.inner) = (transform, inner)
  }

  public func fitted(to values: [Double]) -> (any FittedForecast)? {
    guard values.allSatisfy({ $0 > 0 }) else { return nil }
    return inner.fitted(to: transform.transform(values)).map {
      TransformedModel(transform: transform, inner: FittedBox($0))
    }
  }
}

struct TransformedModel: FittedForecast {
  let transform: BoxCox
  let inner: FittedBox

  func refitted(to values: [Double]) -> any FittedForecast {
    TransformedModel(
      transform: transform,
      inner: FittedBox(inner.fitted.refitted(to: transform.transform(values))))
  }

  func forecast(after history: [Double], horizon: Int) -> [Double] {
    transform.inverse(inner.fitted.forecast(after: transform.transform(history), horizon: horizon))
  }
}
