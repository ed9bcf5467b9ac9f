import Foundation
import Notebook
import TestSupport
import Testing

/// The terminal's story at every width: no line is longer than the terminal.
@Suite struct WidthTests {
  static let widths = [40, 60, 80, 120, 200]

  private static func told(
    _ width: Int, colors: Bool = false, code: CodeTelling = .all, _ tell: (Terminal) -> Void
  ) -> [String] {
    var text = ""
    tell(Terminal(width: width, colors: colors, code: code) { text += $0 })
    let plain = text.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
    return plain.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Every cell of every chapter and of its translations.
  private static func cells() throws -> [CellRecord] {
    try ChapterSources.files().flatMap { file in
      let translated = try ChapterSources.translations(of: file).values.flatMap(\.cells.values)
      return file.marks.map { mark in
        CellRecord(
          id: mark.id, prose: Markdown.parse(mark.text ?? ""), code: mark.code,
          file: file.url.lastPathComponent)
      } + translated.map { CellRecord(id: "", prose: Markdown.parse($0)) }
    }
  }

  @Test(arguments: widths)
  func chaptersFit(width: Int) throws {
    let cells = try Self.cells()
    #expect(cells.count > 100)
    for cell in cells {
      let plain = Self.told(width) { $0.begin(cell) }
      #expect(plain == Self.told(width, colors: true) { $0.begin(cell) })
      let code = plain.drop { !$0.hasPrefix("  ┌ ") }.dropLast(2)
      #expect(code.dropFirst().allSatisfy { $0.hasPrefix("  │") }, "\(cell.id)")
      for line in plain {
        #expect(line.columns <= width, "\(cell.id): \(line)")
        let start = line.drop { " ▏•│↳".contains($0) }.first
        #expect(
          start.map { ".,;:!?)。，、；：！？）".contains($0) } != true || line.hasPrefix("  │"), "\(line)")
      }
    }
  }

  /// Nothing but where the lines end depends on the width.
  @Test func nothingIsLostOrAdded() throws {
    func words(_ lines: [String]) -> String {
      lines.joined().filter { !" │┌─↳▏".contains($0) }
    }
    for cell in try Self.cells() where !"\(cell.prose)".contains("table(") {
      #expect(words(Self.told(40) { $0.begin(cell) }) == words(Self.told(200) { $0.begin(cell) }))
    }
  }

  @Test(arguments: [
    "a `code`. And $x_t$, so (`b`) or **c**; “*d*”? `e`! $f$: [g](h). ",
    "状态 $h_t$，并记住它。「`代码`」，（*强调*）；再见！", "👍, ❤️. 👩‍👩‍👧! e\u{301}\u{323}. 한글, ",
    "https://example.org/a/very/long/address/that/does/not/end/where/the/line/does.html, ",
    "a . b ! c ? ",
  ])
  func closingSignsStayWithTheirWord(text: String) {
    let prose = Markdown.parse(String(repeating: text, count: 12))
    for width in 40...120 {
      let lines = Self.told(width) { $0.begin(CellRecord(id: "a", prose: prose)) }
      for line in lines {
        #expect(line.columns <= width)
        #expect(line.first.map { ".,;:!?)”。，；！」）".contains($0) } != true, "\(width): \(line)")
        #expect(line.last.map { "(“「（".contains($0) } != true, "\(width): \(line)")
      }
    }
  }

  @Test(arguments: widths)
  func tablesFit(width: Int) throws {
    let headers = ["layer", "what it is for, in a few words", "parameters", "shape", "数"]
    let rows = (1...4).map {
      [
        "lstm.weight_ih_l\($0)", "Inputs to gates, all four of them on top of each other", "65536",
        "[1024, \($0 * 64)]", "中文中文中文",
      ]
    }
    let table = TableRecord(
      headers: headers, rows: rows, alignments: [.left, .left, .right, .left, .left],
      caption: "All of the parameters, and what each of them does")
    let lines = Self.told(width) { $0.output(table) }
    for line in lines { #expect(line.columns <= width, "\(line)") }
    for word in ["lstm.weight_ih_l4", "65536", "1024,", "gates,", "parameters"] {
      #expect(lines.contains { $0.contains(word) }, "\(width): \(word) in one piece")
    }
  }

  @Test(arguments: widths)
  func whatIsPrintedFits(width: Int) {
    let numbers = "[" + (0..<60).map { "\(Double($0) / 8)" }.joined(separator: ", ") + "]"
    let pieces = [
      numbers + "\n", "    indented " + numbers + "\n", "a\tb\t" + numbers + "\n",
      numbers.replacing(" ", with: "") + "\n",
      String(repeating: "中文", count: 90) + "\n", "no end", " and more ", numbers, "\n",
      String(repeating: "x ", count: 3) + "\n",
      String(repeating: " ", count: 300) + "far\n",
    ]
    let lines = Self.told(width) { terminal in pieces.forEach { terminal.output($0) } }
    for line in lines { #expect(line.columns <= width, "\(line)") }
    func dense(_ text: String) -> String { text.filter { !$0.isWhitespace } }
    #expect(dense(lines.joined()) == dense(pieces.joined()))
    #expect(lines.contains("x x x "), "what fits is left as it is")
  }

  @Test(arguments: [
    ("abc", 3), ("中文", 4), ("e\u{301}", 1), ("👩\u{200D}👩\u{200D}👧", 2), ("1\u{FE0F}\u{20E3}", 2),
    ("❤\u{FE0F}", 2), ("❤", 1), ("🇩🇪", 2), ("👍🏽", 2), ("क\u{94D}षि", 2),
    ("\u{1100}\u{1161}\u{11A8}", 2),
    ("©\u{FE0F}", 2), ("©", 1), ("ｱ", 1), ("Ａ", 2), ("〈", 2), ("⌚", 2), ("☀", 1), ("𠀀", 2),
    ("…─", 2), ("C\u{303}ₜ", 2), ("₁ᵀ∑⊙", 4), ("\u{200B}", 0), ("ไทย", 3),
    ("ע\u{5B4}ב\u{5B0}ר\u{5B4}ית", 5), ("〇々ー", 6), ("한글", 4), ("䷀", 2), ("🀄", 2), ("①", 1),
    ("a\u{308}\u{323}", 1), ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 2),
  ])
  func columnsAreTheOnesOfWcwidth(text: String, columns: Int) {
    #expect(text.columns == columns)
  }

  @Test func codeIsToldAsAskedFor() {
    let cell = CellRecord(
      id: "a", prose: Markdown.parse("Prose."),
      code: (1...30).map { "line\($0)()" }.joined(separator: "\n"))
    let short = Self.told(80, code: .short) { $0.begin(cell) }
    #expect(
      short[2...]
        == ((1...8).map { "  │ line\($0)()" } + ["  │ ⋯ 22 more lines: --code all", "", ""])[...])
    #expect(Self.told(80, code: .none) { $0.begin(cell) } == ["Prose.", "", ""])
    #expect(Self.told(80, code: .all) { $0.begin(cell) }.count == 2 + 30 + 2)
    let brief = CellRecord(id: "a", code: (1...10).map { "\($0)" }.joined(separator: "\n"))
    #expect(!Self.told(80, code: .short) { $0.begin(brief) }.joined().contains("more"))
  }

  @Test(arguments: [40, 80, 200])
  func aProgramFits(width: Int) throws {
    let scratch = Scratch()
    let fixture = Program(name: "NotebookFixture", directory: scratch.url)
    for (code, lines) in [("none", 0), ("short", 1), ("all", 1)] {
      let run = try fixture.run(
        "--output", ".", "--code", code, environment: ["COLUMNS": "\(width)"])
      #expect(run.status == 0)
      #expect(run.output.contains("│") == (lines > 0))
      for line in run.output.split(separator: "\n") { #expect(String(line).columns <= width) }
    }
  }
}
