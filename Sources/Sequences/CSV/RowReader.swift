/// Collects the stamps and numbers of a CSV file's records.
struct RowReader {
  let stamps: StampReader
  /// Where the columns of numbers stand in a record.
  let places: [Int]
  let header: [String]
  /// Whether stamps may come in any order.
  let sorts: Bool
  private let numbers: NumberParser
  private(set) var times: [Double] = []
  private(set) var values: [[Double]]

  init(
    stamps: StampReader, places: [Int], header: [String], format: CSVFormat, sorts: Bool
  ) {
    (self.stamps, self.places, self.header, self.sorts) = (stamps, places, header, sorts)
    numbers = NumberParser(format)
    values = Array(repeating: [], count: places.count)
  }

  mutating func append(_ reader: CSVReader) throws {
    guard reader.fieldCount == header.count else {
      throw reader.error(
        "\(reader.fieldCount) fields, where the first line has \(header.count)")
    }
    let stamp = try stamps.read(reader, row: times.count)
    if !sorts, let last = times.last, stamp <= last {
      throw reader.error(
        stamp == last
          ? "the time \(CivilTime(stamp: stamp)) is that of the row before, too"
          : "the time \(CivilTime(stamp: stamp)) is earlier than that of the row before, "
            + "\(CivilTime(stamp: last))")
    }
    times.append(stamp)
    for column in 0..<places.count {
      let place = places[column]
      guard let value = numbers.parse(reader.bytes(place)) else {
        throw reader.error("\(shortened(reader.text(place))) is no number", column: header[place])
      }
      values[column].append(value)
    }
  }

  /// Puts the rows in the order of their stamps, with one row for each stamp.
  mutating func sort(keeping kept: StampOrder.Kept) {
    let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    var rows: [Int] = []
    for row in order {
      if let last = rows.last, times[last] == times[row] {
        if case .last = kept { rows[rows.count - 1] = row }
      } else {
        rows.append(row)
      }
    }
    times = rows.map { times[$0] }
    values = values.map { column in rows.map { column[$0] } }
  }
}

/// Reads a record's stamp.
struct StampReader {
  private enum Source {
    case column(Int, TimeFormat)
    /// The places of year, month, day, hour, minute and second; −1 for what has no column.
    case parts([Int])
    case rows(Double, TimeStep)
  }
  private let source: Source
  private let time: CSVTime

  /// `place` finds a column by its name.
  init(_ time: CSVTime, place: (String) throws -> Int) throws {
    self.time = time
    switch time {
    case .column(let name, let format): source = .column(try place(name), format)
    case .parts(let year, let month, let day, let hour, let minute, let second):
      source = .parts(
        try [year, month, day, hour, minute, second].map { try $0.map(place) ?? -1 })
    case .rows(let start, let step): source = .rows(start, step)
    }
  }

  func read(_ reader: CSVReader, row: Int) throws -> Double {
    switch source {
    case .rows(let start, let step): return step.after(start, count: row)
    case .column(let place, let format):
      guard let stamp = format.parse(reader.bytes(place)) else {
        throw reader.error(
          "\(shortened(reader.text(place))) is no time such as \(format.example)",
          column: time.columns[0])
      }
      return stamp
    case .parts(let places):
      let time = CivilTime(
        year: try whole(places, 0, 1970, reader), month: try whole(places, 1, 1, reader),
        day: try whole(places, 2, 1, reader), hour: try whole(places, 3, 0, reader),
        minute: try whole(places, 4, 0, reader), second: try number(places, 5, 0, reader))
      guard time.isValid else { throw reader.error("there is no such time as \(time)") }
      return time.stamp
    }
  }

  private func whole(
    _ places: [Int], _ part: Int, _ absent: Double, _ reader: CSVReader
  ) throws -> Int {
    let value = try number(places, part, absent, reader)
    guard value == value.rounded(), abs(value) < 1e6 else {
      throw wrongPart(places, part, reader)
    }
    return Int(value)
  }

  private func number(
    _ places: [Int], _ part: Int, _ absent: Double, _ reader: CSVReader
  ) throws -> Double {
    guard places[part] >= 0 else { return absent }
    guard let value = parseNumber(trimmed(reader.bytes(places[part]))) else {
      throw wrongPart(places, part, reader)
    }
    return value
  }

  private func wrongPart(_ places: [Int], _ part: Int, _ reader: CSVReader) -> CSVError {
    let column = places[..<part].count { $0 >= 0 }
    return reader.error(
      "\(shortened(reader.text(places[part]))) is no part of a time", column: time.columns[column])
  }
}

/// A field as it stands in a message: quoted, and not all of it if it is long.
func shortened(_ text: String) -> String {
  text.count <= 40 ? text.debugDescription : text.prefix(40).debugDescription + " …"
}
