import Figures
import Foundation
import Notebook
import TestSupport
import Testing

/// Interactive cells: what every reading has of them, and that a page lets nothing else run.
@Suite struct InteractiveTests {
  /// A component of one's own, as small as can be; what it is given it shows as text.
  private static let lister = Interactive.Component(
    "lister",
    script: """
      unroll.component("lister", (stage) => {
        const place = stage.slider({
          label: "line", max: stage.data.lines.length - 1, text: (k) => stage.data.lines[k],
        });
        const drawing = stage.drawing(stage.data.lines[0], (drawing, width) => {
          for (const line of stage.data.lines) {
            drawing.append(unroll.svg("text", {}, line, unroll.svg("title", {}, line)));
          }
          return 40;
        });
        stage.onUpdate(() => stage.say(stage.data.lines[place.value]));
      });
      """)

  private static let hostile =
    HostileTests.lines + ["\u{2028}\u{2029}\u{202E}\"'\\", "<!--<script>"]

  private func figure() -> Figure {
    var figure = Figure("Lines <b> & more", x: "x", y: "y")
    figure.line(y: [0, 1])
    return figure
  }

  /// A page with a cell that shows something.
  private func told(_ show: @escaping (Page) throws -> Void) throws -> HostileTests.Told {
    try HostileTests.Told { page in
      page.showsCode = false
      page.prose("## Lines")
      try show(page)
    }
  }

  private func tell(
    _ component: Interactive.Component = lister, _ lines: [String] = hostile
  ) throws -> HostileTests.Told {
    let figure = figure()
    return try told {
      try $0.interactive(
        Interactive(component, data: ["lines": lines], fallback: figure), alt: "Two points")
    }
  }

  private func plain() throws -> HostileTests.Told {
    let figure = figure()
    return try told { try $0.figure(figure, alt: "Two points") }
  }

  @Test func otherReadingsHaveTheFigure() throws {
    let (told, plain) = (try tell(), try plain())
    #expect(told.terminal.contains("Lines <b> & more"))
    for name in ["md", "ipynb"] { #expect(try told.page(name) == plain.page(name)) }
    // Without its scripts and what they build on the page is the one with the figure.
    let stripped = try told.page("html").replacing(#/\n?<script(?s:.*?)</script>/#, with: "")
      .replacing(#/ class="interactive" data-component="lister"/#, with: "")
      .replacing(#/script-src [^;]*/#, with: "script-src 'none'")
      .replacing(#/:root \{\n  --blue(?s:.*?)(?=</style>)/#, with: "")
    #expect(stripped == (try plain.page("html")))
  }

  @Test func pageWithoutInteractiveCellsHasNoScript() throws {
    let html = try plain().page("html")
    #expect(!html.contains("<script"))
    #expect(html.contains("default-src 'none'; img-src data:;"))
    #expect(html.contains("script-src 'none'"))
  }

  @Test func sameRunSameBytes() throws {
    #expect(try tell().page("html") == tell().page("html"))
  }

  @Test func scriptsThatWouldEndEarlyAreRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = Interactive.Component("bad", script: "const end = '</SCRIPT>';")
    }
    await #expect(processExitsWith: .failure) {
      _ = Interactive.Component("bad", script: "// <!-- a comment")
    }
  }

  @Test func numbersThatAreNoneAreAnError() throws {
    let error = #expect(throws: (any Error).self) {
      _ = try HostileTests.Told { page in
        try page.interactive(
          Interactive(Self.lister, data: ["loss": [1, Double.nan]], fallback: self.figure()))
      }
    }
    #expect("\(error!)".contains("'lister' has no JSON for nan at loss.1"), "\(error!)")
  }

  /// Nothing in the components makes elements of text, or asks for anything outside the page.
  @Test func scriptsKeepToTheirMeans() throws {
    let style = checkout.appendingPathComponent("Sources/Notebook/Style")
    let names = try FileManager.default.contentsOfDirectory(atPath: style.path)
      .filter { $0.hasSuffix(".js") }
    #expect(names.count >= 2)
    for name in names {
      let script = try String(contentsOf: style.appendingPathComponent(name), encoding: .utf8)
      for word in [
        "innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(",
        "fetch(",
        "XMLHttpRequest", "import(", "WebSocket", "localStorage", "document.cookie",
      ] { #expect(!script.contains(word), "\(name): \(word)") }
    }
  }

  @Test(.enabled(if: Browser.path != nil, "no Chromium in PATH"))
  func inABrowser() throws {
    let told = try tell(Self.lister, Self.hostile)
    let page = told.scratch.url.appendingPathComponent("hostile/chapter.html")
    let browser = try Browser()
    for (width, isDark) in [(390, false), (1400, true)] {
      try browser.show(width: width, isDark: isDark)
      try browser.open(page)
      #expect(browser.console == [])
      let state = try browser.evaluate(
        """
        [document.images.length, document.querySelectorAll("figure script:not([type])").length,
          document.documentElement.scrollWidth, getComputedStyle(document.images[0]).display,
          document.images[0].getClientRects().length, document.querySelectorAll(".stage b").length,
          getComputedStyle(document.images[0]).filter].map(String)
        """, as: [String].self)
      let filter = isDark ? "url(\"#dark\")" : "none"
      #expect(state == ["1", "0", "\(width)", "block", "0", "0", filter])
      // Every line by the arrow keys: what is said, and told to screen readers, is the line.
      _ = try browser.evaluate("document.querySelector('.stage input').focus()", as: Bool?.self)
      for line in Self.hostile {
        let said = try browser.evaluate(
          """
          [document.querySelector(".said").textContent,
            document.querySelector(".stage input").getAttribute("aria-valuetext")]
          """, as: [String].self)
        #expect(said[0] == said[1])
        #expect(!said[0].unicodeScalars.contains { $0 == "\u{202E}" || $0.value < 9 })
        if line.utf8.allSatisfy({ $0 > 31 && $0 < 127 }) { #expect(said[0] == line) }
        try browser.press("ArrowRight", code: 39)
      }
      #expect(browser.console == [])
    }
    // The policy refuses every request, whoever asks: a script that runs, too.
    let refused = try browser.evaluate(
      """
      Promise.all([
        fetch("https://example.org/").then(() => "fetched", () => "refused"),
        fetch("chapter.html").then(() => "fetched", () => "refused"),
        new Promise(done => { const image = new Image();
          image.onload = () => done("fetched"); image.onerror = () => done("refused");
          image.src = "https://example.org/x.png" }),
        new Promise(done => { addEventListener("securitypolicyviolation", () => done("refused"));
          const script = document.createElement("script"); script.text = "window.ran = true";
          document.body.append(script); if (window.ran) done("ran") })])
      """, as: [String].self)
    #expect(refused == ["refused", "refused", "refused", "refused"])
    // Without scripts the figure is there.
    try browser.allowScripts(false)
    try browser.open(page)
    try browser.allowScripts(true)
    let shown = try browser.evaluate(
      "[document.querySelectorAll('.stage').length, document.images[0].getClientRects().length]",
      as: [Int].self)
    #expect(shown == [0, 1])
    // So it is where a component fails.
    let failing = try tell(
      Interactive.Component(
        "lister", script: "unroll.component('lister', () => { throw new Error('out of ink') });"))
    try browser.open(failing.scratch.url.appendingPathComponent("hostile/chapter.html"))
    #expect(browser.console.count == 1 && browser.console[0].contains("lister: out of ink"))
    let left = try browser.evaluate(
      "[document.querySelectorAll('.stage').length, document.images[0].getClientRects().length]",
      as: [Int].self)
    #expect(left == [0, 1])
  }
}
