import Arrays
import Foundation
import NN
import Sequences

/// A forecaster in a file: one safetensors file with the networks' weights as tensors, and all else,
/// the choice, the coefficients, the seasons, the values learned from, as JSON in its metadata.
public struct SavedForecast: Sendable {
  public let model: ForecastModel
  /// The column that it forecasts.
  public let column: String
  /// The times of its values; nil where none were told.
  public let clock: SeriesClock?

  public init(_ model: ForecastModel, column: String, clock: SeriesClock?) {
    (self.model, self.column, self.clock) = (model, column, clock)
  }

  private static let kind = "unroll.forecast", version = "1"

  private struct Content: Codable {
    var column: String
    var clock: SeriesClock?
    var model: ForecastModel
  }

  /// Writes the file beside its place and moves it there when it is whole.
  public func write(to file: URL) throws {
    let store = ArrayStore()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.userInfo[ArrayStore.key] = store
    let content = try encoder.encode(Content(column: column, clock: clock, model: model))
    try Safetensors(
      store.arrays,
      metadata: [
        "kind": Self.kind, "version": Self.version,
        "model": String(decoding: content, as: UTF8.self),
      ]
    ).write(to: file)
  }

  /// Reads a file. Throws what reading throws, and `SavedForecastError` for a file that is something
  /// else or damaged.
  public init(contentsOf file: URL) throws {
    let name = file.lastPathComponent
    let saved = try Safetensors(contentsOf: file)
    guard let kind = saved.metadata["kind"], let text = saved.metadata["model"] else {
      throw SavedForecastError(file: name, problem: "holds tensors, but no saved forecaster")
    }
    guard kind == Self.kind else {
      throw SavedForecastError(file: name, problem: "holds a model of the kind \(kind)")
    }
    guard saved.metadata["version"] == Self.version else {
      throw SavedForecastError(
        file: name, problem: "is of version \(saved.metadata["version"] ?? "?"); this reads 1")
    }
    let decoder = JSONDecoder()
    decoder.userInfo[ArrayStore.key] = ArrayStore(saved.arrays)
    do {
      let content = try decoder.decode(Content.self, from: Data(text.utf8))
      try content.model.check()
      self.init(content.model, column: content.column, clock: content.clock)
    } catch let error as SavedForecastError {
      throw SavedForecastError(file: name, problem: error.problem)
    } catch {
      throw SavedForecastError(file: name, problem: "is damaged: its model cannot be read")
    }
  }
}

/// Why a file is no saved forecaster.
public struct SavedForecastError: Error, Equatable, CustomStringConvertible {
  public let file: String
  public let problem: String

  public init(file: String, problem: String) { (self.file, self.problem) = (file, problem) }

  public var description: String { "\(file): \(problem)" }
}

extension ForecastModel {
  /// Whether numbers from outside can be computed with.
  func check() throws {
    let shares = members.map(\.weight)
    guard horizon >= 1, horizon <= 1_000_000, values.count >= 8, values.allSatisfy(\.isFinite),
      !members.isEmpty, shares.allSatisfy({ $0 > 0 && $0 <= 1 }),
      seasons.allSatisfy({ $0 > 1 && 2 * $0 <= values.count })
    else { throw SavedForecastError(file: "", problem: "is damaged: numbers that cannot be") }
  }
}
