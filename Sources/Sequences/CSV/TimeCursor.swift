/// Walks over the bytes of a field that says when something was.
struct TimeCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  var place = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }
  var next: UInt8 { place < bytes.count ? bytes[place] : 0 }
  private var isAtLetter: Bool { (next | 0x20) &- 0x61 < 26 }

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

  mutating func skipSpaces() { while skip(" \t") {} }

  /// At most nine digits, and how many they are.
  mutating func number(_ most: Int = 9) -> (value: Int, digits: Int)? {
    var value = 0
    let start = place
    while place < bytes.count, place - start < most, bytes[place] &- 0x30 <= 9 {
      value = value * 10 + Int(bytes[place] - 0x30)
      place += 1
    }
    return place > start ? (value, place - start) : nil
  }

  /// One or two digits of a number in a range.
  mutating func small(_ range: ClosedRange<Int>) -> Int? {
    guard let (value, digits) = number(), digits <= 2, range.contains(value) else { return nil }
    return value
  }

  /// The digits of a fraction.
  mutating func fraction() -> Double? {
    let start = place
    while place < bytes.count, bytes[place] &- 0x30 <= 9 { place += 1 }
    guard place > start else { return nil }
    return Double("0." + String(decoding: bytes[start..<place], as: UTF8.self))
  }

  /// Letters.
  mutating func word() -> String? {
    let start = place
    while isAtLetter { place += 1 }
    guard place > start else { return nil }
    return String(decoding: bytes[start..<place], as: UTF8.self).lowercased()
  }

  /// An English month's name, or the first three letters of it.
  mutating func month() -> Int? {
    guard isAtLetter, let word = word() else { return nil }
    return Self.months.firstIndex { $0 == word || $0.prefix(word == "sept" ? 4 : 3) == word }
      .map { $0 + 1 }
  }

  /// Whether `AM` or `PM` stands next, `a.m.` and `p.m.` too: what is to be added to hours.
  mutating func half() -> Int? {
    guard isAt("aApP") else { return nil }
    let start = place, hours = isAt("pP") ? 12 : 0
    place += 1
    let dotted = skip(".")
    if skip("mM"), !dotted || skip(".") { return hours }
    place = start
    return nil
  }

  /// `Z`, `UTC`, `+08:00`, `-0530` or `+01`: seconds east of UTC.
  mutating func zone() -> Int? {
    if let word = word() { return ["z", "utc", "gmt"].contains(word) ? 0 : nil }
    guard isAt("+-") else { return nil }
    let sign = isAt("-") ? -1 : 1
    place += 1
    guard let (value, digits) = number() else { return nil }
    var hours = value, minutes = 0
    if digits <= 2, skip(":") {
      guard let (value, count) = number(), count == 2 else { return nil }
      minutes = value
    } else if digits == 4 {
      (hours, minutes) = (hours / 100, hours % 100)
    } else if digits > 2 {
      return nil
    }
    guard hours < 24, minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]
}

/// What a field says about when something was: whole seconds since 1970-01-01 00:00 of its zone and
/// the fraction after them, added up only at the end.
struct ParsedTime {
  var date: (year: Int, month: Int, day: Int)
  var hour = 0, minute = 0, second = 0
  var fraction = 0.0
  /// 0 or 12 for hours before and after noon, counted up to 12.
  var half: Int?
  /// Seconds east of UTC, if the field names a zone.
  var zone: Int?

  /// Nil if there is no such moment.
  var stamp: (value: Double, hasZone: Bool)? {
    guard (1...12).contains(date.month), date.day >= 1,
      date.day <= CivilTime.daysIn(month: date.month, year: date.year),
      (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second)
    else { return nil }
    var hour = hour
    if let half {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + half
    }
    let days = CivilTime.days(year: date.year, month: date.month, day: date.day)
    let whole = days * 86_400 + hour * 3600 + minute * 60 + second - (zone ?? 0)
    return (Double(whole) + fraction, zone != nil)
  }

  /// A year of two digits: 69 … 99 are those of the last century (POSIX).
  static func century(_ year: Int) -> Int { year < 69 ? 2000 + year : 1900 + year }
}
