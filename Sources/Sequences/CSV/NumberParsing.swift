import Foundation

/// Reads a decimal number, correctly rounded, from the bytes of a field; nil if it is none.
///
/// Up to 15 digits and a power of ten up to 22 are both exact as Doubles, and so one multiplication
/// or division rounds but once and correctly (Clinger 1990); the rest is left to `strtod`.
func parseNumber(_ bytes: UnsafeBufferPointer<UInt8>, decimal: UInt8 = 0x2E) -> Double? {
  let count = bytes.count
  var i = 0
  var negative = false
  if i < count, bytes[i] == 0x2D || bytes[i] == 0x2B {
    negative = bytes[i] == 0x2D
    i &+= 1
  }
  var mantissa: UInt64 = 0
  var digits = 0
  var exponent = 0
  var seen = false
  while i < count {
    let digit = bytes[i] &- 0x30
    guard digit <= 9 else { break }
    seen = true
    if mantissa > 0 || digit > 0 { digits &+= 1 }
    mantissa = mantissa &* 10 &+ UInt64(digit)
    i &+= 1
  }
  if i < count, bytes[i] == decimal {
    i &+= 1
    while i < count {
      let digit = bytes[i] &- 0x30
      guard digit <= 9 else { break }
      seen = true
      if mantissa > 0 || digit > 0 { digits &+= 1 }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      exponent &-= 1
      i &+= 1
    }
  }
  guard seen else { return nil }
  if i < count, bytes[i] | 0x20 == 0x65 {
    i += 1
    var sign = 1
    if i < count, bytes[i] == 0x2D || bytes[i] == 0x2B {
      sign = bytes[i] == 0x2D ? -1 : 1
      i += 1
    }
    guard i < count else { return nil }
    var power = 0
    while i < count, bytes[i] &- 0x30 <= 9 {
      power = min(power * 10 + Int(bytes[i] - 0x30), 100_000)
      i += 1
    }
    exponent += sign * power
  }
  guard i == count else { return nil }
  if digits <= 15, exponent >= -22, exponent <= 22 {
    let value =
      exponent < 0
      ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
    return negative ? -value : value
  }
  var text = bytes.map { CChar(bitPattern: $0 == decimal ? 0x2E : $0) }
  text.append(0)
  let value = strtod(text, nil)
  return value.isFinite ? value : nil
}

private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]

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
  private let missingTexts: [[UInt8]]
  private let missingNumbers: [Double]

  init(_ format: CSVFormat) {
    let decimal = format.decimalSeparator.asciiValue!
    self.decimal = decimal
    missingTexts = format.missing.map { Array($0.utf8) }
    missingNumbers = missingTexts.compactMap { text in
      text.withUnsafeBufferPointer { parseNumber($0, decimal: decimal) }
    }
  }

  /// The number, NaN if it is missing, nil if it is something else.
  func parse(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    let bytes = trimmed(field)
    if let value = parseNumber(bytes, decimal: decimal) {
      return !missingNumbers.isEmpty && missingNumbers.contains(value) ? .nan : value
    }
    return missingTexts.contains { $0.elementsEqual(bytes) } ? .nan : nil
  }
}
