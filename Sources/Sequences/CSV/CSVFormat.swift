/// How a file of separated values is written.
public struct CSVFormat: Sendable {
  /// Between two fields of a line; an ASCII character.
  public var delimiter: Character
  /// Whether the first line names the columns. Without names they are called "1", "2", …
  public var hasHeader: Bool
  /// What stands for a missing number, spaces around it aside.
  public var missing: [String]
  /// The decimal point, or comma.
  public var decimalSeparator: Character
  /// The most bytes that one line may have. A file without line ends (not a CSV file at all, most
  /// often) is refused after so many instead of being taken into memory.
  public var longestLine: Int

  public init(
    delimiter: Character = ",", hasHeader: Bool = true,
    missing: [String] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"],
    decimalSeparator: Character = ".", longestLine: Int = 1 << 20
  ) {
    (self.delimiter, self.hasHeader, self.missing) = (delimiter, hasHeader, missing)
    (self.decimalSeparator, self.longestLine) = (decimalSeparator, longestLine)
  }
}

/// What is wrong with a CSV file, and where: `weather.csv:17: column "TEMP": "mild" is no number`.
public struct CSVError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The file as it was named.
  public let file: String
  /// The line, counted from 1; nil if the file could not be read at all.
  public let line: Int?
  /// The column's name, if a single field is wrong.
  public let column: String?
  public let problem: String

  public init(file: String, line: Int? = nil, column: String? = nil, problem: String) {
    (self.file, self.line, self.column, self.problem) = (file, line, column, problem)
  }

  public var description: String {
    file + (line.map { ":\($0)" } ?? "") + ": " + (column.map { "column \"\($0)\": " } ?? "")
      + problem
  }
}
