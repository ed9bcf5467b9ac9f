import Foundation

/// The book that the chapters make.
package enum Book {
  package static let version = "0.1.0"

  /// The chapters' programs in their order. What else there is to know of a chapter, it says itself.
  package static let programs = [
    "sequence-data", "rnn-from-scratch", "fused-lstm", "gru", "modules", "applications",
  ]

  /// The folder that the running program stands in, and the others beside it.
  package static var folder: URL {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    return URL(fileURLWithPath: program ?? CommandLine.arguments[0]).deletingLastPathComponent()
  }

  /// What the program beside this one says of its chapter, or nil if it isn't built.
  package static func describe(_ program: String) -> ChapterDescription? {
    ask(program, "--describe").flatMap {
      try? JSONDecoder().decode(ChapterDescription.self, from: $0)
    }
  }

  /// The options of its own that a program has, and whether each is followed by a value.
  package static func ownOptions(of program: String) -> [String: Bool] {
    struct Tool: Decodable {
      struct Name: Decodable { var kind, name: String }
      struct Argument: Decodable {
        var kind: String
        var shouldDisplay: Bool
        var names: [Name]?
      }
      struct Command: Decodable { var arguments: [Argument]? }
      var command: Command
    }
    guard let data = ask(program, "--experimental-dump-help"),
      let tool = try? JSONDecoder().decode(Tool.self, from: data)
    else { return [:] }
    var options: [String: Bool] = [:]
    for argument in tool.command.arguments ?? [] where argument.shouldDisplay {
      for name in argument.names ?? [] {
        let name = (name.kind == "long" ? "--" : "-") + name.name
        if !CommonOptions.valued.contains(name), !CommonOptions.flags.contains(name) {
          options[name] = argument.kind == "option"
        }
      }
    }
    return options
  }

  /// What the program beside this one prints when called so; nil if it isn't built or says nothing
  /// within ten seconds.
  private static func ask(_ program: String, _ question: String) -> Data? {
    let process = Process()
    let output = Pipe()
    process.executableURL = folder.appendingPathComponent(program)
    process.arguments = [question]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard FileManager.default.isExecutableFile(atPath: process.executableURL!.path),
      (try? process.run()) != nil
    else { return nil }
    let started = process.processIdentifier
    let tooLong = DispatchWorkItem {
      Descendants.kill(of: started)
      kill(started, SIGKILL)
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + 10, execute: tooLong)
    let data = output.fileHandleForReading.readDataToEndOfFile()
    tooLong.cancel()
    process.waitUntilExit()
    return data
  }

  /// The chapters before and after `slug`, as far as their programs are there.
  package static func neighbors(
    of slug: String
  ) -> (previous: ChapterDescription?, next: ChapterDescription?) {
    guard let place = programs.firstIndex(of: slug) else { return (nil, nil) }
    return (
      place > 0 ? describe(programs[place - 1]) : nil,
      place + 1 < programs.count ? describe(programs[place + 1]) : nil
    )
  }
}
