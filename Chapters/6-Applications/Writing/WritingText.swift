import Foundation
import Unroll

/// A text in characters by number, the first eight tenths to learn from, one to choose by, and the
/// last one held out.
package struct WritingText: Sendable {
  package let name: String
  /// What its results and its model are called by.
  package let slug: String
  package let vocabulary: Vocabulary
  package let learned, validation, heldOut: [Int]

  /// Only characters that are learned twice have a number; the others are `<unk>`, one and all.
  package static let mostKinds = 5_000
  package static let leastCharacters = 2_000, mostCharacters = 1_000_000

  package init(_ name: String, slug: String, text: String) throws {
    (self.name, self.slug) = (name, slug)
    let tokens = CharacterTokenizer().tokens(of: String(text.prefix(Self.mostCharacters)))
    guard tokens.count >= Self.leastCharacters else {
      throw TextProblem(
        text: name, problem: "\(tokens.count) characters; \(Self.leastCharacters) are needed")
    }
    guard text.contains(where: \.isLetter) else {
      throw TextProblem(text: name, problem: "no letters of any script in it")
    }
    let (first, second) = (tokens.count * 8 / 10, tokens.count * 9 / 10)
    vocabulary = Vocabulary(
      counting: tokens[..<first], minimumFrequency: 2, maxTokens: Self.mostKinds)
    guard vocabulary.count > 2 else {
      throw TextProblem(text: name, problem: "fewer than two characters come twice in it")
    }
    learned = vocabulary.encode(tokens[..<first])
    validation = vocabulary.encode(tokens[first..<second])
    heldOut = vocabulary.encode(tokens[second...])
  }

  /// A reader's own text.
  package init(file: String) throws {
    let file = URL(fileURLWithPath: file)
    let text = try UserText.read(file)
    try self.init(file.lastPathComponent, slug: "text", text: text)
  }

  package var isLong: Bool { learned.count > 50_000 }

  package func ids(of text: String) -> [Int] {
    vocabulary.encode(CharacterTokenizer().tokens(of: text))
  }

  package func text(of ids: [Int]) -> String { vocabulary.decode(ids).joined() }

  /// What is told of a text that cannot be learned from.
  package struct TextProblem: Error, CustomStringConvertible {
    let text, problem: String
    package var description: String { "\(text): \(problem)" }
  }
}

/// Lines joined to paragraphs: where a printer broke them says nothing about the language.
package func paragraphs(_ text: String) -> String {
  text.replacing("\r\n", with: "\n").split(separator: /\n\s*\n/)
    .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    .joined(separator: "\n")
}

/// The texts without those of which a run of twelve characters stands in one before: a collection
/// has some poems twice, with a word changed, and what is held out would have been learned.
package func differing(_ texts: [String]) -> [String] {
  var seen = Set<String>()
  return texts.filter { text in
    let characters = Array(text)
    let runs = (0..<max(1, characters.count - 11)).map { String(characters[$0...].prefix(12)) }
    defer { seen.formUnion(runs) }
    return !runs.contains(where: seen.contains)
  }
}

extension Applications {
  /// A reader's file; or what the data folder has; or the story that comes with the library.
  func writingTexts(_ page: Page) throws -> [WritingText] {
    if let textFile { return [try WritingText(file: textFile)] }
    var texts: [WritingText] = []
    if let folder = DataFolder(page.data) {
      if folder.has(.timeMachine) {
        texts.append(
          try WritingText(
            "The Time Machine", slug: "", text: paragraphs(try folder.timeMachine())))
      }
      if folder.has(.tangPoems) {
        let poems = differing(try folder.tangPoems().map(\.text)).joined(separator: "\n")
        texts.append(
          try WritingText("Tang poems", slug: texts.isEmpty ? "" : "tang", text: poems))
      }
    }
    if !texts.isEmpty { return texts }
    return [
      try WritingText(
        "The Ferry at Ashwater", slug: "", text: paragraphs(Generated.story))
    ]
  }
}
