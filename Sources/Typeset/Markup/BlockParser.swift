/// Reads the part of Markdown that prose needs, by the rules of CommonMark 0.31: headings of both
/// kinds, paragraphs, lists, quotes, code, rules, emphasis, links in line and by reference, line
/// breaks; and beside it GitHub's tables, and formulas between `$` and `$$`.
///
/// Not markup here, but shown as written: HTML, character references such as `&amp;`, pictures
/// (they are the page's own), and links that lead elsewhere than to the web, to mail or to files
/// beside the page. A tab is as many spaces as lead to the next multiple of four. All items of
/// lists stand close, with and without blank lines between them.
package enum Markdown {
  /// How deep quotes and lists, and emphasis in emphasis, are nested at most.
  package static let maxDepth = 100

  package static func parse(_ text: String) -> [Block] {
    var parser = BlockParser()
    let text = Scalars(Visible.text(text))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for line in text.last == "\n" ? lines.dropLast() : lines[...] {
      parser.read(line.expandingTabs)
    }
    return parser.blocks()
  }
}

/// Reads line by line: first which of the open blocks the line goes on with, then which it begins.
private struct BlockParser {
  /// The open blocks, each inside the one before it.
  private var open = [BlockNode(.document)]
  private var references = LinkReferences()
  private var tip: BlockNode { open[open.count - 1] }

  mutating func blocks() -> [Block] {
    close(to: 1)
    var blocks = open[0].blocks(&references)
    if references.isTooDeep {
      let limit = "Nested more than \(Markdown.maxDepth) deep: the rest is shown as it was written."
      blocks.append(.paragraph([.text(limit)]))
    }
    return blocks
  }

  mutating func read(_ line: Scalars) {
    var rest = line
    let matched = goOn(&rest)
    guard matched > 0 else { return }
    switch open[matched - 1].kind {
    case .fenced, .math, .table, .code:
      close(to: matched)
      add(rest)
    default: begin(rest, matched: matched)
    }
  }

  // MARK: - Going on

  /// How many of the open blocks the line belongs to, with their marks taken from it; 0 if it has
  /// been dealt with.
  private mutating func goOn(_ rest: inout Scalars) -> Int {
    for (depth, block) in open.enumerated().dropFirst() {
      let indentation = rest.indentation
      switch block.kind {
      case .document: break
      case .quote:
        guard indentation < 4, rest.at(rest.startIndex + indentation) == ">" else { return depth }
        rest = rest.dropFirst(indentation + 1)
        if rest.first == " " { rest = rest.dropFirst() }
      case .item(let marker):
        if rest.isBlank {
          if block.children.isEmpty { return depth }
          rest = []
        } else {
          guard indentation >= marker.width else { return depth }
          rest = rest.dropFirst(marker.width)
        }
      case .fenced(let fence):
        if BlockStart.closes(rest, fence) {
          close(to: depth)
          return 0
        }
        rest = rest.dropFirst(min(fence.indentation, indentation))
      case .code:
        guard indentation >= 4 || rest.isBlank else { return depth }
        rest = rest.dropFirst(min(4, indentation))
      case .paragraph: if rest.isBlank { return depth }
      case .table(let alignments):
        // As wide as its header, so short rows are filled; not without a limit.
        guard rest.contains("|"), block.lines.count * alignments.count < 50_000 else {
          return depth
        }
      case .math: break
      case .heading, .rule: return depth
      }
    }
    return open.count
  }

  /// Adds a line to the block at the tip.
  private mutating func add(_ line: Scalars) {
    tip.lines.append(line)
    if case .math = tip.kind, line.trimmed.reversed().starts(with: "$$".unicodeScalars) {
      tip.lines[tip.lines.count - 1] = line.trimmed.dropLast(2)
      close(to: open.count - 1)
    }
  }

  // MARK: - Beginning

  private mutating func begin(_ line: Scalars, matched: Int) {
    var rest = line
    var matched = matched
    while !rest.isBlank {
      let container = open[matched - 1]
      let isInParagraph = container.isParagraph
      if rest.indentation >= 4 {
        guard !tip.isParagraph else { break }
        close(to: matched)
        push(BlockNode(.code, lines: [rest.dropFirst(4)]))
        return
      }
      if isInParagraph, change(container, rest, at: matched) { return }
      if let leaf = leaf(rest, isInParagraph: isInParagraph) {
        close(to: isInParagraph ? matched - 1 : matched)
        leaf.begin(in: &self)
        return
      }
      guard let (node, width) = nesting(rest, isInParagraph: isInParagraph) else { break }
      // The text of a line that goes on at this depth is all that is left to it.
      if matched > Markdown.maxDepth {
        references.isTooDeep = true
        break
      }
      close(to: isInParagraph ? matched - 1 : matched)
      push(node)
      matched = open.count
      rest = rest.dropFirst(min(width, rest.count))
    }
    text(rest, matched: matched)
  }

  private mutating func text(_ rest: Scalars, matched: Int) {
    if !rest.isBlank, tip.isParagraph { return tip.lines.append(rest) }
    close(to: matched)
    if !rest.isBlank { push(BlockNode(.paragraph, lines: [rest])) }
  }

  /// Makes a paragraph a heading or the header of a table, if the line says so.
  private mutating func change(_ paragraph: BlockNode, _ line: Scalars, at matched: Int) -> Bool {
    if let header = paragraph.lines.last, let widths = TableLines.alignments(line, under: header) {
      paragraph.lines.removeLast()
      close(to: matched - 1)
      push(BlockNode(.table(widths), lines: [header]))
      return true
    }
    guard let level = BlockStart.underline(line) else { return false }
    paragraph.takeDefinitions(into: &references)
    guard !paragraph.lines.isEmpty else { return false }
    paragraph.kind = .heading(level)
    close(to: matched - 1)
    return true
  }

  private func leaf(_ line: Scalars, isInParagraph: Bool) -> Leaf? {
    if let (level, text) = BlockStart.heading(line) {
      return Leaf(node: BlockNode(.heading(level), lines: [text]))
    }
    if let fence = BlockStart.fence(line) {
      return Leaf(node: BlockNode(.fenced(fence)), staysOpen: true)
    }
    let trimmed = line.trimmed
    if trimmed.starts(with: "$$") {
      let body = trimmed.dropFirst(2)
      let closed = body.count >= 2 && body.suffix(2).starts(with: "$$")
      return Leaf(
        node: BlockNode(.math, lines: [closed ? body.dropLast(2) : body]), staysOpen: !closed)
    }
    return BlockStart.rule(line) ? Leaf(node: BlockNode(.rule)) : nil
  }

  private struct Leaf {
    let node: BlockNode
    var staysOpen = false

    func begin(in parser: inout BlockParser) {
      parser.push(node)
      if !staysOpen { parser.open.removeLast() }
    }
  }

  /// The quote or the item that begins here, and how much of the line is its mark.
  private func nesting(_ line: Scalars, isInParagraph: Bool) -> (BlockNode, width: Int)? {
    let body = line.dropFirst(line.indentation)
    if body.first == ">" {
      return (BlockNode(.quote), line.indentation + (body.dropFirst().first == " " ? 2 : 1))
    }
    guard let marker = BlockStart.marker(line) else { return nil }
    // A number or a dash at the beginning of a paragraph's line is seldom meant.
    if isInParagraph, marker.isEmpty || marker.number ?? 1 != 1 { return nil }
    return (BlockNode(.item(marker)), marker.width)
  }

  private mutating func push(_ node: BlockNode) {
    tip.children.append(node)
    open.append(node)
  }

  private mutating func close(to count: Int) {
    while open.count > count {
      let closed = open.removeLast()
      if closed.isParagraph { closed.takeDefinitions(into: &references) }
    }
  }
}

extension Scalars {
  fileprivate var expandingTabs: Scalars {
    guard contains("\t") else { return self }
    var text: [Unicode.Scalar] = []
    for scalar in self {
      if scalar == "\t" {
        text += Array(repeating: " ", count: 4 - text.count % 4)
      } else {
        text.append(scalar)
      }
    }
    return text[...]
  }
}
