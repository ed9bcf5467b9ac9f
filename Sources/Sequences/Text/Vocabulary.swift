import Arrays

/// The tokens a model knows, each with a number: special ones first, then the tokens of a text from
/// the most frequent to the rarest (equally frequent ones in the order of their Unicode scalars, so
/// that the same text always gives the same numbers).
///
/// Two tokens are one only if they are written with the same scalars, as in Python, where
/// vocabularies come from: "é" may be two tokens, in one scalar and in two.
///
///     let vocabulary = Vocabulary(counting: CharacterTokenizer().tokens(of: text))
///     let numbers = vocabulary.encode(CharacterTokenizer().tokens(of: "time"))
public struct Vocabulary: Sendable {
  /// A token that stands for no piece of text.
  public enum Special: String, CaseIterable, Sendable {
    /// Any token that the vocabulary does not hold.
    case unknown = "<unk>"
    /// Fills up the shorter sequences of a batch.
    case padding = "<pad>"
    /// Stands before the first token of a sequence.
    case begin = "<bos>"
    /// Stands after the last token of a sequence.
    case end = "<eos>"
  }

  /// The tokens by number.
  public let tokens: [String]
  /// How often each token was counted; 0 for the special ones.
  public let counts: [Int]
  private let numbers: NameTable<Int>

  /// The tokens that are counted at least `minimumFrequency` times, after the special ones.
  ///
  /// - Parameters:
  ///   - tokens: of a text or of many, in any order.
  ///   - minimumFrequency: how often a token must come to have a number.
  ///   - maxTokens: at most so many of them, the most frequent, besides the special ones; nil for
  ///     all.
  ///   - special: what has a number without being counted; they have the first ones.
  public init(
    counting tokens: some Sequence<String>, minimumFrequency: Int = 1, maxTokens: Int? = nil,
    special: [Special] = [.unknown]
  ) {
    guard maxTokens ?? 0 >= 0 else { wrongUse("Vocabulary: at most \(maxTokens!) tokens") }
    var counts = NameTable<Int>()
    for token in tokens { counts[token, default: 0] += 1 }
    for reserved in special { counts[reserved.rawValue] = nil }
    let kept = counts.filter { $0.value >= minimumFrequency }
      .sorted { $0.value == $1.value ? $0.key.precedes($1.key) : $0.value > $1.value }
      .prefix(maxTokens ?? .max)
    self.init(
      tokens: special.map(\.rawValue) + kept.map(\.key),
      counts: special.map { _ in 0 } + kept.map(\.value))
  }

  /// A vocabulary whose tokens are known, in the order of their numbers.
  public init(tokens: [String]) {
    self.init(tokens: tokens, counts: tokens.map { _ in 0 })
  }

  private init(tokens: [String], counts: [Int]) {
    (self.tokens, self.counts) = (tokens, counts)
    numbers = NameTable(zip(tokens, tokens.indices)) { first, second in
      wrongUse("Vocabulary: the token \(tokens[first]) has the numbers \(first) and \(second)")
    }
  }

  /// How many tokens there are, special ones included.
  public var count: Int { tokens.count }

  /// The number of a special token, if the vocabulary has it.
  public func number(of special: Special) -> Int? { numbers[special.rawValue] }

  /// The number of a token, or that of `unknown`; nil if the vocabulary has neither.
  public func number(of token: String) -> Int? {
    numbers[token] ?? numbers[Special.unknown.rawValue]
  }

  /// The tokens' numbers. A token that is not in a vocabulary without `unknown` stops the program.
  public func encode(_ tokens: some Sequence<String>) -> [Int] {
    tokens.map { token in
      guard let number = number(of: token) else {
        wrongUse("Vocabulary: \(token.debugDescription) is not among the \(count) tokens")
      }
      return number
    }
  }

  /// The tokens' numbers between those of `begin` and `end`.
  public func encodeSequence(_ tokens: some Sequence<String>) -> [Int] {
    guard let begin = number(of: .begin), let end = number(of: .end) else {
      wrongUse("Vocabulary: encodeSequence needs the special tokens begin and end")
    }
    return [begin] + encode(tokens) + [end]
  }

  /// The tokens of some numbers; with `skippingSpecial` without the special ones.
  public func decode(_ numbers: some Sequence<Int>, skippingSpecial: Bool = false) -> [String] {
    let special = Set(Special.allCases.compactMap { number(of: $0) })
    return numbers.compactMap { number in
      guard tokens.indices.contains(number) else {
        wrongUse("Vocabulary: number \(number) of a vocabulary of \(count)")
      }
      return skippingSpecial && special.contains(number) ? nil : tokens[number]
    }
  }
}

extension Vocabulary: Equatable {
  public static func == (a: Vocabulary, b: Vocabulary) -> Bool {
    a.counts == b.counts && a.tokens.elementsEqual(b.tokens) { $0.isExactly($1) }
  }
}

/// The tokens in the order of their numbers, and their counts: a vocabulary is written down beside
/// the weights of the model that was trained with it.
extension Vocabulary: Codable {
  private enum CodingKeys: String, CodingKey { case tokens, counts }

  /// - Throws: `DecodingError` also for a token that comes twice and for counts that do not fit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tokens = try container.decode([String].self, forKey: .tokens)
    let counts = try container.decode([Int].self, forKey: .counts)
    func broken(_ key: CodingKeys, _ problem: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: problem)
    }
    guard counts.count == tokens.count, counts.allSatisfy({ $0 >= 0 }) else {
      throw broken(.counts, "\(counts.count) counts for \(tokens.count) tokens, or negative ones")
    }
    var seen = Set<ExactName>()
    if let twice = tokens.first(where: { !seen.insert(ExactName($0)).inserted }) {
      throw broken(.tokens, "the token \(twice.debugDescription) comes twice")
    }
    self.init(tokens: tokens, counts: counts)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tokens, forKey: .tokens)
    try container.encode(counts, forKey: .counts)
  }
}
