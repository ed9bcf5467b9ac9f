import Figures
import Foundation
import Notebook
import PlainText
import TestSupport
import Testing

/// A chapter of another package, with its book, told in Chinese from the files beside its sources.
@Suite struct PageLanguageTests {
  private let scratch = Scratch()
  private let book: Book
  private let source: String

  init() throws {
    let files = [
      "Package.swift": "",
      "Sources/Tides/Tides.swift": """
      func tell(_ page: Page) {
        page.prose("## A turn\\n\\nFirst the *spring tide*.")
        page.prose("\\(count) waves in `\\(name)`.")
      }
      """, "Sources/Tides/More/Moon.swift": "",
      "Sources/Tides/More/Moon.zh.md": "<!-- texts -->\nhigh\n: 高潮\n",
      "Sources/Tides/Tides.zh.md": """
      <!-- cell: a-turn -->
      ## 转折

      先是*大潮*。

      <!-- cell: a-turn-2 -->
      `\\(name)` 里有 \\(count) 个浪。

      <!-- texts -->

      The tides
      : 潮汐

      Sea %@ comes.
      : 第 %@ 次海水到来。

      It is %@.
      : 现在是%@。

      water in m
      : 水位（米）
      """,
      "Sources/Shared/All.zh.md": "<!-- texts -->\nlow\n: 低潮\nhigh\n: 高\n",
      "Sources/Sea/Book.zh.md": """
      <!-- texts -->
      Tides
      : 潮汐书
      spring tide
      : 大潮
      The greatest tide.
      : 最大的潮。
      """,
    ]
    for (name, text) in files {
      let url = scratch[name]
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    source = scratch["Sources/Tides/Tides.swift"].path
    book = Book(
      name: "tides", title: "Tides",
      glossary: [Term("spring tide", "The greatest tide."), Term("ebb", "Water that goes.")],
      file: scratch["Sources/Sea/Book.swift"].path)
  }

  /// Tells a chapter; what the terminal says.
  private func tell(language: String = "zh", _ story: (Page) throws -> Void) throws -> String {
    var text = ""
    let terminal = Terminal(width: 60, colors: false) { text += $0 }
    var options = try CommonOptions.parse(["--output", scratch["out"].path])
    options.language = language
    let chapter = ChapterDescription(number: 1, slug: "moon", title: "The tides", summary: "S.")
    try Telling(chapter, in: book, options: options, source: source, terminal: terminal)
      .tell(story)
    return text
  }

  @Test func everythingTheReaderSees() throws {
    let terminal = try tell { page in
      page.prose("## A turn\n\nFirst the *spring tide*.", file: source, line: 2)
      page.prose("7 waves in `sea`.", file: source, line: 3)
      // The nearest word is taken, then those beside, and a value's own.
      page.claim("Sea 3 comes.", holds: true)
      page.print("It is high.")
      page.print("  It is low. ")
      // A name before what is data.
      page.print("low ", "2 3 water")
      let guess = page.predict("high", answers: ["low", "x"])
      page.reveal(guess, right: 0, "It is low.")
      page.table(["high", "n"], [["low", 1]], caption: "It is high.")
      var figure = Figure("high", x: "water in m")
      figure.line(y: [1, 2], label: "low")
      try page.figure(figure)
      page.result("a.b", 1, unit: "high")
    }
    let html = try scratch.text("out/moon/chapter.html")
    for part in [
      "第 3 次海水到来。", "<p><code>sea</code> 里有 7 个浪。</p>", "现在是高潮。", "  现在是低潮。 ", "低潮 2 3 water",
      "<b>A</b>：低潮",
      "A</strong>：低潮。现在是低潮。",
      "<caption>现在是高潮。</caption>", "<td>低潮</td>", "alt=\"高潮。横轴：水位（米）。折线“低潮”：2 个值",
      "a.b = 1 高潮", "<dfn id=\"term-spring-tide\">大潮</dfn>", "<h2 id=\"a-turn\">转折</h2>",
    ] { #expect(html.contains(part), "\(part): \(html)") }
    #expect(terminal.contains("• A：低潮") && terminal.contains("→ A：低潮。现在是低潮。"))
    #expect(terminal.contains("▸ 图 1：高潮"))
    let markdown = try scratch.text("out/moon/chapter.md")
    #expect(markdown.contains("- **A**：低潮"))
    let script = try scratch.text("out/moon/01-high.gp")
    #expect(script.contains("'高潮'") && script.contains("'水位（米）'") && script.contains("'低潮'"))
    #expect(try scratch.text("out/moon/chapter.ipynb").contains("图 1 高潮"))
  }

  /// A column is called as our own words are, another is two words that nothing translates.
  @Test func theReadersNamesStay() throws {
    let terminal = try tell { page in
      page.keep(["high", "sea level"])
      page.prose("## A turn\n\nFirst the *spring tide*.", file: source, line: 2)
      page.print("It is high.")
      page.table(["low", "high"], [["sea level", 1]], caption: "It is sea level.")
      // A column of words that were read, of which one is known, and one with a name.
      page.table(
        ["The tides", "high"],
        ["low", "low", "Witten"].map { [$0, $0 == "Witten" ? "low" : "the"] })
      var figure = Figure("It is sea level.", x: "high", y: "sea level")
      figure.line(y: [1, 2], label: "low")
      try page.figure(figure)
    }
    #expect(!terminal.contains("sea level”") && !terminal.contains("译文"), "\(terminal)")
    let html = try scratch.text("out/moon/chapter.html")
    for part in [
      "现在是high。", ">低潮</th>", ">high</th>", "<td>sea level</td>", "<td>低潮</td><td>the</td>",
      "<td>Witten</td><td>low</td>",
      "<caption>现在是sea level。</caption>",
      "alt=\"现在是sea level。横轴：high。纵轴：sea level。折线“低潮”",
    ] { #expect(html.contains(part), "\(part): \(html)") }
  }

  /// Browsers would begin a line with what ends a sentence behind a formula.
  @Test func noFormulaLeavesItsPunctuation() {
    let html = HTML.text([.text("甲（"), .math("x"), .text("）乙 "), .math("y"), .text("。丙")])
    #expect(html.contains("甲<span class=\"tied\">（<math"))
    #expect(html.contains("</math>）</span>乙 <span class=\"tied\"><math"))
    #expect(html.hasSuffix("</math>。</span>丙"))
  }

  /// A long formula can be broken before its signs, and keeps what stands around it.
  @Test func aLongFormulaMayBeBroken() {
    let sum = (1...9).map { "W_{x\($0)} x_t" }.joined(separator: " + ")
    let html = HTML.text([.text("甲（"), .math("d = \(sum)"), .text("。乙")])
    #expect(html.hasPrefix("甲<span role=\"math\" aria-label=\"（d = W_{x1} x_t + "))
    #expect(html.contains("<span class=\"tied\">（<math"))
    #expect(html.hasSuffix("</math>。</span></span>乙"))
    #expect(html.matches(of: #/<wbr>/#).count == 9 && html.matches(of: #/<math/#).count == 10)
    #expect(!HTML.text([.math("a = b + c")]).contains("<wbr>"))
  }

  @Test func indexAndGlossary() throws {
    _ = try tell { $0.prose("## A turn\n\nFirst the *spring tide*.", file: source, line: 2) }
    #expect(try scratch.text("out/index.html").contains("<h1>潮汐书</h1>"))
    let chinese = try scratch.text("out/glossary.html")
    #expect(
      chinese.contains(
        "<dt id=\"spring-tide\">大潮 <span lang=\"en\">spring tide</span></dt>\n<dd>最大的潮。 "
          + "<a href=\"moon/chapter.html#term-spring-tide\">第 1 章</a></dd>"), "\(chinese)")
    #expect(chinese.contains("<dt id=\"ebb\">ebb</dt>"))
    // The English one names the other language's word.
    #expect(try OutputFolder.writeIndex(of: book, in: scratch["out"]))
    let english = try scratch.text("out/glossary.html")
    #expect(english.contains("spring tide <span lang=\"zh-Hans\">大潮</span></dt>"), "\(english)")
    #expect(
      try scratch.text("out/glossary.md").contains("**spring tide** (大潮): The greatest tide."))
  }

  /// A program of the fixture with a folder of programs of its own.
  private func fixture(without characters: String, _ arguments: String...) throws
    -> Program.Outcome
  {
    let tools = scratch["tools"]
    try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
    for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
      let gnuplot = "\(folder)/gnuplot"
      guard FileManager.default.isExecutableFile(atPath: gnuplot) else { continue }
      try? FileManager.default.createSymbolicLink(
        atPath: tools.path + "/gnuplot", withDestinationPath: gnuplot)
    }
    let list = tools.appendingPathComponent("fc-list")
    try Data("#!/bin/sh\ncase \"$1\" in *\(characters)*) ;; *) echo a font;; esac\n".utf8)
      .write(to: list)
    chmod(list.path, 0o755)
    return try Program(name: "NotebookFixture").run(
      arguments + ["--output", scratch["out"].path],
      environment: ["PATH": "\(tools.path):/usr/bin:/bin"])
  }

  /// Where no font has the characters, figures are in English and a line names the package.
  @Test func withoutAFontFiguresAreInEnglish() throws {
    // 平
    let run = try fixture(without: "5e73", "--language", "zh")
    #expect(run.status == 0)
    let note = run.errors.split(separator: "\n").filter { $0.contains("fonts-wqy-microhei") }
    #expect(note.count == 1 && note[0].hasPrefix("注意：这里没有含“zh”文字的字体"), "\(run.errors)")
    let script = try scratch.text("out/notebook-fixture/01-squares-roots.gp")
    #expect(script.contains("'Squares & roots'"))
    #expect(try scratch.text("out/notebook-fixture/chapter.html").contains("平方与根"))
  }

  @Test func whatIsWrongInAFileIsSaid() throws {
    let file = scratch["Sources/Tides/More/Moon.zh.md"]
    try Data("<!-- texts -->\nhigh\n".utf8).write(to: file)
    let words = Wording("zh", of: book, chapter: Wording.chapterFolder(of: source))
    #expect(
      words.catalog.problems == [
        "\(file.path):2: “high” has no translation below, which begins with a colon and a space"
      ])
    #expect(words.told("high") == "高")
  }

  /// What is discussed in several paragraphs is one text, or each line is looked up.
  @Test func helpOfSeveralParagraphs() throws {
    let english = """
      OVERVIEW: Sea.

      One two.

        a b --c

      Three.

      USAGE: x [--y]

      OPTIONS:
        --y <z>                 Low.

      """
    func told(_ entries: String) -> String {
      let catalog = TextCatalog(reading: "<!-- texts -->\n" + entries, file: "")
      return HelpText(english).text(in: Wording("zh", catalog), width: 40)
    }
    #expect(
      told("One two.\\n\\n  a b --c\\n\\nThree.\n: 一二。\\n\\n  a b --c\\n\\n三。\nLow.\n: 低\n") == """
        概述：Sea.

        一二。

          a b --c

        三。

        用法：x [--y]

        选项：
          --y <z>                 低

        """)
    #expect(told("Three.\n: 三。\n").contains("One two.\n\n  a b --c\n\n三。\n\n用法"))
  }

  @Test func whatMustHaveATranslation() {
    for text in ["ab", "a loss of 3", "RMSE of x", "$x$ is large"] {
      #expect(Wording.hasWord(text), "\(text)")
    }
    for text in ["a", "LSTM", "$\\alpha + bc$", "`code`", "3.5", "W_hh", "RNN → GRU", ""] {
      #expect(!Wording.hasWord(text), "\(text)")
    }
  }
}
