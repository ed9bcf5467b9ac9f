import Arrays

/// A change of units for each feature, fitted to the training part and applied to any other:
/// x′ = (x − offset) / scale, along the last axis. `inverse` brings predictions back to the data's
/// own units.
///
///     let scaler = MinMaxScaler(fittedTo: train)      // [time, features]
///     let scaled = scaler.transform(test)
///     let passengers = scaler.inverse(predictions)
///
/// Missing numbers (NaN) are left out when fitting and stay missing; infinite ones stop the program
/// with their place, when fitting and when transforming. A scaler is `Codable`: it is written down
/// beside the weights of the model that was trained on its units.
public protocol Scaler: Sendable, Codable {
  /// What is subtracted from each feature.
  var offset: [Double] { get }
  /// What each feature is then divided by; 1 for a feature that is constant but for rounding, which
  /// then stays so, rather than being divided by next to nothing.
  var scale: [Double] { get }
  /// The features that are constant but for rounding (or without any number) in the part that was
  /// fitted.
  var constantFeatures: [Int] { get }
  /// A scaler of features of which the offsets, scales and constant ones are known.
  init(offset: [Double], scale: [Double], constantFeatures: [Int])
  /// Offset and scale for one feature's numbers, of which none is missing or infinite and at least
  /// one is there; a scale of 0 if they do not vary.
  static func fit(_ values: [Double], settings: Settings) -> (offset: Double, scale: Double)
  /// What can be chosen when fitting.
  associatedtype Settings
}

extension Scaler {
  /// - Parameters:
  ///   - names: the columns' names, if they have some.
  ///   - rounding: how far the numbers may be rounded, as a share of their size.
  init(
    columns: [[Double]], names: [String]? = nil, rounding: Double = 0, settings: Settings
  ) {
    var offset: [Double] = [], scale: [Double] = [], constant: [Int] = []
    for (place, column) in columns.enumerated() {
      let name = names?[place] ?? "\(place)"
      Self.refuseInfinite(column, name, "fitting")
      let known = column.filter { !$0.isNaN }
      var fit = known.isEmpty ? (offset: 0, scale: 0) : Self.fit(known, settings: settings)
      guard fit.offset.isFinite, fit.scale.isFinite else {
        wrongUse("\(Self.self): the numbers of feature \(name) are too far apart for a Double")
      }
      let isConstant = Spread.isRounding(
        fit.scale, around: fit.offset, count: known.count, rounding: rounding)
      if fit.scale != 0, isConstant {
        fit = (Self.fit([known[0]], settings: settings).offset, 0)
      }
      offset.append(fit.offset)
      scale.append(fit.scale > 0 ? fit.scale : 1)
      if !(fit.scale > 0) { constant.append(place) }
    }
    self.init(offset: offset, scale: scale, constantFeatures: constant)
  }

  /// Fitted to an array `[…, features]`, missing numbers left out: what the `init(fittedTo:)` of a scaler
  /// with choices calls.
  public init(fittedTo array: NDArray, settings: Settings) {
    // Numbers in single precision were most often worked out in double and rounded at the end.
    let rounding = array.dtype == .float32 ? 2 * Double(Float.ulpOfOne) : 0
    self.init(columns: featureColumns(array), rounding: rounding, settings: settings)
  }

  /// Fitted to the columns of a series, missing numbers left out.
  public init(fittedTo series: TimeSeries, settings: Settings) {
    self.init(columns: series.columns, names: series.names, settings: settings)
  }

  /// Fitted to the numbers of one feature.
  public init(fittedTo values: [Double], settings: Settings) {
    self.init(columns: [values], settings: settings)
  }

  /// How many features the scaler was fitted to.
  public var featureCount: Int { offset.count }

  /// The numbers of an array `[…, features]` in the scaler's units. Missing numbers stay missing.
  public func transform(_ array: NDArray) -> NDArray {
    check(array, "transform")
    // A sum without an infinite number is quick to take, and finite unless one is missing.
    if !array.sum().item.isFinite {
      for (place, column) in featureColumns(array).enumerated() {
        Self.refuseInfinite(column, "\(place)", "transform")
      }
    }
    let (rounded, rest) = offsets(array.dtype)
    return (array - rounded - rest) / NDArray(scale, dtype: array.dtype)
  }

  /// The numbers of an array `[…, features]` in the data's own units.
  public func inverse(_ array: NDArray) -> NDArray {
    check(array, "inverse")
    let (rounded, rest) = offsets(array.dtype)
    return array * NDArray(scale, dtype: array.dtype) + rest + rounded
  }

  /// The offsets as an array's own type rounds them, and what that leaves out: beside a large offset
  /// this is much of a small scale.
  private func offsets(_ dtype: DType) -> (rounded: NDArray, rest: NDArray) {
    let rounded = NDArray(offset, dtype: dtype)
    return (rounded, NDArray(zip(offset, rounded.doubles).map(-), dtype: dtype))
  }

  /// The numbers of a series in the scaler's units, column by column.
  public func transform(_ series: TimeSeries) -> TimeSeries {
    for (name, column) in zip(series.names, series.columns) {
      Self.refuseInfinite(column, name, "transform")
    }
    return change(series, "transform") { ($0 - offset[$1]) / scale[$1] }
  }

  /// The numbers of a series in the data's own units, column by column.
  public func inverse(_ series: TimeSeries) -> TimeSeries {
    change(series, "inverse") { $0 * scale[$1] + offset[$1] }
  }

  /// The numbers of a single feature in the scaler's units.
  public func transform(_ values: [Double], feature: Int = 0) -> [Double] {
    Self.refuseInfinite(values, "\(feature)", "transform")
    return values.map { ($0 - offset[feature]) / scale[feature] }
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

  private static func refuseInfinite(_ values: [Double], _ feature: String, _ operation: String) {
    if let row = values.firstIndex(where: \.isInfinite) {
      wrongUse("\(Self.self).\(operation): feature \(feature) is \(values[row]) in row \(row)")
    }
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

private enum ScalerKeys: String, CodingKey { case offset, scale, constantFeatures }

extension Scaler {
  /// - Throws: `DecodingError` also where offsets, scales and constant features do not fit together.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: ScalerKeys.self)
    let offset = try container.decode([Double].self, forKey: .offset)
    let scale = try container.decode([Double].self, forKey: .scale)
    let constant = try container.decode([Int].self, forKey: .constantFeatures)
    func broken(_ key: ScalerKeys, _ problem: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: problem)
    }
    guard offset.allSatisfy(\.isFinite) else { throw broken(.offset, "an offset is not finite") }
    guard scale.count == offset.count, scale.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw broken(
        .scale, "\(scale.count) scales for \(offset.count) offsets, or one that is not positive")
    }
    guard constant.allSatisfy(offset.indices.contains) else {
      throw broken(.constantFeatures, "a constant feature beyond the \(offset.count) there are")
    }
    self.init(offset: offset, scale: scale, constantFeatures: constant)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: ScalerKeys.self)
    try container.encode(offset, forKey: .offset)
    try container.encode(scale, forKey: .scale)
    try container.encode(constantFeatures, forKey: .constantFeatures)
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
