import Foundation
import PlainText

extension WorkbookFolder {
  /// Whether something has been built before.
  package var isBuilt: Bool {
    FileManager.default.fileExists(atPath: url.appendingPathComponent(".build/debug").path)
  }

  /// Builds one exercise's program, in debug, which is quick. What stands in the way is said line by
  /// line: only errors, and of the reader's own files with their place.
  ///
  /// - Returns: the program.
  func build(_ exercise: Exercise) throws -> URL {
    // Of this package the exercises need one target, and the packages that the others stand on are not
    // asked for.
    let settings = ProcessInfo.processInfo.environment.merging(["UNROLL_TESTS": "Workbook"]) { $1 }
    let env = "/usr/bin/env"
    let (status, output): (Int32, Data)
    do {
      (status, output) = try ChildProcess.output(
        of: env, ["swift", "build", "--package-path", path, "--product", exercise.id],
        environment: settings, complains: true)
    } catch {
      throw WorkbookError(env, errno: error.number)
    }
    if status == 127 {
      throw WorkbookError(
        "there is no Swift compiler: 'swift' is not in PATH (https://www.swift.org/install/linux/)")
    }
    guard status == 0 else {
      throw BuildFailure(
        lines: Self.errors(in: String(decoding: output, as: UTF8.self), below: path))
    }
    return url.appendingPathComponent(".build/debug/\(exercise.id)")
  }

  /// The compiler's errors, each once; else what the package manager says; else its last lines.
  static func errors(in text: String, below path: String) -> [String] {
    let lines = text.split(separator: "\n").map(String.init)
    let own = lines.filter { $0.hasPrefix(path + "/") && $0.contains(": error: ") }
      .map { String($0.dropFirst(path.count + 1)).replacing(": error: ", with: ": ") }
    if !own.isEmpty { return own.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
    let errors = lines.filter { $0.hasPrefix("error: ") }
    return errors.isEmpty ? Array(lines.suffix(5)) : errors
  }
}

/// What does not compile.
struct BuildFailure: Error {
  let lines: [String]
}
