/// Prose written out as Markdown again, so that every other reader shows what this one showed:
/// whatever could be taken for markup is escaped.
package struct MarkdownWriter {
  /// Where the text will be shown: the two differ in how they keep formulas from Markdown.
  package enum Place: Sendable { case gitHub, notebook }
  let place: Place
  /// What it says itself.
  let words: Wording

  package init(place: Place, words: Wording = .english) {
    (self.place, self.words) = (place, words)
  }

  package func text(_ blocks: [Block]) -> String {
    var isSecond = false
    return blocks.enumerated().map { index, block in
      // Two lists in a row would be one, so the second has other marks.
      isSecond = index > 0 && !isSecond && block.isList(like: blocks[index - 1])
      return text(block, secondMarks: isSecond)
    }.joined(separator: "\n\n")
  }

  func claim(_ claim: ClaimRecord) -> String {
    text([.quote([.paragraph([.text("\(claim.mark) ")] + claim.words)])])
  }

  func question(_ question: QuestionRecord) -> String { text(question.blocks(words)) }

  /// Folded; the empty lines let what is inside be Markdown.
  func reveal(_ reveal: RevealRecord) -> String {
    """
    <details><summary>\(words(RevealRecord.summary))</summary>

    \(text([.paragraph(reveal.paragraph(words))]))

    </details>
    """
  }

  private func text(_ block: Block, secondMarks: Bool) -> String {
    switch block {
    case .heading(let level, let inlines):
      // One line, whose last # would be taken for decoration.
      let text = text(inlines).replacing("\\\n", with: " ")
      let end = text.hasSuffix("#") ? text.dropLast() + "\\#" : text
      return String(repeating: "#", count: level) + " " + end
    case .paragraph(let inlines):
      return text(inlines).split(separator: "\n", omittingEmptySubsequences: false)
        .map { guardedStart(String($0)) }.joined(separator: "\n")
    case .list(let start, let items):
      return items.enumerated().map { index, item in
        let mark =
          start.map { "\($0 + index)\(secondMarks ? ")" : ".") " } ?? (secondMarks ? "* " : "- ")
        return mark + indented(text(item), by: mark.count)
      }.joined(separator: "\n")
    case .quote(let blocks):
      return text(blocks).split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? ">" : "> \($0)" }.joined(separator: "\n")
    case .code(let language, let code): return Self.fenced(code, language: language)
    case .math(let tex):
      // One line: a line of a formula that begins with - or = would be a list or a heading.
      return "$$\n\(tex.split(whereSeparator: \.isNewline).joined(separator: " "))\n$$"
    case .table(let alignments, let header, let rows):
      return Self.table(
        header.map { inTable($0) }, rows.map { $0.map { inTable($0) } }, alignments)
    case .rule: return "---"
    }
  }

  private func indented(_ text: String, by width: Int) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let margin = String(repeating: " ", count: width)
    return lines.enumerated().map { $0 == 0 || $1.isEmpty ? String($1) : margin + $1 }
      .joined(separator: "\n")
  }

  private func text(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      switch inline {
      case .text(let text): Self.escaped(text)
      case .code(let code): Self.code(code)
      case .math(let tex): math(tex)
      case .emphasis(let inner): "*\(text(inner))*"
      case .strong(let inner): "**\(text(inner))**"
      case .link(let inner, let target, let title):
        "[\(text(inner))](\(Self.address(pageLike(target)))\(Self.title(title)))"
      case .term(let inner, let key):
        (place == .gitHub ? "<a id=\"\(Term.anchor(of: key))\"></a>" : "") + "*\(text(inner))*"
      case .lineBreak: "\\\n"
      }
    }.joined()
  }

  /// Another page of the book is written as `../gru/chapter.html` and read in this page's form.
  private func pageLike(_ target: String) -> String {
    let name = place == .gitHub ? "md" : "ipynb"
    return target.replacing(#/^(\.\./[a-z0-9-]+/chapter)\.html(?=#|$)/#) { "\($0.1).\(name)" }
      .replacing(#/^\.\./glossary\.html(?=#|$)/#, with: "../glossary.md")
  }

  private static func address(_ target: String) -> String {
    let text = target.replacing("&", with: "&amp;")
    return text.isEmpty || text.contains("(") || text.contains(")") ? "<\(text)>" : text
  }

  private static func title(_ title: String?) -> String {
    guard let title else { return "" }
    var text = title
    for (sign, written) in [
      ("&", "&amp;"), ("<", "&lt;"), ("\\", "\\\\"), ("\"", "\\\""), ("\n", " "),
    ] { text = text.replacing(sign, with: written) }
    return " \"\(text)\""
  }

  /// In a table a bar divides, even inside code and formulas.
  private func inTable(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      switch inline {
      case .math(let tex): math(tex.replacing("|", with: "\\vert "))
      case .code(let code): Self.code(code).replacing("|", with: "\\|")
      case .lineBreak: " "
      default: text([inline])
      }
    }.joined()
  }

  /// GitHub takes backslashes and stars inside `$…$` for Markdown; its `` $`…`$ `` form is safe.
  private func math(_ tex: String) -> String {
    let isRisky = tex.contains(#/\\[^A-Za-z]|[*<>`|~]/#)
    return place == .gitHub && isRisky && !tex.contains("`") ? "$`\(tex)`$" : "$\(tex)$"
  }

  /// What would make a paragraph something else at its start: `-`, `#`, `1.` …
  private func guardedStart(_ text: String) -> String {
    if let number = text.prefixMatch(of: #/(\d+)([.)])/#) {
      return "\(number.1)\\\(number.2)" + text[number.range.upperBound...]
    }
    return text.first.map { "-+#=".contains($0) } == true ? "\\" + text : text
  }

  // MARK: - What the pages need too

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      // The element keeps two dollars of a line from becoming a formula.
      case "$": result += "<span>\\$</span>"
      case "\\", "`", "*", "_", "[", "]", "~", "|": result += "\\\(character)"
      case "\n": result += " "
      default: result.append(character)
      }
    }
    return result
  }

  /// `text` between more backticks than stand in a row inside.
  static func fenced(_ text: String, language: String = "") -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(text) + 1))
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }

  private static func code(_ code: String) -> String {
    let fence = String(repeating: "`", count: longestRun(code) + 1)
    let padding = code.hasPrefix("`") || code.hasSuffix("`") ? " " : ""
    return fence + padding + code + padding + fence
  }

  private static func longestRun(_ text: String) -> Int {
    var longest = 0
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// A table whose entries are Markdown already.
  static func table(_ headers: [String], _ rows: [[String]], _ alignments: [Alignment]) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let rule = alignments.map { $0 == .left ? "---" : $0 == .right ? "---:" : ":---:" }
    return ([headers, rule] + rows).map(line).joined(separator: "\n")
  }

  static func table(_ table: TableRecord) -> String {
    let text = self.table(
      table.headers.map(escaped), table.rows.map { $0.map(escaped) }, table.alignments)
    return (table.caption.map { "*\(escaped($0))*\n\n" } ?? "") + text
  }
}

extension Block {
  /// Whether both are lists with numbers, or both with bullets.
  fileprivate func isList(like other: Block) -> Bool {
    guard case .list(let start, _) = self, case .list(let otherStart, _) = other else {
      return false
    }
    return (start == nil) == (otherStart == nil)
  }
}
