import Arrays

/// Reads times as `strptime` does: `%` codes, spaces for any number of spaces, and all else as it
/// stands.
struct TimePattern {
  private let pattern: String
  private var year: Int?
  private var month = 1, day = 1
  private var dayOfYear: Int?
  private var stamp: Double?
  private var time = ParsedTime(date: (1970, 1, 1))

  init(_ pattern: String) { self.pattern = pattern }

  /// Stops the program if the pattern has codes that are not known, or no year.
  func check() {
    var codes: [UInt8] = [], rest = pattern.utf8.makeIterator()
    while let byte = rest.next() {
      if byte == 0x25, let code = rest.next() { codes.append(code) }
    }
    let known = Array("YymbBdejaAHIpMSfzFDTRs%".utf8)
    if let wrong = codes.first(where: { !known.contains($0) }) {
      wrongUse("TimeFormat: %\(Unicode.Scalar(wrong)) in \(pattern) is not known")
    }
    guard codes.contains(where: Array("YyFDs".utf8).contains) else {
      wrongUse("TimeFormat: \(pattern) has no year")
    }
  }

  /// As `TimeFormat.parse`.
  func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> (value: Double, hasZone: Bool)? {
    var cursor = TimeCursor(bytes), found = self
    guard found.read(pattern.utf8, &cursor), cursor.isAtEnd else { return nil }
    if let stamp = found.stamp { return (stamp + found.time.fraction, true) }
    found.time.date = (found.year ?? 1970, found.month, found.day)
    if let dayOfYear = found.dayOfYear {
      let first = CivilTime.days(year: found.time.date.year, month: 1, day: 1)
      let date = CivilTime.date(days: first + dayOfYear - 1)
      guard date.year == found.time.date.year else { return nil }
      found.time.date = date
    }
    return found.time.stamp
  }

  private mutating func read(_ pattern: some Collection<UInt8>, _ cursor: inout TimeCursor) -> Bool
  {
    var rest = pattern.makeIterator()
    while let byte = rest.next() {
      if byte == 0x20 {
        cursor.skipSpaces()
      } else if byte == 0x25, let code = rest.next() {
        guard read(code, &cursor) else { return false }
      } else {
        guard cursor.next == byte, !cursor.isAtEnd else { return false }
        cursor.place += 1
      }
    }
    return true
  }

  /// Reads what a code stands for; false if something else is there.
  private mutating func read(_ code: UInt8, _ cursor: inout TimeCursor) -> Bool {
    func number(_ digits: Int, _ range: ClosedRange<Int>) -> Int? {
      cursor.number(digits).flatMap { range.contains($0.value) ? $0.value : nil }
    }
    func set(_ place: WritableKeyPath<Self, Int>, _ value: Int?) -> Bool {
      if let value { self[keyPath: place] = value }
      return value != nil
    }
    switch UnicodeScalar(code) {
    case "Y":
      guard let (value, digits) = cursor.number(4), digits == 4 else { return false }
      year = value
    case "y":
      guard let (value, digits) = cursor.number(2), digits == 2 else { return false }
      year = ParsedTime.century(value)
    case "m": return set(\.month, number(2, 1...12))
    case "b", "B": return set(\.month, cursor.month())
    case "e":
      cursor.skipSpaces()
      return set(\.day, number(2, 1...31))
    case "d": return set(\.day, number(2, 1...31))
    case "j":
      dayOfYear = number(3, 1...366)
      return dayOfYear != nil
    case "a", "A": return cursor.word() != nil
    case "H": return set(\.time.hour, number(2, 0...23))
    case "I":
      if time.half == nil { time.half = 0 }
      return set(\.time.hour, number(2, 1...12))
    case "p":
      time.half = cursor.half()
      return time.half != nil
    case "M": return set(\.time.minute, number(2, 0...59))
    case "S": return set(\.time.second, number(2, 0...59))
    case "f":
      guard let fraction = cursor.fraction() else { return false }
      time.fraction = fraction
    case "z":
      time.zone = cursor.zone()
      return time.zone != nil
    case "s":
      let sign: Double = cursor.skip("-") ? -1 : 1
      let start = cursor.place
      while cursor.next &- 0x30 <= 9 { cursor.place += 1 }
      stamp = parseNumber(UnsafeBufferPointer(rebasing: cursor.bytes[start..<cursor.place]))
        .map { sign * $0 }
      return stamp != nil
    case "F": return read("%Y-%m-%d".utf8, &cursor)
    case "D": return read("%m/%d/%y".utf8, &cursor)
    case "T": return read("%H:%M:%S".utf8, &cursor)
    case "R": return read("%H:%M".utf8, &cursor)
    default: return cursor.skip("%")
    }
    return true
  }
}
