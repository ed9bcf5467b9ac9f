import Foundation
import Notebook
import TestSupport
import Testing

/// The fixture chapter, told once, in all its readings beside the ones kept in `Kept`.
/// `KEEP_READINGS=1` keeps what came out instead.
@Suite struct FourReadingsTests {
  @Test func readingsAreTheKeptOnes() throws {
    let scratch = Scratch()
    let run = try Program(name: "NotebookFixture", directory: scratch.url).run("--output", ".")
    #expect(run.status == 0)
    #expect(run.errors == "")
    try expectKept(run.output, "terminal.txt")
    let chapter = "notebook-fixture/chapter"
    try expectKept(try scratch.text("\(chapter).md"), "chapter.md")
    let style = #/<style>(?s:.*?)</style>/#
    try expectKept(
      withoutPictures(try scratch.text("\(chapter).html")).replacing(
        style, with: "<style></style>"),
      "chapter.html")
    try expectKept(withoutPictures(try scratch.text("\(chapter).ipynb")), "chapter.ipynb")
    try expectKept(try scratch.text("notebook-fixture/results.json"), "results.json")
  }

  @Test func translationIsToldWhereThereIsOne() throws {
    let scratch = Scratch()
    let run = try Program(name: "NotebookFixture", directory: scratch.url).run(
      "--output", ".", "--language", "zh", "--format", "md", environment: ["COLUMNS": "40"]
    )
    #expect(run.status == 0)
    #expect(run.errors == "note: no prose in 'zh' for 2 of 4 cells: told in English\n")
    try expectKept(run.output, "terminal.zh.txt")
    #expect(try scratch.text("notebook-fixture/chapter.md").contains("## 单元及其方程"))
  }

  @Test func quietTellsResultsOnly() throws {
    let scratch = Scratch()
    let run = try Program(name: "NotebookFixture").run("--output", scratch.path, "--quiet")
    #expect(run.output == "fixture.rmse = 14.881 passengers\nfixture.count = 709\n")
  }

  @Test func runsAreTheSame() throws {
    let (one, two) = (Scratch(), Scratch())
    for scratch in [one, two] {
      #expect(try Program(name: "NotebookFixture").run("--output", scratch.path).status == 0)
    }
    for page in ["chapter.md", "chapter.html", "chapter.ipynb", "results.json"] {
      let path = "notebook-fixture/\(page)"
      #expect(try one.text(path) == two.text(path), "\(page) differs between two runs")
    }
  }

  @Test func formatsAreChosen() throws {
    let scratch = Scratch()
    let fixture = Program(name: "NotebookFixture")
    _ = try fixture.run("--output", scratch.path)
    try Data("mine".utf8).write(to: scratch.url.appendingPathComponent("notebook-fixture/own.txt"))
    #expect(try fixture.run("--output", scratch.path, "--format", "ipynb").status == 0)
    // Pages of the run before would show what is no longer so; a file of the reader's stays.
    #expect(
      Set(try scratch.files().keys.filter { $0.contains("/") }) == [
        "notebook-fixture/01-squares-roots.gp", "notebook-fixture/01-squares-roots.png",
        "notebook-fixture/chapter.ipynb", "notebook-fixture/own.txt",
        "notebook-fixture/results.json", "notebook-fixture/run.json",
      ])
  }

  private func withoutPictures(_ text: String) -> String {
    text.replacing(#/iVBORw0KGgo[A-Za-z0-9+\/=]*/#, with: "PNG")
  }

  private func expectKept(_ text: String, _ name: String) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Kept/\(name)")
    if ProcessInfo.processInfo.environment["KEEP_READINGS"] == "1" {
      return try Data(text.utf8).write(to: url)
    }
    let kept = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let (lines, keptLines) = (text.split(separator: "\n"), kept.split(separator: "\n"))
    let first = zip(lines, keptLines).first { $0 != $1 }
    #expect(text == kept, "\(name): first other line: \(first.map { "\($0)" } ?? "its end")")
  }
}
