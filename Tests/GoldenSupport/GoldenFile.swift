import Foundation

/// A file of golden values and where they came from.
public struct GoldenFile: Sendable, Decodable {
  public let source: String
  public private(set) var cases: [GoldenCase]

  /// Reads one file.
  ///
  /// - Throws: `GoldenError` with the file's name and what is wrong with it.
  public init(_ url: URL) throws {
    do {
      self = try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: url))
    } catch let error as DecodingError {
      throw GoldenError("\(url.path): \(error.place)")
    } catch {
      throw GoldenError("\(url.path): \(error.localizedDescription)")
    }
    for index in cases.indices { cases[index].file = url.lastPathComponent }
  }

  private enum CodingKeys: CodingKey { case source, cases }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    source = try container.decodeIfPresent(String.self, forKey: .source) ?? "unknown"
    cases = try container.decode([GoldenCase].self, forKey: .cases)
  }
}

/// Where golden files are read from: the folder that `UNROLL_GOLDEN` names, or Tests/Golden.
public var goldenFolder: URL {
  if let named = ProcessInfo.processInfo.environment["UNROLL_GOLDEN"], !named.isEmpty {
    return URL(fileURLWithPath: named, isDirectory: true)
  }
  return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Golden", isDirectory: true)
}

/// Every case of every JSON file of a folder, in the order of the files' names.
///
/// - Throws: `GoldenError` for a folder without such files, and for a file that cannot be read.
public func goldenCases(in folder: URL = goldenFolder) throws -> [GoldenCase] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  let files = names.filter { $0.hasSuffix(".json") }.sorted()
  if files.isEmpty { throw GoldenError("\(folder.path): no golden files (*.json) in this folder") }
  return try files.flatMap { try GoldenFile(folder.appendingPathComponent($0)).cases }
}

extension DecodingError {
  /// Where in the file, and what: `cases[3].inputs.a.data: 5 numbers for shape [2, 3]`.
  fileprivate var place: String {
    let context =
      switch self {
      case .typeMismatch(_, let context), .valueNotFound(_, let context),
        .keyNotFound(_, let context), .dataCorrupted(let context):
        context
      @unknown default: Context(codingPath: [], debugDescription: "\(self)")
      }
    var path = ""
    for key in context.codingPath {
      path += key.intValue.map { "[\($0)]" } ?? (path.isEmpty ? "" : ".") + key.stringValue
    }
    let cause = (context.underlyingError as NSError?)?.userInfo[NSDebugDescriptionErrorKey]
    let words = [context.debugDescription, cause as? String].compactMap { $0 }
    return (path.isEmpty ? "" : path + ": ") + words.joined(separator: " ")
  }
}
