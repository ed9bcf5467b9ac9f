import ArgumentParser
import Foundation
import Notebook
import TestSupport
import Testing

/// A question, and folded its answer, in every reading.
@Suite struct PredictionTests {
  private let scratch = Scratch()

  /// What the terminal and the pages say of a chapter with one question.
  private func told() throws -> (terminal: String, page: (String) throws -> String) {
    var text = ""
    let terminal = Terminal(width: 60, colors: false) { text += $0 }
    let options = try CommonOptions.parse(["--output", scratch.path])
    let chapter = ChapterDescription(number: 1, slug: "asked", title: "T", summary: "S")
    try Telling(chapter, options: options, terminal: terminal).tell { page in
      page.prose("## A turn")
      let guess = page.predict(
        "Is $x^2 < 2$ & *small*?", answers: ["yes", "no <b>", "one cannot know"])
      page.print("measuring")
      page.reveal(guess, right: 1, "It is `9`.")
    }
    return (text, { try scratch.text("asked/chapter.\($0)") })
  }

  @Test func inTheTerminal() throws {
    let text = try told().terminal
    #expect(text.contains("Is x² < 2 & small?\n• A: yes\n"), "\(text)")
    #expect(text.contains("measuring\n\n→ B: no <b>. It is 9.\n"), "\(text)")
  }

  @Test func inThePages() throws {
    let page = try told().page
    let html = try page("html")
    #expect(html.contains("<li><b>B</b>: no &lt;b&gt;</li>"))
    let folded = try #require(
      html.firstMatch(
        of:
          #/<details class="drawing"><summary>What was measured<\/summary><p>(.*?)<\/p><\/details>/#
      )?.1, "\(html)")
    #expect(folded.contains("<strong>B</strong>: no &lt;b&gt;. It is <code>9</code>."), "\(folded)")
    #expect(!html.contains("<script"))
    let markdown = try page("md")
    #expect(markdown.contains("- **A**: yes\n- **B**: no &lt;b&gt;\n"), "\(markdown)")
    #expect(
      markdown.contains(
        "<details><summary>What was measured</summary>\n\n**B**: no &lt;b&gt;. It is `9`.\n\n</details>"
      ),
      "\(markdown)")
    let notebook = try page("ipynb")
    #expect(notebook.contains(#""<details><summary>What was measured</summary>\n""#), "\(notebook)")
  }

  /// With `--step` the terminal waits for the guess, and says whether it was right.
  @Test func theReaderIsAsked() throws {
    for (said, answer) in [
      ("c\n", "No: B"), ("x\nb\n", "As you said, B"), ("\n", "→ B"), ("", "→ B"),
    ] {
      let run = try Program(name: "NotebookFixture").run(
        "--output", scratch.path, "--step", "--ask", input: said + "\n\n\n\n\n")
      #expect(run.status == 0 && run.output.contains(answer), "\(run)")
      #expect(run.errors.contains("A, B, C? "), "\(run)")
    }
  }
}
