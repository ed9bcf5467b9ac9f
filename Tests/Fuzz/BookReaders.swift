import Foundation
import GoldenSupport
import Notebook

extension Reader {
  /// Readers of what a chapter and its tests are written in.
  static let book: [Reader] = [
    description, source, markdown, formula, translation, golden,
  ]

  /// `run.json`, the index made of it, and the files that a further run removes.
  static let description = Reader(
    "run.json",
    seeds: {
      let run = """
        {"chapter": {"number": 1, "slug": "x", "title": "t", "summary": "s"}, "seed": 1, "quick": true,
         "seconds": 1.5, "version": "1", "thumbnail": "01.png", "files": ["01.png", "chapter.html"]}
        """
      return [run, run.replacingOccurrences(of: "\"01.png\"", with: "\"..\"")].map {
        Array($0.utf8)
      }
    },
    read: { bytes in
      let above = scratch.appendingPathComponent("book", isDirectory: true)
      let folder = above.appendingPathComponent("x", isDirectory: true)
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("sub"), withIntermediateDirectories: true)
      let foreign = try ["kept", "x/kept", "x/sub/kept"].map { try file([1], "book/\($0)") }
      _ = try file(bytes, "book/x/run.json")
      _ = try OutputFolder.writeIndex(in: above)
      let index = above.appendingPathComponent("index.html")
      if let page = try? String(contentsOf: index, encoding: .utf8), page.contains("<script") {
        broken("run.json: a script in the index")
      }
      let output = try OutputFolder(for: "x", in: above)
      try Data([2]).write(to: output.staging.appendingPathComponent("01.png"))
      try output.commit(
        RunDescription(in: folder)
          ?? RunDescription(
            chapter: ChapterDescription(number: 1, slug: "x", title: "t", summary: "s"), seed: 1,
            quick: true, seconds: 1, version: "1"))
      for kept in foreign where !FileManager.default.fileExists(atPath: kept.path) {
        broken("run.json: \(kept.lastPathComponent) is gone")
      }
    })

  static let source = Reader(
    "source",
    seeds: {
      [
        "func tell(_ page: Page) throws {\n  page.prose(\"# A\")\n  let x = \"\\(1 + f(\"b\"))\"\n}\n",
        "page.prose(#\"\"\"\n  ## Mean \\#(x)\n  \"\"\"#) // end\nfor i in 0..<3 { page.show(\"T\", in: \"F\") }",
        "/* a /* b */ c */ page.prose(\"\"\"\n  x\n  \"\"\")",
      ].map { Array($0.utf8) }
    },
    read: { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      let source = SourceFile(text: text, url: scratch.appendingPathComponent("Chapter.swift"))
      for mark in source.marks { _ = source.mark(at: mark.lines.lowerBound)?.code }
      _ = source.declaration("T")
    })

  static let markdown = Reader(
    "markdown",
    seeds: {
      [
        "# A *b* `c`\n\n1. x\n   - y\n\n> q\n\n| a | b |\n|:--|--:|\n| 1 | $x_t$ |\n\n```swift\nlet a\n```\n",
        "A [link](https://example.org/a_(b)) and **strong *both***, $$\n\\frac{1}{2}\n$$\n---\n",
        "[a](<b c> \"t\") \\* &amp; ![p](q) <b>x</b>  \nline\\\nbreak\n\nHead\n====\n",
      ].map { Array($0.utf8) }
    },
    read: { bytes in
      let blocks = Markdown.parse(String(decoding: bytes, as: UTF8.self))
      var record = Record(
        chapter: ChapterDescription(number: 1, slug: "x", title: "t", summary: "s"), language: "en")
      record.cells = [CellRecord(id: "cell", prose: blocks)]
      let page = HTMLPage.text(record)
      if page.contains("<script") { broken("markdown: a script in the page") }
      _ = MarkdownPage.text(record)
      _ = try NotebookPage.text(record)
    })

  static let formula = Reader(
    "tex",
    seeds: {
      [
        #"h_t = \tanh(W_{ih} x_t + b), \qquad \hat y = \operatorname{softmax}(\mathbf{V} h_t)"#,
        #"\begin{aligned} a &= \frac{\partial L}{\partial W} \\ b &= \sqrt[3]{x} \end{aligned}"#,
        #"f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases} \left( \sum_{t=1}^{T} \right]"#,
      ].map { Array($0.utf8) }
    },
    read: { bytes in
      let tex = String(decoding: bytes, as: UTF8.self)
      _ = MathML.element(tex, display: true)
      _ = UnicodeMath.text(tex)
      _ = UnicodeMath.lines(tex)
      _ = try TeX(parsing: tex)
    })

  static let translation = Reader(
    "translation",
    seeds: { [Array("<!-- cell: the-mean -->\n## 平均值\n\n…\n<!-- cell: gates-2 -->\nb\n".utf8)] },
    read: { bytes in
      let translation = Translation(text: String(decoding: bytes, as: UTF8.self))
      let source = SourceFile(
        text: "page.prose(\"# The mean\")\n", url: scratch.appendingPathComponent("Chapter.swift"))
      _ = translation.gaps(in: source)
    })

  static let golden = Reader(
    "golden",
    seeds: {
      [
        """
        {"source": "s", "cases": [{"name": "n", "op": "add", "config": {"dim": [0, 1], "eps": 1e-5},
          "inputs": {"a": {"shape": [2], "data": [1, -2.5e3]}, "b": {"shape": [], "data": [NaN]},
            "i": {"shape": [1], "data": [3], "dtype": "int64"}},
          "outputs": {"output": {"shape": [2], "data": [Infinity, 0]}}, "tolerance": 1e-7}]}
        """
      ].map { Array($0.utf8) }
    },
    read: { bytes in
      let golden = try GoldenFile(try file(bytes, "golden.json"))
      for one in golden.cases {
        for (_, input) in one.inputs { _ = input.ndArray(.float32) }
      }
    })
}
