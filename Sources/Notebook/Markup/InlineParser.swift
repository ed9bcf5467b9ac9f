extension Inline {
  /// Reads code, formulas, emphasis, links and escapes; everything else is text.
  package static func parse(_ text: Substring) -> [Inline] {
    var parser = InlineParser(rest: text)
    return parser.inlines()
  }
}

private struct InlineParser {
  var rest: Substring
  var before: Character?
  private var found: [Inline] = []
  private var text = ""

  init(rest: Substring, before: Character? = nil) {
    self.rest = rest
    self.before = before
  }

  mutating func inlines() -> [Inline] {
    while let character = rest.first {
      if !special(character) {
        text.append(character == "\n" ? " " : character)
        advance(1)
      }
    }
    flush()
    return found
  }

  private mutating func advance(_ count: Int) {
    before = rest.prefix(count).last
    rest = rest.dropFirst(count)
  }

  private mutating func flush() {
    if !text.isEmpty { found.append(.text(text)) }
    text = ""
  }

  private mutating func take(_ inline: Inline, length: Int) -> Bool {
    flush()
    found.append(inline)
    advance(length)
    return true
  }

  private mutating func special(_ character: Character) -> Bool {
    switch character {
    case "\\": escape()
    case "`": code()
    case "$": math()
    case "*", "_": emphasis(character)
    case "[": link()
    case "<": address()
    default: false
    }
  }

  private mutating func escape() -> Bool {
    guard let escaped = rest.dropFirst().first, escaped.isASCII,
      escaped.isPunctuation || escaped.isSymbol
    else { return false }
    text.append(escaped)
    advance(2)
    return true
  }

  private mutating func code() -> Bool {
    let fence = rest.prefix { $0 == "`" }
    var body = rest.dropFirst(fence.count)
    while let start = body.firstIndex(of: "`") {
      let run = body[start...].prefix { $0 == "`" }
      if run.count == fence.count {
        let length = rest.distance(from: rest.startIndex, to: run.endIndex)
        var inner = rest[fence.endIndex..<start].replacing("\n", with: " ")
        if inner.count > 2, inner.first == " ", inner.last == " " {
          inner = inner.dropFirst().dropLast()
        }
        return take(.code(String(inner)), length: length)
      }
      body = body[run.endIndex...]
    }
    text += fence
    advance(fence.count)
    return true
  }

  /// A formula between `$`, which opens before and closes after something other than a space; a
  /// digit after the closing one makes it money.
  private mutating func math() -> Bool {
    let body = rest.dropFirst()
    guard let first = body.first, !first.isWhitespace, first != "$" else { return false }
    var escaped = false
    for index in body.indices {
      let character = body[index]
      if character == "$", !escaped {
        let inner = body[..<index]
        let after = body[index...].dropFirst().first
        guard inner.last?.isWhitespace == false, after?.isNumber != true else { return false }
        let tex = inner.replacing("\n", with: " ")
        return take(.math(String(tex)), length: inner.count + 2)
      }
      escaped = character == "\\" && !escaped
    }
    return false
  }

  private mutating func emphasis(_ mark: Character) -> Bool {
    let run = rest.prefix { $0 == mark }
    let width = min(run.count, 2)
    let body = rest.dropFirst(width)
    guard run.count <= 2, let first = body.first, !first.isWhitespace,
      mark == "*" || before.map({ !$0.isLetter && !$0.isNumber }) ?? true,
      let end = end(of: String(repeating: mark, count: width), in: body)
    else {
      text += run
      advance(run.count)
      return true
    }
    var parser = InlineParser(rest: body[..<end], before: mark)
    let inner = parser.inlines()
    let length = width * 2 + body.distance(from: body.startIndex, to: end)
    return take(width == 2 ? .strong(inner) : .emphasis(inner), length: length)
  }

  /// Where the closing `mark` stands, past code and formulas.
  private func end(of mark: String, in body: Substring) -> Substring.Index? {
    var index = body.startIndex
    while index < body.endIndex {
      let here = body[index...]
      if here.first == "\\" {
        index = here.dropFirst(2).startIndex
      } else if let quote = here.first, quote == "`" || quote == "$",
        let close = here.dropFirst().firstIndex(of: quote)
      {
        index = body.index(after: close)
      } else if here.hasPrefix(mark), index > body.startIndex,
        !body[body.index(before: index)].isWhitespace
      {
        let run = here.prefix { $0 == mark.first }
        let after = here.dropFirst(run.count).first
        let closes = mark.first == "*" || after.map { !$0.isLetter && !$0.isNumber } ?? true
        if run.count == mark.count, closes { return index }
        index = run.endIndex
      } else {
        index = body.index(after: index)
      }
    }
    return nil
  }

  private mutating func link() -> Bool {
    var depth = 0
    for index in rest.indices {
      if rest[index] == "[" { depth += 1 }
      if rest[index] == "]" { depth -= 1 }
      guard depth == 0 else { continue }
      let after = rest[index...].dropFirst()
      guard after.first == "(", let close = after.firstIndex(of: ")") else { return false }
      let target = after[after.index(after: after.startIndex)..<close].trimmed
      guard Self.isSafe(target) else { return false }
      var parser = InlineParser(rest: rest[..<index].dropFirst(), before: "[")
      let length = rest.distance(from: rest.startIndex, to: close) + 1
      return take(.link(parser.inlines(), to: String(target)), length: length)
    }
    return false
  }

  private mutating func address() -> Bool {
    guard let close = rest.firstIndex(of: ">") else { return false }
    let target = rest[..<close].dropFirst()
    guard target.hasPrefix("https://") || target.hasPrefix("http://"), Self.isSafe(target) else {
      return false
    }
    return take(.link([.text(String(target))], to: String(target)), length: target.count + 2)
  }

  /// Links lead to web pages or to files beside the page, never into a script.
  private static func isSafe(_ target: Substring) -> Bool {
    guard !target.isEmpty, !target.contains(where: { $0.isWhitespace || "<>\"".contains($0) })
    else { return false }
    guard let colon = target.firstIndex(of: ":") else { return true }
    let scheme = target[..<colon].lowercased()
    return ["http", "https", "mailto"].contains(scheme) || scheme.contains { "/#?".contains($0) }
  }
}
