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

  /// The values are those of a search for the greatest likelihood in Python.
  @Test func `Zipf's law`() async {
    let law = ZipfLaw(fittedTo: [1, 20, 12, 8, 50, 5, 3, 2, 1, 1])
    #expect(abs(law.exponent - 1.5432940338032046) < 1e-12)
    #expect(abs(law.count(ofRank: 1) - 53.0098234615819) < 1e-9)
    #expect(abs((1...10).reduce(0) { $0 + law.count(ofRank: $1) } - 103) < 1e-9)
    #expect(abs(ZipfLaw(fittedTo: [3, 1000]).exponent - 8.380821783940931) < 1e-12)
    #expect(abs(ZipfLaw(fittedTo: [4, 4, 4]).exponent) < 1e-12)
    // The words of the story that the project carries.
    let words = WordTokenizer(keepsPunctuation: false).tokens(of: Generated.story)
    let counts = Vocabulary(counting: words, special: []).counts
    #expect(abs(ZipfLaw(fittedTo: counts).exponent - 0.8931567859623075) < 1e-9)
    await #expect(processExitsWith: .failure) { _ = ZipfLaw(fittedTo: [1, 0]) }
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

  /// é in one scalar and in two, a Hangul syllable and its letters: Python's dictionaries hold both.
  @Test func `tokens that only their scalars tell apart`() throws {
    let tokens = ["<unk>", "\u{E9}", "e\u{301}", "\u{D55C}", "\u{1112}\u{1161}\u{11AB}"]
    let vocabulary = Vocabulary(tokens: tokens)
    #expect(vocabulary.encode(tokens) == [0, 1, 2, 3, 4])
    #expect(vocabulary.encode(["e"]) == [0])
    let counted = Vocabulary(
      counting: tokens[1...] + ["e\u{301}"] + tokens[1...], special: [])
    // collections.Counter, sorted by (-count, token): e + mark comes first by its count, the others
    // in the order of their scalars.
    #expect(counted.counts == [3, 2, 2, 2])
    #expect(
      counted.tokens.map { Array($0.unicodeScalars).map(\.value) } == [
        [0x65, 0x301], [0xE9], [0x1112, 0x1161, 0x11AB], [0xD55C],
      ])
    #expect(Vocabulary(tokens: ["\u{E9}"]) != Vocabulary(tokens: ["e\u{301}"]))
    // Both spellings of a syllable are cut alike.
    #expect(WordTokenizer().tokens(of: "\u{1112}\u{1161}\u{11AB}a \u{D55C}a").count == 4)
  }

  @Test func `at most so many tokens, the most frequent`() {
    let tokens = "a a a b b c c d".split(separator: " ").map(String.init)
    let vocabulary = Vocabulary(counting: tokens, maxTokens: 2)
    #expect(vocabulary.tokens == ["<unk>", "a", "b"])
    #expect(vocabulary.encode(["c", "d", "a"]) == [0, 0, 1])
    #expect(Vocabulary(counting: tokens, maxTokens: 0, special: []).count == 0)
  }

  @Test func `a vocabulary is written down and read back`() throws {
    let vocabulary = Vocabulary(counting: ["\u{E9}", "e\u{301}", "e\u{301}", "\n", "\r\n"])
    let data = try JSONEncoder().encode(vocabulary)
    let again = try JSONDecoder().decode(Vocabulary.self, from: data)
    #expect(again == vocabulary && again.counts == vocabulary.counts)
    #expect(again.number(of: "e\u{301}") == 1 && again.number(of: "\u{E9}") != 1)
    for broken in [
      #"{"tokens":["a","a"],"counts":[1,1]}"#, #"{"tokens":["a"],"counts":[]}"#,
      #"{"tokens":["a"],"counts":[-1]}"#, #"{"tokens":["a"]}"#, "[]",
    ] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Vocabulary.self, from: Data(broken.utf8))
      }
    }
  }

  /// Operations that a text of twice the size needs twice: the shortest of some runs of each size.
  @Test(arguments: ["a", "e\u{301}", "👩‍👩‍👧", "春", "🇩🇪", "\r\n", " ", "'", "\u{301}"])
  func `time grows with the text, not with its square`(piece: String) {
    func seconds(_ count: Int) -> Double {
      let text = String(repeating: piece, count: count)
      let clock = ContinuousClock()
      return (0..<3).map { _ in
        clock.measure {
          let tokens = CharacterTokenizer().tokens(of: text)
          let words = WordTokenizer().tokens(of: text)
          _ = Vocabulary(counting: tokens + words).encode(tokens)
          _ = WordTokenizer().text(of: words)
          _ = lettersOnly(text)
        } / .seconds(1)
      }.min()!
    }
    // Sixteenfold text: sixteenfold time, 256-fold if it were quadratic.
    let ratio = seconds(160_000) / seconds(10_000)
    #expect(ratio < 90, "\(ratio)")
  }
}
