import Foundation

/// A folder of a test's own, gone when the test is.
package final class Scratch: Sendable {
  package let url: URL
  private let stays: Bool

  /// - Parameter place: a folder that stays, to look at what is in it; nil for one that goes.
  package init(staying place: String? = nil) {
    stays = place != nil
    url =
      place.map { URL(fileURLWithPath: $0, isDirectory: true) }
      ?? FileManager.default.temporaryDirectory
      .appendingPathComponent("unroll-\(UUID().uuidString)", isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch { fatalError("no folder for a test: \(error)") }
  }

  deinit { if !stays { try? FileManager.default.removeItem(at: url) } }

  package var path: String { url.path }

  /// The place of a file in it.
  package subscript(name: String) -> URL { url.appendingPathComponent(name) }

  /// The names in it, hidden ones too.
  package var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// Every file below, hidden ones too, with what it holds.
  package func files() -> [String: Data] {
    var files: [String: Data] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: path)! {
      files[name] = try? Data(contentsOf: self[name])
    }
    return files
  }

  package func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: self[name]), as: UTF8.self)
  }

  /// Puts a program in it that is a shell script.
  ///
  /// A shell writes it: were it written here, a program started by another test at that moment
  /// would inherit the open file for an instant, and the system runs no file open for writing.
  package func program(_ name: String, _ script: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", #"printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod 755 "$1""#, "sh", name, script,
    ]
    process.currentDirectoryURL = url
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw CocoaError(.fileWriteUnknown) }
  }
}

/// Calls `body` with a folder of its own, which is gone afterward.
@discardableResult
package func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) rethrows -> Result {
  let scratch = Scratch()
  return try withExtendedLifetime(scratch) { try body(scratch.url) }
}

/// Calls `body` with a file of these bytes in a folder of its own, which is gone afterward.
@discardableResult
package func withTemporaryFile<Result>(
  _ bytes: [UInt8], name: String, _ body: (URL) throws -> Result
) throws -> Result {
  try withTemporaryFolder { folder in
    let file = folder.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return try body(file)
  }
}
