import Foundation

/// `run.json` in a chapter's folder: what the files beside it come from.
///
/// Anyone may have written such a file, so no name in it becomes a path: what is in the folder is
/// looked up here, never the other way round.
package struct RunDescription: Codable, Sendable {
  package var chapter: ChapterDescription
  package var seed: UInt64
  package var quick: Bool
  package var seconds: Double
  package var version: String
  /// The parts that were told, if not the whole chapter.
  package var part: String?
  /// The file of the picture that stands for the chapter.
  package var thumbnail: String?
  /// The keys of the terms that the page tells.
  package var terms: [String]?
  /// The language of the pages, if not English.
  package var language: String?
  package var files: [String] = []
  /// Length and digest of each file.
  package var digests: [String: String]?

  /// A run of `part` that stands beside a run of another extent has a file of its own.
  static func file(of part: String?) -> String { part.map { "run-\($0).json" } ?? "run.json" }

  /// The last whole run in `folder`, if there is one.
  package init?(in folder: URL, part: String? = nil) {
    let file = folder.appendingPathComponent(Self.file(of: part))
    guard FileSystem.kind(file.path) == .file, let data = try? Data(contentsOf: file),
      let run = try? JSONDecoder().decode(Self.self, from: data)
    else { return nil }
    if let part, run.part != part { return nil }
    self = run
  }

  /// The names under which runs leave their descriptions, of all that are in `folder`.
  static func files(in folder: URL) -> [(file: String, part: String?)] {
    FileSystem.names(in: folder.path).compactMap { name in
      guard let match = name.wholeMatch(of: #/run(?:-([a-z0-9-]+))?\.json/#) else { return nil }
      return (name, match.1.map(String.init))
    }
  }

  package init(
    chapter: ChapterDescription, seed: UInt64, quick: Bool, seconds: Double, version: String,
    part: String? = nil, thumbnail: String? = nil, terms: [String]? = nil,
    language: String? = nil
  ) {
    (self.chapter, self.seed, self.quick, self.seconds) = (chapter, seed, quick, seconds)
    (self.version, self.part, self.thumbnail) = (version, part, thumbnail)
    (self.terms, self.language) = (terms, language)
  }

  /// Notes what the run wrote into `folder`.
  mutating func note(filesIn folder: URL) throws {
    files = FileSystem.files(below: folder.path)
    digests = try Dictionary(
      uniqueKeysWithValues: files.map { ($0, try Self.digest(folder.appendingPathComponent($0))) })
  }

  /// Whether the file at `path` is provably one of this run's: a page, results or a numbered figure
  /// by its name, and byte for byte what the run wrote. Nothing else is ever removed.
  func wrote(_ name: String, at path: String) -> Bool {
    let page = #/(?:chapter|results)(?:-[a-z0-9-]+)?\.(?:md|html|ipynb|json)/#
    let figure = #/(?:[a-z0-9-]+-)?[0-9]{2,}-[a-z0-9-]+\.(?:png|gp)/#
    guard name.wholeMatch(of: page) != nil || name.wholeMatch(of: figure) != nil,
      FileSystem.kind(path) == .file, let noted = digests?[name]
    else { return false }
    return (try? Self.digest(URL(fileURLWithPath: path))) == noted
  }

  /// Length and FNV-1a of 64 bits: enough to see that a file has been changed. Whoever may write
  /// here can remove the file himself and needs no forged digest.
  private static func digest(_ file: URL) throws -> String {
    let data = try Data(contentsOf: file, options: .mappedIfSafe)
    let hash = data.withUnsafeBytes { bytes in
      bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
    return "\(data.count)-\(String(hash, radix: 16))"
  }
}

extension JSONEncoder {
  package static var pretty: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
