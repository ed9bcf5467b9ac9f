import Arrays

/// What is wrong with a CSV file, and where: `weather.csv:17: column "TEMP": "mild" is no number`.
public struct CSVError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The file as it was named.
  public let file: String
  /// The line, counted from 1; nil if the file could not be read at all.
  public let line: Int?
  /// The column's name, if a single field is wrong.
  public let column: String?
  /// What is wrong, in words.
  public let problem: String

  /// For readers of one's own; `line` counts from 1.
  public init(file: String, line: Int? = nil, column: String? = nil, problem: String) {
    (self.file, self.line, self.column, self.problem) = (file, line, column, problem)
  }

  public var description: String {
    (file + (line.map { ":\($0)" } ?? "") + ": " + (column.map { "column \"\($0)\": " } ?? "")
      + problem).onOneLine
  }
}
