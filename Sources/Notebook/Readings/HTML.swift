import PageStyle
import Typeset

/// Prose, code and tables as HTML.
extension HTML {
  /// `anchor` names the headings in their order.
  package static func text(_ blocks: [Block], anchor: () -> String) -> String {
    blocks.map { text($0, anchor: anchor) }.joined(separator: "\n")
  }

  private static func text(_ block: Block, anchor: () -> String) -> String {
    switch block {
    case .heading(let level, let inlines):
      let element = "h\(min(max(level, 2), 6))"
      return "<\(element) id=\"\(anchor())\">\(text(inlines))</\(element)>"
    case .paragraph(let inlines): return "<p>\(text(inlines))</p>"
    case .list(let start, let items):
      let element = start == nil ? "ul" : "ol"
      let first = start.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
      let body = items.map { "<li>\(item($0, anchor: anchor))</li>" }
      return "<\(element)\(first)>\n\(body.joined(separator: "\n"))\n</\(element)>"
    case .quote(let blocks): return "<blockquote>\(text(blocks, anchor: anchor))</blockquote>"
    case .code(let language, let code):
      let body = language == "swift" ? swift(code) : escaped(code)
      return "<pre class=\"code\" tabindex=\"0\"><code>\(body)</code></pre>"
    case .math(let tex):
      return math(tex)
    case .table(let alignments, let header, let rows):
      return table(header.map { text($0) }, rows.map { $0.map { text($0) } }, alignments)
    case .rule: return "<hr>"
    }
  }

  /// The formula as it is written, and for a narrow page in pieces.
  private static func math(_ tex: String) -> String {
    let element = MathML.element(tex, display: true)
    guard let lines = MathML.broken(tex) else {
      return "<div class=\"math\" tabindex=\"0\">\(element)</div>"
    }
    let broken = lines.map { "<div>\($0.joined(separator: "<wbr>"))</div>" }.joined()
    return """
      <div class="math wide" tabindex="0">\(element)</div>
      <div class="math broken" role="math" aria-label="\(escaped(tex))">\(broken)</div>
      """
  }

  /// An item of one paragraph stands without the distances of a paragraph.
  private static func item(_ blocks: [Block], anchor: () -> String) -> String {
    guard case .paragraph(let inlines)? = blocks.first else { return text(blocks, anchor: anchor) }
    return text(inlines) + text(Array(blocks.dropFirst()), anchor: anchor)
  }

  package static func text(_ inlines: [Inline]) -> String {
    tied(inlines).map { inline, before, after in
      switch inline {
      case .text(let text): escaped(text)
      case .code(let code): "<code>\(escaped(code))</code>"
      case .math(let tex): formula(tex, before, after)
      case .emphasis(let inner): "<em>\(text(inner))</em>"
      case .strong(let inner): "<strong>\(text(inner))</strong>"
      case .link(let inner, let target, let title):
        "<a href=\"\(escaped(target))\"\(attribute("title", title))>\(text(inner))</a>"
      case .term(let inner, let key): "<dfn id=\"\(Term.anchor(of: key))\">\(text(inner))</dfn>"
      case .lineBreak: "<br>\n"
      }
    }.joined()
  }

  /// A formula within a text, with what no line may end or begin with. One that may be wider than a
  /// telephone can be broken.
  private static func formula(_ tex: String, _ before: String, _ after: String) -> String {
    let whole = MathML.element(tex, display: false)
    let letters = whole.replacing(#/<[^>]*>/#, with: "").count
    guard letters > 28, let lines = MathML.broken(tex, display: false), lines.count == 1 else {
      return tied(whole, before, after)
    }
    var pieces = lines[0]
    let last = pieces.count - 1
    pieces[0] = tied(pieces[0], before, "")
    pieces[last] = tied(pieces[last], "", after)
    return "<span role=\"math\" aria-label=\"\(escaped(before + tex + after))\">"
      + pieces.joined(separator: "<wbr>") + "</span>"
  }

  private static func tied(_ element: String, _ before: String, _ after: String) -> String {
    before.isEmpty && after.isEmpty
      ? element : "<span class=\"tied\">\(escaped(before))\(element)\(escaped(after))</span>"
  }

  /// Each piece, and to a formula what stands before and after it without a space: browsers would
  /// end a line there with a bracket, or begin one with a full stop.
  private static func tied(
    _ inlines: [Inline]
  ) -> [(inline: Inline, before: String, after: String)] {
    var pieces = inlines.map { (inline: $0, before: "", after: "") }
    for place in pieces.indices {
      guard case .math = pieces[place].inline else { continue }
      if place > 0, case .text(let text) = pieces[place - 1].inline {
        let end = text.reversed().prefix { "(（[“‘「『《〈".contains($0) }.count
        pieces[place].before = String(text.suffix(end))
        pieces[place - 1].inline = .text(String(text.dropLast(end)))
      }
      if place + 1 < pieces.count, case .text(let text) = pieces[place + 1].inline {
        let start = text.prefix { ".,;:!?)]。，、；：！？）”’」』》〉…%".contains($0) }
        pieces[place].after = String(start)
        pieces[place + 1].inline = .text(String(text.dropFirst(start.count)))
      }
    }
    return pieces
  }

  private static func attribute(_ name: String, _ value: String?) -> String {
    value.map { " \(name)=\"\(escaped($0))\"" } ?? ""
  }

  /// A table whose entries are HTML already.
  static func table(
    _ headers: [String], _ rows: [[String]], _ alignments: [Alignment], caption: String? = nil
  ) -> String {
    func line(_ element: String, _ cells: [String]) -> String {
      let body = zip(cells, alignments).map { cell, alignment in
        let style = alignment == .left ? "" : " class=\"\(alignment)\""
        return "<\(element)\(style)>\(cell)</\(element.prefix(2))>"
      }
      return "<tr>\(body.joined())</tr>"
    }
    let title = caption.map { "<caption>\($0)</caption>" } ?? ""
    return """
      <div class="table" tabindex="0"><table>\(title)
      <thead>\(line("th scope=\"col\"", headers))</thead>
      <tbody>
      \(rows.map { line("td", $0) }.joined(separator: "\n"))
      </tbody></table></div>
      """
  }

  static func table(_ table: TableRecord) -> String {
    self.table(
      table.headers.map(escaped), table.rows.map { $0.map(escaped) }, table.alignments,
      caption: table.caption.map(escaped))
  }

  /// Swift with each kind of word in its color.
  static func swift(_ code: String) -> String {
    SwiftColors.spans(of: Visible.text(code)).map { kind, text in
      let name: String? =
        switch kind {
        case .keyword, .attribute: "k"
        case .type: "t"
        case .number: "n"
        case .string: "s"
        case .comment: "c"
        case .name, .punctuation, .space: nil
        }
      return name.map { "<span class=\"\($0)\">\(escaped(text))</span>" } ?? escaped(text)
    }.joined()
  }

  /// A whole document with the style that all pages share, and `head` and `style` beside it.
  static func document(
    title: String, words: Wording, head: String = "", style: String = "", body: String
  ) -> String {
    """
    <!doctype html>
    <html lang="\(escaped(words.tag))">
    <head>
    <meta charset="utf-8">\(head)
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(title))</title>
    <link rel="icon" href="data:,">
    <style>
    \(PageStyle.page)\(style)</style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
  }
}
