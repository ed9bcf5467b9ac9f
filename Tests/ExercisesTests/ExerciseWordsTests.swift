import Exercises
import Foundation
import PlainText
import Testing

/// Exercises in other languages: nothing is left out, and nothing that can be checked is changed.
struct ExerciseWordsTests {
  private static let languages = ExerciseWords.languages
  private static let sources = WorkbookFolder.checkout.appendingPathComponent("Sources/Exercises")

  private static func text(_ file: URL) throws -> String {
    try String(contentsOf: file, encoding: .utf8)
  }

  /// Title, hints, mistakes and the comments in the code: what an exercise says besides its task.
  private static func texts(_ exercise: Exercise) throws -> [String] {
    let rehearsal = Rehearsal(of: exercise)
    _ = exercise.check(rehearsal, seed: 1)
    let code = try exercise.template() + "\n" + exercise.solution()
    // The first comment is the task, the last one is common to all.
    let comments = code.components(separatedBy: "\n\n").dropFirst(2).joined(separator: "\n")
      .split(separator: "\n").filter { !$0.hasPrefix("//") }
      .compactMap { $0.firstMatch(of: #/\/\/\/? (.*)/#).map { String($0.1) } }
    return [exercise.title] + exercise.hints + rehearsal.known + comments
  }

  @Test func whatStandsBetweenSentences() {
    #expect(ExerciseWords.english.space == " ")
    #expect(ExerciseWords(in: "zh").space == "")
  }

  @Test func thereIsOneAtLeast() { #expect(Self.languages.contains("zh")) }

  @Test(arguments: languages) func nothingIsMissing(_ language: String) throws {
    #expect(ExerciseWords(in: language).catalog.problems == [])
    for exercise in Exercise.all {
      let words = exercise.words(in: language)
      #expect(words.catalog.problems == [], "\(exercise.id)")
      #expect(words.cell("task")?.isEmpty == false, "\(exercise.id) has no task")
      for text in try Self.texts(exercise) where words.catalog.translation(of: text) == nil {
        Issue.record("\(exercise.id): no translation of “\(text)”")
      }
    }
  }

  /// What the commands say, and what a check says where no exercise has a sentence.
  @Test(arguments: languages) func nothingCommonIsMissing(_ language: String) throws {
    let words = ExerciseWords(in: language)
    let folder = WorkbookFolder.checkout
    for path in [
      "Chapters/unroll/WorkbookCommands.swift", "Sources/Exercises/Folder/Exercise+Texts.swift",
      "Sources/Exercises/Folder/Report.swift",
    ] {
      let text = try Self.text(folder.appendingPathComponent(path))
      let said = text.matches(of: #/words(?:\.told)?\(\s*#?"((?:[^"\\]|\\.|"(?=[^,]*"#))*)"/#)
      #expect(!said.isEmpty, "\(path)")
      for match in said where words.catalog.template(of: String(match.1)) == nil {
        Issue.record("\(path): no translation of “\(match.1)”")
      }
    }
    for path in ["Checking/Result.swift", "Checking/Trial.swift", "Folder/ChildProgram.swift"] {
      let text = Self.joined(try Self.text(Self.sources.appendingPathComponent(path)))
      for match in text.matches(of: #/"([A-Z](?:[^"\\\n]|\\.)* (?:[^"\\\n]|\\.)*)"/#) {
        // Any values; a place is there, or not.
        for place in [" at Chapter1/x.swift:3", ""] {
          let sentence = match.1.replacing(#/\\\(place\)/#, with: place)
            .replacing(#/\\\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/#, with: "7")
          if words.catalog.translation(of: String(sentence)) == nil {
            Issue.record("\(path): no translation of “\(sentence)”")
          }
        }
      }
    }
  }

  /// Source in which a text that is written in pieces is one.
  private static func joined(_ source: String) -> String {
    source.replacing(#/"\s*\+ "/#, with: "")
  }

  @Test(arguments: languages) func nothingIsLeftOver(_ language: String) throws {
    /// Whether all that a text has between its values stands in a source.
    func stands(_ text: String, in source: String) -> Bool {
      text.split(separator: #/%@| at |: /#).allSatisfy { piece in
        let words = piece.trimmingCharacters(in: .whitespaces.union(.punctuationCharacters))
        return words.isEmpty || source.contains(words)
      }
    }
    for exercise in Exercise.all {
      let file = exercise.translation(in: language)
      let source = file.deletingPathExtension().deletingPathExtension()
        .appendingPathExtension("swift")
      let text = Self.joined(try Self.text(source)), known = try Self.texts(exercise)
      for entry in TextCatalog(reading: try Self.text(file), file: file.path).entries
      where !known.contains(entry.english) && !stands(entry.english, in: text) {
        Issue.record("\(file.lastPathComponent):\(entry.line): “\(entry.english)” is said nowhere")
      }
    }
    let folders = [Self.sources, WorkbookFolder.checkout.appendingPathComponent("Chapters/unroll")]
    let all = Self.joined(
      try folders.flatMap { folder in
        try FileManager.default.subpathsOfDirectory(atPath: folder.path)
          .filter { $0.hasSuffix(".swift") }
          .map { try Self.text(folder.appendingPathComponent($0)) }
      }.joined())
    for entry in ExerciseWords(in: language).catalog.entries
    where !stands(entry.english, in: all) {
      Issue.record("\(entry.file):\(entry.line): “\(entry.english)” is said nowhere")
    }
    let files = try FileManager.default.subpathsOfDirectory(atPath: Self.sources.path)
    #expect(files.count { $0.hasSuffix(".\(language).md") } == Exercise.all.count + 1)
  }

  // MARK: - What stays as it is

  /// All but words: numbers, symbols, names of variables, operators, in whatever order.
  private static func symbols(_ text: String) -> [String] {
    text.replacing("'s", with: " ").replacing("n't", with: "")
      .split { $0.isWhitespace || "()[]{},;:.!?\"'`“”，。；：？！（）、".contains($0) || isChinese($0) }
      .map(String.init)
      .filter { $0 != "a" && $0 != "A" && $0.wholeMatch(of: #/[A-Za-z][A-Za-z-]+|[I-]/#) == nil }
      .sorted()
  }

  private static func isChinese(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { (0x2E80...0xFFEF).contains($0.value) }
  }

  @Test(arguments: languages) func codeAndFormulasAreTheSame(_ language: String) throws {
    for exercise in Exercise.all {
      let words = exercise.words(in: language)
      #expect(
        try Self.symbols(exercise.taskText()) == Self.symbols(exercise.taskText(in: language)),
        "\(exercise.id)")
      for text in try Self.texts(exercise) {
        #expect(Self.symbols(text) == Self.symbols(words.told(text)), "\(exercise.id): \(text)")
      }
      // What is typed as it stands.
      func code(_ text: String) -> [String] {
        text.matches(of: #/`[^`]*`/#).map { String($0.0) }.sorted()
      }
      for (one, other) in try Self.texts(exercise).map({ ($0, words.told($0)) })
        + [(exercise.taskText(), exercise.taskText(in: language))]
      { #expect(code(one) == code(other), "\(exercise.id): \(one)") }
    }
  }

  // MARK: - A check

  /// Whatever mistake is made, no English is left in what is said of it.
  @Test(arguments: languages) func eachMistakeIsToldInTheLanguage(_ language: String) throws {
    for exercise in Exercise.all {
      let words = exercise.words(in: language), rehearsal = Rehearsal(of: exercise)
      _ = exercise.check(rehearsal, seed: 1)
      for mistake in rehearsal.known {
        let verdict = exercise.check(
          Rehearsal(of: exercise, making: mistake), seed: 2, words: words)
        guard case .wrong(let line) = verdict, line.hasSuffix(words.told(mistake)) else {
          Issue.record("\(exercise.id), \(mistake): \(verdict)")
          continue
        }
        let rest = line.dropLast(words.told(mistake).count)
        #expect(!rest.contains(#/[a-z]{2,} [a-z]{2,}|expected|got/#), "\(line)")
      }
    }
  }

  @Test func aCheckInChinese() throws {
    let exercise = try #require(Exercise.named("rnn-step"))
    let program = Rehearsal(of: exercise, making: "The tanh is missing.")
    let words = exercise.words(in: "zh")
    guard case .wrong(let line) = exercise.check(program, seed: 1, words: words) else {
      Issue.record("it is wrong")
      return
    }
    let expected = #/h′ \[0, 0\]：应为 -?[0-9.]+，得到 -?[0-9.]+。缺 tanh。/#
    #expect(line.wholeMatch(of: expected) != nil, "\(line)")
    #expect(
      try exercise.template(in: "zh").hasPrefix(
        "import Workbook\n\n// 循环神经网络的一步。第 2 章，约 10 分钟。\n//\n// 循环层的一步，对一个批量。"))
  }
}
