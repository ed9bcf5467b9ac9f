/// Text as CommonMark sees it: a row of code points, so that a mark with an accent on it is still
/// a mark.
typealias Scalars = ArraySlice<Unicode.Scalar>

extension Scalars {
  init(_ text: some StringProtocol) { self = [Unicode.Scalar](text.unicodeScalars)[...] }

  var string: String { String(String.UnicodeScalarView(self)) }
  var isBlank: Bool { allSatisfy { $0 == " " } }
  var indentation: Int { prefix { $0 == " " }.count }
  var trimmed: Scalars {
    let start = drop { $0.isSpace }
    guard let last = start.lastIndex(where: { !$0.isSpace }) else { return [] }
    return start[...last]
  }

  func starts(with text: String) -> Bool { starts(with: text.unicodeScalars) }

  /// The scalar at `index`, or nil past the end.
  func at(_ index: Int) -> Unicode.Scalar? { index < endIndex ? self[index] : nil }

  /// What the backslashes in front of punctuation protect.
  var unescaped: String {
    var text = String.UnicodeScalarView()
    var index = startIndex
    while index < endIndex {
      if self[index] == "\\", let next = at(index + 1), next.isASCIIPunctuation { index += 1 }
      text.append(self[index])
      index += 1
    }
    return String(text)
  }
}

extension Unicode.Scalar {
  var isSpace: Bool { self == " " || self == "\n" }
  var isASCIILetter: Bool { (value | 0x20) >= 97 && (value | 0x20) <= 122 }
  var isASCIIDigit: Bool { value >= 48 && value <= 57 }
  var isASCIIPunctuation: Bool {
    isASCII && value > 32 && value < 127 && !isASCIILetter && !isASCIIDigit
  }

  var isWhitespace: Bool { isSpace || properties.generalCategory == .spaceSeparator }

  /// Chinese and Japanese, which are written without spaces: a line's end is none there.
  var isUnspaced: Bool {
    switch value {
    case 0x2E80...0x312F, 0x3190...0xA4CF, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
      0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// Punctuation or a symbol, in any script.
  var isPunctuation: Bool {
    if isASCII { return isASCIIPunctuation }
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol,
      .modifierSymbol, .otherSymbol:
      return true
    default: return false
    }
  }
}
