import Arrays

/// Brings each feature into a range, 0 … 1 unless told otherwise: the smallest number that was
/// fitted becomes the lower end, the largest the upper. Later numbers may lie outside.
public struct MinMaxScaler: Scaler {
  public let offset, scale: [Double]
  public let constantFeatures: [Int]

  public init(offset: [Double], scale: [Double], constantFeatures: [Int]) {
    (self.offset, self.scale, self.constantFeatures) = (offset, scale, constantFeatures)
  }

  /// Fitted to an array `[…, features]`, missing numbers left out.
  public init(fittedTo array: NDArray, range: ClosedRange<Double> = 0...1) {
    self.init(fittedTo: array, settings: range)
  }

  /// Fitted to the columns of a series, missing numbers left out.
  public init(fittedTo series: TimeSeries, range: ClosedRange<Double> = 0...1) {
    self.init(fittedTo: series, settings: range)
  }

  /// Fitted to the numbers of one feature.
  public init(fittedTo values: [Double], range: ClosedRange<Double> = 0...1) {
    self.init(fittedTo: values, settings: range)
  }

  public static func fit(
    _ values: [Double], settings range: ClosedRange<Double>
  ) -> (offset: Double, scale: Double) {
    let low = values.min()!, high = values.max()!
    guard range.upperBound > range.lowerBound else {
      wrongUse("MinMaxScaler: the range \(range) is a single number")
    }
    if Spread.isRounding(high - low, around: max(abs(low), abs(high)), count: values.count) {
      return (low - range.lowerBound, 0)
    }
    let scale = (high - low) / (range.upperBound - range.lowerBound)
    return (low - range.lowerBound * scale, scale)
  }
}

/// Brings each feature to mean 0 and standard deviation 1 (of the whole population, as scikit-learn
/// takes it).
public struct StandardScaler: Scaler {
  public let offset, scale: [Double]
  public let constantFeatures: [Int]

  public init(offset: [Double], scale: [Double], constantFeatures: [Int]) {
    (self.offset, self.scale, self.constantFeatures) = (offset, scale, constantFeatures)
  }

  public static func fit(
    _ values: [Double], settings: Void
  ) -> (offset: Double, scale: Double) {
    // A constant's sum is rounded, and so its mean may differ from it by a trifle.
    if values.allSatisfy({ $0 == values[0] }) { return (values[0], 0) }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let deviations = values.reduce(0) { $0 + ($1 - mean) }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    // The second term takes out what the mean's own rounding brought in.
    return (mean, max(0, (squares - deviations * deviations / n) / n).squareRoot())
  }
}

/// Brings each feature to median 0 and a distance of 1 between its quartiles, which outliers hardly
/// move.
public struct RobustScaler: Scaler {
  public let offset, scale: [Double]
  public let constantFeatures: [Int]

  public init(offset: [Double], scale: [Double], constantFeatures: [Int]) {
    (self.offset, self.scale, self.constantFeatures) = (offset, scale, constantFeatures)
  }

  public static func fit(
    _ values: [Double], settings: Void
  ) -> (offset: Double, scale: Double) {
    let sorted = values.sorted()
    let low = quantile(0.25, of: sorted), high = quantile(0.75, of: sorted)
    let isConstant = Spread.isRounding(
      high - low, around: max(abs(low), abs(high)), count: values.count)
    return (quantile(0.5, of: sorted), isConstant ? 0 : high - low)
  }
}

/// The quantile of ascending numbers, linear between two of them (R's type 7, NumPy's default).
func quantile(_ share: Double, of sorted: [Double]) -> Double {
  let place = share * Double(sorted.count - 1)
  let low = Int(place), high = min(low + 1, sorted.count - 1)
  return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
}

/// Scalers that nothing needs to be told to.
extension Scaler where Settings == Void {
  /// Fitted to an array `[…, features]`, missing numbers left out.
  public init(fittedTo array: NDArray) { self.init(fittedTo: array, settings: ()) }

  /// Fitted to the columns of a series, missing numbers left out.
  public init(fittedTo series: TimeSeries) { self.init(fittedTo: series, settings: ()) }

  /// Fitted to the numbers of one feature.
  public init(fittedTo values: [Double]) { self.init(fittedTo: values, settings: ()) }
}
