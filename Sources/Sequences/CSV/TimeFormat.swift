/// How a column of time stamps is written.
///
/// Years have four digits; where the day or the month comes first they may have two, of which 69 … 99
/// are 1969 … 1999 and the others 2000 … 2068 (POSIX). A month may be an English name, whole or its
/// first three letters: `2 Jan 2010`. Hours may be followed by AM or PM, and any time by a zone such
/// as `Z`, `UTC` or `+08:00`; without, it is UTC, or in the time zone that is asked for. What
/// is none of these is an error, however near.
public enum TimeFormat: Sendable {
  /// ISO 8601, year first: `2010-01-02`, `2010-01`, `2010`, `2010/1/2 5:00`, `20100102T0500`,
  /// `2010-01-02T05:00:30.25Z`; and `@1262408400`, seconds since 1970-01-01 00:00 UTC.
  case iso8601
  /// `2.1.2010 05:00`, `02/01/10`: the day first.
  case dayFirst
  /// `1/2/2010 5:00 PM`, `Jan 2, 2010`: the month first.
  case monthFirst
  /// Seconds since 1970-01-01 00:00 UTC.
  case seconds
  /// Milliseconds since 1970-01-01 00:00 UTC.
  case milliseconds
  /// As `strptime` and pandas' `date_format` have it, `"%Y-%j"` for year and day of the year:
  /// %Y %y %m %b %B %d %e %j %a %A %H %I %p %M %S %f %z %F %D %T %R %s %%.
  case format(String)

  /// An example of the format, for messages.
  var example: String {
    switch self {
    case .iso8601: "2010-01-02 05:00"
    case .dayFirst: "02.01.2010 05:00"
    case .monthFirst: "01/02/2010 05:00"
    case .seconds: "1262408400"
    case .milliseconds: "1262408400000"
    case .format(let pattern): pattern
    }
  }

  /// The stamp a field holds, in seconds since 1970-01-01 00:00, and whether the field says that
  /// this is UTC; nil if it is none.
  func parse(_ field: UnsafeBufferPointer<UInt8>) -> (value: Double, hasZone: Bool)? {
    let bytes = trimmed(field)
    switch self {
    case .seconds: return parseNumber(bytes).map { ($0, true) }
    case .milliseconds: return parseNumber(bytes).map { ($0 / 1000, true) }
    case .format(let pattern): return TimePattern(pattern).parse(bytes)
    case .iso8601 where bytes.first == UInt8(ascii: "@"):
      return parseNumber(UnsafeBufferPointer(rebasing: bytes[1...])).map { ($0, true) }
    case .iso8601, .dayFirst, .monthFirst:
      var cursor = TimeCursor(bytes)
      guard let date = date(&cursor) else { return nil }
      return Self.time(&cursor, of: date)?.stamp
    }
  }

  /// A part of a date: a number of so many digits, or a month's name (of none).
  private typealias Part = (value: Int, digits: Int)

  private func part(_ cursor: inout TimeCursor) -> Part? {
    cursor.number() ?? cursor.month().map { ($0, 0) }
  }

  /// What stands between two parts: `-`, `/` or `.`, or beside a month's name spaces or a comma.
  private func separator(_ cursor: inout TimeCursor, besideName: Bool) -> UInt8? {
    let first = cursor.next
    if cursor.skip("-/.") {
      if first == UInt8(ascii: ".") { cursor.skipSpaces() }
      return first
    }
    guard besideName, cursor.skip(", ") else { return nil }
    cursor.skipSpaces()
    return first
  }

  private func date(_ cursor: inout TimeCursor) -> (year: Int, month: Int, day: Int)? {
    let isISO = if case .iso8601 = self { true } else { false }
    guard let a = part(&cursor) else { return nil }
    if isISO, a.digits == 8 { return (a.value / 10_000, a.value / 100 % 100, a.value % 100) }
    if isISO, a.digits == 4, cursor.isAtEnd { return (a.value, 1, 1) }
    // Before a name the second part has not been seen.
    guard let first = separator(&cursor, besideName: true), let b = part(&cursor) else {
      return nil
    }
    let named = a.digits == 0 || b.digits == 0
    guard named || first != UInt8(ascii: " ") && first != UInt8(ascii: ",") else { return nil }
    if cursor.isAtEnd {
      // A month: 2010-01, Jan 2010.
      if isISO, a.digits == 4, b.digits <= 2 { return (a.value, b.value, 1) }
      return a.digits == 0 && b.digits == 4 ? (b.value, a.value, 1) : nil
    }
    guard let second = separator(&cursor, besideName: named), named || second == first,
      let c = part(&cursor), c.digits > 0, a.digits > 0 || b.digits > 0
    else { return nil }
    var (year, month, day) = (c, b, a)
    if b.digits == 0 {
      if a.digits == 4 { (year, day) = (a, c) }
    } else if a.digits == 0 {
      (month, day) = (a, b)
    } else if isISO {
      (year, day) = (a, c)
    } else if case .monthFirst = self {
      (month, day) = (a, b)
    }
    guard month.digits <= 2, day.digits <= 2 else { return nil }
    if year.digits == 4 { return (year.value, month.value, day.value) }
    guard year.digits == 2, !isISO else { return nil }
    return (ParsedTime.century(year.value), month.value, day.value)
  }

  /// The time of day after a date, and its zone, up to the field's end.
  private static func time(
    _ cursor: inout TimeCursor, of date: (year: Int, month: Int, day: Int)
  ) -> ParsedTime? {
    var time = ParsedTime(date: date)
    if cursor.isAtEnd { return time }
    guard cursor.skip("Tt ,") else { return nil }
    cursor.skipSpaces()
    guard let (hour, digits) = cursor.number() else { return nil }
    switch digits {
    case 1, 2: time.hour = hour
    case 4: (time.hour, time.minute) = (hour / 100, hour % 100)
    case 6: (time.hour, time.minute, time.second) = (hour / 10_000, hour / 100 % 100, hour % 100)
    default: return nil
    }
    if digits <= 2, cursor.skip(":") {
      guard let minute = cursor.small(0...59) else { return nil }
      time.minute = minute
      if cursor.skip(":") {
        guard let second = cursor.small(0...59) else { return nil }
        time.second = second
        if cursor.skip(".,") {
          guard let fraction = cursor.fraction() else { return nil }
          time.fraction = fraction
        }
      }
    }
    cursor.skipSpaces()
    time.half = cursor.half()
    cursor.skipSpaces()
    if !cursor.isAtEnd {
      guard let zone = cursor.zone() else { return nil }
      time.zone = zone
    }
    return cursor.isAtEnd ? time : nil
  }
}
