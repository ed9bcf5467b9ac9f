import Unroll

/// The characters of dates as numbers.
package enum DateSymbols {
  /// All that a written date is made of.
  package static let source = Vocabulary(
    tokens: " abcdefghijklmnopqrstuvwxyz0123456789.,/-'".map(String.init))
  /// All that an ISO date is made of, after the two that begin and end it.
  package static let target = Vocabulary(
    tokens: ["<bos>", "<eos>"] + "0123456789-".map(String.init))
  /// An ISO date and its end.
  package static let length = 11

  package static func read(_ text: String) -> [Int] { source.encode(text.map(String.init)) }
  package static func written(_ iso: String) -> [Int] { target.encode(iso.map(String.init)) }
  package static func iso(_ answer: [Int]) -> String { target.decode(answer).joined() }
}

extension Translator {
  /// A network for dates.
  package static func ofDates() -> Translator {
    Translator(sourceCount: DateSymbols.source.count, targetCount: DateSymbols.target.count)
  }

  /// Dates as people write them, as ISO dates.
  package func dates(_ texts: [String]) -> [String] {
    answers(texts.map(DateSymbols.read), maxLength: DateSymbols.length).map(DateSymbols.iso)
  }
}

/// How well dates were read.
package struct DateScore: Sendable {
  /// Which texts came out right in every character.
  package let right: [Bool]
  /// Characters to change, as a share of all.
  package let errorRate: Double

  package init(_ answers: [String], _ dates: [WrittenDate]) {
    right = zip(answers, dates).map { $0 == $1.day.iso }
    errorRate = Unroll.errorRate(answers.map(Array.init), dates.map { Array($0.day.iso) })
  }

  package var exact: Double { Double(right.count { $0 }) / Double(right.count) }
}
