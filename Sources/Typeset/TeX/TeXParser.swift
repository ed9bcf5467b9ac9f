extension TeX {
  /// Reads the part of TeX's mathematics that chapters use.
  package init(parsing source: String) throws(TeXError) {
    var parser = TeXParser(source)
    self = try parser.row(until: [])
    if let left = parser.next() { throw TeXError(description: "“\(left)” without its opening") }
  }
}

private struct TeXParser {
  /// A command with its backslash, or one character; white space is dropped, but kept in `\text`.
  private var characters: [Character]
  private var position = 0
  private var depth = 0

  init(_ source: String) { characters = Array(source) }

  // MARK: - Tokens

  private mutating func skipSpace() {
    while position < characters.count {
      if characters[position] == "%" {
        while position < characters.count, characters[position] != "\n" { position += 1 }
      } else if characters[position].isWhitespace {
        position += 1
      } else {
        return
      }
    }
  }

  private mutating func peek() -> String? {
    let start = position
    defer { position = start }
    return next()
  }

  mutating func next() -> String? {
    skipSpace()
    guard position < characters.count else { return nil }
    let first = characters[position]
    position += 1
    guard first == "\\" else { return String(first) }
    let start = position
    while position < characters.count, characters[position].isASCII, characters[position].isLetter {
      position += 1
    }
    if position == start { position += 1 }
    return "\\" + String(characters[start..<min(position, characters.count)])
  }

  private mutating func accept(_ token: String) -> Bool {
    guard peek() == token else { return false }
    _ = next()
    return true
  }

  private mutating func expect(_ token: String, in command: String) throws(TeXError) {
    guard accept(token) else {
      throw TeXError(description: "\(command): expected “\(token)”, found “\(peek() ?? "the end")”")
    }
  }

  /// The raw characters between braces, as `\text` and `\begin` want them.
  private mutating func rawGroup(of command: String) throws(TeXError) -> String {
    try expect("{", in: command)
    var depth = 1
    var text = ""
    while position < characters.count {
      let character = characters[position]
      position += 1
      if character == "\\", position < characters.count, "{}$%&_#".contains(characters[position]) {
        text.append(characters[position])
        position += 1
        continue
      }
      if character == "{" { depth += 1 }
      if character == "}" { depth -= 1 }
      if depth == 0 { return text }
      text.append(character)
    }
    throw TeXError(description: "\(command): “{” without its “}”")
  }

  // MARK: - Grammar

  mutating func row(until ends: Set<String>) throws(TeXError) -> TeX {
    var items: [TeX] = []
    while let token = peek(), !ends.contains(token) {
      if ["}", "\\right", "\\end", "&", "\\\\"].contains(token) { break }
      items.append(try scripted())
    }
    return items.count == 1 ? items[0] : .row(items)
  }

  /// An atom with what stands below and above it.
  private mutating func scripted() throws(TeXError) -> TeX {
    let token = peek()
    var base = token == "_" || token == "^" || token == "'" ? TeX.row([]) : try atom()
    if accept("\\limits") || accept("\\nolimits") {}
    var sub: TeX?
    var sup: TeX?
    var primes: [TeX] = []
    while let mark = peek(), ["_", "^", "'"].contains(mark) {
      _ = next()
      if mark == "'" {
        primes.append(.sign("′", .ordinary))
      } else if mark == "_", sub == nil {
        sub = try argument(of: "_")
      } else if mark == "^", sup == nil {
        sup = try argument(of: "^")
      } else {
        throw TeXError(description: "two “\(mark)” on one base")
      }
    }
    if !primes.isEmpty { sup = .row((sup.map { [$0] } ?? []) + primes) }
    if case .under(let inner, .row([])) = base, let note = sub {
      base = .under(inner, note)
      sub = nil
    }
    if case .over(let inner, .row([])) = base, let note = sup {
      base = .over(inner, note)
      sup = nil
    }
    return sub == nil && sup == nil ? base : .scripts(base, sub: sub, sup: sup)
  }

  private mutating func argument(of command: String) throws(TeXError) -> TeX {
    guard let token = peek(), !["}", "&", "\\\\", "\\right", "\\end"].contains(token) else {
      throw TeXError(description: "\(command): nothing to apply it to")
    }
    // Without braces a command takes one digit: \frac12 is a half.
    if let digit = token.first, digit.isNumber {
      _ = next()
      return .number(token)
    }
    return try atom()
  }

  /// Everything that is nested is an atom in an atom, so here the depth is limited.
  private mutating func atom() throws(TeXError) -> TeX {
    depth += 1
    defer { depth -= 1 }
    guard depth < 100 else { throw TeXError(description: "groups nested too deep") }
    guard let token = next() else { throw TeXError(description: "the formula ends too early") }
    if token == "{" {
      let inner = try row(until: ["}"])
      try expect("}", in: "{")
      return inner
    }
    if token.hasPrefix("\\") { return try command(token) }
    guard let character = token.first else { return .row([]) }
    if character.isNumber { return number(startingWith: character) }
    if character.isLetter { return .name(token, upright: !character.isASCII && !token.isGreek) }
    if character == "$" || character == "#" {
      throw TeXError(description: "“\(token)” needs a backslash inside a formula")
    }
    return TeXSymbols.character(character)
  }

  private mutating func number(startingWith first: Character) -> TeX {
    var digits = String(first)
    while position < characters.count {
      let character = characters[position]
      let isPoint =
        character == "." && position + 1 < characters.count && characters[position + 1].isNumber
      guard character.isNumber || isPoint else { break }
      digits.append(character)
      position += 1
    }
    return .number(digits)
  }

  private mutating func command(_ token: String) throws(TeXError) -> TeX {
    let name = String(token.dropFirst())
    if let symbol = TeXSymbols.symbol(name) { return symbol }
    if let mark = TeXSymbols.accents[name] {
      return .accent(mark.sign, try argument(of: token), wide: mark.wide)
    }
    if let alphabet = TeXSymbols.alphabets[name] {
      return .alphabet(alphabet, try argument(of: token))
    }
    switch name {
    case "frac", "dfrac", "tfrac", "cfrac":
      let top = try argument(of: token)
      return .fraction(top, try argument(of: token), line: true)
    case "binom":
      let top = try argument(of: token)
      let pair = TeX.fraction(top, try argument(of: token), line: false)
      return .fenced("(", pair, ")")
    case "sqrt":
      var index: TeX?
      if accept("[") {
        index = try row(until: ["]"])
        try expect("]", in: token)
      }
      return .root(try argument(of: token), index: index)
    case "text", "textrm", "textbf", "textit", "texttt", "textnormal", "mbox":
      return .text(try rawGroup(of: token))
    case "operatorname":
      _ = accept("*")
      return .name(try rawGroup(of: token), upright: true)
    case "overline": return .line(try argument(of: token), under: false)
    case "underline": return .line(try argument(of: token), under: true)
    case "overset", "stackrel":
      let above = try argument(of: token)
      return .over(try argument(of: token), above)
    case "underset":
      let below = try argument(of: token)
      return .under(try argument(of: token), below)
    case "underbrace":
      return .under(.under(try argument(of: token), .sign("⏟", .ordinary)), .row([]))
    case "overbrace":
      return .over(.over(try argument(of: token), .sign("⏞", .ordinary)), .row([]))
    case "xrightarrow": return .over(.sign("→", .relation), try argument(of: token))
    case "left": return try fenced()
    case "big", "Big", "bigg", "Bigg", "bigl", "Bigl", "biggl", "Biggl", "bigr", "Bigr", "biggr",
      "Biggr", "bigm", "Bigm":
      return .sign(try delimiter(of: token), .ordinary)
    case "displaystyle", "textstyle", "scriptstyle": return .row([])
    case "begin": return try environment()
    default: throw TeXError(description: "unknown command \(token)")
    }
  }

  private mutating func delimiter(of command: String) throws(TeXError) -> String {
    guard let token = next() else {
      throw TeXError(description: "\(command): a delimiter should follow")
    }
    if token == "." { return "" }
    if token == "<" { return "⟨" }
    if token == ">" { return "⟩" }
    if "()[]|/".contains(token) { return token }
    if case .sign(let sign, let kind)? = TeXSymbols.symbol(String(token.dropFirst())),
      kind == .opening || kind == .closing || "|‖↑↓".contains(sign)
    {
      return sign
    }
    throw TeXError(description: "\(command): “\(token)” is no delimiter")
  }

  private mutating func fenced() throws(TeXError) -> TeX {
    let left = try delimiter(of: "\\left")
    let inner = try row(until: ["\\right"])
    try expect("\\right", in: "\\left")
    return .fenced(left, inner, try delimiter(of: "\\right"))
  }

  private mutating func environment() throws(TeXError) -> TeX {
    let name = try rawGroup(of: "\\begin")
    guard let grid = TeXSymbols.environments[name] else {
      throw TeXError(description: "unknown environment \(name)")
    }
    if name == "array" { _ = try rawGroup(of: "\\begin{array}") }
    var rows: [[TeX]] = [[]]
    while true {
      rows[rows.count - 1].append(try row(until: []))
      if accept("&") { continue }
      guard accept("\\\\") else { break }
      if accept("[") {
        while let token = next(), token != "]" {}
      }
      rows.append([])
    }
    try expect("\\end", in: "\\begin{\(name)}")
    let end = try rawGroup(of: "\\end")
    guard end == name else {
      throw TeXError(description: "\\begin{\(name)} closed by \\end{\(end)}")
    }
    if rows.last == [.row([])] { rows.removeLast() }
    return .grid(grid, rows: rows)
  }
}

extension String {
  fileprivate var isGreek: Bool {
    unicodeScalars.allSatisfy { (0x370...0x3FF).contains($0.value) }
  }
}
