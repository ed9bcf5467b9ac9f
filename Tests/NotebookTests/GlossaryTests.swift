import ArgumentParser
import Foundation
import Notebook
import TestSupport
import Testing

/// Terms in prose, and the page over them.
@Suite struct GlossaryTests {
  let scratch = Scratch()

  private static let book = Book(
    name: "tides", title: "Tides",
    glossary: [
      Term("spring tide", "The *greatest* tide, $h$ & <more>.", forms: ["springs"]),
      Term("Neap tide", "The least tide."), Term("ebb", "Water that goes."),
      Term("slack", "Told nowhere."),
    ])

  /// Tells a chapter and leaves its pages in the scratch folder.
  private func tell(
    _ slug: String, number: Int = 1, of book: Book = book, format: String = "md,html,ipynb",
    _ prose: String...
  ) throws {
    let options = try CommonOptions.parse(["--output", scratch.path, "--format", format])
    let chapter = ChapterDescription(number: number, slug: slug, title: "T", summary: "S.")
    let terminal = Terminal(width: 60, colors: false) { _ in }
    try Telling(chapter, in: book, options: options, terminal: terminal).tell { page in
      for text in prose { page.prose(text) }
      page.print("springs")
    }
  }

  @Test func aTermIsToldWhereItIsFirstStressed() throws {
    try tell(
      "moon",
      """
      ## The *spring tide*, announced

      A spring tide is used, *stressed* is not it; `*spring tide*` is code. Now a *spring
      tide*, and *Spring tides* again.

      - the **Neap tide**
      - > an *ebb*

      | *slack* |
      |---|
      | *slack* |
      """)
    let html = try scratch.text("moon/chapter.html")
    #expect(
      html.contains("Now a <dfn id=\"term-spring-tide\">spring tide</dfn>, and <em>Spring tides"))
    #expect(html.contains("the <dfn id=\"term-neap-tide\">Neap tide</dfn>"))
    #expect(html.contains("an <dfn id=\"term-ebb\">ebb</dfn>"))
    #expect(!html.contains("term-slack"))
    #expect(html.contains("<a href=\"../glossary.html\">Glossary</a>"))
    let markdown = try scratch.text("moon/chapter.md")
    #expect(markdown.contains("<a id=\"term-neap-tide\"></a>*Neap tide*"))
    #expect(markdown.contains("[Glossary](../glossary.md)"))
    #expect(try !scratch.text("moon/chapter.ipynb").contains("term-"))
  }

  @Test func thePageLeadsWhereATermIsTold() throws {
    try tell("moon", number: 2, "The *springs*.")
    try tell("sea", number: 1, "The *ebb*.")
    let html = try scratch.text("glossary.html")
    // From A to Z, with what is told nowhere without a place.
    let names = html.matches(of: #/<dt id="([a-z-]+)">([^<]*)<\/dt>/#).map { String($0.2) }
    #expect(names == ["ebb", "Neap tide", "slack", "spring tide"])
    #expect(html.contains("<a href=\"moon/chapter.html#term-spring-tide\">Chapter 2</a>"))
    #expect(html.contains("<a href=\"sea/chapter.html#term-ebb\">Chapter 1</a>"))
    #expect(html.contains("<dd>The <em>greatest</em> tide, <math"))
    #expect(html.contains("&amp; &lt;more&gt;.") && !html.contains("term-slack"))
    #expect(try scratch.text("index.html").contains("<a href=\"glossary.html\">Glossary</a>"))
    let markdown = try scratch.text("glossary.md")
    #expect(markdown.contains("**ebb**: Water that goes. ([chapter 1](sea/chapter.md#term-ebb))"))
    #expect(markdown.contains("- <a id=\"slack\"></a>**slack**: Told nowhere.\n"))
  }

  /// Whatever a run's description says, only a page that is there is named, and only for a term of
  /// the book.
  @Test func aPlaceThatIsNotThereIsNotNamed() throws {
    try tell("moon", "The *springs* and the *ebb*.")
    // The term is told no longer.
    try tell("moon", "The springs and the *ebb*.")
    #expect(try !scratch.text("glossary.html").contains("term-spring-tide"))
    #expect(try scratch.text("glossary.html").contains("#term-ebb"))
    // The page was not written, or is gone.
    try tell("moon", format: "md", "The *ebb*.")
    #expect(try !scratch.text("glossary.html").contains("chapter.html"))
    #expect(try scratch.text("glossary.md").contains("moon/chapter.md#term-ebb"))
    try FileManager.default.removeItem(at: scratch.url.appendingPathComponent("moon/chapter.md"))
    #expect(try OutputFolder.writeIndex(of: Self.book, in: scratch.url))
    #expect(try !scratch.text("glossary.md").contains("#term-ebb"))
    let run = scratch.url.appendingPathComponent("moon/run.json")
    let text = try String(contentsOf: run, encoding: .utf8)
    try Data(text.replacing("\"ebb\"", with: "\"\\\"><script>\", \"ebb\"").utf8).write(to: run)
    #expect(try OutputFolder.writeIndex(of: Self.book, in: scratch.url))
    #expect(try !scratch.text("glossary.html").contains("<script>"))
  }

  @Test func aBookWithoutTermsHasNoGlossary() throws {
    try tell("moon", of: Book(name: "b", title: "B"), "The *ebb*.")
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/glossary.html"))
    #expect(try !scratch.text("index.html").contains("glossary.html"))
    #expect(try scratch.text("moon/chapter.html").contains("<em>ebb</em>"))
  }

  @Test func anotherGlossaryStays() throws {
    for name in ["glossary.html", "glossary.md"] {
      try Data("mine".utf8).write(to: scratch.url.appendingPathComponent(name))
    }
    try tell("moon", "The *ebb*.")
    #expect(try scratch.text("glossary.html") == "mine" && scratch.text("glossary.md") == "mine")
    #expect(try !scratch.text("index.html").contains("glossary.html"))
  }

  @Test func twoTermsOfOneNameStop() async {
    await #expect(processExitsWith: .failure) {
      _ = [Term("ebb", "A."), Term("tide", "B.", forms: ["Ebb"])].byName
    }
  }

  /// Links to other chapters lead from each form of a page to the same form.
  @Test func linksToOtherChaptersKeepTheForm() throws {
    try tell(
      "moon",
      "See [there](../sea/chapter.html#the-ebb), [all](../glossary.html#ebb), [b](../x.html).")
    #expect(try scratch.text("moon/chapter.html").contains("href=\"../sea/chapter.html#the-ebb\""))
    let markdown = try scratch.text("moon/chapter.md")
    #expect(markdown.contains("(../sea/chapter.md#the-ebb)"))
    #expect(markdown.contains("(../glossary.md#ebb)") && markdown.contains("(../x.html)"))
    #expect(try scratch.text("moon/chapter.ipynb").contains("(../sea/chapter.ipynb#the-ebb)"))
  }
}
