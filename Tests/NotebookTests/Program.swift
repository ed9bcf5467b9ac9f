import Foundation
import Notebook
import TestSupport
import Testing

/// A program of this package, run by a test.
struct Program {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  var name: String
  /// Where the program stands: beside the tests, unless it was copied.
  var folder = Book.folder
  /// Where it runs, if not where the tests do.
  var directory: URL?

  func run(
    _ arguments: String..., environment: [String: String] = [:], input: String = "",
    whenStarted: (Process) throws -> Void = { _ in }
  ) throws -> Outcome {
    try run(arguments, environment: environment, input: input, whenStarted: whenStarted)
  }

  func run(
    _ arguments: [String], environment: [String: String] = [:], input: String = "",
    whenStarted: (Process) throws -> Void = { _ in }
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = folder.appendingPathComponent(name)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = directory }
    process.environment = ProcessInfo.processInfo.environment
      .merging(["UNROLL_DATA": "", "COLUMNS": "80", "LC_ALL": "C"]) { $1 }.merging(environment) {
        $1
      }
    let scratch = Scratch()
    let files = ["in", "out", "err"].map { scratch.url.appendingPathComponent($0) }
    try Data(input.utf8).write(to: files[0])
    for file in files[1...] { try Data().write(to: file) }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    try whenStarted(process)
    process.waitUntilExit()
    let texts = try files[1...].map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    let status = process.terminationStatus
    return Outcome(
      status: process.terminationReason == .exit ? status : 128 + status, output: texts[0],
      errors: texts[1])
  }

  /// Starts the program and lets it run; what it says goes to `output`, or is lost.
  func start(_ arguments: [String], output: Pipe? = nil) throws -> Process {
    let process = Process()
    process.executableURL = folder.appendingPathComponent(name)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging([
      "UNROLL_DATA": "", "LC_ALL": "C",
    ]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs the program from a shell, which sets up what `setting` says: limits, streams. `command` is
  /// the program with its arguments, as the shell's `"$@"`. Output and errors come together.
  func run(
    _ arguments: [String], shell setting: String
  ) throws -> (status: Int, text: String) {
    let process = Process(), output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments =
      ["-c", "{ \(setting); echo \"status $?\"; } 2>&1 | cat", folder.path + "/" + name]
      + [folder.path + "/" + name] + arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["UNROLL_DATA": "", "COLUMNS": "80", "LC_ALL": "C"]) { $1 }
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    let end = try #require(text.firstMatch(of: #/status (\d+)\n$/#))
    return (Int(end.1)!, String(text[..<end.range.lowerBound]))
  }

  /// The path of a program that the machine may have.
  static func path(of name: String) -> String? {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return folders.split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

/// The checkout that the tests were built from.
let checkout = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
