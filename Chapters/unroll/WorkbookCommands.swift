import ArgumentParser
import Exercises
import Foundation
import Notebook

/// What `unroll` does besides running chapters, each with options of its own: `start`, `check`, `hint`,
/// `solution` and `status`, a package of exercises that the reader writes, and its checks; `doctor`.
enum OwnCommands {
  static let names = ["start", "check", "hint", "solution", "status", "doctor"]

  /// Runs one of them and ends the program; returns if the words are another command's.
  static func runIfNamed(_ words: [String]) {
    let rest = Array(words.dropFirst())
    // What these say stands beside their sources, whichever chapters are built.
    if let name = words.first, names.contains(name) { Languages.offer(ExerciseWords.languages) }
    switch words.first {
    case "start": run(StartCommand.self, rest)
    case "check": run(CheckCommand.self, rest)
    case "hint": run(HintCommand.self, rest)
    case "solution": run(SolutionCommand.self, rest)
    case "status": run(StatusCommand.self, rest)
    case "doctor": run(DoctorCommand.self, rest)
    default: return
    }
  }

  private static func run<Command: ParsableCommand>(_ type: Command.Type, _ words: [String])
    -> Never
  {
    var command = type.parseOrExitInOneLine(words, words: UnrollAll.wording)
    // A build or a program that runs ends with this one.
    Interruption.watch { _ in }
    do { try command.run() } catch let code as ExitCode { Command.exit(withError: code) } catch {
      StandardStreams.complain(Visible.text(error.line))
      Command.exit(withError: ExitCode(1))
    }
    Command.exit(withError: nil)
  }
}

/// A folder with a workbook, and names of exercises. The folder may be left out in a workbook.
struct NamedExercises: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The workbook's folder (default: the current one), then names of exercises.",
      valueName: "folder or exercise"))
  var words: [String] = []

  func folder() throws -> WorkbookFolder {
    try WorkbookFolder(hasFolder ? words[0] : ".")
  }

  private var hasFolder: Bool {
    guard let first = words.first else { return false }
    return Exercise.named(first) == nil || FileManager.default.fileExists(atPath: first)
  }

  private var names: ArraySlice<String> { words.dropFirst(hasFolder ? 1 : 0) }

  /// The exercises that are named; none for all.
  var exercises: [Exercise] { names.compactMap(Exercise.named) }

  func validate() throws {
    for name in names where Exercise.named(name) == nil {
      let near = suggestion(for: name, among: Exercise.all.map(\.id))
      throw ValidationError(
        "There is no exercise '\(name)'\(near.isEmpty ? "; 'unroll status' names them." : near)")
    }
  }

  func checkForOne() throws {
    if exercises.count != 1 { throw ValidationError("Name one exercise, after the folder.") }
  }
}

/// The language that exercises and findings are told in.
struct LanguageOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The language of the prose: \(Languages.all.joined(separator: ", ")).", valueName: "code"),
    transform: Languages.chosen)
  var language = Languages.ofLocale

  /// What all exercises have in common.
  var words: ExerciseWords { ExerciseWords(in: language) }
}

private func say(_ line: String) { StandardStreams.write(Visible.text(line) + "\n") }

struct StartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll start",
    abstract: "Lays a workbook: a small package with a file an exercise.",
    discussion: """
      In a workbook that is there the exercises that it lacks are added, and nothing else is touched.
      """)

  @Argument(help: "A new or empty folder, or a workbook.")
  var folder: String

  @Option(
    help: ArgumentHelp(
      "The git repository to take the package unroll from, its branch main (default: the checkout "
        + "that this program was built from).", valueName: "address"))
  var url: String?

  @OptionGroup var options: LanguageOption

  func run() throws {
    let words = options.words
    let wasThere = WorkbookFolder.isWorkbook(URL(fileURLWithPath: folder, isDirectory: true))
    let (workbook, added) = try WorkbookFolder.start(
      folder, from: url, language: options.language)
    let first = Exercise.all[0]
    if wasThere {
      say(words("%@ is a workbook already; exercises added: %@.", folder, "\(added)"))
      return
    }
    let minutes = Exercise.all.map(\.minutes).reduce(0, +)
    say(
      words(
        "%@ exercises in %@, some %@ hours in all.", "\(added)", workbook.path,
        "\(minutes / 60)"))
    say(words("The first: %@", workbook.file(of: first).path))
    say(words("Is it right? %@", "\(CommandLine.arguments[0]) check \(folder) \(first.id)"))
  }
}

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll check",
    abstract: "Builds exercises and says of each whether it is right, or what is wrong.",
    usage: "unroll check [folder] [exercise ...] [--seed <seed>] [--json] [--language <code>]",
    discussion: """
      Without a name, all that have been begun are checked. The status is 0 if all that were to be \
      checked are right, else 1.
      """)

  @OptionGroup var named: NamedExercises

  @Option(
    help: ArgumentHelp(
      "The seed of the shapes and numbers of the checks (default: another one each time).",
      valueName: "seed"))
  var seed: UInt64?

  @Flag(help: "Say it as JSON, for a script.")
  var json = false

  @OptionGroup var options: LanguageOption

  func run() throws {
    let words = options.words
    let chosen = named.exercises, folder = try named.folder()
    if !json, !folder.isBuilt {
      StandardStreams.note(words("The first build takes a little longer.") + "\n")
    }
    let seed = seed ?? UInt64.random(in: 0..<1_000_000)
    var reports: [Report] = []
    for exercise in chosen.isEmpty ? Exercise.all : chosen {
      let report = try folder.check(exercise, seed: seed, language: options.language)
      reports.append(report)
      if !json, !chosen.isEmpty || report.state != .notBegun { tell(report) }
    }
    if json {
      try write(reports, seed: seed)
    } else {
      if chosen.isEmpty { tellOthers(reports) }
      if reports.contains(where: { $0.state == .wrong }) {
        say("  " + words("(the same numbers again: --seed %@)", "\(seed)"))
      }
    }
    if !reports.allSatisfy({ $0.state == .right }) { throw ExitCode(1) }
  }

  private func tell(_ report: Report) {
    let words = options.words
    switch report.state {
    case .right: say("✓ \(report.exercise)")
    case .wrong: say(words("✗ %@: %@", report.exercise, report.problems[0]))
    case .notBegun: say(words("· %@: not begun, %@", report.exercise, report.problems[0]))
    case .doesNotCompile:
      say(words("✗ %@: it does not compile", report.exercise))
      for line in report.problems { say("    \(line)") }
    }
    if report.state != .right {
      let lines = report.printed.split(separator: "\n")
      for line in lines.prefix(10) { say("    │ \(line)") }
      if lines.count > 10 { say("    │ …") }
    }
  }

  private func tellOthers(_ reports: [Report]) {
    let others = reports.filter { $0.state == .notBegun }
    if let next = others.first {
      say(
        options.words("· %@ not begun; the next is %@", "\(others.count)", next.exercise))
    }
  }

  private struct Outcome: Encodable {
    let seed: UInt64
    let right: Int
    let exercises: [Report]
  }

  private func write(_ reports: [Report], seed: UInt64) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let right = reports.count { $0.state == .right }
    let data = try encoder.encode(Outcome(seed: seed, right: right, exercises: reports))
    StandardStreams.write(String(decoding: data, as: UTF8.self) + "\n")
  }
}

struct HintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll hint",
    abstract: "A nudge for an exercise; asked again, the next one, which says more.",
    usage: "unroll hint [folder] <exercise> [--language <code>]")

  @OptionGroup var named: NamedExercises
  @OptionGroup var options: LanguageOption

  func validate() throws { try named.checkForOne() }

  func run() throws {
    let exercise = named.exercises[0], folder = try named.folder()
    let shown = try folder.update { progress in
      progress[exercise].hints = min(progress[exercise].hints + 1, exercise.hints.count)
      return progress[exercise].hints
    }
    let words = exercise.words(in: options.language)
    say(words("Hint %@ of %@:", "\(shown)", "\(exercise.hints.count)"))
    let hint = words.told(exercise.hints[shown - 1])
    for line in hint.split(separator: "\n", omittingEmptySubsequences: false) {
      say(String(line))
    }
  }
}

struct SolutionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll solution",
    abstract: "Shows how an exercise can be solved, after a question.",
    usage: "unroll solution [folder] <exercise> [--yes] [--language <code>]")

  @OptionGroup var named: NamedExercises

  @Flag(help: "Show it without asking.")
  var yes = false

  @OptionGroup var options: LanguageOption

  func validate() throws { try named.checkForOne() }

  func run() throws {
    let exercise = named.exercises[0], folder = try named.folder()
    let words = options.words
    let unseen = exercise.hints.count - (try folder.progress()[exercise].hints)
    if !yes {
      var question = words("Show the solution of %@?", exercise.id)
      if unseen == 1 { question += words.space + words("There is a hint left.") }
      if unseen > 1 { question += words.space + words("There are %@ hints left.", "\(unseen)") }
      StandardStreams.note(question + " [y/N] ")
      let answer = readLine()?.trimmingCharacters(in: .whitespaces).lowercased()
      guard answer == "y" || answer == "yes" else {
        if answer == nil { StandardStreams.note("\n") }
        StandardStreams.complain(words("not shown; answer y, or say --yes"))
        throw ExitCode(1)
      }
    }
    let solution = try exercise.solution(in: options.language)
    for line in solution.split(separator: "\n", omittingEmptySubsequences: false) {
      say(String(line))
    }
    try folder.update { $0[exercise].sawSolution = true }
  }
}

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll status", abstract: "All exercises, and which are right.")

  @Argument(help: "The workbook's folder.")
  var folder = "."

  @OptionGroup var options: LanguageOption

  func run() throws {
    let workbook = try WorkbookFolder(folder), progress = try workbook.progress()
    let words = options.words
    let width = Exercise.all.map(\.id.count).max() ?? 0
    var chapter = 0
    for exercise in Exercise.all {
      if exercise.chapter != chapter {
        chapter = exercise.chapter
        say(words("Chapter %@", "\(chapter)"))
      }
      let entry = progress[exercise]
      let isBegun = try workbook.isBegun(exercise)
      let mark = entry.isRight ? "✓" : isBegun ? "✗" : "·"
      let name = exercise.id.padding(toLength: width, withPad: " ", startingAt: 0)
      let minutes = "\(exercise.minutes)".count < 2 ? " \(exercise.minutes)" : "\(exercise.minutes)"
      let title = exercise.words(in: options.language).told(exercise.title)
      say("  \(mark) \(name)  \(words("%@ min", minutes))  \(title)")
    }
    let right = Exercise.all.count { progress[$0].isRight }
    let numbers = ("\(right)", "\(Exercise.all.count)")
    if let next = Exercise.all.first(where: { !progress[$0].isRight }) {
      say(words("%@ of %@ right; the next is %@", numbers.0, numbers.1, next.id))
    } else {
      say(words("%@ of %@ right", numbers.0, numbers.1))
    }
  }
}
