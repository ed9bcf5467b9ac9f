/// A JSON text (RFC 8259) as it was written: objects keep the order of their members, names and
/// strings their Unicode scalars, numbers their digits. For files whose names another program chose;
/// Foundation's decoder takes two names that a reader sees alike for one.
package indirect enum JSON: Sendable {
  case null
  case bool(Bool)
  /// The number's own text.
  case number(String)
  case string(String)
  case array([JSON])
  case object([(name: String, value: JSON)])

  /// What is wrong, and at which byte.
  package struct Failure: Error, CustomStringConvertible {
    package let problem: String
    package let place: Int
    package var description: String { "\(problem) at byte \(place)" }
  }

  /// - Parameter depth: objects and lists nested deeper are refused.
  package init(_ bytes: some Sequence<UInt8>, depth: Int = 64) throws(Failure) {
    var parser = Parser(bytes: Array(bytes), depth: depth)
    self = try parser.document()
  }

  package var string: String? { if case .string(let text) = self { text } else { nil } }

  /// A whole number that an `Int` can hold.
  package var int: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
  }

  /// A string's form in JSON, quotes included.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

private struct Parser {
  typealias Failure = JSON.Failure
  let bytes: [UInt8]
  let depth: Int
  var place = 0

  mutating func document() throws(Failure) -> JSON {
    let value = try value(level: 0)
    skipSpace()
    guard place == bytes.count else { throw fail("something after the end") }
    return value
  }

  func fail(_ problem: String) -> Failure { Failure(problem: problem, place: place) }

  var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

  mutating func skipSpace() {
    while let byte, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { place += 1 }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard byte == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  mutating func value(level: Int) throws(Failure) -> JSON {
    skipSpace()
    guard level <= depth else { throw fail("more than \(depth) levels") }
    switch byte {
    case UInt8(ascii: "{"): return .object(try members(level: level))
    case UInt8(ascii: "["): return .array(try elements(level: level))
    case UInt8(ascii: "\""): return .string(try string())
    case nil: throw fail("ends too early")
    default: break
    }
    for (word, value) in [("null", JSON.null), ("true", .bool(true)), ("false", .bool(false))]
    where bytes[place...].starts(with: word.utf8) {
      place += word.utf8.count
      return value
    }
    return .number(try number())
  }

  private mutating func members(level: Int) throws(Failure) -> [(name: String, value: JSON)] {
    place += 1
    var members: [(name: String, value: JSON)] = []
    if take("}") { return members }
    repeat {
      skipSpace()
      guard byte == UInt8(ascii: "\"") else { throw fail("a name is missing") }
      let name = try string()
      guard take(":") else { throw fail("a colon is missing") }
      members.append((name, try value(level: level + 1)))
    } while take(",")
    guard take("}") else { throw fail("a closing brace is missing") }
    return members
  }

  private mutating func elements(level: Int) throws(Failure) -> [JSON] {
    place += 1
    var elements: [JSON] = []
    if take("]") { return elements }
    repeat { elements.append(try value(level: level + 1)) } while take(",")
    guard take("]") else { throw fail("a closing bracket is missing") }
    return elements
  }

  private mutating func number() throws(Failure) -> String {
    let start = place
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
    func digits(_ parser: inout Parser) throws(Failure) {
      guard isDigit(parser.byte) else { throw parser.fail("no value") }
      while isDigit(parser.byte) { parser.place += 1 }
    }
    if byte == UInt8(ascii: "-") { place += 1 }
    if byte == UInt8(ascii: "0") { place += 1 } else { try digits(&self) }
    if byte == UInt8(ascii: ".") {
      place += 1
      try digits(&self)
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      place += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { place += 1 }
      try digits(&self)
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func string() throws(Failure) -> String {
    let start = place
    place += 1
    var text: [UInt8] = []
    while let byte {
      switch byte {
      case UInt8(ascii: "\""):
        place += 1
        guard let result = String(validating: text, as: UTF8.self) else {
          throw Failure(problem: "a string that is not UTF-8", place: start)
        }
        return result
      case UInt8(ascii: "\\"):
        place += 1
        text += Array(String(try escaped()).utf8)
      case 0..<0x20: throw fail("a control character in a string")
      default:
        text.append(byte)
        place += 1
      }
    }
    throw fail("a string that does not end")
  }

  private mutating func escaped() throws(Failure) -> Unicode.Scalar {
    guard let byte else { throw fail("ends too early") }
    place += 1
    switch Unicode.Scalar(byte) {
    case "\"", "\\", "/": return Unicode.Scalar(byte)
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      let unit = try hexadecimal()
      if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
      // Half of a pair: the other half has to follow.
      guard unit < 0xDC00, bytes[place...].starts(with: [0x5C, 0x75]) else {
        throw fail("half a character")
      }
      place += 2
      let low = try hexadecimal()
      guard (0xDC00...0xDFFF).contains(low) else { throw fail("half a character") }
      let code = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
      return Unicode.Scalar(code) ?? "\u{FFFD}"
    default: throw fail("an unknown escape")
    }
  }

  private mutating func hexadecimal() throws(Failure) -> UInt16 {
    guard place + 4 <= bytes.count,
      bytes[place..<place + 4].allSatisfy({
        Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80
      }),
      let unit = UInt16(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
    else { throw fail("four hexadecimal digits are missing") }
    place += 4
    return unit
  }
}
