import Foundation

/// Reads a decimal number, correctly rounded, from the bytes of a field; nil if it is none.
///
/// A whole number up to 2⁵³ and a power of ten up to 22 are both exact as Doubles, and so one
/// multiplication or division rounds but once and correctly (Clinger 1990); the rest is left to
/// Swift, which does not ask the C locale for the decimal point as `strtod` does.
func parseNumber(_ field: UnsafeBufferPointer<UInt8>, decimal: UInt8 = 0x2E) -> Double? {
  guard var next = field.baseAddress else { return nil }
  let end = next + field.count
  /// Moves past the digits that stand next and adds them to a number.
  @inline(__always) func digits(_ number: inout UInt64) -> Int {
    let first = next
    while next < end, next.pointee &- 0x30 <= 9 {
      number = number &* 10 &+ UInt64(next.pointee &- 0x30)
      next += 1
    }
    return next - first
  }
  @inline(__always) func sign() -> Bool {
    guard next < end, next.pointee == 0x2D || next.pointee == 0x2B else { return false }
    next += 1
    return next[-1] == 0x2D
  }
  let negative = sign()
  var mantissa: UInt64 = 0, exponent = 0
  var count = digits(&mantissa)
  if next < end, next.pointee == decimal {
    next += 1
    exponent = -digits(&mantissa)
    count -= exponent
  }
  guard count > 0 else { return nil }
  if next < end, next.pointee | 0x20 == 0x65 {
    next += 1
    let down = sign()
    var power: UInt64 = 0
    let length = digits(&power)
    guard length > 0 else { return nil }
    // An exponent that overflows is left to Swift, as any large one.
    exponent += length > 9 ? 1000 : down ? -Int(power) : Int(power)
  }
  guard next == end else { return nil }
  // Nineteen digits are sure to fit in 64 bits.
  if count <= 19, mantissa <= 1 << 53, exponent.magnitude <= 22 {
    var value = Double(mantissa)
    if exponent < 0 { value /= powersOfTen[-exponent] }
    if exponent > 0 { value *= powersOfTen[exponent] }
    return negative ? -value : value
  }
  let text = field.map { $0 == decimal ? 0x2E : $0 }
  guard let value = Double(String(decoding: text, as: UTF8.self)) else { return nil }
  return value.isFinite ? value : nil
}

let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]

/// Reads one to eight digits, all at once; nil if there is anything else. Eight bytes from the
/// first on must be there to be read, though only `count` of them are meant.
@inline(__always) func parseDigits(_ first: UnsafePointer<UInt8>, count: Int) -> Int? {
  guard count > 0, count <= 8 else { return nil }
  let word = UInt64(littleEndian: UnsafeRawPointer(first).loadUnaligned(as: UInt64.self))
  // Moved to the top, with zeros before them, these are always eight digits.
  var digits = (word ^ 0x3030_3030_3030_3030) &<< (64 &- 8 &* UInt64(count))
  guard ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080 == 0 else {
    return nil
  }
  // Two digits in every other byte, then the four pairs times 10⁶, 10⁴, 100 and 1.
  digits = digits &* 10 &+ digits &>> 8
  let odd = (digits & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
  let even = (digits &>> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
  return Int((odd &+ even) &>> 32)
}

/// A field without the spaces and tabs around it.
func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
  var start = 0, end = bytes.count
  while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start &+= 1 }
  while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end &-= 1 }
  return UnsafeBufferPointer(rebasing: bytes[start..<end])
}

/// Reads a column's numbers, with what stands for a missing one.
struct NumberParser {
  private let decimal: UInt8
  private let thousands: [UInt8]
  private let missingTexts: [[UInt8]]
  private let missingNumbers: [Double]
  /// A bit for each remainder by 64 of the bytes that the missing texts begin with.
  private let missingStarts: UInt64

  init(_ format: CSVFormat) {
    let decimal = format.decimal.asciiValue!
    self.decimal = decimal
    thousands = format.thousands.map { Array(String($0).utf8) } ?? []
    missingTexts = format.missing.map { Array($0.utf8) }
    missingStarts = missingTexts.reduce(0) { $0 | 1 << UInt64(($1.first ?? 0) & 63) }
    missingNumbers = missingTexts.compactMap { text in
      text.withUnsafeBufferPointer { parseNumber($0, decimal: decimal) }
    }
  }

  /// The number, NaN if it is missing, nil if it is something else. Eight bytes behind the field
  /// must be there to be read.
  @inline(__always) func parse(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    // Most numbers are whole and short.
    if missingNumbers.isEmpty, let first = field.baseAddress, field.count > 0 {
      let minus = first.pointee == 0x2D ? 1 : 0
      if let digits = parseDigits(first + minus, count: field.count &- minus) {
        return minus == 1 ? -Double(digits) : Double(digits)
      }
    }
    return parseAny(field)
  }

  private func parseAny(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    let bytes = trimmed(field)
    if let value = number(bytes) {
      return !missingNumbers.isEmpty && missingNumbers.contains(value) ? .nan : value
    }
    return isMissing(bytes) ? .nan : notFinite(bytes)
  }

  private func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard !thousands.isEmpty, let digits = ungrouped(bytes) else {
      return parseNumber(bytes, decimal: decimal)
    }
    return digits.withUnsafeBufferPointer { parseNumber($0, decimal: decimal) }
  }

  /// A number without the marks between its groups of digits, `1.234.567` or as in India
  /// `12.34.567`; nil if there are none, or none that make sense: `1.2` is not twelve.
  private func ungrouped(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var result: [UInt8] = [], groups = [0], place = 0
    while place < bytes.count {
      if bytes[place] &- 0x30 <= 9 {
        groups[groups.count - 1] += 1
      } else if bytes[place...].starts(with: thousands) {
        groups.append(0)
        place += thousands.count
        continue
      } else if !result.isEmpty {
        break  // a fraction or an exponent
      }
      result.append(bytes[place])
      place += 1
    }
    guard groups.count > 1, groups.last == 3, (1...3).contains(groups[0]),
      groups.dropFirst().allSatisfy({ (2...3).contains($0) })
    else { return nil }
    return result + bytes[place...]
  }

  /// `inf`, `-Infinity`, `nan`: what numbers that are none are called everywhere.
  private func notFinite(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard bytes.count <= 9 else { return nil }
    var word = String(decoding: bytes, as: UTF8.self).lowercased()[...]
    let sign: FloatingPointSign = word.hasPrefix("-") ? .minus : .plus
    if word.hasPrefix("-") || word.hasPrefix("+") { word = word.dropFirst() }
    switch word {
    case "inf", "infinity": return sign == .minus ? -.infinity : .infinity
    case "nan": return .nan
    default: return nil
    }
  }

  /// What to say beside "is no number": what it would be with other marks.
  func hint(_ field: UnsafeBufferPointer<UInt8>) -> String {
    let bytes = trimmed(field)
    let comma = UInt8(ascii: ","), point = UInt8(ascii: ".")
    var format = CSVFormat()
    if decimal == point, thousands.isEmpty, bytes.contains(comma) {
      format.thousands = ","
      let grouped = NumberParser(format).number(bytes) != nil
      let broken = parseNumber(bytes, decimal: comma) != nil
      if grouped { return "; say thousands: \",\"" + (broken ? " or decimal: \",\"" : "") }
      if broken { return "; say decimal: \",\"" }
    }
    let own = Character(Unicode.Scalar(decimal))
    for decimal in [own, ".", ","] {
      for mark in [nil, ",", ".", "'", " ", "\u{2019}", "\u{A0}", "\u{202F}"] as [Character?]
      where mark != decimal {
        (format.decimal, format.thousands) = (decimal, mark)
        if NumberParser(format).number(bytes) == nil { continue }
        let words =
          (decimal == own ? [] : ["decimal: \"\(decimal)\""])
          + (mark.map { ["thousands: \(Self.visible($0))"] } ?? [])
        return "; say " + words.joined(separator: ", ")
      }
    }
    return ""
  }

  /// A character as it is written in a program; one space cannot be told from another.
  private static func visible(_ mark: Character) -> String {
    "\"" + mark.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() + "\""
  }

  /// Whether a field, without the spaces around it, stands for what is missing.
  func isMissing(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    // Most texts begin with no such byte.
    let first = bytes.first ?? 0
    guard missingStarts &>> UInt64(first & 63) & 1 == 1 else { return false }
    return missingTexts.contains { $0.elementsEqual(bytes) }
  }
}
