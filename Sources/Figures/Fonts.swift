import Foundation
import Synchronization

/// Whether this machine can print a text. Without a font for a character pngcairo writes a damaged
/// picture and says nothing (seen with Chinese), so fontconfig is asked first.
enum Fonts {
  private static let known = Mutex<Set<Unicode.Scalar>>([])

  /// The characters of `text` that no installed font has; of ASCII's the letter a stands for all. All is
  /// well where fontconfig's `fc-list` cannot be found in `path`.
  static func missing(
    in text: some Sequence<Unicode.Scalar>, path: String, seconds: Double
  ) throws(NoAnswer) -> [Unicode.Scalar] {
    let asked = Set(
      text.filter { $0.isASCII ? $0 == "a" : !$0.properties.isDefaultIgnorableCodePoint }
    ).subtracting(known.withLock { $0 })
    guard !asked.isEmpty, let list = program("fc-list", path: path) else { return [] }
    let characters = asked.sorted { $0.value < $1.value }
    // One question answers the usual case, that one font has them all.
    var missing: [Unicode.Scalar] = []
    if try !hasFont(characters, list: list, seconds: seconds) {
      for character in characters
      where try !hasFont([character], list: list, seconds: seconds) {
        missing.append(character)
      }
    }
    known.withLock { $0.formUnion(asked.subtracting(missing)) }
    return missing
  }

  private static func hasFont(
    _ characters: [Unicode.Scalar], list: String, seconds: Double
  ) throws(NoAnswer) -> Bool {
    let codes = characters.map { String($0.value, radix: 16) }.joined(separator: " ")
    guard let answer = try ask(list, ":charset=\(codes)", "family", seconds: seconds) else {
      return true
    }
    return !answer.isWell || !answer.said.isEmpty
  }
}
