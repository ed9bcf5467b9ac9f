import Notebook
import Testing

@Suite struct MarkdownTests {
  /// Chinese is written without spaces, so that a line's end within it is none.
  @Test func linesOfChineseAreJoined() {
    #expect(
      Markdown.parse("长短期，\n记忆 LSTM\n的门\nb\nc") == [
        .paragraph([.text("长短期，记忆 LSTM 的门 b c")])
      ])
    #expect(
      Markdown.parse("甲  \n乙\n`c`\n丙") == [
        .paragraph([.text("甲"), .lineBreak, .text("乙 "), .code("c"), .text(" 丙")])
      ])
  }

  @Test func blocks() {
    let text = """
      # Title #1
      A paragraph
      of two lines.

      - one
        goes on
      - two

        with a second paragraph

        - inner
      3. three
      4. four

      > quoted
      > text

      ```swift
      let a = "*"
      ```
      | a | b |
      |---|--:|
      | `x|y` | 1 \\| 2 |
      ---
      $$
      a
      = b
      $$
      """
    #expect(
      Markdown.parse(text) == [
        .heading(level: 1, [.text("Title #1")]),
        .paragraph([.text("A paragraph of two lines.")]),
        .list(
          start: nil,
          items: [
            [.paragraph([.text("one goes on")])],
            [
              .paragraph([.text("two")]), .paragraph([.text("with a second paragraph")]),
              .list(start: nil, items: [[.paragraph([.text("inner")])]]),
            ],
          ]),
        .list(
          start: 3, items: [[.paragraph([.text("three")])], [.paragraph([.text("four")])]]),
        .quote([.paragraph([.text("quoted text")])]),
        .code(language: "swift", "let a = \"*\""),
        .table(
          alignments: [.left, .right], header: [[.text("a")], [.text("b")]],
          rows: [[[.code("x|y")], [.text("1 | 2")]]]),
        .rule,
        .math("a\n= b"),
      ])
  }

  @Test(arguments: [
    (
      "a *b* **c** _d_ snake_case_name",
      "a <em>b</em> <strong>c</strong> <em>d</em> snake_case_name"
    ),
    ("2 * 3 * 4", "2 * 3 * 4"),
    ("`a*b` and ``a`b``", "<code>a*b</code> and <code>a`b</code>"),
    ("[link](https://a.b/c?d=1&e)", "<a href=\"https://a.b/c?d=1&amp;e\">link</a>"),
    ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
    ("[x](data:text/html,y)", "[x](data:text/html,y)"),
    ("<https://a.b>", "<a href=\"https://a.b\">https://a.b</a>"),
    (#"\*not\* \$5"#, "*not* $5"),
    ("$5 and $6", "$5 and $6"),
    ("<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"),
    ("**bold `a**b` on**", "<strong>bold <code>a**b</code> on</strong>"),
    ("*open", "*open"),
    ("`open", "`open"),
  ])
  func inlines(markdown: String, html: String) {
    let page = HTML.text(Inline.parse(markdown[...]))
    #expect(page == html)
  }

  /// What is written out for GitHub and for notebooks says the same when it is read again.
  @Test(arguments: [
    "a *b* `c` <d> & $x_t$ [l](https://a.b) _ * ` \\ | ~ #", "- item\n- **x**\n\n1. one",
    "\\# no heading", "\\- no list", "1\\. no list", "> quote\n>\n> ```\n> code\n> ```",
    "| a | b |\n|---|---|\n| x \\| y | `z` |", "``` \n````\n```` \n```", "$$a \\\\ b$$",
    "`` ` `` and ` `` `", "+1 and =2", "[a](<b c(d> \"t \\\\ & \\\" <x> $y$\")",
    "[a](b?c&copy;=d_e_)", "a\\\n- b",
    "a\\\n# b  \n1. c", "- a\n\n* b\n\n1. c\n\n1) d", "a #\n---", "[](<>)",
  ])
  func writtenOutItReadsTheSame(markdown: String) {
    let blocks = Markdown.parse(markdown)
    for place in [MarkdownWriter.Place.gitHub, .notebook] {
      let text = MarkdownWriter(place: place).text(blocks)
        // GitHub's own form of a formula is not Markdown's.
        .replacing("$`", with: "$").replacing("`$", with: "$")
        .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
      #expect(Markdown.parse(text) == blocks, "\(text)")
    }
  }
}
