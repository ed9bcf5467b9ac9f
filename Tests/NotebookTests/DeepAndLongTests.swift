import Foundation
import Notebook
import Testing

/// Texts that are nested without end, and texts that make a careless reader go over them again and
/// again.
@Suite(.serialized) struct DeepAndLongTests {
  private static func times(_ count: Int, _ text: String) -> String {
    String(repeating: text, count: count)
  }

  static let prose: [(name: String, make: @Sendable (Int) -> String)] = [
    ("emphasis begun", { times($0, "*a _b ") }), ("emphasis ended", { times($0, "a* b_ ") }),
    ("stars", { times($0, "*") + "a" + times($0, "*") }),
    ("emphasis in emphasis", { times($0, "*a ") + times($0, "b* ") }),
    ("mixed rows", { times($0, "*a**b***") }), ("brackets", { times($0, "[") }),
    ("brackets and text", { times($0, "[a") + times($0, "]") }),
    ("links that don't end", { times($0, "[a](b") }), ("addresses", { times($0, "[a](<b") }),
    ("titles", { times($0, "[a](b 'c ") }),
    ("links in brackets", { times($0, "[") + times($0, "[a](b)") }),
    ("pictures", { times($0, "![") + times($0, "[a](b)") }),
    ("names", { times($0, "[a]: b\n") + "\n" + times($0, "[a] [") }),
    ("unended names", { times($0, "[a]: <b\n") }), ("backticks", { times($0, "`a ``b ") }),
    ("rows of backticks", { (1...(1 + $0 / 20)).map { times($0 % 200, "`") + "a" }.joined() }),
    ("dollars", { times($0, "$a ") }), ("addresses in brackets", { times($0, "<http://a") }),
    ("headings", { times($0, "# a\n") }), ("underlined headings", { times($0, "a\n---\n") }),
    ("quotes", { times($0, "> ") }), ("lists", { times($0, "+ ") + "a" }),
    (
      "lists by line",
      { (0..<min($0, 300)).map { times($0, "  ") + "- a" }.joined(separator: "\n") }
    ),
    ("items", { times($0, "- a\n\n") }),
    ("blank lines in a list", { "- a" + times($0, "\n") + "  b" }),
    ("table", { times($0, "|a") + "\n" + times($0, "|-") + "\n" + times($0, "|\n") }),
    ("lines", { times($0, "word\n") }), ("one word", { times($0, "word") }),
    ("backslashes", { times($0, "\\") }), ("broken lines", { times($0, "a\\\n") }),
  ]

  static let sources: [(name: String, make: @Sendable (Int) -> String)] = [
    ("calls begun", { times($0, "page.prose(") }), ("calls", { times($0, "page.prose(\"a\")\n") }),
    ("interpolations", { times($0, "\"\\(") }), ("hashes", { times($0, "#") }),
    ("comments", { times($0, "/*") }), ("braces", { times($0, "{") + times($0, "}") }),
    ("quotes", { times($0, "\"\"\"") }),
  ]

  static let formulas: [(name: String, make: @Sendable (Int) -> String)] = [
    ("hats", { times($0, "\\hat") }), ("primes", { "x" + times($0, "'") }),
    ("fractions", { times($0, "\\frac{1}") }), ("braces", { times($0, "{") }),
    ("scripts", { times($0, "x_") }), ("roots", { times($0, "\\sqrt[2]{") }),
    ("columns", { "\\begin{aligned}" + times($0, "&") + times($0, "\\\\") + "\\end{aligned}" }),
    ("comments", { times($0, "%\n") + "x" }), ("fences", { times($0, "\\left(") }),
  ]

  /// Reads and writes the text in every form.
  private static func read(_ text: String) {
    let blocks = Markdown.parse(text)
    _ = HTML.text(blocks) { "a" }
    _ = MarkdownWriter(place: .gitHub).text(blocks)
    Terminal(width: 60, colors: true) { _ in }.begin(CellRecord(id: "a", prose: blocks))
  }

  private static func lex(_ text: String) {
    let source = SourceFile(text: text, url: URL(fileURLWithPath: "/Chapter.swift"))
    _ = source.mark(at: 7)
    _ = source.declaration("page")
    Terminal(width: 40, colors: true) { _ in }.begin(CellRecord(id: "a", code: text))
  }

  private static func typeset(_ text: String) {
    _ = MathML.element(text, display: true)
    _ = UnicodeMath.lines(text)
  }

  /// A whole chapter of one cell, in all its pages.
  private static func publish(_ text: String) { _ = try? HostileTests.Told { $0.prose(text) } }

  struct Trial: Sendable {
    let name: String
    let make: @Sendable (Int) -> String
    let read: @Sendable (String) -> Void
  }

  static var all: [Trial] {
    var all: [Trial] = []
    for (name, make) in prose { all.append(Trial(name: name, make: make) { read($0) }) }
    for (name, make) in sources { all.append(Trial(name: name, make: make) { lex($0) }) }
    for (name, make) in formulas { all.append(Trial(name: name, make: make) { typeset($0) }) }
    all.append(Trial(name: "pages", make: { times($0, "# a\n") }) { publish($0) })
    return all
  }

  /// On a thread with a small stack, since a reader may be on any.
  @Test func nothingRunsOutOfStack() async {
    for trial in Self.all {
      let text = trial.make(15_000)
      await withCheckedContinuation { done in
        let thread = Thread {
          trial.read(text)
          done.resume()
        }
        thread.stackSize = 512 * 1024
        thread.start()
      }
    }
  }

  /// Eight times the text takes about eight times the work; a careless reader takes 64 times.
  /// Counted in this thread's own time, so that it does not matter what else the machine does.
  @Test func workGrowsWithLength() {
    func seconds(_ work: () -> Void) -> Double {
      var (start, end) = (timespec(), timespec())
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
      work()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
      return Double(end.tv_sec - start.tv_sec) + 1e-9 * Double(end.tv_nsec - start.tv_nsec)
    }
    for trial in Self.all {
      let (short, long) = (trial.make(1_000), trial.make(8_000))
      func ratio() -> Double {
        let times = (0..<3).map { _ in
          (short: seconds { trial.read(short) }, long: seconds { trial.read(long) })
        }
        // What is over at once says nothing.
        return times.map(\.long).min()! / max(times.map(\.short).min()!, 0.0005)
      }
      // A busy machine's caches may be against it once, not five times.
      var smallest = ratio(), trials = 1
      while smallest >= 24, trials < 5 {
        smallest = min(smallest, ratio())
        trials += 1
      }
      #expect(smallest < 24, "\(trial.name)")
    }
  }

  @Test func depthIsLimitedWithASentence() throws {
    let sentence = Block.paragraph([
      .text("Nested more than 100 deep: the rest is shown as it was written.")
    ])
    for text in ["> ", "+ ", "1. "].map({ Self.times(13_824, $0) + "a" })
      + [
        Self.times(300, "*a ") + Self.times(300, "b* "),
        Self.times(99, "> ") + Self.times(9, "- ") + "a",
      ]
    {
      #expect(Markdown.parse(text).last == sentence)
    }
    for text in [Self.times(90, "> ") + "a", Self.times(90, "*a ") + Self.times(90, "b* ")] {
      #expect(Markdown.parse(text).last != sentence)
    }
    for tex in [Self.times(27_648, "\\hat"), Self.times(9_000, "\\frac1") + "2"] {
      #expect(throws: TeXError(description: "groups nested too deep")) { try TeX(parsing: tex) }
      #expect(UnicodeMath.text(tex) == tex, "shown as it was written")
    }
    #expect(throws: Never.self) { try TeX(parsing: Self.times(90, "\\hat ") + "x") }
  }

  @Test func interpolationsOfAnyDepthAreOneString() {
    for count in [1, 59_392] {
      let code = Self.times(count, "\"\\(") + "x" + Self.times(count, ")\"") + " + 1"
      let tokens = SwiftLexer.tokens(of: Array(code.utf8))
      #expect(tokens.map(\.kind) == [.string, .space, .punctuation, .space, .number])
    }
  }
}
