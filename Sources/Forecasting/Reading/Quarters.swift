import Foundation
import Sequences

/// A column that names quarters: `1956Q1`, `1956-Q1`, `1956 Q1`, `Q1 1956`.
struct Quarters {
  private var stamps: [Double] = []
  private let column: String

  /// nil if the first field of the column is none.
  init?(_ file: URL, column: String, format: CSVFormat) throws {
    self.column = column
    let reader = try CSVReader(file, format: format)
    var place: Int?
    while try reader.next() {
      guard let place else {
        place = (0..<reader.fieldCount).first {
          reader.text($0).trimmingCharacters(in: .whitespaces) == column
        }
        continue
      }
      guard place < reader.fieldCount else { continue }
      let text = reader.text(place).trimmingCharacters(in: .whitespaces)
      let yearFirst = text.wholeMatch(of: #/(\d{4})[-\/ ]?[Qq]([1-4])/#)
      let quarterFirst = text.wholeMatch(of: #/[Qq]([1-4])[-\/ ]?(\d{4})/#)
      let year = yearFirst.flatMap { Int($0.1) } ?? quarterFirst.flatMap { Int($0.2) }
      let quarter = yearFirst.flatMap { Int($0.2) } ?? quarterFirst.flatMap { Int($0.1) }
      guard let year, let quarter else {
        if stamps.isEmpty { return nil }
        throw reader.error("'\(text)' is no quarter", column: column)
      }
      let stamp = CivilTime(year: year, month: 3 * quarter - 2).stamp
      if let last = stamps.last, stamp <= last {
        throw reader.error("'\(text)' is not later than the quarter before", column: column)
      }
      stamps.append(stamp)
    }
    if stamps.isEmpty { return nil }
  }

  /// The series with these times.
  func dating(_ series: TimeSeries, file: URL) throws -> TimeSeries {
    guard series.count == stamps.count else {
      throw CSVError(
        file: file.lastPathComponent, column: column,
        problem: "\(stamps.count) quarters for \(series.count) rows")
    }
    return TimeSeries(times: stamps, names: series.names, columns: series.columns)
  }
}
