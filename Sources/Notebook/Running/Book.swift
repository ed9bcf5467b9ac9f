import Foundation
import PlainText

/// The book that chapters make: what stands on its index, and which programs there are. What else
/// there is to know of a chapter, it says itself.
public struct Book: Sendable {
  /// What the pages are headed by; also the command that runs the book, if there is one.
  public let name: String
  /// The book's own title, which heads the index.
  public let title: String
  /// One sentence for the index.
  public let summary: String
  /// The chapters' programs in their order; a page links to those before and after its own.
  public let programs: [String]
  /// The terms that the chapters tell. With none there is no page of them.
  public let glossary: [Term]
  /// The folder of the source that makes it. Beside it stands in other languages what the book says:
  /// `Book.zh.md`.
  let folder: URL?

  /// - Parameters:
  ///   - name: what the pages are headed by; also the command that runs the book, if there is one.
  ///   - title: heads the index.
  ///   - summary: one sentence for the index.
  ///   - programs: the chapters' programs in their order.
  ///   - glossary: the terms that the chapters tell.
  ///   - file: the source that makes it, beside which its title and terms stand in other languages.
  public init(
    name: String, title: String, summary: String = "", programs: [String] = [],
    glossary: [Term] = [], file: String? = #filePath
  ) {
    (self.name, self.title, self.summary, self.programs) = (name, title, summary, programs)
    self.glossary = glossary
    folder = file.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
  }

  /// The book of a chapter that is part of none: its pages have no neighbors.
  public static let none = Book(name: "index", title: "Chapters", file: nil)

  /// The languages of files beside its source: `zh` for `Book.zh.md`.
  var languages: [String] { folder.map { TextFiles.languages(in: $0) } ?? [] }

  /// The version of what writes the pages.
  package static let version = "0.1.0"

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

  /// What the program beside this one prints when called so; nil if it isn't built.
  private static func ask(_ program: String, _ question: String) -> Data? {
    output(of: folder.appendingPathComponent(program), [question])
  }

  /// What a program prints in ten seconds; nil if it can't be run.
  package static func output(of program: URL, _ arguments: [String]) -> Data? {
    guard FileManager.default.isExecutableFile(atPath: program.path) else { return nil }
    var tooLong: DispatchWorkItem?
    defer { tooLong?.cancel() }
    let result = try? ChildProcess.output(
      of: program.path, arguments, complains: false, signals: Interruption.signalSet
    ) { child in
      let end = DispatchWorkItem {
        Descendants.kill(of: child.id)
        child.send(SIGKILL)
      }
      DispatchQueue.global().asyncAfter(deadline: .now() + 10, execute: end)
      tooLong = end
    }
    return result?.output
  }

  /// The chapters before and after `slug`, as far as their programs are there.
  package func neighbors(
    of slug: String, in language: String = "en"
  ) -> (previous: ChapterDescription?, next: ChapterDescription?) {
    guard let place = programs.firstIndex(of: slug) else { return (nil, nil) }
    return (
      place > 0 ? Self.describe(programs[place - 1])?.told(in: language) : nil,
      place + 1 < programs.count
        ? Self.describe(programs[place + 1])?.told(in: language) : nil
    )
  }
}
