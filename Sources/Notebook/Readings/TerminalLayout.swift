/// Prose, code and headings as lines of a terminal.
struct TerminalLayout {
  let width: Int
  let math: UnicodeMath
  /// What the terminal says itself.
  let said: Wording

  /// Prose keeps a margin, and is no wider than the eye finds its way back.
  private var measure: Int { min(width, 96) - 2 }

  func title(_ text: String, rule: String, width: Int? = nil) -> [[Span]] {
    let lines = words(text, .title, width: width)
    let longest = lines.map(\.columns).max() ?? 0
    return lines + [[Span(String(repeating: rule, count: longest), .dim)]]
  }

  func paragraph(_ inlines: [Inline]) -> [[Span]] { wrap(inlines, width: measure) }

  /// Text as it is where it fits, else in lines.
  func words(
    _ text: String, _ style: TerminalStyle? = nil, indentation: String = "", width: Int? = nil
  ) -> [[Span]] {
    let width = (width ?? self.width) - indentation.columns
    var lines = [[Span(text, style)]]
    if text.columns > width {
      var words = Words()
      words.add(text, style)
      lines = words.lines(width: width)
    }
    return indentation.isEmpty ? lines : lines.map { [Span(indentation)] + $0 }
  }

  func claim(_ claim: ClaimRecord) -> [[Span]] {
    nested("\(claim.mark) ", "  ", width: width) { wrap(claim.words, width: min($0, measure)) }
  }

  func reveal(_ reveal: RevealRecord) -> [[Span]] {
    let answer = reveal.isGuessed.map {
      [Inline.text($0 ? said("As you said") + said.comma : said("No") + said.colon)]
    }
    return nested("→ ", "  ", width: width) {
      wrap((answer ?? []) + reveal.paragraph(said), width: min($0, measure))
    }
  }

  // MARK: - Code

  func file(_ name: String) -> [[Span]] { words(name, .dim, indentation: "  ┌ ") }

  /// The code of a cell, or its beginning.
  func cell(_ code: String, shortened: Bool) -> [[Span]] {
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
    // Not for the sake of two lines.
    let isCut = shortened && lines.count > Self.shownLines + 2
    let shown = isCut ? lines.prefix(Self.shownLines).joined(separator: "\n") : code
    var told = TerminalCode.lines(shown, width: width - 4)
    if isCut {
      let note = said("⋯ %@ more lines: --code all", "\(lines.count - Self.shownLines)")
      told += words(note, .dim, width: width - 4)
    }
    return told.map { [Span("  │ ", .dim)] + $0 }
  }

  private static let shownLines = 8

  // MARK: - Prose

  func lines(of block: Block) -> [[Span]] { lines(of: block, width: width) }

  private func lines(of block: Block, width: Int) -> [[Span]] {
    switch block {
    case .heading(let level, let inlines):
      return level <= 2
        ? title(inlines.plain(math), rule: "─", width: width)
        : words(inlines.plain(math), .strong, width: width)
    case .paragraph(let inlines): return wrap(inlines, width: min(width - 2, measure))
    case .list(let start, let items):
      return items.enumerated().flatMap { index, item in
        let mark = start.map { "\($0 + index). " } ?? "• "
        return nested(mark, String(repeating: " ", count: mark.columns), width: width) { width in
          joined(item, width: width, spaced: item.count > 1)
        }
      }
    case .quote(let blocks):
      return nested("▏ ", "▏ ", width: width) { joined(blocks, width: $0, spaced: true) }
    case .code(let language, let code):
      return nested("    ", "    ", width: width) {
        TerminalCode.lines(code, language: language, width: $0)
      }
    case .math(let tex):
      return math.lines(tex).flatMap { line in
        nested("    ", "    ", width: width) { formula(line, width: $0) }
      }
    case .table(let alignments, let header, let rows):
      return TerminalTable(
        header.map { $0.plain(math) }, rows.map { $0.map { $0.plain(math) } }, alignments
      ).lines(width: width)
    case .rule: return [[Span(String(repeating: "─", count: width / 2), .dim)]]
    }
  }

  private func joined(_ blocks: [Block], width: Int, spaced: Bool) -> [[Span]] {
    Array(blocks.map { lines(of: $0, width: width) }.joined(separator: spaced ? [[]] : []))
  }

  /// Lines behind a mark. Where nothing would be left beside the marks, the mark stands alone.
  private func nested(
    _ first: String, _ others: String, width: Int, _ body: (Int) -> [[Span]]
  ) -> [[Span]] {
    let inner = width - first.columns
    guard inner >= 16 else { return [[Span(first.trimmingTrailingSpace, .dim)]] + body(width) }
    let lines = body(inner)
    return (lines.isEmpty ? [[]] : lines).enumerated().map { index, line in
      let mark = index == 0 ? first : others
      return [Span(mark, mark == "▏ " ? .dim : nil)] + line
    }
  }

  /// A formula as wide as it is, or cut at its spaces.
  private func formula(_ line: String, width: Int) -> [[Span]] {
    if line.columns <= width { return [[Span(line, .math)]] }
    var words = Words()
    words.add(line, .math)
    return words.lines(width: width - 4).enumerated().map { index, line in
      index == 0 ? line : [Span("    ")] + line
    }
  }

  private func wrap(_ inlines: [Inline], width: Int) -> [[Span]] {
    var words = Words()
    add(inlines, nil, to: &words)
    return words.lines(width: width)
  }

  private func add(_ inlines: [Inline], _ style: TerminalStyle?, to words: inout Words) {
    for inline in inlines {
      switch inline {
      case .text(let text): words.add(text, style)
      case .code(let code): words.add(code, .code)
      case .math(let tex): words.add(math.text(tex), .math)
      case .emphasis(let inner), .term(let inner, _): add(inner, .emphasis, to: &words)
      case .strong(let inner): add(inner, .strong, to: &words)
      case .link(let inner, let target, _):
        let text = inner.plain(math)
        words.add(text, .link)
        if target.contains("://"), text != target { words.add(" (\(target))", .dim) }
      case .lineBreak: words.addLineBreak()
      }
    }
  }
}
