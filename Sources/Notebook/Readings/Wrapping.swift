/// A piece of a line in one style.
struct Span: Equatable {
  var text: String
  var style: TerminalStyle?

  init(_ text: String, _ style: TerminalStyle? = nil) {
    self.text = text
    self.style = style
  }
}

extension [Span] {
  var columns: Int { reduce(0) { $0 + $1.text.columns } }

  mutating func append(_ character: Character, _ style: TerminalStyle?) {
    if last?.style == style, !isEmpty {
      self[count - 1].text.append(character)
    } else {
      append(Span(String(character), style))
    }
  }
}

/// Text cut into the words between which a line may end, and put together into lines.
///
/// Chinese, which has no spaces, breaks anywhere; but what closes never begins a line and what
/// opens never ends one, nor is code or a formula parted from the sign that follows it.
struct Words {
  private struct Word {
    var spans: [Span] = []
    var hasSpace = false
    var beginsLine = false
  }

  private var words: [Word] = []
  private var hasSpace = false
  private var beginsLine = false
  private var last: Character?

  mutating func add(_ text: String, _ style: TerminalStyle? = nil) {
    for character in text {
      if character.isWhitespace {
        hasSpace = true
        last = nil
        continue
      }
      if !goesOn(with: character) {
        words.append(Word(hasSpace: hasSpace, beginsLine: beginsLine))
      } else if hasSpace {
        words[words.count - 1].spans.append(" ", nil)
      }
      words[words.count - 1].spans.append(character, style)
      (hasSpace, beginsLine, last) = (false, false, character)
    }
  }

  mutating func addLineBreak() {
    beginsLine = true
    last = nil
  }

  /// Whether the character belongs to the last word.
  private func goesOn(with character: Character) -> Bool {
    if beginsLine || words.isEmpty { return false }
    if character.closes { return true }
    guard let last else { return false }
    return last.opens || last.columns != 2 && character.columns != 2
  }

  /// Lines of at most `width` columns. A word that is longer is cut, or sticks out.
  func lines(width: Int, cutting: Bool = true) -> [[Span]] {
    var lines: [[Span]] = []
    var line: [Span] = []
    var used = 0
    for word in words {
      let space = word.hasSpace && used > 0 ? 1 : 0
      let columns = word.spans.columns
      if used > 0, used + space + columns > width || word.beginsLine {
        lines.append(line)
        (line, used) = ([], 0)
      } else if space == 1 {
        line.append(" ", nil)
        used += 1
      }
      if cutting, columns > width {
        let pieces = word.spans.pieces(width: width)
        lines += pieces.dropLast()
        line = pieces.last ?? []
        used = line.columns
      } else {
        line += word.spans
        used += columns
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }
}

extension [Span] {
  /// One character after the other, with its style.
  var characters: [(character: Character, style: TerminalStyle?)] {
    flatMap { span in span.text.map { ($0, span.style) } }
  }

  init(_ characters: some Sequence<(character: Character, style: TerminalStyle?)>) {
    self = []
    for (character, style) in characters { append(character, style) }
  }

  /// Cut into pieces of at most `width` columns, behind a slash where there is one (of a path or an
  /// address); none but the first begins with what closes.
  func pieces(width: Int) -> [[Span]] {
    var pieces: [[Span]] = []
    var rest = characters[...]
    while !rest.isEmpty {
      let fitting = rest.prefix(columns: width).count
      var count = fitting
      if fitting < rest.count,
        let slash = rest.prefix(fitting).dropFirst(width / 3).lastIndex(where: {
          $0.character == "/"
        })
      {
        count = slash + 1 - rest.startIndex
      }
      while count > 1, count < rest.count, rest[rest.startIndex + count].character.closes {
        count -= 1
      }
      pieces.append([Span](rest.prefix(count > 1 ? count : fitting)))
      rest = rest.dropFirst(count > 1 ? count : fitting)
    }
    return pieces
  }
}

extension ArraySlice<(character: Character, style: TerminalStyle?)> {
  /// The characters that fit into `width` columns, at least one.
  func prefix(columns width: Int) -> Self {
    var used = 0
    var end = startIndex
    while end < endIndex {
      used += self[end].character.columns
      if used > width { break }
      end += 1
    }
    return self[..<Swift.max(end, Swift.min(startIndex + 1, endIndex))]
  }
}

extension Character {
  /// What must not begin a line.
  var closes: Bool { Self.closing.contains(self) }
  /// What must not end one.
  var opens: Bool { Self.opening.contains(self) }

  private static let closing = Set(
    ".,;:!?)]}…’”»›%、。，．：；？！）〕］｝〉》」』】〙〗〞ー々〜～·％℃"
      + "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ")
  private static let opening = Set("([{“‘«‹（〔［｛〈《「『【〘〖〝")
}
