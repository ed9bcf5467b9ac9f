import Applications
import Foundation
import Testing
import Unroll

/// A text of many kinds of characters, as Chinese has, in lines of five with a mark.
private func manyKinds(_ count: Int, kinds: Int) -> String {
  let generator = Generator(seed: 8)
  return String(
    (0..<count).map { place -> Character in
      if place % 6 == 5 { return place % 12 == 5 ? "，" : "。" }
      let kind = Int(generator.uniform() * generator.uniform() * Double(kinds))
      return Character(Unicode.Scalar(0x4E00 + UInt32(kind))!)
    })
}

@Suite(.serialized) struct WritingTests {
  init() { Generator.default.seed(5) }

  private func file(_ bytes: [UInt8]) throws -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("unroll-\(UUID()).txt")
    try Data(bytes).write(to: file)
    return file.path
  }

  @Test func aTextIsSplitInThree() throws {
    let text = try CharacterText(Generated.story)
    let all = Generated.story.count
    #expect(text.learned.count == all * 8 / 10)
    #expect(text.learned.count + text.validation.count + text.heldOut.count == all)
    // What comes back is the text, but for what was learned less than twice.
    let back = text.text(of: text.learned)
    let unknown = text.learned.count { $0 == 0 }
    #expect(back.count == text.learned.count + 4 * unknown && unknown < 20)
  }

  @Test func textsThatCannotBeLearned() throws {
    func problem(_ bytes: [UInt8]) throws -> String {
      let path = try file(bytes)
      defer { try? FileManager.default.removeItem(atPath: path) }
      do {
        _ = try CharacterText(readersFile: path)
        return ""
      } catch { return "\(error)" }
    }
    #expect(try problem([]).hasSuffix(": is empty"))
    #expect(try problem(Array("short".utf8)).contains("5 characters; 2000 are needed"))
    #expect(try problem([0x41, 0xFF, 0xFE]).hasSuffix(": is not UTF-8 here"))
    #expect(
      try problem(Array(repeating: UInt8(ascii: "7"), count: 3_000)).contains("no letters"))
    #expect(try problem(Array(manyKinds(2_400, kinds: 50).utf8)) == "")
    #expect(throws: (any Error).self) { try CharacterText(readersFile: "/") }
    // Lines end in one character, and the mark at the beginning is none of the text.
    let path = try file([0xEF, 0xBB, 0xBF] + Array(String(repeating: "ab\r\n", count: 900).utf8))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = try CharacterText(readersFile: path)
    #expect(text.vocabulary.tokens.sorted() == ["\n", "<unk>", "a", "b"])
  }

  @Test func linesAndPoems() {
    #expect(paragraphs("a\nb c\n\n\nd\n") == "a b c\nd")
    let poem = "0123456789abcdef"
    #expect(differing([poem, "xyz", "--" + poem.dropFirst(2), "xyz2"]) == [poem, "xyz", "xyz2"])
  }

  @Test func whatIsCopied() {
    // "bcd" is copied, and "fgh"; x and y are not.
    let copying = Copied(
      [1, 2, 3, 20, 5, 6, 7, 8, 21], from: [0, 1, 2, 3, 4, 5, 6, 7, 8], run: 3)
    #expect(copying.longest == [5, 6, 7, 8])
    #expect(copying.share == 7.0 / 9)
  }

  @Test func whatIsAskedForIsWritten() throws {
    let text = try CharacterText(Generated.story)
    let model = NextCharacterNetwork(kinds: text.vocabulary.count)
    model.eval()
    let sampler = Sampler()
    let going = Assignment(prefix: "The ßoat", characters: 30).written(
      by: model, text, sampler, seed: 1)
    #expect(going.hasPrefix("The ßoat") && going.count == 38 && !going.contains("<unk>"))
    let lines = Assignment(acrostic: "R U n").written(by: model, text, sampler, seed: 1)
      .split(separator: "\n")
    #expect(lines.map { $0.first! } == ["R", "U", "n"] && lines.allSatisfy { $0.count <= 91 })
    // The same seed writes the same.
    let again = Assignment(acrostic: "R U n").written(by: model, text, sampler, seed: 1)
    #expect(again.split(separator: "\n") == lines)
  }

  /// Thousands of kinds of characters: lines of so many letters, and all in a moment.
  @Test(.timeLimit(.minutes(1)), arguments: [5, 7]) func verse(perLine: Int) throws {
    let text = try CharacterText(manyKinds(40_000, kinds: 4_000))
    #expect(text.vocabulary.count > 2_000)
    let model = NextCharacterNetwork(kinds: text.vocabulary.count)
    let verse = Assignment(acrostic: "一丁丂", perLine: perLine).written(
      by: model, text, Sampler(topP: 0.9), seed: 2)
    let lines = verse.split(separator: "\n")
    #expect(lines.map { $0.first! } == ["一", "丁", "丂"])
    for line in lines {
      #expect(line.count == perLine + 1 && line.dropLast().allSatisfy(\.isLetter))
      #expect("，。".contains(line.last!))
    }
    let begun = Assignment(prefix: "一丁", perLine: perLine).written(
      by: model, text, Sampler(), seed: 2)
    #expect(begun.split(separator: "\n").count == 8)
    #expect(begun.hasPrefix("一丁") && begun.prefix { $0.isLetter }.count == perLine)
  }

  /// A text in which everything can be foreseen costs hardly a bit.
  @Test func learnsWhatCanBeForeseen() throws {
    let text = try CharacterText(String(repeating: "the cat sat. ", count: 300))
    let model = NextCharacterNetwork(kinds: text.vocabulary.count)
    let before = meanBits(model.probabilities(of: text.heldOut))
    let curve = try train(model, on: text, steps: 60) { _, _ in }
    #expect(before > 2.5 && meanBits(model.probabilities(of: text.heldOut)) < 0.5)
    #expect(abs(curve.min()! - meanBits(model.probabilities(of: text.validation))) < 1e-6)
  }
}
