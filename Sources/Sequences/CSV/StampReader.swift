/// Reads a record's stamp.
struct StampReader {
  private enum Source {
    case column(Int, TimeFormat)
    /// The places of year, month, day, hour, minute and second; −1 for what has no column.
    case parts([Int])
    case rows(Double, TimeStep)
  }
  private let source: Source
  private let names: [String]

  /// `place` finds a column by its name.
  init(_ time: CSVTime, place: (String) throws -> Int) throws {
    names = time.columns
    switch time {
    case .column(let name, let format): source = .column(try place(name), format)
    case .parts(let year, let month, let day, let hour, let minute, let second):
      source = .parts(
        try [year, month, day, hour, minute, second].map { try $0.map(place) ?? -1 })
    case .rows(let start, let step): source = .rows(start, step)
    }
  }

  func read(_ records: borrowing RecordScanner, row: Int) throws -> Double {
    switch source {
    case .rows(let start, let step): return step.after(start, count: row)
    case .column(let place, let format):
      guard let stamp = format.parse(records.bytes(place)) else {
        throw records.error(
          "\(shortened(records.text(place))) is no time such as \(format.example)",
          column: names[0])
      }
      return stamp
    case .parts(let places):
      let time = CivilTime(
        year: try whole(places, 0, 1970, records), month: try whole(places, 1, 1, records),
        day: try whole(places, 2, 1, records), hour: try whole(places, 3, 0, records),
        minute: try whole(places, 4, 0, records), second: try number(places, 5, 0, records))
      guard time.isValid else { throw records.error("there is no such time as \(time)") }
      return time.stamp
    }
  }

  @inline(__always) private func whole(
    _ places: [Int], _ part: Int, _ absent: Int, _ records: borrowing RecordScanner
  ) throws -> Int {
    guard places[part] >= 0 else { return absent }
    let field = records.bytes(places[part])
    // Nearly always a few digits; else perhaps something like " 7" or "7.0".
    if field.count <= 6, let value = parseDigits(field.baseAddress!, count: field.count) {
      return value
    }
    let value = try number(places, part, 0, records)
    guard value == value.rounded(), abs(value) < 1e6 else {
      throw wrongPart(places, part, records)
    }
    return Int(value)
  }

  private func number(
    _ places: [Int], _ part: Int, _ absent: Double, _ records: borrowing RecordScanner
  ) throws -> Double {
    guard places[part] >= 0 else { return absent }
    guard let value = parseNumber(trimmed(records.bytes(places[part]))) else {
      throw wrongPart(places, part, records)
    }
    return value
  }

  private func wrongPart(
    _ places: [Int], _ part: Int, _ records: borrowing RecordScanner
  ) -> CSVError {
    let column = places[..<part].count { $0 >= 0 }
    return records.error(
      "\(shortened(records.text(places[part]))) is no part of a time", column: names[column])
  }
}
