extension Inline {
  /// Reads code, formulas, emphasis, links, line breaks and escapes; everything else is text.
  package static func parse(_ text: Substring) -> [Inline] {
    var references = LinkReferences()
    return parse(Scalars(text), &references)
  }

  static func parse(_ text: Scalars, _ references: inout LinkReferences) -> [Inline] {
    var parser = InlineParser(text: text, references: references)
    parser.read()
    let (inlines, isTooDeep) = parser.tokens.assembled()
    if isTooDeep { references.isTooDeep = true }
    return inlines
  }
}

/// What links may name, and whether something was nested too deep to be read.
struct LinkReferences {
  var targets: [String: LinkTarget] = [:]
  var isTooDeep = false
}

/// Goes once over the text from left to right, by CommonMark's rules: whatever may open something
/// is kept, and joined with what closes it later.
private struct InlineParser {
  let text: Scalars
  let references: LinkReferences
  var tokens: [InlineToken] = []
  private var position: Int
  private var brackets: [Bracket] = []
  /// How many of the brackets open no link any more: a link holds no other link.
  private var spent = 0
  private var emphasis = Emphasis()
  /// Where the last row of so many backticks stands, as far as they have been looked for.
  private var lastBackticks: [Int: Int] = [:]
  private var hasSeenAllBackticks = false

  private struct Bracket {
    let isImage: Bool
    let token: Int
    /// The text's first position, and that of the whole with its bracket.
    let start: Int
    let outer: Int
    /// The last delimiter before it.
    let bottom: Int
    var hasBracketAfter = false
  }

  init(text: Scalars, references: LinkReferences) {
    self.text = text
    self.references = references
    position = text.startIndex
  }

  mutating func read() {
    while let scalar = text.at(position) {
      switch scalar {
      case "\\": escape()
      case "`": code()
      case "$": math()
      case "*", "_": delimiters(scalar)
      case "[": open(isImage: false)
      case "!" where text.at(position + 1) == "[": open(isImage: true)
      case "]": close()
      case "<": autolink()
      case "\n": lineEnd()
      default: plain()
      }
    }
    emphasis.match(above: -1, in: &tokens)
  }

  /// Takes the next `count` scalars as they are.
  private mutating func literal(_ count: Int = 1) {
    tokens.append(text: text[position..<(position + count)])
    position += count
  }

  private mutating func plain() {
    var end = position + 1
    loop: while let scalar = text.at(end) {
      switch scalar {
      case "\\", "`", "$", "*", "_", "[", "!", "]", "<", "\n": break loop
      default: end += 1
      }
    }
    literal(end - position)
  }

  private mutating func escape() {
    guard let escaped = text.at(position + 1) else { return literal() }
    if escaped == "\n" {
      tokens.append(.inline(.lineBreak))
      position += 2
      skipSpaces()
    } else if escaped.isASCIIPunctuation {
      position += 1
      literal()
    } else {
      literal()
    }
  }

  private mutating func lineEnd() {
    let spaces = text[..<position].reversed().prefix { $0 == " " }.count
    tokens.trimSpaces()
    let before = text[..<position].last { $0 != " " }
    position += 1
    skipSpaces()
    if spaces >= 2 {
      tokens.append(.inline(.lineBreak))
    } else if before?.isUnspaced != true || text.at(position)?.isUnspaced != true {
      tokens.append(.text(" "))
    }
  }

  private mutating func skipSpaces() {
    while text.at(position) == " " { position += 1 }
  }

  private mutating func code() {
    let fence = text[position...].prefix { $0 == "`" }
    if !hasSeenAllBackticks || lastBackticks[fence.count, default: -1] > position {
      var index = fence.endIndex
      while let start = text[index...].firstIndex(of: "`") {
        let run = text[start...].prefix { $0 == "`" }
        lastBackticks[run.count] = max(start, lastBackticks[run.count, default: -1])
        if run.count == fence.count {
          var inner = text[fence.endIndex..<start].map { $0 == "\n" ? " " : $0 }[...]
          if inner.first == " ", inner.last == " ", !inner.isBlank {
            inner = inner.dropFirst().dropLast()
          }
          tokens.append(.inline(.code(inner.string)))
          position = run.endIndex
          return
        }
        index = run.endIndex
      }
      hasSeenAllBackticks = true
    }
    literal(fence.count)
  }

  /// A formula between `$`, which opens before and closes after something other than a space; a
  /// digit after the closing one makes it money.
  private mutating func math() {
    var index = position + 1
    guard let first = text.at(index), !first.isWhitespace, first != "$" else { return literal() }
    while let scalar = text.at(index), scalar != "$" { index += scalar == "\\" ? 2 : 1 }
    let after = text.at(index + 1)
    guard index < text.endIndex, !text[index - 1].isWhitespace,
      after.map({ $0.properties.numericType != nil }) != true
    else { return literal() }
    let tex = text[(position + 1)..<index].map { $0 == "\n" ? " " : $0 }
    tokens.append(.inline(.math(tex[...].string)))
    position = index + 1
  }

  private mutating func delimiters(_ mark: Unicode.Scalar) {
    let run = text[position...].prefix { $0 == mark }
    emphasis.add(
      mark, count: run.count, token: tokens.count,
      before: position > text.startIndex ? text[position - 1] : "\n",
      after: text.at(run.endIndex) ?? "\n")
    tokens.append(.delimiters(String(mark), count: run.count, closes: [], opens: []))
    position = run.endIndex
  }

  // MARK: - Links

  private mutating func open(isImage: Bool) {
    let outer = position
    if !brackets.isEmpty { brackets[brackets.count - 1].hasBracketAfter = true }
    position += isImage ? 2 : 1
    brackets.append(
      Bracket(
        isImage: isImage, token: tokens.count, start: position, outer: outer,
        bottom: emphasis.last))
    tokens.append(.text(isImage ? "![" : "["))
  }

  private mutating func close() {
    guard let bracket = brackets.popLast() else { return literal() }
    let isSpent = brackets.count < spent
    spent = min(spent, brackets.count)
    guard bracket.isImage || !isSpent, let (target, end) = target(of: bracket), target.isSafe
    else { return literal() }
    emphasis.match(above: bracket.bottom, in: &tokens)
    position = end
    if bracket.isImage {
      // Pictures are the page's own; one in the prose is shown as it was written.
      tokens.removeSubrange(bracket.token...)
      tokens.append(text: text[bracket.outer..<end])
      return
    }
    tokens[bracket.token] = .openLink
    tokens.append(.closeLink(target))
    spent = brackets.count
  }

  private func target(of bracket: Bracket) -> (LinkTarget, end: Int)? {
    var parser = LinkParser(text: text, position: position + 1)
    if let target = parser.inlineTarget() { return (target, parser.position) }
    guard !references.targets.isEmpty else { return nil }
    parser.position = position + 1
    if let label = parser.label() {
      return references.targets[label].map { ($0, parser.position) }
    }
    // `[label][]` or `[label]`.
    let inner = text[bracket.start..<position]
    guard !bracket.hasBracketAfter, inner.count < 1000,
      let target = references.targets[LinkParser.normalized(inner)]
    else { return nil }
    let isCollapsed = text[(position + 1)...].starts(with: "[]")
    return (target, position + (isCollapsed ? 3 : 1))
  }

  /// `<https://…>` or `<name@example.org>`.
  private mutating func autolink() {
    let body = text[(position + 1)...].prefix { !$0.isSpace && $0 != "<" && $0 != ">" }
    guard text.at(body.endIndex) == ">" else { return literal() }
    let address = body.string
    if let colon = body.firstIndex(of: ":") {
      let target = LinkTarget(address: address, title: nil)
      let scheme = body[..<colon]
      guard scheme.first?.isASCIILetter == true, scheme.count > 1, target.isSafe else {
        return literal()
      }
      tokens.append(.inline(.link([.text(address)], to: target.encoded)))
    } else {
      guard let sign = body.firstIndex(of: "@"), Self.isMail(body, at: sign) else {
        return literal()
      }
      tokens.append(.inline(.link([.text(address)], to: "mailto:" + address)))
    }
    position = body.endIndex + 1
  }

  private static func isMail(_ address: Scalars, at sign: Int) -> Bool {
    func isPlain(_ scalar: Unicode.Scalar) -> Bool { scalar.isASCIILetter || scalar.isASCIIDigit }
    let name = address[..<sign]
    let domain = address[(sign + 1)...].split(separator: ".", omittingEmptySubsequences: false)
    return !name.isEmpty
      && name.allSatisfy { isPlain($0) || ".!#$%&'*+/=?^_`{|}~-".unicodeScalars.contains($0) }
      && domain.allSatisfy { part in
        (1...63).contains(part.count) && part.allSatisfy { isPlain($0) || $0 == "-" }
          && part.first != "-" && part.last != "-"
      }
  }
}
