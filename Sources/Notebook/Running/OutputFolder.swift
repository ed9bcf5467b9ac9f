import Foundation

/// The folder of a chapter's files, which changes only when a run has ended well.
///
/// A run writes into a folder of its own inside. At the end its files are renamed into place and
/// those of the run before that it did not write again are removed; files that no run wrote are
/// left alone. A run that fails, is interrupted or is killed leaves the last whole one untouched.
package final class OutputFolder: Sendable {
  package let url: URL
  /// Where this run writes.
  package let staging: URL

  private static let prefix = ".run-"
  private static let list = "run.json"

  package init(at url: URL) throws(NotebookError) {
    self.url = url
    staging = url.appendingPathComponent("\(Self.prefix)\(getpid())", isDirectory: true)
    if let reason = Self.create(staging.path) {
      throw NotebookError("cannot write to \(url.path): \(reason)")
    }
    removeLeftovers()
  }

  /// Makes the folder and those above it; on failure, why not, in the system's words.
  private static func create(_ path: String) -> String? {
    if mkdir(path, 0o777) == 0 || errno == EEXIST { return nil }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard errno == ENOENT, parent != path else { return String(cString: strerror(errno)) }
    if let reason = create(parent) { return reason }
    return mkdir(path, 0o777) == 0 || errno == EEXIST ? nil : String(cString: strerror(errno))
  }

  /// Moves what the run wrote into place.
  package func commit(_ run: RunDescription) throws {
    var run = run
    let before = RunDescription(in: url)?.files ?? []
    run.files = try FileManager.default.contentsOfDirectory(atPath: staging.path).sorted()
    try JSONEncoder.pretty.encode(run).write(to: staging.appendingPathComponent(Self.list))
    for file in run.files + [Self.list] {
      let target = url.appendingPathComponent(file).path
      guard rename(staging.appendingPathComponent(file).path, target) == 0 else {
        throw NotebookError("cannot write \(target): \(String(cString: strerror(errno)))")
      }
    }
    for file in Set(before).subtracting(run.files) where !file.contains("/") {
      try? FileManager.default.removeItem(at: url.appendingPathComponent(file))
    }
    discard()
  }

  /// Forgets what the run wrote.
  package func discard() {
    try? FileManager.default.removeItem(at: staging)
    // Only an empty folder goes: this run may have been the first.
    rmdir(url.path)
  }

  /// Removes what runs that were killed have left.
  private func removeLeftovers() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    for name in names where name.hasPrefix(Self.prefix) {
      guard let process = pid_t(name.dropFirst(Self.prefix.count)), kill(process, 0) != 0,
        errno == ESRCH
      else { continue }
      try? FileManager.default.removeItem(at: url.appendingPathComponent(name))
    }
  }
}

/// `run.json` in a chapter's folder: what the files beside it come from.
package struct RunDescription: Codable, Sendable {
  package var chapter: ChapterDescription
  package var seed: UInt64
  package var quick: Bool
  package var seconds: Double
  package var version: String
  /// The file of the picture that stands for the chapter.
  package var thumbnail: String?
  package var files: [String] = []
}

extension RunDescription {
  /// The last whole run in `folder`, if there is one.
  package init?(in folder: URL) {
    guard let data = try? Data(contentsOf: folder.appendingPathComponent("run.json")),
      let run = try? JSONDecoder().decode(Self.self, from: data)
    else { return nil }
    self = run
  }
}

/// What goes wrong outside the chapter's own code: folders, files, programs.
package struct NotebookError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

extension JSONEncoder {
  package static var pretty: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
