/// How a column of time stamps is written.
public enum TimeFormat: Sendable {
  /// ISO 8601, year first: `2010-01-02`, `2010-01`, `2010/1/2 5:00`, `2010-01-02T05:00:30.25Z`, with
  /// or without a zone such as `+08:00` (without, UTC).
  case iso8601
  /// `2.1.2010 05:00`, `02/01/2010`: the day first.
  case dayFirst
  /// `1/2/2010 5:00`: the month first.
  case monthFirst
  /// Seconds since 1970-01-01 00:00 UTC.
  case seconds
  /// Milliseconds since 1970-01-01 00:00 UTC.
  case milliseconds

  /// An example of the format, for messages.
  var example: String {
    switch self {
    case .iso8601: "2010-01-02 05:00"
    case .dayFirst: "02.01.2010 05:00"
    case .monthFirst: "01/02/2010 05:00"
    case .seconds: "1262408400"
    case .milliseconds: "1262408400000"
    }
  }

  /// The stamp a field holds, in seconds since 1970-01-01 00:00 UTC; nil if it is none.
  func parse(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    let bytes = trimmed(field)
    switch self {
    case .seconds: return parseNumber(bytes)
    case .milliseconds: return parseNumber(bytes).map { $0 / 1000 }
    case .iso8601, .dayFirst, .monthFirst: return parseDate(bytes)
    }
  }

  private func parseDate(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var cursor = Cursor(bytes: bytes)
    guard let first = cursor.number(), cursor.skip("-/."), let second = cursor.number() else {
      return nil
    }
    var third = 1
    if cursor.skip("-/.") {
      guard let number = cursor.number() else { return nil }
      third = number
    } else if self != .iso8601 {
      return nil
    }
    var time: CivilTime
    switch self {
    case .dayFirst: time = CivilTime(year: third, month: second, day: first)
    case .monthFirst: time = CivilTime(year: third, month: first, day: second)
    default: time = CivilTime(year: first, month: second, day: third)
    }
    var zone = 0
    if !cursor.isAtEnd {
      guard cursor.skip("T "), let hour = cursor.number() else { return nil }
      time.hour = hour
      if cursor.skip(":") {
        guard let minute = cursor.number() else { return nil }
        time.minute = minute
      }
      if cursor.skip(":") {
        guard let second = cursor.decimal() else { return nil }
        time.second = second
      }
      _ = cursor.skip(" ")
      if cursor.isAt("+-") {
        let sign = cursor.isAt("-") ? -1 : 1
        _ = cursor.skip("+-")
        guard var hours = cursor.number() else { return nil }
        var minutes = 0
        if cursor.skip(":") {
          guard let number = cursor.number() else { return nil }
          minutes = number
        } else if hours > 99 {
          (hours, minutes) = (hours / 100, hours % 100)
        }
        guard hours < 24, minutes < 60 else { return nil }
        zone = sign * (hours * 3600 + minutes * 60)
      } else {
        _ = cursor.skip("Z")
      }
    }
    guard cursor.isAtEnd, time.isValid else { return nil }
    return time.stamp - Double(zone)
  }
}

/// Walks over the bytes of a field.
private struct Cursor {
  let bytes: UnsafeBufferPointer<UInt8>
  var place = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  func isAt(_ set: StaticString) -> Bool {
    guard place < bytes.count else { return false }
    for k in 0..<set.utf8CodeUnitCount where set.utf8Start[k] == bytes[place] { return true }
    return false
  }

  mutating func skip(_ set: StaticString) -> Bool {
    guard isAt(set) else { return false }
    place += 1
    return true
  }

  /// At most nine digits.
  mutating func number() -> Int? {
    var value = 0
    let start = place
    while place < bytes.count, place - start < 9, bytes[place] &- 0x30 <= 9 {
      value = value * 10 + Int(bytes[place] - 0x30)
      place += 1
    }
    return place > start ? value : nil
  }

  /// Digits, and a fraction after a point or comma.
  mutating func decimal() -> Double? {
    guard let whole = number() else { return nil }
    guard skip(".,") else { return Double(whole) }
    let start = place
    while place < bytes.count, bytes[place] &- 0x30 <= 9 { place += 1 }
    let digits = bytes[start..<place]
    guard !digits.isEmpty,
      let fraction = Double("0." + String(decoding: digits, as: UTF8.self))
    else { return nil }
    return Double(whole) + fraction
  }
}
