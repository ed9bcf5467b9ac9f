import ArgumentParser
import Foundation

/// A chapter: a program that tells its story from top to bottom while it runs.
///
///     @main struct Averages: Chapter {
///       static let number = 7
///       static let title = "Averages"
///       static let summary = "What a mean hides."
///
///       func tell(_ page: Page) throws {
///         page.prose(#"""
///           ## The mean
///           Of $n$ numbers, $\bar x = \frac{1}{n} \sum_i x_i$.
///           """#)
///         let numbers = [1.0, 2, 6]
///         let mean = numbers.reduce(0, +) / Double(numbers.count)
///         page.result("mean", mean)
///       }
///     }
///
/// `page.prose` begins a cell; the code up to the next one belongs to it and is shown beside it.
/// The text stands in `#"""`, so that TeX keeps its backslashes. Options of its own a chapter
/// declares as properties, with ArgumentParser's `@Flag` and `@Option`.
public protocol Chapter: ParsableArguments {
  /// The chapter's place in the book, from 1.
  static var number: Int { get }
  /// What the chapter is called, at the head of its page and in the index.
  static var title: String { get }
  /// One sentence for the index.
  static var summary: String { get }
  /// The name of the chapter's program and folder. The type's name makes it: `FusedLSTM` is
  /// `fused-lstm`.
  static var slug: String { get }
  /// The languages beside English that there is prose in, as `["zh"]` for `Chapter.zh.md`.
  static var languages: [String] { get }
  /// The file that the chapter's type stands in, `#filePath`: with it `--help` and the title, which are
  /// told before any cell, are in these languages too.
  static var source: String? { get }

  /// The book that the chapter is part of; `.none` if it stands alone.
  static var book: Book { get }

  /// The parts that this run tells, in small letters and digits with `-` between, or nil if it tells
  /// the whole chapter: `words`. Where a whole run stands already, its files keep their place and
  /// those of the part get names with its own.
  var part: String? { get }

  /// Programs within this one, called by their names: `applications forecast …`.
  static var commands: [any ParsableCommand.Type] { get }

  /// Tells the story; what it throws ends the program with one line, and the last whole run's files
  /// stay.
  func tell(_ page: Page) throws
}

extension Chapter {
  public static var slug: String { programName("\(Self.self)") }
  public static var languages: [String] { [] }
  public static var source: String? { nil }
  public static var book: Book { .none }
  public static var commands: [any ParsableCommand.Type] { [] }
  public var part: String? { nil }

  package static var description: ChapterDescription {
    var description = ChapterDescription(
      number: number, slug: slug, title: title, summary: summary,
      languages: languages.isEmpty ? nil : languages)
    if source != nil, !languages.isEmpty {
      description.translations = Dictionary(
        uniqueKeysWithValues: languages.map { language in
          let words = words(in: language)
          return (language, .init(title: words.told(title), summary: words.told(summary)))
        })
    }
    return description
  }

  /// What the chapter says in a language before any cell.
  static func words(in language: String) -> Wording {
    Wording(language, of: book, chapter: source.map(Wording.chapterFolder))
  }

  /// Reads the command line, tells the chapter, and ends the program. `seeding` is called with the
  /// seed before anything is told.
  public static func run(seeding: (UInt64) -> Void = { _ in }) -> Never {
    StandardStreams.prepare(for: slug)
    Languages.offer(languages)
    runCommandIfNamed()
    let command = ChapterCommand<Self>.parseOrExitInOneLine(words: words)
    if command.describe {
      let data = try? JSONEncoder.pretty.encode(description)
      StandardStreams.write(String(decoding: data ?? Data(), as: UTF8.self) + "\n")
      Foundation.exit(0)
    }
    do {
      let run = try Telling(
        description, in: book, part: command.chapter.part, options: command.common,
        source: source)
      run.discardWhenInterrupted()
      seeding(command.common.seed)
      try run.tell(command.chapter.tell)
      Foundation.exit(0)
    } catch {
      StandardStreams.complain(Visible.text(error.line).replacing("\n", with: " "))
      Foundation.exit(1)
    }
  }
}

extension Chapter {
  /// Runs the command that the first argument names, if it does, and ends the program.
  private static func runCommandIfNamed() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard let name = arguments.first,
      let command = commands.first(where: { $0.configuration.commandName == name })
    else { return }
    do {
      var command = command.parseOrExitInOneLine(
        Array(arguments.dropFirst()), of: "\(slug) \(name)", words: words)
      try command.run()
      Foundation.exit(0)
    } catch {
      StandardStreams.complain(Visible.text(error.line).replacing("\n", with: " "))
      Foundation.exit(1)
    }
  }
}

/// `RNNFromScratch` as a program is called: `rnn-from-scratch`.
package func programName(_ type: String) -> String {
  let letters = Array(type)
  var name = ""
  for (index, letter) in letters.enumerated() {
    let isAfterSmall = index > 0 && !letters[index - 1].isUppercase
    let isBeforeSmall = index > 0 && index + 1 < letters.count && letters[index + 1].isLowercase
    if letter.isUppercase, isAfterSmall || isBeforeSmall { name += "-" }
    name += letter.lowercased()
  }
  return name
}

/// A chapter's command line: the options of all, and those of its own.
private struct ChapterCommand<Own: Chapter>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Own.slug,
      abstract: "Chapter \(Own.number), \(Own.title). \(Own.summary)", version: Book.version,
      subcommands: Own.commands)
  }

  @OptionGroup var common: CommonOptions
  @OptionGroup(title: "Options of this chapter") var chapter: Own

  @Flag(help: .hidden) var describe = false
}
