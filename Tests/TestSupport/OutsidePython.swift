import Foundation

/// What a Python beside this library makes of exported files.
package enum OutsidePython {
  /// The Python named by UNROLL_PYTHON, or python3, if it has the packages; else nil, and it is said
  /// what was not run.
  package static func having(_ packages: String) -> String? {
    let named = ProcessInfo.processInfo.environment["UNROLL_PYTHON"]
    let found = [named, "python3"].compactMap { $0 }.first { python in
      (try? run(python, ["-c", "import \(packages)"]).status) == 0
    }
    if found == nil {
      print("No Python with \(packages) (UNROLL_PYTHON, python3): exports are not run there")
    }
    return found
  }

  package static func run(_ program: String, _ arguments: [String]) throws -> (
    status: Int32, output: String
  ) {
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
