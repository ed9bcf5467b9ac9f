import Arrays
import Foundation

/// Measurements in time: a stamp for each row and one or more named columns of numbers.
///
/// Stamps are seconds since 1970-01-01 00:00 UTC and ascend; they need not be evenly spaced. A
/// missing number is NaN. A value: what changes a series returns another.
///
///     let series = AirlinePassengers.series
///     let (train, test) = series.split(fraction: 0.67)
///     train["passengers"].count                         // 96
public struct TimeSeries: Sendable {
  /// Seconds since 1970-01-01 00:00 UTC, each later than the one before.
  public let times: [Double]
  /// The columns' names, in order.
  public let names: [String]
  /// The columns' numbers, in the order of the names, each as long as `times`; NaN is missing.
  public let columns: [[Double]]
  /// The words that a column's codes 0, 1, 2, … stand for, by the column's name; columns of
  /// measurements have none (as pandas' `Categorical.categories`). Kept where rows and columns are
  /// chosen; what is computed from codes are no codes.
  public let categories: [String: [String]]

  /// A series from its stamps and columns. Stamps that do not ascend, columns of another length,
  /// names used twice and categories of no column stop the program.
  public init(
    times: [Double], names: [String], columns: [[Double]], categories: [String: [String]] = [:]
  ) {
    guard names.count == columns.count else {
      wrongUse("TimeSeries: \(names.count) names for \(columns.count) columns")
    }
    guard Set(names).count == names.count else {
      wrongUse("TimeSeries: a name is used twice in \(names)")
    }
    for (name, column) in zip(names, columns) where column.count != times.count {
      wrongUse(
        "TimeSeries: column \(name) has \(column.count) rows, there are \(times.count) stamps")
    }
    if let row = times.indices.dropFirst().first(where: { !(times[$0] > times[$0 - 1]) }) {
      wrongUse(
        "TimeSeries: the stamp of row \(row), \(CivilTime(stamp: times[row])), is not later than "
          + "the one before, \(CivilTime(stamp: times[row - 1]))")
    }
    if let name = categories.keys.first(where: { !names.contains($0) }) {
      wrongUse("TimeSeries: categories of \(name), which is no column")
    }
    self.times = times
    self.names = names
    self.columns = columns
    self.categories = categories
  }

  /// A series of one column.
  public init(times: [Double], name: String = "value", values: [Double]) {
    self.init(times: times, names: [name], columns: [values])
  }

  /// A series of one column on a regular grid.
  public init(
    start: Double = 0, every step: TimeStep, name: String = "value", values: [Double]
  ) {
    self.init(
      times: values.indices.map { step.after(start, count: $0) }, name: name, values: values)
  }

  /// How many rows there are.
  public var count: Int { times.count }

  /// The stamps as dates.
  public var dates: [Date] { times.map { Date(timeIntervalSince1970: $0) } }

  /// The numbers of a column.
  public subscript(name: String) -> [Double] {
    guard let place = names.firstIndex(of: name) else {
      wrongUse("TimeSeries: there is no column \(name), only \(names.joined(separator: ", "))")
    }
    return columns[place]
  }

  /// The rows of a range.
  public subscript(rows: Range<Int>) -> TimeSeries {
    guard rows.lowerBound >= 0, rows.upperBound <= count else {
      wrongUse("TimeSeries: rows \(rows) of \(count)")
    }
    return TimeSeries(
      times: Array(times[rows]), names: names, columns: columns.map { Array($0[rows]) },
      categories: categories)
  }

  /// Some columns, in the order given.
  public func selecting(_ names: [String]) -> TimeSeries {
    TimeSeries(
      times: times, names: names, columns: names.map { self[$0] },
      categories: categories.filter { names.contains($0.key) })
  }

  /// The series with a column more, or with other numbers in the column of that name.
  public func setting(_ name: String, to values: [Double]) -> TimeSeries {
    var names = names, columns = columns
    if let place = names.firstIndex(of: name) {
      columns[place] = values
    } else {
      names.append(name)
      columns.append(values)
    }
    return TimeSeries(
      times: times, names: names, columns: columns,
      categories: categories.filter { $0.key != name })
  }

  /// The series with every column changed by a function of its numbers.
  public func mapColumns(_ change: ([Double]) throws -> [Double]) rethrows -> TimeSeries {
    TimeSeries(times: times, names: names, columns: try columns.map(change))
  }

  /// The numbers `[time, columns]`.
  public func array(dtype: DType = .float32) -> NDArray {
    let width = columns.count
    var values = [Double](repeating: 0, count: count * width)
    for (place, column) in columns.enumerated() {
      for row in column.indices { values[row * width + place] = column[row] }
    }
    return NDArray(values, shape: [count, width], dtype: dtype)
  }

  /// How many numbers of all columns are missing.
  public var missingCount: Int {
    columns.reduce(0) { total, column in total + column.lazy.filter(\.isNaN).count }
  }

  /// Without the rows in which a number is missing.
  public func droppingMissing() -> TimeSeries {
    let rows = times.indices.filter { row in columns.allSatisfy { !$0[row].isNaN } }
    return TimeSeries(
      times: rows.map { times[$0] }, names: names,
      columns: columns.map { column in rows.map { column[$0] } }, categories: categories)
  }

  /// The distance between stamps if it is the same everywhere, in seconds; else nil.
  public var regularStep: Double? {
    guard count > 1 else { return nil }
    let step = times[1] - times[0]
    let regular = times.indices.dropFirst().allSatisfy {
      abs(times[$0] - times[$0 - 1] - step) <= 1e-6 * step
    }
    return regular ? step : nil
  }
}

extension TimeSeries: CustomStringConvertible {
  public var description: String {
    guard let first = times.first, let last = times.last else {
      return "TimeSeries of no rows (\(names.joined(separator: ", ")))"
    }
    let span = "\(CivilTime(stamp: first)) … \(CivilTime(stamp: last))"
    let missing = missingCount > 0 ? ", \(missingCount) missing" : ""
    return "TimeSeries of \(count) rows, \(span) (\(names.joined(separator: ", "))\(missing))"
  }
}
