import UnrollNN

/// Two characters at a time: "recurrent" is re, cu, rr, en, t.
public struct PairTokenizer: Tokenizer {
  public init() {}

  public func tokens(of text: String) -> [String] {
    let characters = Array(text)
    return stride(from: 0, to: characters.count, by: 2).map {
      String(characters[$0..<min($0 + 2, characters.count)])
    }
  }

  public func text(of tokens: [String]) -> String { tokens.joined() }
}

/// Words and the same words from their end to their start, as token numbers.
public struct Reversals: Dataset {
  public let words: [[Int]]

  public init(_ words: [String], vocabulary: Vocabulary) {
    self.words = words.map { vocabulary.encode(PairTokenizer().tokens(of: $0)) }
  }

  public var count: Int { words.count }
  public subscript(place: Int) -> (word: [Int], reversed: [Int]) {
    (words[place], words[place].reversed())
  }
  public func batch(_ places: [Int]) -> PaddedBatch<Indices, Indices> {
    PaddedBatch(
      inputs: padSequence(places.map { words[$0] }),
      targets: padSequence(places.map { self[$0].reversed }),
      lengths: places.map { words[$0].count })
  }
}
