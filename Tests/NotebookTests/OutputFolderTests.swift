import Foundation
import Notebook
import TestSupport
import Testing

/// What a run may touch in a folder, and that it touches nothing else.
@Suite struct OutputFolderTests {
  let scratch: Scratch
  let fixture = Program(name: "NotebookFixture")

  init() throws { scratch = Scratch() }

  private func tell(_ arguments: String...) throws -> Program.Outcome {
    try fixture.run(["--output", scratch.path] + arguments)
  }

  private func write(_ text: String, _ name: String) throws {
    let url = scratch.url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  private func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: scratch.path + "/notebook-fixture/" + name)
  }

  @Test(arguments: [
    "..", ".", "sub", "own.txt", "link.png", "../other/own.txt", "/etc/passwd", "sub/inner.txt",
    "07-mine.png", "chapter.md/..", "",
  ])
  func whatADescriptionNamesIsNotRemoved(file: String) throws {
    try write("mine", "other/own.txt")
    for name in ["own.txt", "sub/inner.txt", "07-mine.png", "sub/08-mine.png"] {
      try write("mine", "notebook-fixture/\(name)")
    }
    let link = scratch.path + "/notebook-fixture/link.png"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "../other/own.txt")
    try write(
      """
      {"chapter": {"number": 1, "slug": "x", "title": "t", "summary": "s"}, "seed": 1,
       "quick": true, "seconds": 1, "version": "1", "files": ["\(file)"],
       "digests": {"\(file)": "4-0"}}
      """, "notebook-fixture/run.json")
    #expect(try tell().status == 0)
    #expect(try scratch.text("other/own.txt") == "mine")
    for name in ["own.txt", "sub/inner.txt", "07-mine.png", "sub/08-mine.png"] {
      #expect(try scratch.text("notebook-fixture/\(name)") == "mine")
    }
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: link)
    #expect(target == "../other/own.txt")
  }

  @Test func whatARunWroteGoesUnlessItWasChanged() throws {
    #expect(try tell().status == 0)
    try write("notes of my own", "notebook-fixture/chapter.md")
    #expect(try tell("--format", "html").status == 0)
    #expect(try scratch.text("notebook-fixture/chapter.md") == "notes of my own")
    #expect(!has("chapter.ipynb"))
    #expect(try !scratch.text("index.html").contains("chapter.md"))
  }

  @Test func whatIsInTheWayIsSaidBeforeAnyWork() throws {
    let place = scratch.path + "/notebook-fixture"
    try write("mine", "notebook-fixture/chapter.html/inner.txt")
    let folder = try tell()
    #expect(folder.status == 1 && folder.output == "")
    #expect(
      folder.errors == "notebook-fixture: cannot write to \(place): "
        + "chapter.html there is no file of a run; move it away\n")
    #expect(try Array(scratch.files().keys) == ["notebook-fixture/chapter.html/inner.txt"])

    try FileManager.default.moveItem(atPath: place, toPath: scratch.path + "/elsewhere")
    try FileManager.default.createSymbolicLink(
      atPath: place, withDestinationPath: scratch.path + "/elsewhere")
    let link = try tell()
    #expect(link.status == 1 && link.output == "")
    #expect(link.errors.contains("\(place): it is a link"))
    #expect(try scratch.text("elsewhere/chapter.html/inner.txt") == "mine")
  }

  /// A folder of one's own in a figure's place is found at the end only.
  @Test func aFolderInAFiguresPlaceStays() throws {
    try write("mine", "notebook-fixture/01-squares-roots.png/inner.txt")
    let run = try tell()
    #expect(run.status == 1)
    #expect(run.errors.contains("01-squares-roots.png there is no file of a run"))
    #expect(run.errors.count { $0 == "\n" } == 1)
    #expect(
      try Array(scratch.files().keys) == ["notebook-fixture/01-squares-roots.png/inner.txt"])
  }

  @Test func filesWithoutADescriptionThatAreReplacedAreTold() throws {
    try write("mine", "notebook-fixture/chapter.md")
    let run = try tell()
    #expect(run.status == 0)
    #expect(run.errors == "note: replaced what was there: chapter.md\n")
  }

  @Test func theFoldersModeIsKept() throws {
    #expect(try tell().status == 0)
    let place = scratch.path + "/notebook-fixture"
    chmod(place, 0o750)
    #expect(try tell().status == 0)
    let mode = try FileManager.default.attributesOfItem(atPath: place)[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o750)
  }

  // MARK: - What runs have left

  @Test func preparedFoldersAndLinksAreNotUsed() throws {
    try write("mine", "other/run/own.txt")
    let link = scratch.path + "/.run-notebook-fixture-AAAAAA"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "other")
    try write("stale", "notebook-fixture/.run-\(getpid())/07-stale.png")
    try write("mine", ".run-notes/own.txt")
    #expect(try tell().status == 0)
    #expect(try scratch.text("other/run/own.txt") == "mine")
    #expect(try scratch.text(".run-notes/own.txt") == "mine")
    #expect(!has("07-stale.png"))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "other")
  }

  @Test func leftoversGoAndLivingRunsStay() throws {
    let root = scratch.url
    let living = try OutputFolder(for: "notebook-fixture", in: root)
    try Data("half".utf8).write(to: living.staging.appendingPathComponent("half.txt"))
    try write("half", ".run-notebook-fixture-AAAAAA/run/half.txt")
    try write("half", ".index-\(UUID())")
    try write("mine", ".index-mine")
    #expect(try tell("--seed", "5").status == 0)
    let left = try scratch.files().keys.filter { $0.hasPrefix(".") && $0.hasSuffix(".txt") }
    #expect(left.count == 1 && left.first!.hasSuffix("/run/half.txt"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path)
        .filter { $0.hasPrefix(".index-") } == [".index-mine"])
    living.discard()
    #expect(
      try !FileManager.default.contentsOfDirectory(atPath: scratch.path)
        .contains { $0.hasPrefix(".run-") })
  }

  @Test func severalAtOnceLeaveOneWhole() throws {
    try write("mine", "notebook-fixture/own.txt")
    for round in 0..<3 {
      let runs = try (1...4).map {
        try fixture.start(["--output", scratch.path, "--mark", "--seed", "\(4 * round + $0)"])
      }
      for run in runs {
        run.waitUntilExit()
        #expect(run.terminationStatus == 0)
      }
      #expect(try markOfWholeRun(in: scratch) != nil)
      #expect(try scratch.text("notebook-fixture/own.txt") == "mine")
      #expect(try !scratch.files().keys.contains { $0.hasPrefix(".") })
    }
  }

  // MARK: - Parts

  @Test func aPartStandsBesideTheWhole() throws {
    #expect(try tell("--mark").status == 0)
    let whole = try scratch.files().filter { $0.key.hasPrefix("notebook-fixture/") }
    let part = try tell("--part", "words", "--seed", "2", "--mark")
    #expect(part.status == 0 && part.errors == "")
    let told = part.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      told.contains(
        "chapter-words.md, chapter-words.html, chapter-words.ipynb, results-words.json"))
    var files = try scratch.files()
    for (name, data) in whole { #expect(files[name] == data, "\(name)") }
    let added = Set(files.keys).subtracting(whole.keys).filter { $0.hasPrefix("notebook-fixture/") }
    #expect(
      Set(added.map { $0.dropFirst("notebook-fixture/".count) }) == [
        "chapter-words.html", "chapter-words.ipynb", "chapter-words.md", "results-words.json",
        "run-words.json", "words-01-mark-2.gp", "words-01-mark-2.png",
        "words-02-squares-roots.gp", "words-02-squares-roots.png",
      ])
    var index = try scratch.text("index.html")
    #expect(index.contains("seed 1 ·"))
    #expect(index.contains("<a href=\"notebook-fixture/chapter-words.html\">words alone</a>"))

    // The part again takes away what it left itself and nothing else.
    #expect(try tell("--part", "words", "--seed", "3", "--mark", "--format", "md").status == 0)
    files = try scratch.files()
    for (name, data) in whole { #expect(files[name] == data, "\(name)") }
    #expect(has("words-01-mark-3.png") && !has("words-01-mark-2.png"))
    #expect(!has("chapter-words.html"))
    index = try scratch.text("index.html")
    #expect(!index.contains("chapter-words.html"))

    // The whole again ends all.
    #expect(try tell().status == 0)
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: scratch.path + "/notebook-fixture"))
        == [
          "01-squares-roots.gp", "01-squares-roots.png", "chapter.html", "chapter.ipynb",
          "chapter.md", "results.json", "run.json",
        ])
  }

  @Test func aPartWithoutAWholeIsTheChapter() throws {
    #expect(try tell("--part", "words").status == 0)
    #expect(has("chapter.html") && has("words-01-squares-roots.png"))
    #expect(try tell("--part", "other").status == 0)
    #expect(has("chapter.html") && has("chapter-other.html") && has("words-01-squares-roots.png"))
    #expect(try scratch.text("index.html").contains("words alone ·"))
  }
}
