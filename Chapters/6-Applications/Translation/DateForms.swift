import Foundation
import Unroll

/// A day of the calendar, from 1950 to 2049: the hundred years in which two digits name a year.
package struct Day: Hashable, Sendable {
  package let year, month, day: Int
  /// 0 is Monday.
  package let weekday: Int

  package static let count = 36_525
  /// The days from 1970-01-01 back to 1950-01-01.
  private static let before1970 = 7_305

  /// The day of this number: 0 is 1950-01-01, 36,524 is 2049-12-31.
  package init(number: Int) {
    let date = CivilTime(stamp: Double(number - Self.before1970) * 86_400)
    (year, month, day) = (date.year, date.month, date.day)
    // 1950 began with a Sunday.
    weekday = (number + 6) % 7
  }

  /// As ISO 8601 has it: 1999-05-03.
  package var iso: String { String(format: "%04d-%02d-%02d", year, month, day) }
}

/// How people write dates: a pattern for each form, its fields filled in from the day.
package enum DateForms {
  package static let patterns = [
    "{day} {month} {year}", "{nth} {month} {year}", "the {nth} of {month} {year}",
    "the {nth} of {month}, {year}", "{day} {mon} {year}", "{day}-{mon}-{year}", "{day}-{mon}-{yy}",
    "{day} {mon} {yy}", "{day} {month} '{yy}", "the {nth} of {month} '{yy}",
    "{day}. {month} {year}",
    "{month} {day}, {year}", "{month} {nth}, {year}", "{month} {nth} {year}",
    "{month} the {nth}, {year}", "{mon}. {day}, {year}", "{mon} {day} {year}", "{mon} {day}, '{yy}",
    "{month} {day}, '{yy}", "{month} {nth}, '{yy}",
    "{day}.{m}.{year}", "{dd}.{mm}.{year}", "{day}.{m}.{yy}", "{dd}.{mm}.{yy}",
    "{day}. {m}. {year}",
    "{day}/{m}/{year}", "{dd}/{mm}/{year}", "{day}/{m}/{yy}", "{dd}/{mm}/{yy}",
    "{dd}-{mm}-{year}", "{dd} {mm} {year}", "{day}.{roman}.{year}", "{day} {roman} {year}",
    "{year}-{mm}-{dd}", "{year}/{m}/{day}", "{year}.{mm}.{dd}", "{year}{mm}{dd}",
    "{year} {month} {day}", "{year}, {month} {nth}", "{year}-{mon}-{dd}",
    "{weekday}, {day} {month} {year}", "{weekday} the {nth} of {month}, {year}",
    "{weekday}, {month} {day}, {year}", "{wd} {day} {mon} {year}", "{wd}, {mon} {day}, '{yy}",
    "{wd} {dd}/{mm}/{yy}", "on {weekday}, {month} {nth}, {year}",
    "the {ordinal} of {month} {year}", "{month} the {ordinal}, {year}",
    "{ordinal} of {month} '{yy}",
    "{weekday} the {ordinal} of {month}, {year}",
  ]

  package static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]
  package static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]
  package static let romans = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
  ]
  package static let ordinals =
    [
      "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
      "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
      "eighteenth", "nineteenth", "twentieth",
    ] + (0..<9).map { "twenty-\(units[$0])" } + ["thirtieth", "thirty-first"]
  private static let units = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
  ]

  /// A day in one of the forms, in small letters.
  package static func text(_ day: Day, _ pattern: String) -> String {
    func two(_ number: Int) -> String { String(format: "%02d", number % 100) }
    let ending =
      (11...13).contains(day.day) ? "th" : [1: "st", 2: "nd", 3: "rd"][day.day % 10] ?? "th"
    let month = months[day.month - 1], weekday = weekdays[day.weekday]
    let fields = [
      "day": "\(day.day)", "dd": two(day.day), "nth": "\(day.day)\(ending)",
      "ordinal": ordinals[day.day - 1], "m": "\(day.month)", "mm": two(day.month),
      "month": month, "mon": String(month.prefix(3)), "roman": romans[day.month - 1],
      "year": "\(day.year)", "yy": two(day.year), "weekday": weekday,
      "wd": String(weekday.prefix(3)),
    ]
    return pattern.split(separator: "{", omittingEmptySubsequences: false).map { piece in
      guard let end = piece.firstIndex(of: "}") else { return String(piece) }
      return fields[String(piece[..<end])]! + piece[piece.index(after: end)...]
    }.joined()
  }
}

/// A date as it is written, in which form, and which day it is.
package struct WrittenDate: Sendable {
  package let text: String
  package let form: Int
  package let day: Day

  package init(text: String, form: Int, day: Day) {
    (self.text, self.form, self.day) = (text, form, day)
  }
}

/// Which days are learned and which only asked for: one in ten, drawn at random, is in no text that
/// the network learns from, in whatever form.
package struct DateSplit: Sendable {
  package let learned, unseen: [Int]

  package init(seed: UInt64) {
    let days = Generator(seed: seed).permutation(Day.count)
    unseen = Array(days.prefix(Day.count / 10))
    learned = Array(days.dropFirst(Day.count / 10))
  }

  /// Days among `numbers`, each in a form drawn at random.
  package static func written(
    _ count: Int, of numbers: [Int], generator: Generator = .default
  ) -> [WrittenDate] {
    (0..<count).map { _ in
      let day = Day(number: numbers[Int(generator.uniform() * Double(numbers.count))])
      let form = Int(generator.uniform() * Double(DateForms.patterns.count))
      return WrittenDate(text: DateForms.text(day, DateForms.patterns[form]), form: form, day: day)
    }
  }
}
