/// Text as it may be shown anywhere: what would steer a terminal, break a page or turn the reading
/// direction round is replaced by a visible sign.
package enum Visible {
  package static func text(_ text: String) -> String {
    guard text.utf8.contains(where: mayBeUnsafe) else { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count)
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      if previous == "\r", scalar != "\n" { result.unicodeScalars.append("␍") }
      if scalar != "\r" { append(scalar, to: &result) }
      previous = scalar
    }
    if previous == "\r" { result.unicodeScalars.append("␍") }
    return result
  }

  /// Control characters, and the first bytes of the few other characters that need a look.
  private static func mayBeUnsafe(_ byte: UInt8) -> Bool {
    byte < 32 && byte != 10 && byte != 9 || byte == 127 || byte == 0xC2 || byte == 0xD8
      || byte == 0xE2 || byte == 0xEF
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar.value {
    case 9, 10: text.unicodeScalars.append(scalar)
    case 0..<32: text.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value)!)
    case 127: text.unicodeScalars.append("␡")
    case 128..<160, 0xFFFE, 0xFFFF: text.unicodeScalars.append("\u{FFFD}")
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF:
      text += "⟨U+\(String(scalar.value, radix: 16, uppercase: true))⟩"
    default: text.unicodeScalars.append(scalar)
    }
  }
}
