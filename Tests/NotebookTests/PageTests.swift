import Foundation
import Notebook
import TestSupport
import Testing

/// The pages in the programs that people read them with, where these are there.
@Suite struct PageTests {
  static let browser = Program.path(of: "chromium") ?? Program.path(of: "google-chrome")
  static let python = ["python3", "python"].compactMap(Program.path).first { path in
    (try? command(path, ["-c", "import nbformat"]))?.status == 0
  }

  static func command(_ program: String, _ arguments: [String]) throws -> Program.Outcome {
    let url = URL(fileURLWithPath: program)
    return try Program(name: url.lastPathComponent, folder: url.deletingLastPathComponent())
      .run(arguments)
  }

  /// Opens the page in a frame of that width (a window can't be as narrow as a telephone) and gives
  /// back what `script` says of it.
  private func open(_ page: URL, width: Int, script: String) throws -> (report: String, log: String)
  {
    let folder = page.deletingLastPathComponent()
    let (probe, frame) = (
      folder.appendingPathComponent("probe.html"), folder.appendingPathComponent("frame.html")
    )
    let end = """
      <script>addEventListener("load", () => parent.postMessage((() => { \(script) })(), "*"))
      </script></body>
      """
    let text = String(decoding: try Data(contentsOf: page), as: UTF8.self)
      .replacing("script-src 'none'", with: "script-src 'unsafe-inline'")
    try Data(text.replacing("</body>", with: end).utf8).write(to: probe)
    let outer = """
      <!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><pre id="report"></pre>
      <script>addEventListener("message", event => document.getElementById("report").textContent
        = "REPORT" + JSON.stringify(event.data) + "END")</script>
      <iframe src="probe.html" style="width: \(width)px; height: 900px; border: 0"></iframe>
      """
    try Data(outer.utf8).write(to: frame)
    let profile = Scratch()
    let run = try Self.command(
      Self.browser!,
      [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
        "--user-data-dir=\(profile.path)", "--window-size=1600,1000",
        "--virtual-time-budget=5000", "--dump-dom", frame.absoluteString,
      ])
    let report = try #require(run.output.firstMatch(of: #/REPORT(.*)END<\/pre>/#), "\(run.errors)")
    return (String(report.1), run.errors)
  }

  @Test(.enabled(if: browser != nil, "no Chromium in PATH"), arguments: [390, 1400])
  func pageInABrowser(width: Int) throws {
    let scratch = Scratch()
    #expect(try Program(name: "NotebookFixture").run("--output", scratch.path).status == 0)
    let page = scratch.url.appendingPathComponent("notebook-fixture/chapter.html")
    let (report, log) = try open(
      page, width: width,
      script: """
        const root = document.documentElement;
        return [innerWidth == \(width), root.scrollWidth <= root.clientWidth,
          [...document.images].every(i => i.complete && i.naturalWidth > 0 && i.alt.length > 10),
          document.images.length, document.querySelectorAll("math").length > 5,
          [...document.querySelectorAll(".contents a")]
            .every(a => document.getElementById(a.hash.slice(1))),
          document.images[0].currentSrc.length != document.images[0].src.length,
          document.querySelector(".contents ol").offsetHeight > 0,
          document.querySelectorAll("picture source").length,
          (box => { box.click(); const wide = document.images[0].getBoundingClientRect().width;
            box.click(); return wide >= 390 })(document.querySelector("figure input")),
          // A picture that asks for more than a telephone has is moved in its own frame.
          (figure => { figure.style.setProperty("--readable", "700px");
            return document.images[0].getBoundingClientRect().width == 700
              && figure.firstChild.scrollWidth > figure.firstChild.clientWidth
          })(document.querySelector("figure")), root.scrollWidth <= root.clientWidth];
        """)
    // A telephone gets the narrow picture, and its contents folded.
    let isWide = width > 640
    #expect(report == "[true,true,true,1,true,true,\(!isWide),\(isWide),1,true,\(!isWide),true]")
    #expect(!log.contains("CONSOLE"), "\(log)")
  }

  @Test(.enabled(if: browser != nil, "no Chromium in PATH"))
  func hostilePageInABrowser() throws {
    let told = try HostileTests.Told { page in
      for line in HostileTests.lines { page.prose("Prose: \(line)") }
      for line in HostileTests.lines { page.print(line) }
      page.print(String(repeating: "wide ", count: 1000))
    }
    let page = told.scratch.url.appendingPathComponent("hostile/chapter.html")
    let (report, log) = try open(
      page, width: 390,
      script: """
        const root = document.documentElement;
        return [root.scrollWidth <= root.clientWidth, document.scripts.length,
          document.images.length, document.querySelector("pre.output").textContent];
        """)
    #expect(!log.contains("CONSOLE"), "\(log)")
    let values = try #require(
      try JSONSerialization.jsonObject(with: Data(Self.unescaped(report).utf8)) as? [Any])
    #expect(values[0] as? Bool == true)
    #expect(values[1] as? Int == 1, "only the probe's own script")
    #expect(values[2] as? Int == 0)
    let shown = HostileTests.lines.map { Visible.text($0) }.joined(separator: "\n")
    #expect((values[3] as? String)?.hasPrefix(shown) == true)
  }

  private static func unescaped(_ text: String) -> String {
    text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
      .replacing("&nbsp;", with: "\u{A0}")
  }

  @Test(.enabled(if: python != nil, "no python3 with nbformat in PATH"))
  func notebookIsValid() throws {
    let scratch = Scratch()
    #expect(try Program(name: "NotebookFixture").run("--output", scratch.path).status == 0)
    let script = """
      import nbformat, sys
      notebook = nbformat.read(sys.argv[1], as_version=4)
      nbformat.validate(notebook)
      images = [o for c in notebook.cells for o in c.get("outputs", []) if "image/png" in o.get("data", {})]
      assert notebook.nbformat_minor == 5 and len(images) == 1
      assert images[0].metadata["image/png"]["alt"].startswith("Squares")
      """
    let path = scratch.path + "/notebook-fixture/chapter.ipynb"
    let run = try Self.command(Self.python!, ["-W", "error", "-c", script, path])
    #expect(run.status == 0, "\(run.errors)")
  }
}
