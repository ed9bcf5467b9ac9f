import Arrays

/// A moment as the calendar writes it, in UTC (proleptic Gregorian calendar, no leap seconds).
///
/// Time stamps are seconds since 1970-01-01 00:00 UTC throughout; this is where they are read and
/// written. Done by arithmetic: a calendar object would take most of the time of reading a file.
public struct CivilTime: Equatable, Sendable {
  /// Astronomical: 0 is 1 BC, −1 is 2 BC.
  public var year: Int
  /// 1 … 12.
  public var month: Int
  /// 1 … 31.
  public var day: Int
  /// 0 … 23.
  public var hour: Int
  /// 0 … 59.
  public var minute: Int
  /// From 0 up to, not including, 60, with its fraction.
  public var second: Double

  /// Midnight of 1 January if no more is said. Whether there is such a moment, `isValid` tells.
  public init(
    year: Int, month: Int = 1, day: Int = 1, hour: Int = 0, minute: Int = 0, second: Double = 0
  ) {
    (self.year, self.month, self.day) = (year, month, day)
    (self.hour, self.minute, self.second) = (hour, minute, second)
  }

  /// The moment that lies `stamp` seconds after 1970-01-01 00:00 UTC. The calendar ends where a
  /// Double no longer tells one second from the next, 285 million years from now; a stamp beyond
  /// stops the program.
  public init(stamp: Double) {
    guard Self.holds(stamp) else { wrongUse("CivilTime: \(stamp) s is in no calendar") }
    let days = (stamp / 86_400).rounded(.down)
    let seconds = stamp - days * 86_400
    (year, month, day) = Self.date(days: Int(days))
    hour = Int(seconds / 3600)
    minute = Int(seconds / 60) % 60
    second = seconds - Double(hour * 3600 + minute * 60)
  }

  /// Whether the calendar goes as far as a stamp: 2⁵³ s, and not for NaN.
  static func holds(_ stamp: Double) -> Bool { abs(stamp) <= 0x1p53 }

  /// Whether there is such a moment: no month 13, no 30 February, no hour 24.
  public var isValid: Bool {
    (1...12).contains(month) && day >= 1 && day <= Self.daysIn(month: month, year: year)
      && (0..<24).contains(hour) && (0..<60).contains(minute) && second >= 0 && second < 60
  }

  /// Seconds since 1970-01-01 00:00 UTC.
  public var stamp: Double {
    Double(Self.days(year: year, month: month, day: day)) * 86_400
      + Double(hour * 3600 + minute * 60) + second
  }

  static func daysIn(month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // Years are counted from March, so that a leap day is a year's last; 400 years are 146,097 days
  // (H. Hinnant, "chrono-compatible low-level date algorithms", 2013). Day 719,468 is 1970-01-01.

  static func days(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1
    )
  }
}

extension CivilTime: CustomStringConvertible {
  /// ISO 8601 in UTC, as short as it can be: `2010-01-02`, `2010-01-02 05:00`,
  /// `2010-01-02 05:00:30.25`.
  public var description: String {
    func padded(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number.magnitude)
      return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count))
        + digits
    }
    let date = padded(year, 4) + "-" + padded(month) + "-" + padded(day)
    if hour == 0, minute == 0, second == 0 { return date }
    let time = date + " " + padded(hour) + ":" + padded(minute)
    if second == 0 { return time }
    guard (0..<60).contains(second) else { return time + ":\(second)" }
    // To a millionth; what rounds up to the next second is written as that second.
    let millionths = Int((second * 1e6).rounded())
    if millionths >= 60_000_000 {
      return CivilTime(stamp: (stamp + 1e-6).rounded(.down)).description
    }
    var digits = padded(millionths % 1_000_000, 6)
    while digits.last == "0" { digits.removeLast() }
    return time + ":" + padded(millionths / 1_000_000) + (digits.isEmpty ? "" : "." + digits)
  }
}

/// A stamp for a message: the moment it is, or its seconds if the calendar does not go so far.
func stampText(_ stamp: Double) -> String {
  CivilTime.holds(stamp) ? CivilTime(stamp: stamp).description : "\(stamp) s"
}
