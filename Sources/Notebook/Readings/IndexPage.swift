import Foundation

/// The page over the chapters' pages.
package enum IndexPage {
  /// `runs` are the last whole runs of the chapters, in the order of the book.
  package static func text(_ runs: [RunDescription]) -> String {
    let body = """
      <main class="index">
      <header class="head">
      <p class="number">unroll</p>
      <h1>Recurrent neural networks in Swift</h1>
      <p class="summary">Told step by step, and run: each page is what its program left.</p>
      </header>
      <ol class="chapters">
      \(runs.map(card).joined(separator: "\n"))
      </ol>
      <p class="facts">unroll \(HTML.escaped(Book.version))</p>
      </main>
      """
    return HTML.document(title: "unroll", language: "en", body: body)
  }

  private static func card(_ run: RunDescription) -> String {
    let chapter = run.chapter
    func link(_ file: String, _ text: String) -> String? {
      guard run.files.contains(file) else { return nil }
      return "<a href=\"\(chapter.slug)/\(file)\">\(text)</a>"
    }
    let title = HTML.escaped(chapter.title)
    let picture = run.thumbnail.map {
      "<img src=\"\(chapter.slug)/\(HTML.escaped($0))\" alt=\"\" loading=\"lazy\">"
    }
    let facts = [
      "seed \(run.seed)", run.quick ? "quick" : nil, duration(run.seconds),
      run.version == Book.version ? nil : "version \(HTML.escaped(run.version))",
      link("chapter.md", "Markdown"), link("chapter.ipynb", "notebook"),
    ]
    return """
      <li>\(picture ?? "")<div class="text">
      <p class="number">Chapter \(chapter.number)</p>
      <h2>\(link("chapter.html", title) ?? title)</h2>
      <p>\(HTML.escaped(chapter.summary))</p>
      <p class="facts">\(facts.compactMap { $0 }.joined(separator: " · "))</p>
      </div></li>
      """
  }

  package static func duration(_ seconds: Double) -> String {
    seconds < 60
      ? String(format: "%.1f s", seconds)
      : "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
  }
}
