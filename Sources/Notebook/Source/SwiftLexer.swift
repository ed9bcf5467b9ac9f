/// Cuts Swift text into the pieces that a reader tells apart by color.
///
/// Not a parser: it knows what a string, a comment, a number and a name look like, which is all
/// that is needed to color code and to find where a call or a block ends.
package struct SwiftLexer {
  package enum Kind: Sendable {
    case keyword, type, name, number, string, comment, attribute, punctuation, space
  }

  package struct Token: Sendable {
    package let kind: Kind
    package let range: Range<Int>
  }

  private let bytes: [UInt8]
  private var position = 0

  /// The tokens of `bytes` (UTF-8), which cover all of it in order.
  package static func tokens(of bytes: [UInt8]) -> [Token] {
    var lexer = SwiftLexer(bytes: bytes)
    var tokens: [Token] = []
    while lexer.position < bytes.count {
      let start = lexer.position
      let kind = lexer.next()
      tokens.append(Token(kind: kind, range: start..<lexer.position))
    }
    return tokens
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func byte(_ ahead: Int = 0) -> UInt8 {
    position + ahead < bytes.count ? bytes[position + ahead] : 0
  }

  private func starts(with text: StaticString, at ahead: Int = 0) -> Bool {
    let length = text.utf8CodeUnitCount
    guard position + ahead + length <= bytes.count else { return false }
    return (0..<length).allSatisfy { bytes[position + ahead + $0] == text.utf8Start[$0] }
  }

  private mutating func skip(while condition: (UInt8) -> Bool) {
    while position < bytes.count, condition(bytes[position]) { position += 1 }
  }

  private mutating func next() -> Kind {
    let first = byte()
    if isSpace(first) {
      skip(while: isSpace)
      return .space
    }
    if starts(with: "//") {
      skip { $0 != UInt8(ascii: "\n") }
      return .comment
    }
    if starts(with: "/*") {
      blockComment()
      return .comment
    }
    if let hashes = stringStart() {
      string(hashes: hashes)
      return .string
    }
    if isDigit(first) {
      number()
      return .number
    }
    if first == UInt8(ascii: "@") || first == UInt8(ascii: "#"), isNameStart(byte(1)) {
      position += 1
      skip(while: isNamePart)
      return .attribute
    }
    if isNameStart(first) || first == UInt8(ascii: "`") { return name() }
    position += 1
    // A row of # that opens no string is looked at once.
    while first == UInt8(ascii: "#"), byte() == first, byte(1) == first { position += 1 }
    return .punctuation
  }

  private mutating func name() -> Kind {
    let start = position
    if byte() == UInt8(ascii: "`") {
      position += 1
      skip { $0 != UInt8(ascii: "`") && $0 != UInt8(ascii: "\n") }
      if position < bytes.count { position += 1 }
      return .name
    }
    skip(while: isNamePart)
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    let isMember = start > 0 && bytes[start - 1] == UInt8(ascii: ".")
    if Self.keywords.contains(text), !isMember || text == "self" || text == "init" {
      return .keyword
    }
    return bytes[start] >= UInt8(ascii: "A") && bytes[start] <= UInt8(ascii: "Z") ? .type : .name
  }

  private mutating func number() {
    while position < bytes.count {
      let exponentSign =
        (byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-"))
        && (bytes[position - 1] | 0x20) == UInt8(ascii: "e") && isDigit(byte(1))
      let decimalPoint = byte() == UInt8(ascii: ".") && isDigit(byte(1))
      guard isNamePart(byte()) || exponentSign || decimalPoint else { return }
      position += 1
    }
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        position += 2
      } else if starts(with: "*/") {
        depth -= 1
        position += 2
      } else {
        position += 1
      }
    } while depth > 0 && position < bytes.count
  }

  /// How many `#` stand before the quote, if a string begins here.
  private func stringStart() -> Int? {
    var hashes = 0
    while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
    return byte(hashes) == UInt8(ascii: "\"") ? hashes : nil
  }

  /// What is open inside a string: text, and the code of an interpolation, which may hold strings.
  private enum Nesting {
    case text(hashes: Int, quotes: Int)
    case code(parentheses: Int)
  }

  private mutating func string(hashes: Int) {
    var open = [text(hashes: hashes)]
    while let innermost = open.last, position < bytes.count {
      switch innermost {
      case .text(let hashes, let quotes):
        if byte() == UInt8(ascii: "\\"), hasHashes(hashes, at: 1) {
          position += 1 + hashes
          if byte() == UInt8(ascii: "(") { open.append(.code(parentheses: 1)) }
          position += 1
        } else if quotes == 3 ? starts(with: "\"\"\"") : byte() == UInt8(ascii: "\""),
          hasHashes(hashes, at: quotes)
        {
          position += quotes + hashes
          open.removeLast()
        } else if quotes == 1, byte() == UInt8(ascii: "\n") {
          open.removeLast()
        } else {
          position += 1
        }
      case .code(let parentheses):
        if let hashes = stringStart() {
          open.append(text(hashes: hashes))
        } else if let left = goOn(inside: parentheses) {
          open[open.count - 1] = .code(parentheses: left)
        } else {
          open.removeLast()
        }
      }
    }
    position = min(position, bytes.count)
  }

  /// Takes the opening of a string.
  private mutating func text(hashes: Int) -> Nesting {
    position += hashes
    let quotes = starts(with: "\"\"\"") ? 3 : 1
    position += quotes
    return .text(hashes: hashes, quotes: quotes)
  }

  /// Takes one token of an interpolation: how many parentheses are open after it, nil at its end.
  private mutating func goOn(inside parentheses: Int) -> Int? {
    let start = position
    guard next() == .punctuation else { return parentheses }
    if bytes[start] == UInt8(ascii: "(") { return parentheses + 1 }
    guard bytes[start] == UInt8(ascii: ")") else { return parentheses }
    return parentheses > 1 ? parentheses - 1 : nil
  }

  private func hasHashes(_ count: Int, at ahead: Int) -> Bool {
    (0..<count).allSatisfy { byte(ahead + $0) == UInt8(ascii: "#") }
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
  private func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
  private func isNameStart(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= 97 && (byte | 0x20) <= 122 || byte == 95 || byte >= 128
  }
  private func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }

  private static let keywords: Set<String> = [
    "actor", "any", "as", "associatedtype", "async", "await", "borrowing", "break", "case",
    "catch", "class", "consuming", "continue", "convenience", "default", "defer", "deinit", "do",
    "else", "enum", "extension", "fallthrough", "false", "fileprivate", "final", "for", "func",
    "get", "guard", "if", "import", "in", "indirect", "infix", "init", "inout", "internal", "is",
    "lazy", "let", "mutating", "nil", "nonisolated", "nonmutating", "open", "operator", "optional",
    "override", "package", "postfix", "precedencegroup", "prefix", "private", "protocol", "public",
    "repeat", "required", "rethrows", "return", "self", "Self", "set", "some", "static", "struct",
    "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "unowned",
    "var", "weak", "where", "while", "willSet", "didSet",
  ]
}
