import ArgumentParser
import Foundation
import Unroll

/// What a person asks with `--date`. The network answers whatever it is asked: what is no date at all
/// has to be noticed before it, and a wrong answer after it.
package enum DateQuestion {
  package static let longest = 60

  /// Why a text cannot be a date, or nil.
  package static func refusal(_ text: String) -> String? {
    let small = small(text)
    if small.isEmpty { return "it is empty" }
    if small.count > longest { return "it is longer than any date, over \(longest) characters" }
    if let strange = small.first(where: { DateSymbols.source.number(of: String($0)) == nil }) {
      return "no date here is written with '\(strange)'"
    }
    let pieces = pieces(of: small)
    for case .strange(let piece) in pieces { return "'\(piece)' is no part of a date" }
    let parts = pieces.reduce(0) { $0 + $1.parts }
    return parts == 3 ? nil : "a date needs a day, a month and a year, and this has \(parts) parts"
  }

  /// Whether an answer can be right: a day that there is, with every number and the month's name as
  /// the text has them. To check an answer takes much less than to find it.
  package static func accepts(_ iso: String, for text: String) -> Bool {
    let fields = iso.split(separator: "-", omittingEmptySubsequences: false)
    guard iso.count == 10, fields.map(\.count) == [4, 2, 2],
      let year = Int(fields[0]), let month = Int(fields[1]), let day = Int(fields[2]),
      CivilTime(year: year, month: month, day: day).isValid
    else { return false }
    let numbers = [year, year % 100, month, day, year * 10_000 + month * 100 + day]
    return pieces(of: small(text)).allSatisfy { piece in
      switch piece {
      case .number(let digits): numbers.contains(Int(digits) ?? -1)
      case .month(let named): named == month
      default: true
      }
    }
  }

  /// As the network reads it: in small letters, blanks trimmed.
  package static func small(_ text: String) -> String {
    text.lowercased().trimmingCharacters(in: .whitespaces)
  }

  private enum Piece {
    case number(Substring)
    case month(Int)
    case ordinal, other
    case strange(Substring)

    /// How many of day, month and year it names.
    var parts: Int {
      switch self {
      case .number(let digits): digits.count == 8 ? 3 : 1
      case .month, .ordinal: 1
      case .other, .strange: 0
      }
    }
  }

  /// The runs of digits and of letters, and what each can be. A word may be misspelled.
  private static func pieces(of text: String) -> [Piece] {
    text.matches(of: #/[0-9]+|[a-z]+/#).map { match in
      let piece = match.output
      if piece.first!.isNumber {
        return [1, 2, 4, 8].contains(piece.count) ? .number(piece) : .strange(piece)
      }
      let slips = piece.count < 4 ? 0 : piece.count < 7 ? 1 : 2
      let letters = Array(piece)
      let distances = words.map { editDistance($0.letters, letters) }
      let best = distances.indices.min { distances[$0] < distances[$1] }!
      return distances[best] <= slips ? words[best].meaning : .strange(piece)
    }
  }

  /// All words of dates.
  private static var words: [(letters: [Character], meaning: Piece)] {
    var words: [(String, Piece)] = []
    for (place, month) in DateForms.months.enumerated() {
      words += [month, String(month.prefix(3)), DateForms.romans[place]]
        .map { ($0, .month(place + 1)) }
    }
    words += DateForms.ordinals.filter { !$0.contains("-") }.map { ($0, .ordinal) }
    let others = ["the", "of", "on", "st", "nd", "rd", "th", "twenty", "thirty"]
    words += (others + DateForms.weekdays + DateForms.weekdays.map { String($0.prefix(3)) })
      .map { ($0, .other) }
    return words.map { (Array($0.0), $0.1) }
  }
}

extension Applications {
  /// Checks the dates asked about, before anything is trained for them.
  func checkDates() throws {
    for date in dates {
      if let reason = DateQuestion.refusal(date) {
        throw ValidationError("--date '\(date)' is no date: \(reason)")
      }
    }
  }

  /// Answers the dates asked about.
  func answer(_ page: Page, _ dates: [String], _ model: Translator) {
    for date in dates {
      let text = DateQuestion.small(date)
      let found = model.beam(DateSymbols.read(text), width: 4, maxLength: DateSymbols.length)[0]
      let iso = DateSymbols.iso(found.tokens), p = exp(found.logProbability)
      page.print(
        DateQuestion.accepts(iso, for: text)
          ? String(format: "%@ is %@ (p = %.4f)", date, iso, p)
          : String(format: "%@: no date that the network can read; it answers %@", date, iso))
    }
  }
}
