import Foundation

/// Which columns of a CSV file say when a row was measured.
public enum CSVTime: Sendable {
  /// One column.
  case column(String, TimeFormat = .iso8601)
  /// A column each for year, month, … What has no column counts as its beginning.
  case parts(
    year: String, month: String? = nil, day: String? = nil, hour: String? = nil,
    minute: String? = nil, second: String? = nil)
  /// None: rows lie `every` so long after one another.
  case rows(start: Double = 0, every: TimeStep)

  var columns: [String] {
    switch self {
    case .column(let name, _): [name]
    case .parts(let year, let month, let day, let hour, let minute, let second):
      [year, month, day, hour, minute, second].compactMap { $0 }
    case .rows: []
    }
  }
}

/// What is done about stamps that do not ascend.
public enum StampOrder: Sendable {
  /// They are an error that names the line.
  case ascending
  /// Rows are sorted by time; of several with the same stamp one is kept.
  case sorted(keeping: Kept)

  /// Which of several rows with the same stamp is kept.
  public enum Kept: Sendable { case first, last }
}

extension TimeSeries {
  /// Reads a series from a CSV file.
  ///
  ///     let air = try TimeSeries(
  ///       csv: file, time: .parts(year: "year", month: "month", day: "day", hour: "hour"),
  ///       columns: ["pm2.5", "TEMP", "PRES"])
  ///
  /// - Parameters:
  ///   - columns: the columns to be read; all but the time's if left out.
  ///   - categories: those that hold words, such as a wind's direction. A word becomes a code, 0, 1,
  ///     2, … in the order in which they appear, and is found in `categories` of the series. They
  ///     follow the other columns if `columns` does not name them.
  ///   - order: what is done about stamps that do not ascend.
  /// - Throws: `CSVError`, which names the file, the line and the column.
  public init(
    csv file: URL, time: CSVTime, columns: [String]? = nil, categories: [String] = [],
    format: CSVFormat = CSVFormat(), order: StampOrder = .ascending
  ) throws {
    try self.init(
      CSVReader(file, format: format), time: time, columns: columns, categories: categories,
      format: format, order: order)
  }

  /// Reads a series from CSV text; `name` stands for the file in errors.
  public init(
    csvText text: String, name: String = "text", time: CSVTime, columns: [String]? = nil,
    categories: [String] = [], format: CSVFormat = CSVFormat(), order: StampOrder = .ascending
  ) throws {
    try self.init(
      CSVReader(text: text, name: name, format: format), time: time, columns: columns,
      categories: categories, format: format, order: order)
  }

  private init(
    _ reader: CSVReader, time: CSVTime, columns: [String]?, categories: [String],
    format: CSVFormat, order: StampOrder
  ) throws {
    guard try reader.next() else {
      throw CSVError(file: reader.name, line: 1, problem: "the file is empty")
    }
    let width = reader.fieldCount
    let header = (0..<width).map { place in
      format.hasHeader
        ? reader.text(place).trimmingCharacters(in: .whitespaces) : String(place + 1)
    }
    func place(of column: String) throws -> Int {
      let places = header.indices.filter { header[$0] == column }
      switch places.count {
      case 1: return places[0]
      case 0:
        throw reader.error(
          "there is no column \"\(column)\", only \(header.joined(separator: ", "))")
      default: throw reader.error("the name stands over \(places.count) columns", column: column)
      }
    }
    let timeColumns = time.columns
    var names = columns ?? header.filter { !timeColumns.contains($0) }
    for name in categories where !names.contains(name) { names.append(name) }
    var sorts = false
    if case .sorted = order { sorts = true }
    var rows = RowReader(
      stamps: try StampReader(time, place: place), columns: try names.map(place),
      categories: Set(try categories.map(place)), header: header, format: format, sorts: sorts)
    try rows.read(&reader.records, includesCurrent: !format.hasHeader)
    if case .sorted(let kept) = order { rows.sort(keeping: kept) }
    self.init(
      times: rows.times, names: names, columns: rows.values, categories: rows.words)
  }

  /// Writes the series as CSV: the stamps in ISO 8601 (UTC), a missing number as nothing, categories
  /// as words. The file is written beside its place and moved there when it is whole.
  public func write(
    csv file: URL, time timeName: String = "time", format: CSVFormat = CSVFormat()
  ) throws {
    do {
      try Data(csv(time: timeName, format: format).utf8).write(to: file, options: .atomic)
    } catch {
      throw CSVError(
        file: file.path, problem: "cannot be written: \(error.localizedDescription)")
    }
  }

  /// The series as the text of a CSV file.
  public func csv(time timeName: String = "time", format: CSVFormat = CSVFormat()) -> String {
    let delimiter = String(format.delimiter)
    let decimal = String(format.decimalSeparator)
    func quoted(_ text: String) -> String {
      let plain = !text.contains { "\"\r\n\r\n".contains($0) || $0 == format.delimiter }
      return plain ? text : "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
    func written(_ value: Double) -> String {
      if value.isNaN { return "" }
      if abs(value) < 1e15, value == value.rounded(), !(value == 0 && value.sign == .minus) {
        return String(Int(value))
      }
      let text = value.description
      return quoted(decimal == "." ? text : text.replacingOccurrences(of: ".", with: decimal))
    }
    var text = ""
    if format.hasHeader {
      text += ([timeName] + names).map(quoted).joined(separator: delimiter) + "\n"
    }
    let words = names.map { categories[$0] ?? [] }
    for row in times.indices {
      text += quoted(CivilTime(stamp: times[row]).description)
      for (column, words) in zip(columns, words) {
        text += delimiter
        let word = Int(exactly: column[row]).flatMap {
          words.indices.contains($0) ? words[$0] : nil
        }
        text += word.map(quoted) ?? written(column[row])
      }
      text += "\n"
    }
    return text
  }
}
