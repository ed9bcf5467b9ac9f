import Arrays

/// Which texts a CSV file has in quotes.
struct Quoting {
  private let special: [UInt8]
  private let missing: Set<ExactName>

  init(_ format: CSVFormat) {
    // Without a known separator, none of them should make one think that it is.
    let separators = format.sep.map { [$0] } ?? CSVFormat.separators
    special =
      ([format.comment].compactMap { $0 } + separators).compactMap(\.asciiValue)
      + [0x22, 0x0A, 0x0D]
    missing = Set(format.missing.map(ExactName.init))
  }

  /// Whether a text can only be written in quotes; names and words must also keep their spaces and
  /// not be taken for a missing one, a byte order mark or the line that tells the separator.
  ///
  /// Looks at bytes: CR and LF in a row are one `Character`.
  func isNeeded(_ text: String, isName: Bool) -> Bool {
    if text.utf8.contains(where: special.contains) { return true }
    guard isName else { return false }
    let first = text.utf8.first, last = text.utf8.last
    return text.isEmpty || first == 0x20 || first == 0x09 || last == 0x20 || last == 0x09
      || missing.contains(ExactName(text)) || text.utf8.starts(with: [0xEF, 0xBB, 0xBF])
      || text.utf8.starts(with: "sep=".utf8)
  }

  /// The text as it stands in a file.
  func written(_ text: String, isName: Bool = false) -> String {
    guard isNeeded(text, isName: isName) else { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result.unicodeScalars.append(scalar) }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
