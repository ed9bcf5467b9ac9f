import Sequences
import Training

/// A forecaster in a file: one safetensors file with the networks' weights as tensors, and all else,
/// the choice, the coefficients, the seasons, the values learned from, as JSON in its metadata.
public struct SavedForecast: SavedModel {
  public static let kind = "unroll.forecast", version = 1

  /// The column that it forecasts.
  public let column: String
  /// The times of its values; nil where none were told.
  public let clock: SeriesClock?
  /// What forecasts.
  public let model: ForecastModel

  /// A model to be written, with the name of its column and its times.
  public init(_ model: ForecastModel, column: String, clock: SeriesClock?) {
    (self.model, self.column, self.clock) = (model, column, clock)
  }

  public func check() throws {
    let shares = model.members.map(\.weight)
    guard model.horizon >= 1, model.horizon <= 1_000_000, model.values.count >= 8,
      model.values.allSatisfy(\.isFinite), !model.members.isEmpty,
      shares.allSatisfy({ $0 > 0 && $0 <= 1 }),
      model.seasons.allSatisfy({ $0 > 1 && 2 * $0 <= model.values.count })
    else { throw SavedModelError(file: "", problem: "is damaged: numbers that cannot be") }
  }
}
