/// How a file of separated values is written. Options are called as in pandas' `read_csv`; what is
/// left out and cannot be mistaken is found in the file, and told in the series' `notes`.
///
///     CSVFormat(sep: ";", decimal: ",", thousands: ".", encoding: "windows-1252")
public struct CSVFormat: Sendable {
  /// Between two fields of a line; an ASCII character. Left out, it is the one that a first line
  /// `sep=;` names; else, of comma, semicolon, tab and `|`, the one that makes the names asked for
  /// stand in a line, or that the first line has. Comma where files are written.
  public var sep: Character?
  /// Which record, from 0, names the columns; nil for none, and they are called "1", "2", …
  /// Where the first does not have the names asked for and one soon after it has, that one does.
  public var header: Int?
  /// How many lines at the beginning are passed over.
  public var skipRows: Int
  /// What begins a comment, up to the line's end; an ASCII character. A line of nothing else is
  /// passed over.
  public var comment: Character?
  /// The decimal point, or comma.
  public var decimal: Character
  /// Stands between groups of three digits, as in `1,234,567`.
  public var thousands: Character?
  /// What else stands for a missing value, spaces around it aside.
  public var naValues: [String]
  /// Whether what stands for one in pandas does: nothing, `NA`, `#N/A`, `NULL`, `nan`, ….
  public var keepDefaultNA: Bool
  /// The name of the file's encoding as iconv and Python have it: `"gbk"`, `"windows-1251"`,
  /// `"latin-1"`, `"utf-16le"`, …. Left out, UTF-8, or UTF-16 where its mark stands at the beginning.
  public var encoding: String?
  /// The most bytes that one line may have. A file without line ends (not a CSV file at all, most
  /// often) is refused after so many instead of being taken into memory.
  public var longestLine: Int

  /// What is left out is found in the file, as each property says.
  public init(
    sep: Character? = nil, header: Int? = 0, skipRows: Int = 0, comment: Character? = nil,
    decimal: Character = ".", thousands: Character? = nil, naValues: [String] = [],
    keepDefaultNA: Bool = true, encoding: String? = nil, longestLine: Int = 1 << 20
  ) {
    (self.sep, self.header, self.skipRows, self.comment) = (sep, header, skipRows, comment)
    (self.decimal, self.thousands, self.naValues) = (decimal, thousands, naValues)
    (self.keepDefaultNA, self.encoding) = (keepDefaultNA, encoding)
    self.longestLine = longestLine
  }

  /// What stands for a missing value; without any, `nan` has to.
  var missing: [String] {
    let all = naValues + (keepDefaultNA ? Self.defaultNA : [])
    return all.isEmpty ? ["nan"] : all
  }

  /// pandas' list.
  private static let defaultNA = [
    "", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "n/a", "<NA>", "#N/A", "#NA", "#N/A N/A",
    "-NaN", "-nan", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
  ]

  /// What may stand between fields where nothing is said.
  static let separators: [Character] = [",", ";", "\t", "|"]

  /// Stops the program if a file cannot be written like this.
  func check() {
    let ends: [Character?] = ["\"", "\n", "\r", "\r\n"]
    for (name, character) in [("sep", sep), ("comment", comment), ("decimal", decimal)] {
      guard let character else { continue }
      guard character.isASCII, !ends.contains(character) else {
        fatalError("CSVFormat: \(name) \(character.debugDescription) must be an ASCII character")
      }
    }
    let used = [sep, comment].compactMap { $0 }
    guard Set(used).count == used.count, thousands != decimal else {
      fatalError("CSVFormat: one character has two meanings in \(self)")
    }
    guard skipRows >= 0, header ?? 0 >= 0 else {
      fatalError("CSVFormat: \(skipRows) lines to skip, header \(header ?? 0)")
    }
  }
}
