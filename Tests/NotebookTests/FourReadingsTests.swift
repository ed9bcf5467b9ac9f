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

  /// A reader presses Run first of all.
  @Test func theNotebooksFirstCellSaysHowToRunTheChapter() throws {
    let scratch = Scratch()
    let fixture = Program(name: "NotebookFixture")
    _ = try fixture.run("--output", scratch.path, "--format", "ipynb")
    let notebook = try JSONSerialization.jsonObject(
      with: Data(scratch.text("notebook-fixture/chapter.ipynb").utf8))
    let cells = try #require((notebook as? [String: Any])?["cells"] as? [[String: Any]])
    let first = try #require(cells.first?["source"] as? [String]).joined()
    #expect(first.contains("is to be read") && first.contains("kernel"))
    #expect(first.contains("`swift run -c release notebook-fixture`"))
  }

  @Test func translationIsToldWhereThereIsOne() throws {
    let scratch = Scratch()
    let run = try Program(name: "NotebookFixture", directory: scratch.url).run(
      "--output", ".", "--language", "zh", "--format", "md,html",
      environment: ["COLUMNS": "40"])
    #expect(run.status == 0)
    #expect(
      run.errors == """
        注意：4 个单元格中有 2 个没有“zh”的正文：以英文显示
        注意：1 处文字没有“zh”的译文，以英文显示：“Half is more than one.”

        """)
    try expectKept(run.output, "terminal.zh.txt")
    let markdown = try scratch.text("notebook-fixture/chapter.md")
    #expect(markdown.contains("## 单元及其方程"))
    #expect(markdown.contains("# 9. 样章：α 与 Ω"))
    #expect(markdown.contains("*图 1 平方与根*"))
    let html = try scratch.text("notebook-fixture/chapter.html")
    for part in [
      #"<html lang="zh-Hans">"#, "<title>9. 样章：α 与 Ω</title>", #"<p class="number">第 9 章</p>"#,
      #"<input type="checkbox">目录</label>"#, "<caption>各模型的误差</caption>",
      #"<th scope="col">模型</th>"#, #"alt="平方与根。横轴：n。纵轴：值。折线“n²”：4 个值，从 0 到 9。""#,
      "<b>图 1</b> 平方与根", "根比平方增长得<em>慢</em>", "本次运行中并非如此：Half is more than one.",
      "二分之一不是三分之一，而是 <code>0.5</code>。", "fixture.rmse = 14.881 名乘客",
      "数值：[0.5, 0.25] }\n第二行 &amp; &lt;tag&gt;", #"title="在本次运行中成立""#,
      "<summary>检验代码</summary>", "<div lang=\"en\">",
    ] { #expect(html.contains(part), "\(part)") }
    // Files keep their names.
    #expect(scratch.files().keys.contains("notebook-fixture/01-squares-roots.gp"))
  }

  /// What the environment asks for is told if it is there.
  @Test func theLocaleChoosesTheLanguage() throws {
    let fixture = Program(name: "NotebookFixture")
    for (name, value, isChinese) in [
      ("LC_ALL", "zh_CN.UTF-8", true), ("LC_ALL", "fr_FR.UTF-8", false), ("LC_ALL", "C", false),
    ] {
      let run = try fixture.run("--help", environment: [name: value])
      #expect(run.output.contains("--seed <seed>           所有随机数的种子") == isChinese)
    }
    for (environment, language) in [
      (["LANG": "zh_CN.UTF-8"], "zh"), (["LC_MESSAGES": "zh", "LANG": "de_DE"], "zh"),
      (["LC_ALL": "", "LANG": "zh_TW"], "zh"), (["LC_ALL": "POSIX", "LANG": "zh_CN"], "en"),
      ([:], "en"),
    ] as [([String: String], String)] {
      #expect(Languages.asked(in: environment) == language)
    }
  }

  /// The help has nothing left in English but names, and no line wider than the terminal.
  @Test func helpIsTranslated() throws {
    let run = try Program(name: "NotebookFixture").run("--help", "--language", "zh")
    #expect(run.status == 0 && run.errors == "")
    for line in run.output.split(separator: "\n") {
      #expect(line.reduce(0) { $0 + $1.columns } <= 80, "\(line)")
      let words = line.replacing(#/--?[a-z]+|<[^>]*>|\$?[A-Z_]+/#, with: "")
        .matches(of: #/[a-z]{2,}/#).map { String($0.0) }
      let names: Set = [
        "notebook", "fixture", "Plots", "lots", "none", "short", "all", "md", "html", "ipynb", "en",
        "zh", "error", "trap", "wait",
      ]
      #expect(names.isSuperset(of: words), "\(line)")
    }
    #expect(run.output.hasPrefix("概述：第 9 章，样章：α 与 Ω。章节能讲的*每一样*各一份，供 <测试> 之用。\n"))
    #expect(run.output.contains("\n本章的选项：\n"))
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
