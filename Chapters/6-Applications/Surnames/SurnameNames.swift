import ArgumentParser
import Foundation
import Unroll

extension Applications {
  /// A name that is asked about has at least one character.
  func validateNames() throws {
    for name in names where name.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty {
      throw ValidationError("--name needs a name, such as --name Petrov")
    }
  }

  /// The names that are asked about, written as the lists write theirs: no spaces around them, a
  /// capital first, and an accented letter as one.
  ///
  /// - Throws: for a name of which the network knows no letter at all, before anything is trained.
  func askedNames(_ letters: Vocabulary) throws -> [String] {
    try names.map { name in
      let plain = name.trimmingCharacters(in: .whitespacesAndNewlines)
        .precomposedStringWithCanonicalMapping
      let written = plain.prefix(1).uppercased() + plain.dropFirst()
      if unknownLetters(written, letters).count == written.count {
        throw UnknownScript(name: written)
      }
      return written
    }
  }

  /// The letters of a name that have no number of their own.
  func unknownLetters(_ name: String, _ letters: Vocabulary) -> [String] {
    name.map(String.init).filter { letters.number(of: $0) == letters.number(of: .unknown) }
  }
}

/// A name in letters of which the network has seen none.
struct UnknownScript: Error, CustomStringConvertible {
  let name: String

  var description: String {
    "--name \(name): not one of its letters is in the names that the network learns from; "
      + "write it in Latin letters"
  }
}
