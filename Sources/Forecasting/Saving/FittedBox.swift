import Synchronization

/// A learned forecast of any kind, with the name of its kind, so that it can be read again.
struct FittedBox: Codable, Sendable {
  let fitted: any FittedForecast

  init(_ fitted: any FittedForecast) { self.fitted = fitted }

  private enum Key: CodingKey { case kind, learned }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    let name = try fields.decode(String.self, forKey: .kind)
    guard let kind = FittedKinds.kind(named: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: fields, debugDescription: "no kind of forecast is called \(name)")
    }
    fitted = try fields.decode(kind, forKey: .learned)
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode("\(type(of: fitted))", forKey: .kind)
    try fields.encode(fitted, forKey: .learned)
  }
}

/// The kinds of learned forecasts that a file may hold.
public enum FittedKinds {
  private static let known = Mutex<[String: any FittedForecast.Type]>(
    Dictionary(
      uniqueKeysWithValues: ([
        LastValue.self, SeasonalNaive.self, Drift.self, MeanOfAll.self, SmoothingModel.self,
        Theta.self, ARIMAModel.self, AutoregressionModel.self, RecurrentModel.self,
        RegressionModel.self,
        DecomposedModel.self, TransformedModel.self,
      ] as [any FittedForecast.Type]).map { ("\($0)", $0) }))

  /// Makes a kind of one's own known, so that a saved forecaster which holds it can be loaded.
  public static func register(_ kind: any FittedForecast.Type) {
    known.withLock { $0["\(kind)"] = kind }
  }

  static func kind(named name: String) -> (any FittedForecast.Type)? {
    known.withLock { $0[name] }
  }
}
