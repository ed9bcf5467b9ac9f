import Arrays
import Foundation
import Sequences
import TestSupport
import Testing
import TextModels

@Suite struct CharacterTextTests {
  @Test func splitByCharactersOfAnyScript() throws {
    // A family of four is one character, as is an e with its accent in two scalars.
    let piece = "水👨‍👩‍👧‍👦e\u{301}a"
    let text = try CharacterText(String(repeating: piece, count: 600) + "Z")
    #expect(text.count == 2_401 && !text.isCut)
    #expect((text.learned.count, text.validation.count, text.heldOut.count) == (1_920, 240, 241))
    #expect(text.vocabulary.tokens.sorted() == ["<unk>", "a", "e\u{301}", "水", "👨‍👩‍👧‍👦"])
    // What is not learned is unknown, and what the text is decoded to again.
    #expect(text.heldOut.last == 0)
    #expect(text.text(of: text.ids(of: "a水👨‍👩‍👧‍👦")) == "a水👨‍👩‍👧‍👦")
    #expect(text.vocabulary.unknown(in: "aßa!ß水") == ["ß", "!"])
  }

  @Test func whatCannotBeLearnedFrom() {
    for (text, message) in [
      ("abc", "t: 3 characters; 2000 are needed"),
      (String(repeating: "a", count: 3_000), "t: fewer than two kinds of characters"),
    ] {
      do {
        _ = try CharacterText(text, name: "t")
        Issue.record("\(message)")
      } catch { #expect("\(error)".hasPrefix(message)) }
    }
  }

  @Test func longTextsAreCut() throws {
    let text = try CharacterText(String(repeating: "ab", count: 500_001))
    #expect(text.isCut && text.count == 1_000_000 && text.text.count == 1_000_000)
  }

  /// Rows go on where they were, and past the end at the beginning.
  @Test func theTextIsARing() {
    let batches = Array(
      WriterBatches(ids: Array(0..<10), batchSize: 2, stretch: 4, steps: 0..<2))
    #expect(batches[0].inputs == Indices([[0, 5], [1, 6], [2, 7], [3, 8]]))
    #expect(batches[0].targets == [1, 6, 2, 7, 3, 8, 4, 9])
    #expect(batches[1].inputs == Indices([[4, 9], [5, 0], [6, 1], [7, 2]]))
    #expect(batches[1].targets == [5, 0, 6, 1, 7, 2, 8, 3])
    // However short.
    let short = WriterBatches(ids: [0, 1, 2], batchSize: 1, stretch: 5, steps: 1..<2)
    #expect(Array(short)[0].inputs.values == [2, 0, 1, 2, 0])
  }
}
