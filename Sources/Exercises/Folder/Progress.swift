import Foundation

/// What a reader has done so far, kept in the workbook as `progress.json`.
package struct Progress: Codable, Equatable, Sendable {
  package struct Entry: Codable, Equatable, Sendable {
    /// How often it was checked.
    package var checks = 0
    /// Whether it was right when it was last checked.
    package var isRight = false
    /// When it was right for the first time.
    package var firstRight: Date?
    package var hints = 0
    package var sawSolution = false
  }

  package var exercises: [String: Entry] = [:]

  package init() {}

  package subscript(_ exercise: Exercise) -> Entry {
    get { exercises[exercise.id] ?? Entry() }
    set { exercises[exercise.id] = newValue }
  }
}

extension WorkbookFolder {
  private var progressFile: URL { url.appendingPathComponent("progress.json") }

  package func progress() throws -> Progress {
    guard FileManager.default.fileExists(atPath: progressFile.path) else { return Progress() }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    do { return try decoder.decode(Progress.self, from: Data(contentsOf: progressFile)) } catch {
      throw WorkbookError(
        "\(progressFile.path) cannot be read as progress: mend it, or move it away to begin anew")
    }
  }

  /// Changes the progress: read, changed and written as one, whoever else does the same; and written
  /// beside its place first, so that it is whole at any moment.
  @discardableResult
  package func update<Value>(_ change: (inout Progress) -> Value) throws -> Value {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw WorkbookError(path, errno: errno) }
    defer { close(folder) }
    while flock(folder, LOCK_EX) != 0, errno == EINTR {}
    var progress = try progress()
    let value = change(&progress)
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    do {
      try (encoder.encode(progress) + Data("\n".utf8)).write(to: progressFile, options: .atomic)
    } catch { throw WorkbookError("\(progressFile.path) cannot be written") }
    return value
  }
}
