import Foundation
import Unroll

/// A text, and what its results and its model are called by.
struct WritingText {
  let slug: String
  let text: CharacterText

  /// Where a text's results stand in results.json.
  var prefix: String { slug.isEmpty ? "writing" : "writing.\(slug)" }
}

extension CharacterText {
  package var isLong: Bool { learned.count > 50_000 }

  /// A reader's own text, which must be in some script.
  package init(readersFile path: String) throws {
    let file = URL(fileURLWithPath: path)
    let text = try UserText.read(file)
    if text.count >= Self.leastCharacters, !text.contains(where: \.isLetter) {
      throw TextError(file: file.lastPathComponent, problem: "no letters of any script in it")
    }
    try self.init(text, name: file.lastPathComponent)
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
    func text(_ text: String, name: String, slug: String) throws -> WritingText {
      WritingText(slug: slug, text: try CharacterText(text, name: name))
    }
    if let textFile {
      return [WritingText(slug: "text", text: try CharacterText(readersFile: textFile))]
    }
    var texts: [WritingText] = []
    if let folder = DataFolder(page.data) {
      if folder.has(.timeMachine) {
        let book = paragraphs(try folder.timeMachine())
        texts.append(try text(book, name: "The Time Machine", slug: ""))
      }
      if folder.has(.tangPoems) {
        let poems = differing(try folder.tangPoems().map(\.text)).joined(separator: "\n")
        texts.append(try text(poems, name: "Tang poems", slug: texts.isEmpty ? "" : "tang"))
      }
    }
    if !texts.isEmpty { return texts }
    return [try text(paragraphs(Generated.story), name: "The Ferry at Ashwater", slug: "")]
  }
}
