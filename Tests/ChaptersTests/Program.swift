import Foundation
import Unroll

/// Runs a chapter's program as a reader runs it, without a data folder that is not named.
func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, errors: String) {
  let process = Process(), errors = Pipe()
  process.executableURL = Book.folder.appendingPathComponent(program)
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging([
    "UNROLL_DATA": "", "LC_ALL": "C",
  ]) { $1 }
  process.standardOutput = FileHandle.nullDevice
  process.standardError = errors
  try process.run()
  let said = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: said, as: UTF8.self))
}

/// The numbers that a program wrote into `folder`.
func results(in folder: URL) throws -> [String: Double] {
  try JSONDecoder().decode(
    [String: Double].self, from: Data(contentsOf: folder.appendingPathComponent("results.json")))
}
