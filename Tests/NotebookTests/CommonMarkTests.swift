import Foundation
import Notebook
import Testing

/// What the prose reader takes of Markdown, beside what markdown-it-py 4.3 makes of the same text
/// (its `commonmark` rules without HTML). `UNROLL_COMMONMARK=<spec.json>` counts how many of the
/// specification's own examples come out alike.
@Suite struct CommonMarkTests {
  @Test(arguments: [
    (
      #"[Gates](https://en.wikipedia.org/wiki/Gate_(electronics))"#,
      #"<a href="https://en.wikipedia.org/wiki/Gate_(electronics)">Gates</a>"#
    ),
    (
      #"[a](https://b.org/x_(y(z))_q) and (more)"#,
      #"<a href="https://b.org/x_(y(z))_q">a</a> and (more)"#
    ),
    (#"[a](b(c)"#, #"[a](b(c)"#),
    (#"[a](b\(c)"#, #"<a href="b(c">a</a>"#),
    (#"[a](<b c>)"#, #"<a href="b%20c">a</a>"#),
    (#"[a](<b(c>)"#, #"<a href="b(c">a</a>"#),
    (#"[a](<https://b.org/(x>)"#, #"<a href="https://b.org/(x">a</a>"#),
    (#"[a](b "a title")"#, #"<a href="b" title="a title">a</a>"#),
    (#"[a](b 'it says "so"')"#, #"<a href="b" title="it says "so"">a</a>"#),
    (#"[a](b (in brackets))"#, #"<a href="b" title="in brackets">a</a>"#),
    (#"[a](b "one \"two\"")"#, #"<a href="b" title="one "two"">a</a>"#),
    (#"[a](b "no end)"#, #"[a](b "no end)"#),
    (#"[a](b"no space")"#, #"[a](b"no space")"#),
    (#"[a](<b)"#, #"[a](&lt;b)"#),
    (#"[a](<>)"#, #"<a href="">a</a>"#),
    (#"[a]()"#, #"<a href="">a</a>"#),
    (#"[a] (b)"#, #"[a] (b)"#),
    (#"[a[b]c](d)"#, #"<a href="d">a[b]c</a>"#),
    (#"[a]b](c)"#, #"[a]b](c)"#),
    (#"[*a* `]`](b)"#, #"<a href="b"><em>a</em> <code>]</code></a>"#),
    (#"[a](b)(c)"#, #"<a href="b">a</a>(c)"#),
    (#"[a [b](c) d](e)"#, #"[a <a href="c">b</a> d](e)"#),
    (#"*[a*](b)"#, #"*<a href="b">a*</a>"#),
    (#"[a](  b  )"#, #"<a href="b">a</a>"#),
    (#"\[a](b)"#, #"[a](b)"#),
    (#"[a\]](b)"#, #"<a href="b">a]</a>"#),
    (#"[a](b\)c)"#, #"<a href="b)c">a</a>"#),
    (#"[a](http://b?c=d&e=f*g*)"#, #"<a href="http://b?c=d&amp;e=f*g*">a</a>"#),
    (#"<https://a.org/b_c_d>"#, #"<a href="https://a.org/b_c_d">https://a.org/b_c_d</a>"#),
    (#"<mailto:a@b.org>"#, #"<a href="mailto:a@b.org">mailto:a@b.org</a>"#),
    (#"<a.b@c.org>"#, #"<a href="mailto:a.b@c.org">a.b@c.org</a>"#),
    (#"<https://a b>"#, #"&lt;https://a b&gt;"#),
    (#"a\\#nb"#, #"a<br>b"#),
    (#"a  \#nb"#, #"a<br>b"#),
    (#"a \#nb"#, #"a b"#),
    (#"*a\\#nb*"#, #"<em>a<br>b</em>"#),
    (#"`a\`b"#, #"<code>a\</code>b"#),
    (#"``a`b``"#, #"<code>a`b</code>"#),
    (#"` `` `"#, #"<code>``</code>"#),
    (#"`a\#nb`"#, #"<code>a b</code>"#),
    (#"*a **b** c*"#, #"<em>a <strong>b</strong> c</em>"#),
    (#"***a** b*"#, #"<em><strong>a</strong> b</em>"#),
    (#"***a* b**"#, #"<strong><em>a</em> b</strong>"#),
    (#"**a*b*c**"#, #"<strong>a<em>b</em>c</strong>"#),
    (#"*a**b*"#, #"<em>a**b</em>"#),
    (#"a*b*c _d_e_f_"#, #"a<em>b</em>c <em>d_e_f</em>"#),
    (#"_a_b"#, #"_a_b"#),
    (#"__a_b__"#, #"<strong>a_b</strong>"#),
    (#"a * b * c"#, #"a * b * c"#),
    (#"*a*b*c*"#, #"<em>a</em>b<em>c</em>"#),
    (#"**a"#, #"**a"#),
    (##"\*a\* \# \` \\ \a"##, #"*a* # ` \ \a"#),
    (#"a ** b **"#, #"a ** b **"#),
    (#"*(*a*)*"#, #"<em>(<em>a</em>)</em>"#),
    (#"_(a)_."#, #"<em>(a)</em>."#),
    (#""*a*""#, #""<em>a</em>""#),
    (#"**Note:**text"#, #"**Note:**text"#),
    (#"*a`*`*"#, #"<em>a<code>*</code></em>"#),
  ])
  func inlines(markdown: String, html: String) {
    #expect(Self.plain(HTML.text(Inline.parse(markdown[...]))) == html)
  }

  @Test(arguments: [
    (#"Title\#n===\#ntext"#, #"<h2>Title</h2><p>text</p>"#),
    (#"Two\#nlines\#n---"#, #"<h2>Two lines</h2>"#),
    (#"a\#n\#n---"#, #"<p>a</p><hr>"#),
    (#"- a\#n---\#n- b"#, #"<ul><li>a</li></ul><hr><ul><li>b</li></ul>"#),
    (#"> a\#n---"#, #"<blockquote><p>a</p></blockquote><hr>"#),
    (#"## a ##\#n## b #c#\#n##c"#, #"<h2>a</h2><h2>b #c#</h2><p>##c</p>"#),
    (
      #"    code\#n      more\#n\#n    end\#ntext"#,
      #"<pre><code>code\#n  more\#n\#nend</code></pre><p>text</p>"#
    ),
    (
      #"- a\#n  - b\#n    - c\#n- d"#,
      #"<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"#
    ),
    (#"1. a\#n2. b\#n3) c"#, #"<ol><li>a</li><li>b</li></ol><ol start="3"><li>c</li></ol>"#),
    (#"- a\#n+ b\#n* c"#, #"<ul><li>a</li></ul><ul><li>b</li></ul><ul><li>c</li></ul>"#),
    (#"a\#n1. b\#n\#na\#n2. c"#, #"<p>a</p><ol><li>b</li></ol><p>a 2. c</p>"#),
    (#"a\#n- b"#, #"<p>a</p><ul><li>b</li></ul>"#),
    (#"-   a\#n\#n    b\#n- c"#, #"<ul><li>a<p>b</p></li><li>c</li></ul>"#),
    (#"> a\#nb\#n> c"#, #"<blockquote><p>a b c</p></blockquote>"#),
    (
      #"> - a\#n> - b\#n>   > c"#,
      #"<blockquote><ul><li>a</li><li>b<blockquote><p>c</p></blockquote></li></ul></blockquote>"#
    ),
    (#"```swift x=1\#na\#n\#n b\#n```"#, #"<pre><code>a\#n\#n b</code></pre>"#),
    (#"~~~\#n```\#n~~~"#, #"<pre><code>```</code></pre>"#),
    (#"   ```\#n    a\#n   ```"#, #"<pre><code> a</code></pre>"#),
    (#"* * *\#n_ _ _\#n-----\#n*-*"#, #"<hr><hr><hr><p><em>-</em></p>"#),
    (#"- - a\#n  - b"#, #"<ul><li><ul><li>a</li><li>b</li></ul></li></ul>"#),
    (#"10. a\#n\#n    b\#n1.  c"#, #"<ol start="10"><li>a<p>b</p></li><li>c</li></ol>"#),
    (#"-\#n  a\#n-\#nb"#, #"<ul><li>a</li><li></li></ul><p>b</p>"#),
    (
      #"[a]: https://b.org/(c) "t"\#n[Two Words]: <d e>\#n\#n[a], [x][a], [two\#nwords][] and [none]."#,
      #"<p><a href="https://b.org/(c)" title="t">a</a>, <a href="https://b.org/(c)" title="t">x</a>, <a href="d%20e">two words</a> and [none].</p>"#
    ),
    (#"text\#n[a]: b\#n\#n[a]"#, #"<p>text [a]: b</p><p>[a]</p>"#),
    (#"\#ta\#n  \#tb"#, #"<pre><code>a\#nb</code></pre>"#),
    (#"- a\#n\#n\#tb"#, #"<ul><li>a<p>b</p></li></ul>"#),
    (#"a\#n# b\#nc"#, #"<p>a</p><h2>b</h2><p>c</p>"#),
    (
      #"***\#n> 1. a\#n>    ```\#n>    b\#n>    ```\#n> c"#,
      #"<hr><blockquote><ol><li>a<pre><code>b</code></pre></li></ol><p>c</p></blockquote>"#
    ),
    (#"- a\#n - b\#n  - c\#n   - d"#, #"<ul><li>a</li><li>b</li><li>c</li><li>d</li></ul>"#),
    (#"1986\. A year."#, #"<p>1986. A year.</p>"#),
    (#"-one\#n2.two"#, #"<p>-one 2.two</p>"#),
    (#"```\#nopen"#, #"<pre><code>open</code></pre>"#),
    (#"> ```\#na"#, #"<blockquote><pre><code></code></pre></blockquote><p>a</p>"#),
  ])
  func blocks(markdown: String, html: String) {
    #expect(Self.html(Markdown.parse(markdown)) == html)
  }

  /// Shown as it is written, whatever CommonMark says.
  @Test(arguments: [
    "<b>bold</b> &amp; &copy;", "![picture](a.png)", "[![a](b)][none]", "[x](javascript:alert(1))",
    "[x](<JavaScript:alert(1)>)", "[x]( data:text/html,y)", "[x](vbscript\\:y)", "<javascript:a>",
    "<ftp://a.b>", "[x](file:///etc/passwd)",
  ])
  func refused(markdown: String) {
    let inlines = Inline.parse(markdown[...])
    #expect(inlines == [.text(markdown.replacing("\\:", with: ":"))])
  }

  @Test func addressesThatAreNoScheme() {
    for (markdown, address) in [
      ("[x](a/b:c)", "a/b:c"), ("[x](#a:b)", "#a:b"), ("[x](?q=a:b)", "?q=a:b"),
      ("[x](<a b:c>)", "a%20b:c"), ("[x](HTTPS://a.b)", "HTTPS://a.b"),
    ] { #expect(Inline.parse(markdown[...]) == [.link([.text("x")], to: address)]) }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["UNROLL_COMMONMARK"] != nil))
  func specification() throws {
    struct Example: Decodable { let markdown, html, section: String }
    let path = ProcessInfo.processInfo.environment["UNROLL_COMMONMARK"]!
    let examples = try JSONDecoder().decode(
      [Example].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    var counts: [String: (alike: Int, all: Int)] = [:]
    for example in examples {
      let isAlike = Self.html(Markdown.parse(example.markdown)) == Self.plain(example.html)
      counts[example.section, default: (0, 0)].all += 1
      if isAlike { counts[example.section]!.alike += 1 }
    }
    for (section, count) in counts.sorted(by: { $0.key < $1.key }) {
      print("\(section): \(count.alike) of \(count.all)")
    }
    print("all: \(counts.values.map(\.alike).reduce(0, +)) of \(examples.count)")
  }

  private static func html(_ blocks: [Block]) -> String { plain(HTML.text(blocks) { "" }) }

  /// Without what pages have more than CommonMark says: names, classes, the form of a line break;
  /// and without the distances between blocks and between the items of lists.
  private static func plain(_ html: String) -> String {
    var text = html.replacing(#/ (id|tabindex)="[^"]*"/#, with: "")
      .replacing(#/ class="(code|language-[^"]*)"/#, with: "")
      .replacing(#/<(\/?)h1>/#) { "<\($0.1)h2>" }
      .replacing(#/<br ?\/?>\n/#, with: "<br>").replacing("<hr />", with: "<hr>")
      .replacing("\n</code>", with: "</code>")
      .replacing(#/<li>\s*<p>((?s).*?)<\/p>/#) { "<li>\($0.1)" }
      .replacing(#/\n*(<\/?(p|li|ul|ol|blockquote|h\d|hr|pre)\b[^>]*>)\n*/#) { $0.1 }
      .replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
    // A line's end is a space, but in code.
    let parts = text.split(separator: "<pre>", omittingEmptySubsequences: false)
    text = parts.enumerated().map { index, part in
      let end = index == 0 ? part.startIndex : part.firstRange(of: "</pre>")?.upperBound
      guard let end else { return String(part) }
      return String(part[..<end]) + part[end...].replacing("\n", with: " ")
    }.joined(separator: "<pre>")
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
