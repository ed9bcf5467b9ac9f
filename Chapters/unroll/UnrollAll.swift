import ArgumentParser
import Foundation
import Notebook
import Datasets
import Synchronization
import ThisBook

/// Runs the chapters, one after the other, and writes an index over their pages.
@main struct UnrollAll: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll",
    abstract: "Recurrent neural networks in Swift, told step by step: runs the chapters.",
    usage:
      "unroll [options] [chapter ...]\nunroll list\nunroll download [data set ...]\nunroll start|check|hint|solution|status [folder] [exercise]\nunroll doctor",
    discussion: """
      A chapter is named by its number or its program; without any, all are run. Each is a program \
      of its own, with more options of its own (see its --help), which are handed on to it: \
      unroll modules --part words.

      'download' fetches real data sets, all or some of \(
        KnownDataset.allCases.map(\.rawValue).joined(separator: ", ")), into the folder that --data or \
      UNROLL_DATA names, else the user's cache folder.

      'start' lays a workbook, a small package with an exercise a file; 'check' says of what you have \
      written there whether it is right. 'unroll check --help' and its kin tell the rest. 'doctor' says \
      what the chapters need of this machine, and what is missing.
      """,
    version: Book.version)

  @Argument(help: "Numbers or names of chapters, 'list' to name them all, or 'download'.")
  var chapters: [String] = []

  @OptionGroup var options: CommonOptions

  /// What is handed on to the chapters.
  private static let passedOn = PassedOn(Array(CommandLine.arguments.dropFirst()))

  static func main() {
    StandardStreams.prepare(for: "unroll")
    let arguments = Array(CommandLine.arguments.dropFirst())
    // The chapters are asked only where a language may be meant.
    if Languages.asked(in: ProcessInfo.processInfo.environment) != "en"
      || arguments.contains(where: { $0 == "-h" || $0.hasPrefix("--help") || isLanguage($0) })
    {
      Languages.offer(Set(Book.unroll.programs.flatMap(languages)).sorted())
    }
    OwnCommands.runIfNamed(arguments)
    do { try parseOrExitInOneLine(passedOn.own, words: wording).run() } catch {
      exit(withError: error)
    }
  }

  private static func isLanguage(_ word: String) -> Bool { word.hasPrefix("--lang") }

  /// What this program says in a language, from the files beside this one.
  static func wording(_ language: String) -> Wording {
    Wording(
      language, of: .unroll, chapter: URL(fileURLWithPath: #filePath).deletingLastPathComponent())
  }
  /// The same in the language that was asked for.
  static let words = wording(Languages.named(in: Array(CommandLine.arguments.dropFirst())))

  func validate() throws {
    if let problem = Self.passedOn.unknownOption { throw ValidationError(problem) }
    if chapters.first == "download" {
      let sets = KnownDataset.allCases.map(\.rawValue)
      for name in chapters.dropFirst() where KnownDataset(rawValue: name) == nil {
        throw ValidationError(
          "There is no data set '\(name)'\(suggestion(for: name, among: sets)); there are "
            + sets.joined(separator: ", ") + ".")
      }
      return try checkPassedOn([])
    }
    for name in chapters where name != "list" && Self.program(name) == nil {
      let meant = suggestion(
        for: name, among: Book.unroll.programs + ["list", "download"] + OwnCommands.names)
      throw ValidationError("There is no chapter '\(name)'\(meant); 'unroll list' names them.")
    }
    if chapters.contains("list"), chapters.count > 1 {
      throw ValidationError("'list' stands alone.")
    }
    try checkPassedOn(chapters == ["list"] ? [] : programs)
    if chapters != ["list"], options.language != "en",
      Self.passedOn.own.contains(where: Self.isLanguage),
      !programs.contains(where: { Self.languages($0).contains(options.language) })
    {
      throw ValidationError("these chapters have no prose in '\(options.language)'.")
    }
  }

  private func checkPassedOn(_ programs: [String]) throws {
    if let problem = Self.passedOn.problem(for: programs) { throw ValidationError(problem) }
  }

  /// The programs to run.
  private var programs: [String] {
    chapters.isEmpty ? Book.unroll.programs : chapters.compactMap(Self.program)
  }

  private static func languages(_ program: String) -> [String] {
    Book.describe(program)?.languages ?? []
  }

  func run() throws {
    if chapters == ["list"] { return list() }
    if chapters.first == "download" { return try download(Array(chapters.dropFirst())) }
    let folder = options.outputFolder(source: #filePath)
    do {
      try checkFolders(output: folder)
    } catch {
      StandardStreams.complain(error.line)
      throw ExitCode(1)
    }
    Interruption.watch { signal in
      Self.state.withLock {
        $0.signal = signal
        $0.child?.send(signal ?? SIGTERM)
      }
      // The chapter is given a moment to clear up; when it has ended, so does this program.
      sleep(2)
    }
    let failed = try programs.filter { try !tell($0) }
    do {
      try writeIndex(in: folder)
    } catch {
      StandardStreams.complain(error.line)
      throw ExitCode(1)
    }
    if !failed.isEmpty {
      StandardStreams.complain("failed: \(failed.joined(separator: ", "))")
      throw ExitCode(1)
    }
  }

  private func download(_ names: [String]) throws {
    do {
      try Download.run(names, into: options.data)
    } catch {
      StandardStreams.complain(error.line)
      throw ExitCode(1)
    }
  }

  private static func program(_ name: String) -> String? {
    if let number = Int(name) {
      return Book.unroll.programs.first { Book.describe($0)?.number == number }
    }
    return Book.unroll.programs.first { $0 == name }
  }

  private func list() {
    for program in Book.unroll.programs {
      guard let chapter = Book.describe(program) else {
        Self.say("   \(program)  \(Self.words.told("(not built)"))")
        continue
      }
      let told = chapter.told(in: options.language)
      Self.say("\(chapter.number)  \(program): \(told.title)\(Self.words.stop)\(told.summary)")
    }
  }

  private func checkFolders(output: URL) throws {
    _ = try options.dataFolder()
    try OutputFolder.check(output)
  }

  /// Whether the chapter ended well.
  private func tell(_ program: String) throws -> Bool {
    let isTranslated = Self.languages(program).contains(options.language)
    if options.language != "en", !isTranslated {
      Self.note("\(program) has no prose in '\(options.language)': told in English")
    }
    let child: Child
    do {
      child = try Child(
        Book.folder.appendingPathComponent(program),
        arguments: options.arguments(language: isTranslated ? options.language : "en")
          + Self.passedOn.arguments(for: program))
    } catch {
      StandardStreams.complain(error.line)
      return false
    }
    Self.state.withLock { $0.child = child }
    let status = child.wait()
    let signal = Self.state.withLock { state in
      state.child = nil
      return state.signal
    }
    if let signal { throw ExitCode(128 + signal) }
    // Ctrl-C has reached the chapter first.
    if status == 128 + SIGINT { throw ExitCode(status) }
    if !options.quiet { Self.say("") }
    if status != 0 { StandardStreams.complain("\(program) ended with status \(status)") }
    return status == 0
  }

  /// The chapter that is running, and the signal that asks to end.
  private static let state = Mutex<(child: Child?, signal: Int32?)>((nil, nil))

  /// At once, so that it stands in order with what the chapters say.
  private static func say(_ line: String) { StandardStreams.write(line + "\n") }

  private static func note(_ text: String) {
    StandardStreams.note(words("note: %@", words.told(text)) + "\n")
  }

  /// The chapters have written it themselves; this is for those that were there before.
  private func writeIndex(in folder: URL) throws {
    let index = folder.appendingPathComponent("index.html").path
    let isWritten = try OutputFolder.writeIndex(of: .unroll, in: folder, language: options.language)
    guard FileManager.default.fileExists(atPath: index) else { return }
    if !isWritten {
      Self.note(IndexPage.refusal(in: folder))
    } else if !options.quiet {
      Self.say(Self.words("Figures and pages: %@", index))
    }
  }
}
