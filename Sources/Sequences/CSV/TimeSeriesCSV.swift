import Arrays
import Foundation

/// Which columns of a CSV file say when a row was measured.
public enum CSVTime: Sendable {
  /// One column.
  case column(String, TimeFormat = .iso8601)
  /// One column for the date and one for the time of day, read as if they were one with a space
  /// between them.
  case columns(date: String, time: String, TimeFormat = .iso8601)
  /// A column each for year, month, … What has no column counts as its beginning. Years have four
  /// digits, or two: see `TimeFormat`.
  case parts(
    year: String, month: String? = nil, day: String? = nil, hour: String? = nil,
    minute: String? = nil, second: String? = nil)
  /// None: rows lie `every` so long after one another.
  case rows(start: Double = 0, every: TimeStep)

  var columns: [String] {
    switch self {
    case .column(let name, _): [name]
    case .columns(let date, let time, _): [date, time]
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
  /// Rows are sorted by time; several with the same stamp become one, column by column (as pandas'
  /// `groupby` has it). Columns of words can only have the first or the last.
  case aggregated(Aggregation)

  /// Which of several rows with the same stamp is kept.
  public enum Kept: Sendable {
    /// By the rows' order in the file.
    case first, last
  }

  fileprivate func check(categories: [String]) {
    guard case .aggregated(let aggregation) = self, let name = categories.first else { return }
    switch aggregation {
    case .first, .last: return
    default:
      wrongUse("TimeSeries: words, such as those of \(name), have no \(aggregation.rawValue)")
    }
  }
}

extension TimeSeries {
  /// Reads a series from a CSV file.
  ///
  ///     let air = try TimeSeries(
  ///       csv: file, time: .parts(year: "year", month: "month", day: "day", hour: "hour"),
  ///       columns: ["pm2.5", "TEMP", "PRES"])
  ///
  /// What a file leaves no doubt about is found by itself and told in the series' `notes`: what
  /// stands between fields, lines before the header, UTF-16 with its mark, rows without any value
  /// (`;;;`), separators at the ends of lines. All else is an option of `format`, or an error.
  ///
  /// - Parameters:
  ///   - file: read piece by piece, so that it may be larger than memory has room for its text.
  ///   - time: which columns tell the time, and how it is written.
  ///   - columns: the columns to be read; all but the time's if left out.
  ///   - categories: those that hold words, such as a wind's direction. A word becomes a code, 0,
  ///     1, 2, … in the order in which they appear, and is found in `categories` of the series.
  ///     They follow the other columns if `columns` does not name them. A word in quotes is one
  ///     even if it would stand for a missing one without them, unless the file has all in quotes.
  ///   - format: how the file is written; what is left out is found.
  ///   - order: what is done about stamps that do not ascend.
  ///   - timeZone: the zone of stamps that name none, if it is not UTC:
  ///     `TimeZone(identifier: "Europe/Berlin")`. Times that are left out when clocks are put
  ///     forward are an error.
  ///   - ambiguous: what is done about times that come twice when clocks are put back.
  /// - Throws: `CSVError`, which names the file, the line and the column.
  public init(
    csv file: URL, time: CSVTime, columns: [String]? = nil, categories: [String] = [],
    format: CSVFormat = CSVFormat(), order: StampOrder = .ascending, timeZone: TimeZone? = nil,
    ambiguous: RepeatedHour = .raise
  ) throws {
    try self.init(
      ByteBuffer(file: file, encoding: format.encoding), name: file.lastPathComponent, time: time,
      columns: columns, categories: categories, format: format, order: order,
      timeZone: timeZone, ambiguous: ambiguous)
  }

  /// Reads a series from CSV text; `name` stands for the file in errors.
  public init(
    csvText text: String, name: String = "text", time: CSVTime, columns: [String]? = nil,
    categories: [String] = [], format: CSVFormat = CSVFormat(), order: StampOrder = .ascending,
    timeZone: TimeZone? = nil, ambiguous: RepeatedHour = .raise
  ) throws {
    try self.init(
      ByteBuffer(bytes: text.utf8), name: name, time: time, columns: columns,
      categories: categories, format: format, order: order,
      timeZone: timeZone, ambiguous: ambiguous)
  }

  private init(
    _ input: consuming ByteBuffer, name: String, time: CSVTime, columns: [String]?,
    categories: [String], format: CSVFormat, order: StampOrder, timeZone: TimeZone?,
    ambiguous: RepeatedHour
  ) throws {
    order.check(categories: categories)
    let asked = format.header == 0 ? time.columns + (columns ?? []) + categories : []
    var records = try RecordScanner(input, name: name, format: format, names: asked)
    let header = try Header(&records, format: format, asked: asked)
    func place(of name: String) throws -> Int { try header.place(of: name, records) }

    let timeColumns = Set(time.columns.map(ExactName.init))
    var names = columns ?? header.names.filter { !timeColumns.contains(ExactName($0)) }
    let named = Set(names.map(ExactName.init))
    names += categories.filter { !named.contains(ExactName($0)) }
    var sorts = true
    if case .ascending = order { sorts = false }
    // Where rows may come in any order, it tells nothing.
    let clock = timeZone.map {
      LocalClock($0, sorts && ambiguous == .infer ? .raise : ambiguous)
    }
    var rows = RowReader(
      stamps: try StampReader(time, clock: clock, place: place),
      columns: try names.map(place), categories: Set(try categories.map(place)), header: header,
      format: format, sorts: sorts)
    try rows.read(&records, includesCurrent: format.header == nil)
    rows.arrange(order)
    self.init(times: rows.times, names: names, columns: rows.values, categories: rows.words)
    notes = records.notes(format) + header.notes + rows.notes
    if let clock, clock.inferred > 0 {
      notes.append(
        "times that come twice in \(clock.zone.identifier): \(clock.inferred), told by their order")
    }
  }
}
