extension String {
  /// How many columns of a terminal the text takes: two for Chinese and emoji, none for marks.
  package var columns: Int { reduce(0) { $0 + $1.columns } }

  /// Filled with spaces to `width` columns.
  package func padded(to width: Int, _ alignment: Alignment) -> String {
    let missing = max(0, width - columns)
    let left =
      switch alignment {
      case .left: 0
      case .center: missing / 2
      case .right: missing
      }
    return String(repeating: " ", count: left) + self
      + String(repeating: " ", count: missing - left)
  }

  package var trimmingTrailingSpace: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

extension Character {
  /// The columns of what is drawn as one: of joined emoji the first counts, of marks none.
  package var columns: Int {
    let scalars = unicodeScalars
    let first = scalars.first!
    if scalars.count == 1 { return first.columns }
    if first.properties.isEmoji, scalars.contains("\u{FE0F}") { return 2 }
    var columns = 0
    for scalar in scalars {
      if scalar == "\u{200D}" { break }
      columns += scalar.columns
    }
    return min(columns, 2)
  }
}

extension Unicode.Scalar {
  fileprivate var columns: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: return 0
    case .format: return (0x600...0x8E2).contains(value) ? 1 : 0
    default: break
    }
    if value < 0x1100 { return 1 }
    // The later letters of a Hangul syllable stand in the space of the first.
    if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
    if value == 0x3164 || value == 0xFFA0 { return 0 }
    let isWide =
      properties.isEmojiPresentation || Self.wide.contains { $0.contains(value) }
    return isWide ? 2 : 1
  }

  /// The blocks whose characters are as wide as they are high.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x303E,
    0x3041...0x3247, 0x3250...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x191FF,
    0x1AFF0...0x1B2FF, 0x1D300...0x1D376, 0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]
}
