import Arrays
import Foundation
import Sequences

/// A text by characters, each with a number: the first eight tenths to learn from, the next one to
/// choose by, the last one held out, from which nothing is chosen.
///
///     let text = try CharacterText(contentsOf: file)
///     text.text(of: text.ids(of: "time"))                  // time
///
/// A character is what a reader counts as one, whatever its bytes. Only characters that the first part
/// has twice have a number; the others are `<unk>`, one and all: a text in Chinese, with its thousands,
/// would have many that nothing can be learned of.
public struct CharacterText: Sendable {
  /// What it is called in messages.
  public let name: String
  /// What is used of it.
  public let text: String
  /// The characters that have a number.
  public let vocabulary: Vocabulary
  /// The first eight tenths, the ninth and the last, as numbers.
  public let learned, validation, heldOut: [Int]
  /// Whether the text was longer than `mostCharacters`, and its end is not used.
  public let isCut: Bool

  /// With fewer characters nothing is learned, and more are not used.
  public static let leastCharacters = 2_000, mostCharacters = 1_000_000
  /// Kinds of characters, the most frequent.
  public static let mostKinds = 5_000

  /// - Throws: `TextError` for a text too short, or of one kind of character.
  public init(_ text: String, name: String = "the text") throws {
    self.name = name
    let used = text.prefix(Self.mostCharacters)
    isCut = used.endIndex < text.endIndex
    self.text = String(used)
    let tokens = CharacterTokenizer().tokens(of: self.text)
    guard tokens.count >= Self.leastCharacters else {
      throw TextError(
        file: name, problem: "\(tokens.count) characters; \(Self.leastCharacters) are needed")
    }
    let (first, second) = (tokens.count * 8 / 10, tokens.count * 9 / 10)
    vocabulary = Vocabulary(
      counting: tokens[..<first], minimumFrequency: 2, maxTokens: Self.mostKinds)
    guard vocabulary.count > 2 else {
      throw TextError(file: name, problem: "fewer than two kinds of characters come twice in it")
    }
    learned = vocabulary.encode(tokens[..<first])
    validation = vocabulary.encode(tokens[first..<second])
    heldOut = vocabulary.encode(tokens[second...])
  }

  /// A user's file, in UTF-8 (`UserText`).
  public init(contentsOf file: URL) throws {
    try self.init(UserText.read(file), name: file.lastPathComponent)
  }

  /// How many characters are used.
  public var count: Int { learned.count + validation.count + heldOut.count }

  /// The number of each character of a text.
  public func ids(of text: String) -> [Int] {
    vocabulary.encode(CharacterTokenizer().tokens(of: text))
  }

  /// The text that these numbers stand for; unknown ones as `<unk>`.
  public func text(of ids: [Int]) -> String { vocabulary.decode(ids).joined() }
}
