import Foundation

/// A moment in UTC as the calendar tells it (Gregorian throughout, also before it was made).
struct CivilTime: Equatable {
  var year, month, day: Int
  var hour = 0, minute = 0, second = 0
  /// Of the second, with `digits` decimal places.
  var fraction = 0, digits = 0
  /// Since 1970-01-01.
  private(set) var days: Int

  /// A date at midnight.
  init(year: Int, month: Int, day: Int) {
    (self.year, self.month, self.day) = (year, month, day)
    // Years from March on, so that the leap day is the last: Hinnant, "chrono-compatible low-level
    // date algorithms", 2013.
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.floorDivided(by: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Seconds since 1970, to the nearest of so many decimal places; nil if they are too far away to
  /// be told.
  init?(_ seconds: Double, digits: Int = 0) {
    let parts = Int(pow(10.0, Double(digits)))
    guard let whole = Int(exactly: seconds.rounded(.down)),
      let part = Int(exactly: ((seconds - Double(whole)) * Double(parts)).rounded())
    else { return nil }
    let total = whole + part / parts
    let days = total.floorDivided(by: 86_400)
    guard abs(days) < 1 << 50 else { return nil }
    let inDay = total - days * 86_400

    let shifted = days + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    (day, self.month) = (dayOfYear - (153 * month + 2) / 5 + 1, month < 10 ? month + 3 : month - 9)
    year = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
    (hour, minute, second) = (inDay / 3600, inDay / 60 % 60, inDay % 60)
    (fraction, self.digits, self.days) = (part % parts, digits, days)
  }

  /// Since 1970, without the fraction.
  var seconds: Double {
    let inDay = hour * 3600 + minute * 60 + second
    return Double(days) * 86_400 + Double(inDay)
  }

  /// `2010-01-31`.
  var date: String { "\(monthText)-\(day.padded(2))" }
  /// `2010-01`.
  var monthText: String { "\(yearText)-\(month.padded(2))" }
  /// `2010`.
  var yearText: String { year < 0 ? "-\((-year).padded(4))" : year.padded(4) }
  /// `06:00`, `06:00:07` or `06:00:07.250`.
  func clock(seconds: Bool) -> String {
    let minutes = "\(hour.padded(2)):\(minute.padded(2))"
    if !seconds { return minutes }
    return minutes + ":\(second.padded(2))" + (digits > 0 ? ".\(fraction.padded(digits))" : "")
  }

  /// Written by a `strftime` format in English, whatever the process has set. `%.3S` are seconds
  /// with three decimals, as in gnuplot.
  func formatted(_ format: String) -> String {
    var parts = tm()
    // A format's letters beyond this year's reach print it modulo 2^32 at worst.
    parts.tm_year = Int32(truncatingIfNeeded: year - 1900)
    (parts.tm_mon, parts.tm_mday) = (Int32(month - 1), Int32(day))
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
    parts.tm_wday = Int32((days + 4).modulo(7))
    parts.tm_yday = Int32(days - CivilTime(year: year, month: 1, day: 1).days)
    let exact = format.replacing(Self.decimals) { match in
      let wanted = Int(match.1) ?? 0
      let text = fraction.padded(digits) + String(repeating: "0", count: wanted)
      return second.padded(2)
        + (wanted > 0 ? "." + (digits > 0 ? text : "0" + text).prefix(wanted) : "")
    }
    var text = [CChar](repeating: 0, count: exact.utf8.count * 32 + 64)
    let count = strftime_l(&text, text.count, exact, &parts, Self.classic)
    return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  nonisolated(unsafe) private static let decimals = #/%\.([0-9])S/#
  nonisolated(unsafe) private static let classic = newlocale(
    (1 << LC_CTYPE) | (1 << LC_TIME), "C", nil)
}

extension Int {
  /// The quotient toward minus infinity.
  func floorDivided(by divisor: Int) -> Int {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }

  func modulo(_ divisor: Int) -> Int { self - floorDivided(by: divisor) * divisor }

  /// With at least so many digits.
  func padded(_ digits: Int) -> String {
    let text = "\(self)"
    return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
  }
}
