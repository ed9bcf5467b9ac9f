import Exercises
import Foundation
import TestSupport
import Testing

/// The reader's folder: laid whole or not at all, and never written over.
struct WorkbookTests {
  private let scratch = Scratch()
  private var path: String { scratch["book"].path }

  private func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return ""
  }

  @Test func aFileAnExercise() throws {
    let (folder, added) = try WorkbookFolder.start(path)
    #expect(added == Exercise.all.count)
    #expect(scratch.names == ["book"], "nothing is left beside it")
    for exercise in Exercise.all {
      let text = try String(contentsOf: folder.file(of: exercise), encoding: .utf8)
      #expect(try text == exercise.template())
      #expect(text.hasPrefix("import Workbook\n\n// \(exercise.title). Chapter "))
      #expect(text.contains(") -> ") && text.contains(" {\n  fatalError(\"your turn\")\n}\n"))
      #expect(text.contains("{ answer(\(exercise.function)) }"))
      #expect(!text.contains("Exercise(") && !text.contains("#warning"))
      #expect(try !folder.isBegun(exercise))
      let solution = try exercise.solution()
      #expect(solution.hasPrefix("func \(exercise.function)(") && solution.hasSuffix("\n}"))
      #expect(!text.contains(solution))
    }
    let manifest = try scratch.text("book/Package.swift")
    #expect(manifest.contains("path: \"\(WorkbookFolder.checkout.path)\""))
  }

  /// In another language only comments differ, and nothing of it counts as begun.
  @Test(arguments: ExerciseWords.languages) func inOtherLanguages(_ language: String) throws {
    let (folder, _) = try WorkbookFolder.start(path, language: language)
    func code(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.contains("//") }
    }
    for exercise in Exercise.all {
      let text = try String(contentsOf: folder.file(of: exercise), encoding: .utf8)
      #expect(try code(text) == code(exercise.template()))
      #expect(try !folder.isBegun(exercise))
    }
    #expect(try scratch.text("book/README.md").hasPrefix("# 练习册\n"))
  }

  /// Tasks and signatures as they are laid compile.
  @Test(arguments: ["en"] + ExerciseWords.languages)
  func templatesCompile(_ language: String) throws {
    let sources = WorkbookFolder.checkout.appendingPathComponent("Sources/Workbook")
    var text = ""
    for (number, exercise) in Exercise.all.enumerated() {
      text += try exercise.template(in: language).replacing("import Workbook\n", with: "")
        .replacing("@main enum Program", with: "enum Program\(number)")
    }
    try Data(text.utf8).write(to: scratch["Templates.swift"])
    let process = Process(), output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "swiftc", "-typecheck", "-swift-version", "6", "-parse-as-library", "-module-cache-path",
        scratch.path, scratch["Templates.swift"].path,
      ]
      + ["Answer.swift", "Matrix.swift"].map { sources.appendingPathComponent($0).path }
    process.standardError = output
    try process.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && !said.contains("warning:"), "\(said)")
  }

  @Test func startedAgainItAddsWhatIsLacking() throws {
    let (folder, _) = try WorkbookFolder.start(path, from: "https://example.org/else/fork.git")
    #expect(try scratch.text("book/Package.swift").contains("let source = \"fork\""))
    let own = folder.file(of: Exercise.all[3])
    try Data("mine".utf8).write(to: own)
    try FileManager.default.removeItem(at: folder.file(of: Exercise.all[7]))
    try folder.update { $0[Exercise.all[3]].hints = 1 }
    #expect(try WorkbookFolder.start(path).added == 1)
    #expect(try String(contentsOf: own, encoding: .utf8) == "mine")
    #expect(try folder.progress()[Exercise.all[3]].hints == 1)
    #expect(try scratch.text("book/Package.swift").contains("let source = \"unroll\""))
    #expect(try folder.isBegun(Exercise.all[3]) && !folder.isBegun(Exercise.all[7]))
  }

  @Test func emptyFoldersAreTakenOthersAreNot() throws {
    try FileManager.default.createDirectory(at: scratch["book"], withIntermediateDirectories: true)
    #expect(try WorkbookFolder.start(path).added == Exercise.all.count)

    try FileManager.default.createDirectory(at: scratch["full"], withIntermediateDirectories: true)
    for name in ["a", "b", "c", "d"] { try Data().write(to: scratch["full/\(name)"]) }
    let before = scratch.files()
    #expect(
      message { try WorkbookFolder.start(scratch["full"].path) }
        == "\(scratch["full"].path) holds something else (a, b, c, …): name a new or empty folder")
    #expect(message { try WorkbookFolder.start(scratch["full/a"].path) }.hasSuffix("is a file"))
    #expect(message { try WorkbookFolder.start(scratch["full/a/deep"].path) } != "")
    #expect(scratch.files() == before)
    #expect(message { _ = try WorkbookFolder(scratch["full"].path) }.contains("is no workbook;"))
    #expect(message { _ = try WorkbookFolder(scratch["none"].path) }.contains("and is not there;"))
  }

  /// Many at once: none is lost, and what is there is whole at any moment.
  @Test func progressIsNeverLost() async throws {
    let (folder, _) = try WorkbookFolder.start(path)
    #expect(try folder.progress() == Progress())
    let exercise = Exercise.all[0]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask {
          try folder.update { $0[exercise].checks += 1 }
          _ = try folder.progress()
        }
      }
      try await group.waitForAll()
    }
    #expect(try folder.progress()[exercise].checks == 20)
    try folder.update { $0[exercise].firstRight = Date(timeIntervalSince1970: 1e9) }
    #expect(try folder.progress()[exercise].firstRight == Date(timeIntervalSince1970: 1e9))

    try Data("{\"exercises\": {\"win".utf8).write(to: scratch["book/progress.json"])
    #expect(
      message { try folder.update { $0 = Progress() } }.contains("cannot be read as progress"))
    #expect(try scratch.text("book/progress.json").hasSuffix("win"), "what is broken is left")
  }
}
