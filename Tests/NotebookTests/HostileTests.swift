import ArgumentParser
import Foundation
import Notebook
import TestSupport
import Testing

/// Prose, output, tables and code that try to be something else, in all four readings.
@Suite struct HostileTests {
  static let lines = [
    "<script>alert('x')</script>", "</pre></div><img src=x onerror=alert(1)>", "$a$ and $5 & $6",
    "`code` ``` four ```` five", "esc \u{1B}[31mred\u{1B}[0m bell \u{7} null \0 back \u{8}",
    "carriage\rreturn", "windows\r\n", "c1 \u{9B}31m del \u{7F}", "rtl \u{202E}abc\u{202C}",
    "中文，汉字 and 👩‍👩‍👧 é", "&lt; &amp; &#36;", "<!-- comment --> <![CDATA[x]]>",
    "*stars* _under_ [link](javascript:alert(1)) | bar \\ back", "\u{FFFE} \u{FEFF}",
    String(decoding: [0x61, 0xFF, 0xC3, 0x28, 0xF0, 0x9F, 0x62] as [UInt8], as: UTF8.self),
    "{{ template }} {% raw %} ${shell} %s", "```", "~~~", "# heading", "- list", "---",
  ]

  struct Told {
    let scratch = try! Scratch()
    var terminal = ""

    init(_ story: @escaping (Page) throws -> Void) throws {
      var text = ""
      let options = try CommonOptions.parse(["--output", scratch.path])
      let chapter = ChapterDescription(
        number: 1, slug: "hostile", title: "<i>Title</i> & `co`", summary: "$1 <b> *x*")
      let terminal = Terminal(width: 60, colors: false) { text += $0 }
      try Telling(chapter, options: options, terminal: terminal).tell(story)
      self.terminal = text
    }

    func page(_ name: String) throws -> String { try scratch.text("hostile/chapter.\(name)") }
  }

  private func tell() throws -> Told {
    try Told { page in
      for line in Self.lines { page.prose("Prose: \(line)") }
      page.prose("## Heading <script>alert(2)</script> & `</code>`")
      for line in Self.lines { page.print(line) }
      page.table(
        Self.lines.indices.prefix(4).map { "<h\($0)>|" },
        Self.lines.map { [$0, 1.5, "|", "a\nb"] }, caption: "<caption> & $x")
    }
  }

  /// Characters that steer a terminal or a page instead of standing in it.
  private func steering(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter {
      $0.value < 32 && $0 != "\n" || (127..<160).contains($0.value)
        || (0x202A...0x202E).contains($0.value) || $0 == "\u{FEFF}" || $0 == "\u{FFFE}"
    }
  }

  @Test func noReadingHasSteeringCharacters() throws {
    let told = try tell()
    #expect(steering(told.terminal) == [])
    for page in ["md", "html"] { #expect(steering(try told.page(page)) == []) }
    #expect(steering(try told.page("ipynb")) == [])
  }

  @Test func terminalShowsEverything() throws {
    let told = try tell()
    for line in [
      "<script>alert('x')</script>", "esc ␛[31mred␛[0m bell ␇ null ␀ back ␈",
      "carriage␍return", "rtl ⟨U+202E⟩abc⟨U+202C⟩", "中文，汉字 and 👩‍👩‍👧 é",
    ] { #expect(told.terminal.contains("\n\(line)\n")) }
  }

  @Test func htmlHasNothingThatRuns() throws {
    let html = try tell().page("html")
    for part in [
      "<script", "<img src=x", "onerror=alert(1)>", "href=\"javascript:", "<!-- c",
      "<![CDATA", "<b>",
    ] { #expect(!html.contains(part), "\(part)") }
    #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"))
    #expect(html.contains("<title>1. &lt;i&gt;Title&lt;/i&gt; &amp; `co`</title>"))
    try Markup.check(html.replacing(#/<style>(?s:.*?)</style>/#, with: ""))
  }

  @Test func markdownKeepsOutputInItsFence() throws {
    let markdown = try tell().page("md")
    let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
    let open = try #require(lines.firstIndex { $0.hasSuffix("`text") })
    let fence = lines[open].dropLast(4)
    #expect(fence.count == 5, "longer than any row of backticks inside")
    let close = try #require(lines[(open + 1)...].firstIndex(of: fence))
    let inside = lines[(open + 1)..<close].joined(separator: "\n")
    #expect(inside == Self.lines.map { Visible.text($0) }.joined(separator: "\n"))
    // Outside the fences no tag is left, but the one that guards a dollar.
    let outside = markdown.replacing(#/(?m)^(`{3,})[a-z]*\n(?s:.*?)\n\1$/#, with: "")
      .replacing(#/(`+)[^`\n]+\1/#, with: "").replacing("<span>\\$</span>", with: "")
    #expect(!outside.contains("<"), "\(outside)")
  }

  @Test func notebookKeepsOutputAsItIs() throws {
    let data = Data(try tell().page("ipynb").utf8)
    let notebook = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let cells = try #require(notebook["cells"] as? [[String: Any]])
    let ids = cells.compactMap { $0["id"] as? String }
    #expect(ids.count == cells.count && Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0.wholeMatch(of: #/[a-zA-Z0-9_-]{1,64}/#) != nil })
    let outputs = cells.compactMap { $0["outputs"] as? [[String: Any]] }.flatMap { $0 }
    let stream = try #require(outputs.first { $0["name"] as? String == "stdout" })
    let text = (stream["text"] as? [String])?.joined()
    #expect(text == Self.lines.map { Visible.text($0) + "\n" }.joined())
  }

  @Test func tenMegabytesOfOutput() throws {
    let line = "0123456789 中文 <b>\n"
    let count = 10_000_000 / line.utf8.count
    let one = String(repeating: "x", count: 10_000_000)
    let told = try Told { page in
      page.prose("## Many lines")
      page.print(String(repeating: line, count: count), terminator: "")
      page.print("the end")
      page.prose("## One line")
      page.print(one)
      page.prose("## Many calls")
      for number in 0..<50_000 { page.print("call", number) }
    }
    #expect(told.terminal.utf8.count > 20_000_000)
    for name in ["md", "html", "ipynb"] {
      let page = try told.page(name)
      #expect(page.utf8.count < 400_000, "\(name)")
      #expect(page.contains("bytes left out here"))
      #expect(page.contains("the end"), "the last line is kept")
      #expect(page.contains("call 0") && page.contains("call 49999"))
      #expect(!page.contains("\u{FFFD}"), "cut between characters")
    }
  }

  @Test func textIsCutByLinesAndBytes() {
    var text = OutputText()
    for number in 0..<1000 { text.append("\(number)\n") }
    let lines = text.text.split(separator: "\n")
    #expect(lines.count == 400 + 1 + 40)
    #expect(lines[399] == "399" && lines[401] == "960")
    let left = (400..<960).reduce(0) { $0 + "\($1)\n".utf8.count }
    #expect(lines[400] == "⋯ \(left) bytes left out here ⋯")
    #expect(OutputText("short").text == "short")
    let whole = (0..<420).map { "\($0)\n" }.joined()
    #expect(OutputText(whole).text == whole, "what the end would show is not left out")
  }

  @Test func sourceThatIsNotThere() throws {
    let source = Scratch().path + "/Chapter.swift"
    let told = try Told { page in
      page.prose("## A cell", file: source, line: 3)
      page.print("out")
      page.prose("## Another", file: source, line: 9)
    }
    #expect(try told.page("md").contains("## A cell\n\n```text\nout\n```\n\n## Another\n"))
  }

  @Test func numbersThatAreNone() throws {
    let told = try Told { page in
      page.result("a.nan", Double.nan)
      page.result("a.number", 0.1)
      // One name for a reader, two for Python.
      page.result("\u{E9}", 1)
      page.result("e\u{301}", 2)
    }
    let results = try told.scratch.text("hostile/results.json")
    #expect(
      results.utf8.elementsEqual(
        "{\n  \"a.nan\" : null,\n  \"a.number\" : 0.1,\n  \"e\u{301}\" : 2,\n  \"\u{E9}\" : 1\n}"
          .utf8))
  }

  @Test func misuseStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      _ = try Told { page in
        page.result("twice", 1)
        page.result("twice", 2)
      }
    }
    await #expect(processExitsWith: .failure) {
      _ = try Told { page in page.table(["a", "b"], [["only one"]]) }
    }
  }
}
