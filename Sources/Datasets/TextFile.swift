/// A text as its file has it, whatever program wrote it.
enum TextFile {
  /// The text of a file's bytes: UTF-8, or Windows-1252 (which holds Latin-1) where they are not
  /// UTF-8. Without a byte order mark; lines end in LF, whether the file ends them by LF, CR or
  /// both, as Python reads text.
  static func text(_ bytes: [UInt8]) -> String {
    let lines = universalNewlines(
      bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...])
    return String(validating: lines, as: UTF8.self)
      ?? String(String.UnicodeScalarView(lines.map { windows1252($0) }))
  }

  private static func universalNewlines(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let (lf, cr) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == cr {
        result.append(lf)
      } else if byte != lf || previous != cr {
        result.append(byte)
      }
      previous = byte
    }
    return result
  }

  private static func windows1252(_ byte: UInt8) -> Unicode.Scalar {
    guard (0x80...0x9F).contains(byte) else { return Unicode.Scalar(byte) }
    return high[Int(byte) - 0x80]
  }

  /// 0x80 to 0x9F; the five bytes without a meaning stand for the controls of Latin-1.
  private static let high = Array(
    ("€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}" + "\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ").unicodeScalars)
}
