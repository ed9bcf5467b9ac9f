import Figures
import Foundation
import TestSupport

typealias Folder = Scratch

extension Scratch {
  /// `FIGURES_OUTPUT` names one that stays, to look at the gallery.
  static func gallery() -> Scratch {
    Scratch(staying: ProcessInfo.processInfo.environment["FIGURES_OUTPUT"])
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
