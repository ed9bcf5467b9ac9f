import Arrays
import Foundation
import NN
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

/// Arrays that stand beside a JSON text, which has their names instead: weights belong into tensors.
final class ArrayStore: Sendable {
  static let key = CodingUserInfoKey(rawValue: "unroll.arrays")!
  private let all: Mutex<StateDict>

  init(_ arrays: StateDict = [:]) { all = Mutex(arrays) }

  var arrays: StateDict { all.withLock { $0 } }

  func add(_ array: NDArray, _ name: String) -> String {
    all.withLock { arrays in
      var number = 0
      while arrays["\(number).\(name)"] != nil { number += 1 }
      arrays["\(number).\(name)"] = array
      return "\(number).\(name)"
    }
  }
}

/// An array that is written into an `ArrayStore`.
struct StoredArray: Codable, Sendable {
  let name: String
  let array: NDArray

  init(_ name: String, _ array: NDArray) { (self.name, self.array) = (name, array) }

  private enum Key: CodingKey { case name, place }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    name = try fields.decode(String.self, forKey: .name)
    let place = try fields.decode(String.self, forKey: .place)
    guard let found = (decoder.userInfo[ArrayStore.key] as? ArrayStore)?.arrays[place] else {
      throw DecodingError.dataCorruptedError(
        forKey: .place, in: fields, debugDescription: "there is no tensor \(place)")
    }
    array = found
  }

  func encode(to encoder: any Encoder) throws {
    guard let store = encoder.userInfo[ArrayStore.key] as? ArrayStore else {
      throw EncodingError.invalidValue(
        name, .init(codingPath: encoder.codingPath, debugDescription: "no place for tensors"))
    }
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(name, forKey: .name)
    try fields.encode(store.add(array, name), forKey: .place)
  }
}
