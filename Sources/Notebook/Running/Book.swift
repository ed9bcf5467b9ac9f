import Foundation

/// The book that the chapters make.
package enum Book {
  package static let version = "0.1.0"

  /// The chapters' programs in their order. What else there is to know of a chapter, it says itself.
  package static let programs = [
    "sequence-data", "rnn-from-scratch", "fused-lstm", "gru", "modules",
  ]

  /// The folder that the running program stands in, and the others beside it.
  package static var folder: URL {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    return URL(fileURLWithPath: program ?? CommandLine.arguments[0]).deletingLastPathComponent()
  }

  /// What the program beside this one says of its chapter, or nil if it isn't built.
  package static func describe(_ program: String) -> ChapterDescription? {
    let process = Process()
    let output = Pipe()
    process.executableURL = folder.appendingPathComponent(program)
    process.arguments = ["--describe"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard FileManager.default.isExecutableFile(atPath: process.executableURL!.path),
      (try? process.run()) != nil
    else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try? JSONDecoder().decode(ChapterDescription.self, from: data)
  }

  /// The chapters before and after `slug`, as far as their programs are there.
  package static func neighbours(
    of slug: String
  ) -> (previous: ChapterDescription?, next: ChapterDescription?) {
    guard let place = programs.firstIndex(of: slug) else { return (nil, nil) }
    return (
      place > 0 ? describe(programs[place - 1]) : nil,
      place + 1 < programs.count ? describe(programs[place + 1]) : nil
    )
  }
}
