/// What a line of prose is made of before emphasis and links are joined.
enum InlineToken {
  case text(String)
  case inline(Inline)
  /// A row of `*` or `_`. It closes and opens emphasis (1) and strong emphasis (2), the inner one
  /// first; what is left over is text.
  case delimiters(String, count: Int, closes: [Int], opens: [Int])
  case openLink
  case closeLink(LinkTarget)
}

extension [InlineToken] {
  mutating func append(text: Scalars) { append(.text(text.string)) }

  /// Takes the spaces from the end of the last text.
  mutating func trimSpaces() {
    guard case .text(var text)? = last else { return }
    while text.unicodeScalars.last == " " { text.unicodeScalars.removeLast() }
    self[count - 1] = .text(text)
  }

  /// The tokens as a tree. What is nested deeper than the limit stands there as it was written.
  func assembled() -> (inlines: [Inline], isTooDeep: Bool) {
    var tree = InlineTree()
    for token in self {
      switch token {
      case .text(let text): tree.add(text)
      case .inline(let inline): tree.add(inline)
      case .openLink: tree.open("[")
      case .closeLink(let target):
        tree.close(written: "](\(target.encoded))") {
          .link($0, to: target.encoded, title: target.title)
        }
      case .delimiters(let mark, let count, let closes, let opens):
        for width in closes {
          tree.close(written: String(repeating: mark, count: width)) {
            width == 2 ? .strong($0) : .emphasis($0)
          }
        }
        let left = count - closes.reduce(0, +) - opens.reduce(0, +)
        tree.add(String(repeating: mark, count: left))
        for width in opens.reversed() { tree.open(String(repeating: mark, count: width)) }
      }
    }
    return (tree.finished(), tree.isTooDeep)
  }
}

/// Inlines inside inlines, while they are being put together.
private struct InlineTree {
  private struct Level {
    var inlines: [Inline] = []
    var text = ""

    mutating func flush() {
      if !text.isEmpty { inlines.append(.text(text)) }
      text = ""
    }
  }

  private var levels = [Level()]
  /// How many more are open than the limit allows.
  private var excess = 0
  private(set) var isTooDeep = false

  mutating func add(_ text: String) { levels[levels.count - 1].text += text }

  mutating func add(_ inline: Inline) {
    levels[levels.count - 1].flush()
    levels[levels.count - 1].inlines.append(inline)
  }

  mutating func open(_ written: String) {
    if levels.count > Markdown.maxDepth {
      excess += 1
      isTooDeep = true
      return add(written)
    }
    levels.append(Level())
  }

  mutating func close(written: String, _ make: ([Inline]) -> Inline) {
    if excess > 0 {
      excess -= 1
      return add(written)
    }
    add(make(finished()))
  }

  /// The innermost level, which is left.
  mutating func finished() -> [Inline] {
    var level = levels.removeLast()
    level.flush()
    return level.inlines
  }
}
