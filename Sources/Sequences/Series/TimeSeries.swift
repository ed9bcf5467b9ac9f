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
  public let categories: NameTable<[String]>
  /// What the reader of a file found out by itself, such as the character between two fields, in a
  /// sentence each; none in a series made from another.
  public internal(set) var notes: [String] = []
  /// Where each column stands.
  private let places: [ExactName: Int]

  /// A series from its stamps and columns. Stamps that do not ascend, columns of another length,
  /// names used twice and categories of no column stop the program.
  public init(
    times: [Double], names: [String], columns: [[Double]], categories: NameTable<[String]> = [:]
  ) {
    guard names.count == columns.count else {
      wrongUse("TimeSeries: \(names.count) names for \(columns.count) columns")
    }
    var places: [ExactName: Int] = [:]
    for (place, name) in names.enumerated() {
      guard places.updateValue(place, forKey: ExactName(name)) == nil else {
        wrongUse("TimeSeries: the name \(name) is used twice")
      }
    }
    for (name, column) in zip(names, columns) where column.count != times.count {
      wrongUse(
        "TimeSeries: column \(name) has \(column.count) rows, there are \(times.count) stamps")
    }
    if let row = times.indices.dropFirst().first(where: { !(times[$0] > times[$0 - 1]) }) {
      wrongUse(
        "TimeSeries: the stamp of row \(row), \(stampText(times[row])), is not later than "
          + "the one before, \(stampText(times[row - 1]))")
    }
    for name in categories.keys {
      guard let place = places[ExactName(name)], let words = categories[name] else {
        wrongUse("TimeSeries: categories of \(name), which is no column")
      }
      if let code = columns[place].first(where: { code in
        !code.isNaN && Int(exactly: code).map(words.indices.contains) != true
      }) {
        wrongUse("TimeSeries: \(code) in column \(name) is no code of its \(words.count) words")
      }
    }
    self.places = places
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

  /// Where a column stands among the others, by its name's scalars.
  func place(of name: String) -> Int? { places[ExactName(name)] }

  /// The numbers of a column.
  public subscript(name: String) -> [Double] {
    guard let place = place(of: name) else {
      wrongUse("TimeSeries: there is no column \(name), only \(listed(names))")
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
    let chosen = Set(names.map(ExactName.init))
    return TimeSeries(
      times: times, names: names, columns: names.map { self[$0] },
      categories: categories.filter { chosen.contains(ExactName($0.key)) })
  }

  /// The series with a column more, or with other numbers in the column of that name.
  public func setting(_ name: String, to values: [Double]) -> TimeSeries {
    var names = names, columns = columns
    if let place = place(of: name) {
      columns[place] = values
    } else {
      names.append(name)
      columns.append(values)
    }
    return TimeSeries(
      times: times, names: names, columns: columns,
      categories: categories.filter { !$0.key.isExactly(name) })
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
}

extension TimeSeries: CustomStringConvertible {
  public var description: String {
    guard let first = times.first, let last = times.last else {
      return "TimeSeries of no rows (\(listed(names)))"
    }
    let span = "\(stampText(first)) … \(stampText(last))"
    let missing = missingCount > 0 ? ", \(missingCount) missing" : ""
    return "TimeSeries of \(count) rows, \(span) (\(listed(names))\(missing))"
  }
}
