import Arrays
import Foundation
import Sequences
import Testing

struct TextTests {
  @Test func `characters are what a reader counts`() {
    let tokenizer = CharacterTokenizer()
    #expect(tokenizer.tokens(of: "naïve 春眠") == ["n", "a", "ï", "v", "e", " ", "春", "眠"])
    #expect(tokenizer.tokens(of: "e\u{301}👩‍👩‍👧") == ["e\u{301}", "👩‍👩‍👧"])
    let text = "Zum Glück: 春眠不覺曉,\n\"œuvre\"\t…"
    #expect(tokenizer.text(of: tokenizer.tokens(of: text)) == text)
  }

  @Test func `words, marks and Chinese characters`() {
    let tokenizer = WordTokenizer()
    #expect(
      tokenizer.tokens(of: "Don't stop, she said: \"42 times!\"")
        == ["don't", "stop", ",", "she", "said", ":", "\"", "42", "times", "!", "\""])
    #expect(tokenizer.tokens(of: "讀 poems 春眠。") == ["讀", "poems", "春", "眠", "。"])
    #expect(
      WordTokenizer(lowercased: false, keepsPunctuation: false).tokens(of: "A 'quoted' Thing.")
        == ["A", "quoted", "Thing"])
    #expect(tokenizer.text(of: ["hello", ",", "world", "!"]) == "hello, world!")
    #expect(tokenizer.text(of: ["春", "眠", "。"]) == "春眠。")
  }

  @Test func `letters only`() {
    #expect(
      lettersOnly("  The Time-Machine, by H. G.\nWells (1898) ") == "the time machine by h g wells")
    #expect(lettersOnly("").isEmpty && lettersOnly("12 3").isEmpty)
  }

  @Test func `numbers are given by frequency, special tokens first`() {
    let vocabulary = Vocabulary(
      counting: "the cat and the dog and the end".split(separator: " ").map(String.init),
      minimumFrequency: 2, special: [.padding, .unknown, .begin, .end])
    #expect(vocabulary.tokens == ["<pad>", "<unk>", "<bos>", "<eos>", "the", "and"])
    #expect(vocabulary.counts == [0, 0, 0, 0, 3, 2])
    #expect(vocabulary.encode(["the", "cat", "and"]) == [4, 1, 5])
    #expect(vocabulary.encodeSequence(["the"]) == [2, 4, 3])
    #expect(vocabulary.decode([2, 4, 1, 3]) == ["<bos>", "the", "<unk>", "<eos>"])
    #expect(vocabulary.decode([2, 4, 5, 3, 0], skippingSpecial: true) == ["the", "and"])
    #expect(vocabulary.number(of: .padding) == 0 && vocabulary.number(of: "dog") == 1)
  }

  @Test func `decoding what was encoded returns the text`() {
    let text = "國破山河在，城春草木深。 Spring in the ruins: grass & trees — déjà vu."
    let tokens = CharacterTokenizer().tokens(of: text)
    let vocabulary = Vocabulary(counting: tokens, special: [])
    #expect(vocabulary.count == Set(tokens).count)
    #expect(CharacterTokenizer().text(of: vocabulary.decode(vocabulary.encode(tokens))) == text)
    #expect(vocabulary == Vocabulary(counting: tokens.reversed(), special: []))
    #expect(vocabulary.number(of: "?") == nil)
  }

  @Test func `unknown tokens and numbers stop with a sentence`() async {
    await #expect(processExitsWith: .failure) {
      _ = Vocabulary(counting: ["a"], special: []).encode(["b"])
    }
    await #expect(processExitsWith: .failure) { _ = Vocabulary(tokens: ["a"]).decode([1]) }
    await #expect(processExitsWith: .failure) { _ = Vocabulary(tokens: ["a", "a"]) }
  }
}
