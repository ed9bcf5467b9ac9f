import Arrays

/// A change of units for each feature, fitted to the training part and applied to any other:
/// x′ = (x − offset) / scale, along the last axis. `inverse` brings predictions back to the data's
/// own units.
///
///     let scaler = MinMaxScaler(fittedTo: train)      // [time, features]
///     let scaled = scaler.transform(test)
///     let passengers = scaler.inverse(predictions)
public protocol Scaler: Sendable {
  /// What is subtracted from each feature.
  var offset: [Double] { get }
  /// What each feature is then divided by; 1 for a feature without variance, which becomes one and
  /// the same number everywhere and is not divided by zero.
  var scale: [Double] { get }
  /// The features without variance (or without any number) in the part that was fitted.
  var constantFeatures: [Int] { get }
  /// A scaler of features of which the offsets, scales and constant ones are known.
  init(offset: [Double], scale: [Double], constantFeatures: [Int])
  /// Offset and scale for one feature's numbers, of which none is missing and at least one is
  /// there; a scale of 0 if they do not vary.
  static func fit(_ values: [Double], settings: Settings) -> (offset: Double, scale: Double)
  /// What can be chosen when fitting.
  associatedtype Settings
}

extension Scaler {
  init(columns: [[Double]], settings: Settings) {
    var offset: [Double] = [], scale: [Double] = [], constant: [Int] = []
    for (place, column) in columns.enumerated() {
      let known = column.filter { !$0.isNaN }
      let fit = known.isEmpty ? (offset: 0, scale: 0) : Self.fit(known, settings: settings)
      offset.append(fit.offset)
      scale.append(fit.scale > 0 ? fit.scale : 1)
      if !(fit.scale > 0) { constant.append(place) }
    }
    self.init(offset: offset, scale: scale, constantFeatures: constant)
  }

  /// How many features the scaler was fitted to.
  public var featureCount: Int { offset.count }

  /// The numbers of an array `[…, features]` in the scaler's units. Missing numbers stay missing.
  public func transform(_ array: NDArray) -> NDArray {
    check(array, "transform")
    return (array - NDArray(offset, dtype: array.dtype)) / NDArray(scale, dtype: array.dtype)
  }

  /// The numbers of an array `[…, features]` in the data's own units.
  public func inverse(_ array: NDArray) -> NDArray {
    check(array, "inverse")
    return array * NDArray(scale, dtype: array.dtype) + NDArray(offset, dtype: array.dtype)
  }

  /// The numbers of a series in the scaler's units, column by column.
  public func transform(_ series: TimeSeries) -> TimeSeries {
    change(series, "transform") { ($0 - offset[$1]) / scale[$1] }
  }

  /// The numbers of a series in the data's own units, column by column.
  public func inverse(_ series: TimeSeries) -> TimeSeries {
    change(series, "inverse") { $0 * scale[$1] + offset[$1] }
  }

  /// The numbers of a single feature in the scaler's units.
  public func transform(_ values: [Double], feature: Int = 0) -> [Double] {
    values.map { ($0 - offset[feature]) / scale[feature] }
  }

  /// The numbers of a single feature in the data's own units.
  public func inverse(_ values: [Double], feature: Int = 0) -> [Double] {
    values.map { $0 * scale[feature] + offset[feature] }
  }

  /// The scaler of some of the features: what brings back predictions of these alone.
  public func selecting(_ features: [Int]) -> Self {
    Self(
      offset: features.map { offset[$0] }, scale: features.map { scale[$0] },
      constantFeatures: features.indices.filter { constantFeatures.contains(features[$0]) })
  }

  private func check(_ array: NDArray, _ operation: String) {
    guard array.shape.last == featureCount else {
      wrongUse("\(Self.self).\(operation): \(array.shape), fitted to \(featureCount) features")
    }
  }

  private func change(
    _ series: TimeSeries, _ operation: String, _ body: (Double, Int) -> Double
  ) -> TimeSeries {
    guard series.columns.count == featureCount else {
      wrongUse(
        "\(Self.self).\(operation): \(series.columns.count) columns, fitted to \(featureCount)")
    }
    return TimeSeries(
      times: series.times, names: series.names,
      columns: series.columns.enumerated().map { place, column in column.map { body($0, place) } })
  }
}

/// The columns of an array `[…, features]`, as Doubles.
func featureColumns(_ array: NDArray) -> [[Double]] {
  guard let features = array.shape.last, features > 0 else {
    wrongUse("Scaler: an array of shape \(array.shape) has no features")
  }
  let values = array.doubles
  return (0..<features).map { feature in
    stride(from: feature, to: values.count, by: features).map { values[$0] }
  }
}
