import Arrays
import Foundation

/// A folder with data sets in it, laid out as `KnownDataset.files` tells.
///
///     let folder = DataFolder(page.data) ?? .cache
///     let text = try folder.timeMachine()
public struct DataFolder: Sendable {
  /// Where the folder is; it need not be there yet.
  public let url: URL

  /// A folder by its place.
  public init(_ url: URL) { self.url = url }

  /// A folder that may not have been named.
  public init?(_ url: URL?) {
    guard let url else { return nil }
    self.url = url
  }

  /// The folder that the environment variable `UNROLL_DATA` names, if it does.
  public static var named: DataFolder? {
    guard let path = ProcessInfo.processInfo.environment["UNROLL_DATA"], !path.isEmpty else {
      return nil
    }
    return DataFolder(URL(fileURLWithPath: path, isDirectory: true))
  }

  /// The folder that downloads go to: `unroll` in the user's cache folder (`XDG_CACHE_HOME`, or
  /// `~/.cache`).
  public static var cache: DataFolder {
    let environment = ProcessInfo.processInfo.environment
    let base =
      environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      .map { URL(fileURLWithPath: $0, isDirectory: true) }
      ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
    return DataFolder(base.appendingPathComponent("unroll", isDirectory: true))
  }

  /// Whether all files of a set are there.
  public func has(_ set: KnownDataset) -> Bool {
    set.files.allSatisfy {
      FileManager.default.fileExists(atPath: url.appendingPathComponent($0).path)
    }
  }

  /// The sets that are all there.
  public var sets: [KnownDataset] { KnownDataset.allCases.filter(has) }

  /// A file's place. Throws `DatasetError`, which says how to come by the file, if it is not there.
  func file(_ path: String, of set: KnownDataset) throws -> URL {
    let file = url.appendingPathComponent(path)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw DatasetError(
        file: file.path,
        problem: "is not there; put it into that folder, name another by UNROLL_DATA, or download "
          + "the set \(set.rawValue)")
    }
    return file
  }

  /// A file's bytes.
  func bytes(_ path: String, of set: KnownDataset) throws -> [UInt8] {
    let file = try file(path, of: set)
    do { return Array(try Data(contentsOf: file)) } catch {
      throw DatasetError(file: file.path, problem: "cannot be read: \(error.systemReason)")
    }
  }

  /// A file's text, whatever its line ends: see `TextFile`.
  func text(_ path: String, of set: KnownDataset) throws -> String {
    let text = TextFile.text(try bytes(path, of: set))
    guard !text.isEmpty else {
      throw DatasetError(file: url.appendingPathComponent(path).path, problem: "is empty")
    }
    return text
  }

  /// A file's lines, without empty ones and without spaces around them, with their numbers.
  func lines(_ path: String, of set: KnownDataset) throws -> [(number: Int, text: String)] {
    try text(path, of: set).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .map { ($0 + 1, $1.trimmingCharacters(in: .whitespaces)) }
      .filter { !$0.1.isEmpty }
  }
}
