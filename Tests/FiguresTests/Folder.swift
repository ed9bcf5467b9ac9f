import Figures
import Foundation
import TestSupport

typealias Folder = Scratch

extension Scratch {
  /// `FIGURES_OUTPUT` names one that stays, to look at the gallery.
  static func gallery() -> Scratch {
    Scratch(staying: ProcessInfo.processInfo.environment["FIGURES_OUTPUT"])
  }

  /// Puts a program in it that is a shell script.
  ///
  /// A shell writes it: were it written here, a program started by another test at that moment
  /// would inherit the open file for an instant, and the system runs no file open for writing.
  func program(_ name: String, _ script: String) throws {
    let status = try run(
      "sh", "-c", #"printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod 755 "$1""#, "sh", name, script,
      in: url)
    if status != 0 { throw CocoaError(.fileWriteUnknown) }
  }
}

/// Runs a program found on the PATH, inside a folder; its exit status.
func run(_ arguments: String..., in folder: URL) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = arguments
  process.currentDirectoryURL = folder
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}
