import Foundation
import Workbook

/// A thing that the reader writes, and how it is judged.
package struct Exercise: Sendable {
  /// As on the command line: `rnn-step`. Its file is called so, its function `rnnStep`.
  package let id: String
  package let chapter: Int
  package let title: String
  package let minutes: Int
  /// From a nudge to nearly all, shown one at a time.
  package let hints: [String]
  /// The text of the file it stands in, task and solution.
  let source: String
  let checks: @Sendable (Trial) throws -> Void
  /// The solution as a program: arguments in, result out, both as JSON.
  let solved: @Sendable (Data) throws -> Data

  /// - Parameters:
  ///   - solution: the function whose body the reader writes.
  ///   - checks: draws arguments and says what is expected of them, with the common mistakes.
  init<each Input: Decodable & Sendable, Output: Encodable & Sendable>(
    _ id: String, chapter: Int, _ title: String, minutes: Int, hints: [String],
    solution: @escaping @Sendable (repeat each Input) -> Output, file: String = #filePath,
    checks: @escaping @Sendable (Trial) throws -> Void
  ) {
    (self.id, self.chapter, self.title, self.minutes) = (id, chapter, title, minutes)
    (self.hints, self.checks, source) = (hints, checks, file)
    solved = { try respond(to: $0, by: solution) }
  }

  package static func named(_ id: String) -> Exercise? { all.first { $0.id == id } }

  /// `rnnStep` for `rnn-step`.
  package var function: String {
    let words = id.split(separator: "-")
    return words[0] + words.dropFirst().map(\.capitalized).joined()
  }
}

/// What a check found.
package enum Verdict: Equatable, Sendable {
  case right
  /// What is wrong, in one line.
  case wrong(String)
  /// The body is still the placeholder.
  case notBegun
}

extension Exercise {
  /// Runs all checks against a program; the first thing that is wrong ends them.
  ///
  /// - Parameter words: what is wrong is said in.
  package func check(
    _ program: any Answering, seed: UInt64, words: ExerciseWords = .english
  ) -> Verdict {
    // Its own numbers for each exercise, so that one alone is repeated as it was among all.
    let own = id.utf8.reduce(seed ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    do {
      try checks(Trial(of: id, asking: program, seed: own))
      return .right
    } catch Stop.notBegun {
      return .notBegun
    } catch {
      return .wrong((error as? Stop)?.told(in: words) ?? "\(error)")
    }
  }
}

/// Why a check ends early.
package enum Stop: Error, CustomStringConvertible {
  case notBegun
  /// What is wrong, and the reason where it is known: sentences.
  case wrong(String, reason: String? = nil)

  package var description: String { told(in: .english) }

  func told(in words: ExerciseWords) -> String {
    switch self {
    case .notBegun: words.told("not begun")
    case .wrong(let sentence, let reason):
      [sentence, reason].compactMap { $0.map(words.told) }.joined(separator: words.space)
    }
  }
}

/// A program that answers arguments with a result, both as JSON.
package protocol Answering: AnyObject {
  /// - Parameter question: what is asked, for programs that only play one.
  func answer(_ arguments: Data, to question: Question) throws -> Data
}

/// What a check asks, with what is known to go wrong.
package struct Question {
  package let mistakes: [(sentence: String, answer: Data)]

  package init(mistakes: [(sentence: String, answer: Data)]) { self.mistakes = mistakes }
}
