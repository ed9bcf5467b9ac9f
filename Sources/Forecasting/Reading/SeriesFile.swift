import Foundation
import Sequences

/// A column of a CSV file as people have it, made a series on a regular grid: what stands between
/// fields, how numbers and dates are written, the step of time and what is missing are found, and
/// told in `notes`.
///
///     let file = try SeriesFile(csv: url, column: "sales")
///     let model = try Forecaster(horizon: 12, step: file.step).fitted(to: file.values)
public struct SeriesFile: Sendable {
  /// The name of the column that the values are from.
  public let column: String
  /// One value for each step of time, missing ones filled in.
  public let values: [Double]
  /// The other columns that were asked for, on the same grid.
  public let exogenous: [[Double]]
  /// The values' times; nil where the file tells none.
  public let clock: SeriesClock?
  /// What was found in the file and done about it, in sentences.
  public private(set) var notes: [String]

  /// - Parameters:
  ///   - file: in the form that it has.
  ///   - column: the name of the column to be forecast.
  ///   - time: the column that tells the time; nil looks for one.
  ///   - exogenous: other columns of numbers.
  /// - Throws: `CSVError`, which names the file, the line and the column; `SeriesFileError`.
  public init(csv file: URL, column: String, time: String? = nil, exogenous: [String] = []) throws {
    let header = try FileHeader(file, naming: [column] + exogenous)
    for name in [column] + exogenous + (time.map { [$0] } ?? []) {
      try header.check(name)
    }
    let timeColumn = time ?? header.likelyTime(besides: [column] + exogenous)
    let columns = [column] + exogenous
    var (series, found) = try Self.read(file, time: timeColumn, columns: columns)
    found = series.notes + found
    if timeColumn == nil {
      found.append("no column of times: rows are taken as evenly spaced")
    }
    let grid = timeColumn == nil ? Grid(rows: series) : try Grid(series, file: file)
    found += grid.notes
    let name = file.lastPathComponent
    var filled: [[Double]] = []
    for (place, values) in grid.columns.enumerated() {
      filled.append(
        try Filled(values, name: columns[place], file: name, step: grid.clock?.step, notes: &found)
          .values)
    }
    // What is missing at the beginning of the column asked for is left out, and of the others with it.
    let own = filled[0]
    guard let first = own.firstIndex(where: { !$0.isNaN }),
      let last = own.lastIndex(where: { !$0.isNaN })
    else { throw SeriesFileError.allMissing(file: name, column: column) }
    let range = first...last
    if first > 0 || last < own.count - 1 {
      found.append(
        "\(own.count - range.count) rows without a value at the ends of '\(column)' are left out")
    }
    self.column = column
    values = Array(own[range])
    self.exogenous = filled.dropFirst().map { other in
      let cut = Array(other[range])
      // A column that begins later has its first value before.
      let known = cut.first { !$0.isNaN } ?? 0
      var latest = known
      return cut.map { value in
        if !value.isNaN { latest = value }
        return latest
      }
    }
    clock = grid.clock.map { clock in
      SeriesClock(
        start: clock.times(range.lowerBound..<range.lowerBound + 1)[0], step: clock.step,
        skipsWeekends: clock.skipsWeekends)
    }
    notes = found
  }

  /// What seasons are likely: see `Forecaster.step`; nil where weekends are left out, since no step
  /// of a day is meant then.
  public var step: TimeStep? { clock?.skipsWeekends == true ? nil : clock?.step }

  /// Reads the columns: with a decimal point, else with a decimal comma; dates as ISO has them, else
  /// with the day or the month first.
  private static func read(
    _ file: URL, time: String?, columns: [String]
  ) throws -> (TimeSeries, notes: [String]) {
    let numbers: [(CSVFormat, String?)] = [
      (CSVFormat(), nil),
      (CSVFormat(thousands: ","), "numbers have a comma between thousands"),
      (CSVFormat(decimal: ","), "numbers have a decimal comma"),
      (
        CSVFormat(decimal: ",", thousands: "."),
        "numbers have a decimal comma and points between thousands"
      ),
    ]
    var first: (any Error)?
    for (format, note) in numbers {
      do {
        let (series, told) = try readTimes(file, time: time, columns: columns, format: format)
        return (series, (note.map { [$0] } ?? []) + told)
      } catch let error as CSVError {
        // Another way to write numbers mends only what is wrong with a number.
        if first == nil { first = error }
        guard let column = error.column, columns.contains(column) else { throw error }
      }
    }
    throw first!
  }

  private static func readTimes(
    _ file: URL, time: String?, columns: [String], format: CSVFormat
  ) throws -> (TimeSeries, notes: [String]) {
    guard let time else {
      return (
        try TimeSeries(csv: file, time: .rows(every: .days(1)), columns: columns, format: format),
        []
      )
    }
    if let quarters = try Quarters(file, column: time, format: format) {
      let series = try TimeSeries(
        csv: file, time: .rows(every: .days(1)), columns: columns, format: format)
      return (try quarters.dating(series, file: file), ["'\(time)' names quarters"])
    }
    func attempt(_ way: TimeFormat) -> Result<TimeSeries, any Error> {
      Result {
        try TimeSeries(csv: file, time: .column(time, way), columns: columns, format: format)
      }
    }
    let plain = attempt(.iso8601)
    if let series = try? plain.get() { return (series, []) }
    for pattern in ["%Y%m", "%Y:%m"] {
      if let series = try? attempt(.format(pattern)).get() { return (series, []) }
    }
    let day = attempt(.dayFirst), month = attempt(.monthFirst)
    switch (try? day.get(), try? month.get()) {
    case (let day?, let month?):
      // Both can be read: the one with the evener steps is meant.
      let isMonth = Grid.unevenness(month.times) < Grid.unevenness(day.times)
      return (
        isMonth ? month : day,
        [
          "dates such as \(isMonth ? "1/2 are read as 2 January" : "1.2. are read as 1 February")"
            + ": the steps are evener so"
        ]
      )
    case (let day?, nil): return (day, ["dates have the day first"])
    case (nil, let month?): return (month, ["dates have the month first"])
    case (nil, nil):
      if let series = try? attempt(.seconds).get() {
        return (series, ["times are seconds since 1970"])
      }
      // A way that can read the times complains of the numbers; else that which came farthest.
      let errors = [plain, day, month].compactMap { result -> CSVError? in
        if case .failure(let error) = result { error as? CSVError } else { nil }
      }
      let ofNumbers = errors.first { $0.column != nil && $0.column != time }
      let farthest = errors.max { ($0.line ?? 0) < ($1.line ?? 0) }
      if let error = ofNumbers ?? farthest { throw error }
      return (try plain.get(), [])
    }
  }
}

/// Why a file's column is no series.
public enum SeriesFileError: Error, Equatable, CustomStringConvertible {
  /// The file lacks a column; the one that may have been meant, and all there are.
  case noColumn(file: String, column: String, columns: [String], nearest: String?)
  /// A column without a single value.
  case allMissing(file: String, column: String)
  /// The file holds zero bytes, and so is no text.
  case notText(file: String)

  public var description: String {
    switch self {
    case .noColumn(let file, let column, let columns, let nearest):
      "\(file): there is no column '\(column)'"
        + (nearest.map { "; did you mean '\($0)'?" }
          ?? "; there are \(columns.joined(separator: ", "))")
    case .allMissing(let file, let column): "\(file): all values of '\(column)' are missing"
    case .notText(let file): "\(file): this is no text, and so no CSV file"
    }
  }
}
