import Arrays

/// Reads a record's stamp.
struct StampReader {
  private enum Source {
    case column(Int, TimeFormat)
    case columns(Int, Int, TimeFormat)
    /// The places of year, month, day, hour, minute and second; −1 for what has no column. A vector,
    /// for an array would be retained and released row by row.
    case parts(SIMD8<Int>)
    case rows(Double, TimeStep)
  }
  private let source: Source
  private let names: [String]
  private let clock: LocalClock?

  /// `place` finds a column by its name.
  init(_ time: CSVTime, clock: LocalClock?, place: (String) throws -> Int) throws {
    (names, self.clock) = (time.columns, clock)
    switch time {
    case .column(let name, let format): source = .column(try place(name), format)
    case .columns(let date, let time, let format):
      source = .columns(try place(date), try place(time), format)
    case .parts(let year, let month, let day, let hour, let minute, let second):
      var places = SIMD8(repeating: -1)
      for (part, name) in [year, month, day, hour, minute, second].enumerated() {
        if let name { places[part] = try place(name) }
      }
      source = .parts(places)
    case .rows(let start, let step): source = .rows(start, step)
    }
    switch source {
    case .column(_, .format(let pattern)), .columns(_, _, .format(let pattern)):
      TimePattern(pattern).check()
    default: break
    }
  }

  /// The stamp of a record, the `row`th, after one with the stamp `last`.
  func read(_ records: borrowing RecordScanner, row: Int, after last: Double) throws -> Double {
    switch source {
    case .rows(let start, let step): return step.after(start, count: row)
    case .column(let place, let format):
      return try stamp(
        format.parse(records.bytes(place)), records, last, records.text(place), format)
    case .columns(let date, let time, let format):
      return try stamp(
        together(records.bytes(date), records.bytes(time), format.parse), records, last,
        records.text(date) + " " + records.text(time), format)
    case .parts(let places):
      let time = CivilTime(
        year: try year(places, records), month: try whole(places, 1, 1, records),
        day: try whole(places, 2, 1, records), hour: try whole(places, 3, 0, records),
        minute: try whole(places, 4, 0, records), second: try number(places, 5, 0, records))
      guard time.isValid else { throw records.error("there is no such time as \(time)") }
      return try clock == nil ? time.stamp : utc(time.stamp, records, last)
    }
  }

  /// Checks what was read from one or two fields.
  private func stamp(
    _ time: (value: Double, hasZone: Bool)?, _ records: borrowing RecordScanner, _ last: Double,
    _ text: @autoclosure () -> String, _ format: TimeFormat
  ) throws -> Double {
    guard let (value, hasZone) = time else {
      throw records.error(
        "\(shortened(text())) is no time such as \(format.example)", column: names[0])
    }
    guard CivilTime.holds(value) else {
      throw records.error("\(shortened(text())) is in no calendar", column: names[0])
    }
    return try hasZone || clock == nil ? value : utc(value, records, last)
  }

  private func utc(
    _ local: Double, _ records: borrowing RecordScanner, _ last: Double
  ) throws -> Double {
    guard let clock else { return local }
    do { return try clock.utc(local, after: last) } catch {
      let time = stampText(local), zone = clock.zone.identifier
      throw records.error(
        error == .skipped
          ? "there is no \(time) in \(zone), where clocks were put forward"
          : "\(time) comes twice in \(zone), where clocks were put back; say "
            + "ambiguous: .first or .second, or .infer for rows in order of time",
        column: names[0])
    }
  }

  /// What `parse` makes of two fields with a space between them; nil if one of them is empty.
  private func together<R>(
    _ date: UnsafeBufferPointer<UInt8>, _ time: UnsafeBufferPointer<UInt8>,
    _ parse: (UnsafeBufferPointer<UInt8>) -> R?
  ) -> R? {
    let date = trimmed(date), time = trimmed(time)
    guard !date.isEmpty, !time.isEmpty else { return nil }
    // Eight bytes behind a field may be read.
    let count = date.count + 1 + time.count
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 8) { both in
      both.initialize(repeating: 0)
      for (place, byte) in date.enumerated() { both[place] = byte }
      both[date.count] = 0x20
      for (place, byte) in time.enumerated() { both[date.count + 1 + place] = byte }
      return parse(UnsafeBufferPointer(rebasing: both[..<count]))
    }
  }

  /// A year of four digits, or of two: see `TimeFormat`.
  @inline(__always) private func year(
    _ places: SIMD8<Int>, _ records: borrowing RecordScanner
  ) throws -> Int {
    let value = try whole(places, 0, 1970, records)
    return 1000 <= value && value <= 9999 ? value : try early(value, places, records)
  }

  private func early(
    _ year: Int, _ places: SIMD8<Int>, _ records: borrowing RecordScanner
  ) throws -> Int {
    let digits = trimmed(records.bytes(places[0])).count
    guard year >= 0, year <= 9999, digits == 2 || digits == 4 else {
      throw wrongPart(places, 0, records)
    }
    return digits == 2 ? ParsedTime.century(year) : year
  }

  @inline(__always) private func whole(
    _ places: SIMD8<Int>, _ part: Int, _ absent: Int, _ records: borrowing RecordScanner
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
    _ places: SIMD8<Int>, _ part: Int, _ absent: Double, _ records: borrowing RecordScanner
  ) throws -> Double {
    guard places[part] >= 0 else { return absent }
    guard let value = parseNumber(trimmed(records.bytes(places[part]))) else {
      throw wrongPart(places, part, records)
    }
    return value
  }

  private func wrongPart(
    _ places: SIMD8<Int>, _ part: Int, _ records: borrowing RecordScanner
  ) -> CSVError {
    let column = (0..<part).count { places[$0] >= 0 }
    return records.error(
      "\(shortened(records.text(places[part]))) is no part of a time", column: names[column])
  }
}
