import Arrays
import Foundation
import NN
import Synchronization

/// A trained model of any kind with all that is needed to use it, in one safetensors file: weights are
/// its tensors (`StoredArray`), and everything else, vocabulary, scaler, recipe, is JSON in its metadata,
/// beside the kind and the version.
///
///     struct Thermometer: SavedModel {
///       static let kind = "laboratory.thermometer", version = 1
///       var scale: Double
///       var weight: StoredArray
///     }
///     let thermometer = Thermometer(scale: 0.1, weight: StoredArray("weight", .zeros([3])))
///     try thermometer.write(to: file)
///     let again = try Thermometer(contentsOf: file)
public protocol SavedModel: Codable, Sendable {
  /// What the file holds, such as `unroll.forecast`: a file of another kind is refused.
  static var kind: String { get }
  /// Counted on when older files cannot be read any more.
  static var version: Int { get }

  /// Throws where numbers from outside fit the types and yet cannot be computed with.
  func check() throws
}

extension SavedModel {
  public func check() throws {}

  /// Writes the file beside its place and moves it there when it is whole.
  public func write(to file: URL) throws {
    let store = ArrayStore()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.userInfo[ArrayStore.key] = store
    let content = try encoder.encode(self)
    try Safetensors(
      store.arrays,
      metadata: [
        "kind": Self.kind, "version": "\(Self.version)",
        "model": String(decoding: content, as: UTF8.self),
      ]
    ).write(to: file)
  }

  /// Reads a file.
  ///
  /// - Throws: what reading throws, and `SavedModelError` for a file that is something else or damaged.
  public init(contentsOf file: URL) throws {
    let name = file.lastPathComponent
    let saved = try Safetensors(contentsOf: file)
    guard let kind = saved.metadata["kind"], let text = saved.metadata["model"] else {
      throw SavedModelError(file: name, problem: "holds tensors, but no \(Self.kind)")
    }
    guard kind == Self.kind else {
      throw SavedModelError(file: name, problem: "holds a \(kind), not a \(Self.kind)")
    }
    guard saved.metadata["version"] == "\(Self.version)" else {
      throw SavedModelError(
        file: name,
        problem: "is of version \(saved.metadata["version"] ?? "?"); this reads \(Self.version)")
    }
    let decoder = JSONDecoder()
    decoder.userInfo[ArrayStore.key] = ArrayStore(saved.arrays)
    do {
      self = try decoder.decode(Self.self, from: Data(text.utf8))
      try check()
    } catch let error as SavedModelError {
      throw SavedModelError(file: name, problem: error.problem)
    } catch {
      throw SavedModelError(file: name, problem: "is damaged: its model cannot be read")
    }
  }
}

/// Why a file is not the saved model that it was taken for.
public struct SavedModelError: Error, Equatable, CustomStringConvertible {
  /// The file's name, without its folder; where a model's `check()` throws, the name is filled in.
  public let file: String
  /// What is wrong, as a sentence whose subject is the file.
  public let problem: String

  /// For a model's own `check()`, which may leave the file empty: reading fills it in.
  public init(file: String, problem: String) { (self.file, self.problem) = (file, problem) }

  public var description: String { "\(file): \(problem)" }
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

/// An array among a `SavedModel`'s fields: its numbers become a tensor of the file, and its name and place
/// stand in the JSON.
public struct StoredArray: Codable, Sendable {
  /// What the array is, for those who look into the file; it need not be the only one of this name.
  public let name: String
  /// The numbers, with their shape and element type.
  public let array: NDArray

  /// An array to be written under this name.
  public init(_ name: String, _ array: NDArray) { (self.name, self.array) = (name, array) }

  private enum Key: CodingKey { case name, place }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    name = try fields.decode(String.self, forKey: .name)
    let place = try fields.decode(String.self, forKey: .place)
    guard let found = (decoder.userInfo[ArrayStore.key] as? ArrayStore)?.arrays[place] else {
      throw DecodingError.dataCorruptedError(
        forKey: .place, in: fields, debugDescription: "there is no tensor \(place)")
    }
    array = found
  }

  public func encode(to encoder: any Encoder) throws {
    guard let store = encoder.userInfo[ArrayStore.key] as? ArrayStore else {
      throw EncodingError.invalidValue(
        name, .init(codingPath: encoder.codingPath, debugDescription: "no place for tensors"))
    }
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(name, forKey: .name)
    try fields.encode(store.add(array, name), forKey: .place)
  }
}
