/// Swift as lines of a terminal.
struct TerminalCode {
  /// The lines, each cut where it is too long for `width` columns; what is left of it follows
  /// behind a hook, further in.
  static func lines(_ code: String, language: String = "swift", width: Int) -> [[Span]] {
    spans(code, isSwift: language == "swift").flatMap { wrapped($0, width: width) }
  }

  /// The code's lines in spans of one color.
  private static func spans(_ code: String, isSwift: Bool) -> [[Span]] {
    let text = Visible.text(code).expandingTabs
    guard isSwift else {
      return text.split(separator: "\n", omittingEmptySubsequences: false).map {
        [Span(String($0))]
      }
    }
    var lines: [[Span]] = [[]]
    for (kind, text) in SwiftColors.spans(of: text) {
      let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        if index > 0 { lines.append([]) }
        if !part.isEmpty {
          lines[lines.count - 1].append(Span(String(part), SwiftColors.style(kind)))
        }
      }
    }
    return lines
  }

  private static func wrapped(_ line: [Span], width: Int) -> [[Span]] {
    if line.columns <= width { return [line] }
    let characters = line.characters
    let indentation = characters.prefix { $0.character == " " }.count
    let hook = String(repeating: " ", count: min(indentation, width / 3)) + "  ↳ "
    var lines: [[Span]] = []
    var rest = characters[...]
    while !rest.isEmpty {
      let lead = lines.isEmpty ? [] : [Span(hook, .dim)]
      let count = length(of: rest, width: max(1, width - lead.columns))
      var head = rest.prefix(count)
      while head.last?.character == " " { head.removeLast() }
      lines.append(lead + [Span](head))
      rest = rest.dropFirst(count).drop { $0.character == " " }
    }
    return lines
  }

  /// Up to the last space within `width` columns, else to the last sign, else whatever fits.
  private static func length(
    of rest: ArraySlice<(character: Character, style: TerminalStyle?)>, width: Int
  ) -> Int {
    let fitting = rest.prefix(columns: width)
    if fitting.count == rest.count || rest[fitting.endIndex].character == " " {
      return fitting.count
    }
    let late = fitting.dropFirst(fitting.prefix { $0.character == " " }.count + width / 3)
    if let space = late.lastIndex(where: { $0.character == " " }) {
      return space - rest.startIndex
    }
    if let sign = late.lastIndex(where: { ",([{/=".contains($0.character) }) {
      return sign + 1 - rest.startIndex
    }
    return fitting.count
  }
}

extension String {
  /// With spaces up to the next multiple of eight for each tab, as terminals show it.
  var expandingTabs: String {
    guard utf8.contains(9) else { return self }
    var text = ""
    var column = 0
    for character in self {
      if character == "\t" {
        let width = 8 - column % 8
        text += String(repeating: " ", count: width)
        column += width
      } else {
        text.append(character)
        column = character == "\n" ? 0 : column + character.columns
      }
    }
    return text
  }
}
