/// Reads the part of Markdown that prose needs: headings, paragraphs, lists, quotes, fenced code,
/// tables, rules, and formulas between `$$`. HTML is not markup here; it is shown as written.
package enum Markdown {
  package static func parse(_ text: String) -> [Block] {
    let lines = Visible.text(text).split(separator: "\n", omittingEmptySubsequences: false)
    var parser = BlockParser(lines: lines.map { Substring($0.replacing("\t", with: "    ")) })
    return parser.blocks()
  }
}

private struct BlockParser {
  let lines: [Substring]
  var next = 0

  init(lines: [Substring]) { self.lines = lines }

  mutating func blocks() -> [Block] {
    var blocks: [Block] = []
    while next < lines.count {
      if lines[next].isBlank { next += 1 } else { blocks.append(block()) }
    }
    return blocks
  }

  private mutating func block() -> Block {
    let line = lines[next].trimmed
    if let heading = heading(line) {
      next += 1
      return heading
    }
    if fence(line) != nil { return fencedCode() }
    if line.hasPrefix("$$") { return math() }
    if isRule(line) {
      next += 1
      return .rule
    }
    if line.hasPrefix(">") { return quote() }
    if marker(lines[next]) != nil { return list() }
    if let table = table() { return table }
    return paragraph()
  }

  private func heading(_ line: Substring) -> Block? {
    let level = line.prefix { $0 == "#" }.count
    guard (1...6).contains(level), line.dropFirst(level).first == " " else { return nil }
    return .heading(level: level, Inline.parse(line.dropFirst(level).trimmed))
  }

  private func fence(_ line: Substring) -> Substring? {
    for mark: Character in ["`", "~"] {
      let fence = line.prefix { $0 == mark }
      let rest = line.dropFirst(fence.count)
      if fence.count >= 3, mark == "~" || !rest.contains("`") { return fence }
    }
    return nil
  }

  private func isRule(_ line: Substring) -> Bool {
    let marks = line.filter { $0 != " " }
    guard let mark = marks.first, "-*_".contains(mark) else { return false }
    return marks.count >= 3 && marks.allSatisfy { $0 == mark }
  }

  private mutating func fencedCode() -> Block {
    let indentation = lines[next].indentation
    let fence = fence(lines[next].trimmed)!
    let language = lines[next].trimmed.dropFirst(fence.count).trimmed
    next += 1
    var body: [Substring] = []
    while next < lines.count {
      let line = lines[next]
      next += 1
      let marks = line.trimmed
      if marks.count >= fence.count, marks.allSatisfy({ $0 == fence.first }) { break }
      body.append(line.dropFirst(min(indentation, line.indentation)))
    }
    return .code(language: String(language), body.joined(separator: "\n"))
  }

  private mutating func math() -> Block {
    var body = [lines[next].trimmed.dropFirst(2)]
    next += 1
    while !body.last!.trimmed.hasSuffix("$$"), next < lines.count {
      body.append(lines[next])
      next += 1
    }
    let tex = Substring(body.map(\.trimmed).joined(separator: "\n")).trimmed
    return .math(String((tex.hasSuffix("$$") ? tex.dropLast(2) : tex).trimmed))
  }

  private mutating func quote() -> Block {
    var inner: [Substring] = []
    while next < lines.count, lines[next].trimmed.hasPrefix(">") {
      let line = lines[next].trimmed.dropFirst()
      inner.append(line.first == " " ? line.dropFirst() : line)
      next += 1
    }
    var parser = BlockParser(lines: inner)
    return .quote(parser.blocks())
  }

  /// Where an item's text begins, and its number, if `line` begins an item.
  private func marker(_ line: Substring) -> (width: Int, number: Int?)? {
    let rest = line.dropFirst(line.indentation)
    if let mark = rest.first, "-*+".contains(mark), rest.dropFirst().first == " " {
      return (line.indentation + 2, nil)
    }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    let after = rest.dropFirst(digits.count)
    guard (1...9).contains(digits.count), let number = Int(digits), let mark = after.first,
      ".)".contains(mark), after.dropFirst().first == " "
    else { return nil }
    return (line.indentation + digits.count + 2, number)
  }

  private mutating func list() -> Block {
    let first = marker(lines[next])!
    let indentation = lines[next].indentation
    var items: [[Block]] = []
    while next < lines.count, lines[next].indentation == indentation,
      let marker = marker(lines[next]), (marker.number == nil) == (first.number == nil)
    {
      var inner = [lines[next].dropFirst(marker.width)]
      next += 1
      while next < lines.count, goesOn(at: next, width: marker.width, outer: indentation) {
        let line = lines[next]
        inner.append(line.dropFirst(min(marker.width, line.indentation)))
        next += 1
      }
      var parser = BlockParser(lines: inner)
      items.append(parser.blocks())
      let blanks = lines[next...].prefix(while: \.isBlank).count
      if next + blanks < lines.count, self.marker(lines[next + blanks]) != nil { next += blanks }
    }
    return .list(start: first.number, items: items)
  }

  /// Whether the line belongs to the item above: indented under its text, or the lazy rest of a
  /// paragraph, or a blank line before such a one.
  private func goesOn(at index: Int, width: Int, outer: Int) -> Bool {
    if lines[index].isBlank {
      guard let following = lines[index...].first(where: { !$0.isBlank }) else { return false }
      return following.indentation >= width
    }
    if lines[index].indentation >= width { return true }
    return marker(lines[index]) == nil && !lines[index - 1].isBlank && !beginsBlock(index)
      || lines[index].indentation > outer
  }

  private func beginsBlock(_ index: Int) -> Bool {
    let line = lines[index].trimmed
    return heading(line) != nil || fence(line) != nil || line.hasPrefix("$$") || isRule(line)
      || line.hasPrefix(">") || marker(lines[index]) != nil
  }

  private mutating func table() -> Block? {
    guard lines[next].contains("|"), next + 1 < lines.count else { return nil }
    let header = cells(lines[next])
    let rule = cells(lines[next + 1])
    guard lines[next + 1].contains("-"), header.count == rule.count,
      rule.allSatisfy({ !$0.isEmpty && $0.allSatisfy { "-:".contains($0) } })
    else { return nil }
    next += 2
    var rows: [[[Inline]]] = []
    while next < lines.count, lines[next].contains("|") {
      var row = cells(lines[next]).map { Inline.parse($0) }
      row = Array(row.prefix(header.count))
      row += Array(repeating: [], count: header.count - row.count)
      rows.append(row)
      next += 1
    }
    let alignments: [Alignment] = rule.map {
      $0.hasSuffix(":") ? ($0.hasPrefix(":") ? .center : .right) : .left
    }
    return .table(alignments: alignments, header: header.map { Inline.parse($0) }, rows: rows)
  }

  /// The entries between the bars of a table's line; `\|` and bars in code don't divide.
  private func cells(_ line: Substring) -> [Substring] {
    var text = line.trimmed
    if text.hasPrefix("|") { text = text.dropFirst() }
    if text.hasSuffix("|"), !text.hasSuffix("\\|") { text = text.dropLast() }
    var cells: [String] = [""]
    var isCode = false
    var isEscaped = false
    for character in text {
      if character == "`", !isEscaped { isCode.toggle() }
      if character == "|", isEscaped {
        cells[cells.count - 1].removeLast()
        cells[cells.count - 1].append("|")
      } else if character == "|", !isCode {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return cells.map { Substring($0).trimmed }
  }

  private mutating func paragraph() -> Block {
    var text = [lines[next].trimmed]
    next += 1
    while next < lines.count, !lines[next].isBlank, !beginsBlock(next) {
      text.append(lines[next].trimmed)
      next += 1
    }
    return .paragraph(Inline.parse(Substring(text.joined(separator: "\n"))))
  }
}

extension Substring {
  var isBlank: Bool { allSatisfy(\.isWhitespace) }
  var indentation: Int { prefix { $0 == " " }.count }
  var trimmed: Substring {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...last]
  }
}
