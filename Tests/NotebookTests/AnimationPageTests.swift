import Figures
import Foundation
import Notebook
import TestSupport
import Testing

/// Pictures that move: what each reading has of them, and who sees them move.
@Suite struct AnimationPageTests {
  private func tell(frames: Int = 3, alt: String? = nil) throws -> HostileTests.Told {
    try HostileTests.Told { page in
      page.showsCode = false
      page.prose("## Learning")
      let learning = Animation(frames) { step in
        var figure = Figure("Step \(step)", x: "x", y: "y")
        figure.line(y: [0, Double(step)])
        figure.size = Figure.Size(width: 1000, height: 560)
        return figure
      }
      try page.animation("A line <rises>", learning, alt: alt)
    }
  }

  private static func moves(_ png: Data) -> Bool { png.range(of: Data("acTL".utf8)) != nil }

  /// The pictures of a page in their order.
  private static func pictures(_ html: String) -> [Data] {
    html.matches(of: #/data:image\/png;base64,([A-Za-z0-9+\/=]+)/#)
      .compactMap { Data(base64Encoded: String($0.1)) }
  }

  @Test func everyReadingHasIt() throws {
    let told = try tell()
    let files = told.scratch.files()
    let moving = try #require(files["hostile/01-a-line-rises.png"])
    #expect(Self.moves(moving) && moving.count < 60_000)
    let script = String(decoding: try #require(files["hostile/01-a-line-rises.gp"]), as: UTF8.self)
    #expect(script.matches(of: #/set output/#).count >= 3)
    #expect(!files.keys.contains { $0.contains("variant") }, "\(files.keys)")

    let alt =
      "A line <rises>. 3 pictures one after the other. The first: Step 0. x: x. y: y. "
      + "line: 2 values from 0 to 0. The last: Step 2. x: x. y: y. line: 2 values from 0 to 2."
    let html = try told.page("html")
    #expect(html.matches(of: #/alt="A line &lt;rises&gt;\. 3 pictures/#).count == 2)
    #expect(html.contains(alt.replacing("<", with: "&lt;").replacing(">", with: "&gt;")))
    #expect(Self.pictures(html).map(Self.moves) == [true, true, false, false], "narrow ones first")
    #expect(Self.pictures(html)[1] == moving)
    #expect(html.contains(#"<label class="motion"><input type="checkbox">Play or pause</label>"#))
    #expect(!html.contains("<script"))

    let markdown = try told.page("md")
    #expect(markdown.contains("(01-a-line-rises.png)") && markdown.contains("3 pictures one after"))
    let notebook = try JSONSerialization.jsonObject(with: Data(told.page("ipynb").utf8))
    let cells = try #require((notebook as? [String: Any])?["cells"] as? [[String: Any]])
    let outputs = try #require(cells.last?["outputs"] as? [[String: Any]])
    let shown = try #require((outputs.last?["data"] as? [String: Any])?["image/png"] as? String)
    #expect(Data(base64Encoded: shown) == moving)
    #expect(told.terminal.contains("Figure 1: A line <rises>"))
  }

  @Test func sameRunSameBytes() throws {
    let (one, two) = (try tell(), try tell())
    for name in ["html", "md", "ipynb"] { #expect(try one.page(name) == two.page(name)) }
  }

  @Test func whatItShowsInOnesOwnWords() throws {
    let told = try tell(alt: "It rises")
    #expect(try told.page("html").matches(of: #/alt="It rises"/#).count == 2)
  }

  @Test func nothingToShow() throws {
    #expect(throws: (any Error).self) { try tell(frames: 0) }
  }

  /// Whoever likes little motion sees the last frame until the box is checked, all others until then
  /// what moves; with and without the pictures for a narrow page.
  @Test(.enabled(if: Browser.path != nil)) func whoSeesItMove() throws {
    let told = try tell()
    let browser = try Browser()
    for width in [390, 1400] {
      for isCalm in [true, false] {
        try browser.show(width: width, isCalm: isCalm)
        try browser.open(told.scratch.url.appendingPathComponent("hostile/chapter.html"))
        let shown = """
          [".moving", ".held"].filter((name) =>
            getComputedStyle(document.querySelector(name)).display !== "none"
            && document.querySelector(`${name} img`).naturalWidth === \(width == 390 ? 780 : 1000)
            && document.querySelector(`${name} img`).getBoundingClientRect().width > 300).join()
          """
        let before = try browser.evaluate(shown, as: String.self)
        #expect(before == (isCalm ? ".held" : ".moving"), "\(width)")
        let after = try browser.evaluate(
          "document.querySelector('.motion input').click() ?? \(shown)", as: String.self)
        #expect(after == (isCalm ? ".moving" : ".held"), "\(width)")
      }
    }
  }
}
