import Arrays

/// A series made ready to learn a forecast from: split in time order, scaled by what its training
/// part shows, and only then cut into windows. It keeps its scaler, so that predictions come back in
/// the data's own units.
///
///     let data = ForecastData(series, target: "pm2.5", width: 24, horizon: 6)
///     for (inputs, targets) in DataLoader(data.training, batchSize: 32, shuffle: true) { … }
///     let micrograms = data.inUnits(predictions)
public struct ForecastData {
  /// The columns' names, in the order of the windows' features.
  public let names: [String]
  /// The name of the column that is forecast.
  public let target: String
  /// Fitted to the training part's columns.
  public let scaler: any Scaler
  /// Windows of the three parts, scaled. None looks at a row of another.
  public let training, validation, test: Windows

  /// - Parameters:
  ///   - series: without missing numbers; with any, the program stops.
  ///   - target: the column to forecast, from all columns.
  ///   - width: rows in a window.
  ///   - horizon: rows to forecast.
  ///   - fractions: the shares of the rows to train on and to validate on; the test has the rest. A
  ///     part that is too short for a window stops the program, but one that has no share.
  ///   - dtype: the element type of the windows.
  ///   - scaler: makes the scaler from the training part.
  public init(
    _ series: TimeSeries, target: String, width: Int, horizon: Int = 1,
    fractions: (training: Double, validation: Double) = (0.7, 0.15), dtype: DType = .float32,
    scaler: (TimeSeries) -> any Scaler = { StandardScaler(fittedTo: $0) }
  ) {
    guard series.missingCount == 0 else {
      wrongUse("ForecastData: \(series.missingCount) numbers are missing; fill or drop them first")
    }
    let parts = series.split(fractions: [fractions.training, fractions.validation])
    let fitted = scaler(parts[0])
    func windows(_ part: TimeSeries) -> Windows {
      Windows(
        fitted.transform(part), width: width, horizon: horizon, targetColumn: target, dtype: dtype)
    }
    (names, self.target, self.scaler) = (series.names, target, fitted)
    (training, validation, test) = (windows(parts[0]), windows(parts[1]), windows(parts[2]))
    let rest = 1 - fractions.training - fractions.validation
    for (name, part, share, rows) in [
      ("training", training, 1, parts[0].count),
      ("validation", validation, fractions.validation, parts[1].count),
      ("test", test, rest, parts[2].count),
    ] where part.count == 0 && share > 1e-9 {
      wrongUse(
        "ForecastData: the \(name) part of \(rows) rows has no window: width \(width) and horizon "
          + "\(horizon) take \(width + horizon)")
    }
  }

  /// Predictions or targets of any shape in the target's own units.
  public func inUnits(_ array: NDArray) -> NDArray {
    let feature = names.exactIndex(of: target)!
    return array * scaler.scale[feature] + scaler.offset[feature]
  }
}
