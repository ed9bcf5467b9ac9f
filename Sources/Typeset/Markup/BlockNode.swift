/// A block while its lines are being read.
final class BlockNode {
  enum Kind {
    case document, quote, paragraph, code, rule
    case item(BlockStart.Marker)
    case fenced(BlockStart.Fence)
    case heading(Int)
    case math
    case table([Alignment])
  }

  var kind: Kind
  var children: [BlockNode] = []
  var lines: [Scalars] = []

  init(_ kind: Kind, lines: [Scalars] = []) {
    self.kind = kind
    self.lines = lines
  }

  var isParagraph: Bool { if case .paragraph = kind { true } else { false } }

  /// Takes the definitions of links from the paragraph's beginning.
  func takeDefinitions(into references: inout LinkReferences) {
    guard lines.first?.dropFirst(lines[0].indentation).first == "[" else { return }
    let text = paragraphText
    var parser = LinkParser(text: text, position: text.startIndex)
    var end = text.startIndex
    while let (label, target) = parser.definition() {
      if references.targets[label] == nil { references.targets[label] = target }
      end = parser.position
      while text.at(parser.position) == " " { parser.position += 1 }
    }
    if end > text.startIndex { lines = text[end...].isEmpty ? [] : [text[end...]] }
  }

  /// The lines without the spaces before them; those behind them may be a line break.
  var paragraphText: Scalars {
    ArraySlice(lines.map { $0.drop { $0 == " " } }.joined(separator: ["\n"])).trimmed
  }

  // MARK: - The finished block

  /// The children as blocks, with items that follow each other joined to lists.
  func blocks(_ references: inout LinkReferences) -> [Block] {
    var blocks: [Block] = []
    var items: [[Block]] = []
    var first: BlockStart.Marker?
    func endList() {
      if let first { blocks.append(.list(start: first.number, items: items)) }
      (first, items) = (nil, [])
    }
    for child in children {
      if case .item(let marker) = child.kind {
        if first?.sign != marker.sign || (first?.number == nil) != (marker.number == nil) {
          endList()
        }
        first = first ?? marker
        items.append(child.blocks(&references))
      } else {
        endList()
        if let block = child.block(&references) { blocks.append(block) }
      }
    }
    endList()
    return blocks
  }

  private func block(_ references: inout LinkReferences) -> Block? {
    switch kind {
    case .document, .item: return nil
    case .quote: return .quote(blocks(&references))
    case .rule: return .rule
    case .heading(let level):
      return .heading(level: level, Inline.parse(paragraphText, &references))
    case .paragraph:
      return lines.isEmpty ? nil : .paragraph(Inline.parse(paragraphText, &references))
    case .code:
      while lines.last?.isBlank == true { lines.removeLast() }
      return .code(language: "", Self.joined(lines))
    case .fenced(let fence): return .code(language: fence.info, Self.joined(lines))
    case .math: return .math(Scalars(Self.joined(lines.map(\.trimmed))).trimmed.string)
    case .table(let alignments):
      var rows = lines.map { line in
        let cells = TableLines.cells(line).prefix(alignments.count)
        return cells.map { Inline.parse($0, &references) }
          + Array(repeating: [], count: alignments.count - cells.count)
      }
      let header = rows.removeFirst()
      return .table(alignments: alignments, header: header, rows: rows)
    }
  }

  private static func joined(_ lines: [Scalars]) -> String {
    lines.map(\.string).joined(separator: "\n")
  }
}
