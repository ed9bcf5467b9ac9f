import Unroll

/// Sentences as words, each with the class it belongs to: 1 for praise.
struct SentenceSet: Sendable {
  let words: [[String]]
  let labels: [Int]

  init(_ sentences: [JudgedSentence]) {
    let tokenizer = WordTokenizer()
    words = sentences.map { tokenizer.tokens(of: $0.text) }
    labels = sentences.map { $0.isPraise ? 1 : 0 }
  }

  func encoded(_ vocabulary: Vocabulary) -> LabeledTokens {
    LabeledTokens(words.map { vocabulary.encode($0) }, labels: labels)
  }

  func accuracy(_ predicted: [Int]) -> Double {
    Double(zip(predicted, labels).count { $0 == $1 }) / Double(labels.count)
  }

  /// What naive Bayes makes of bags of words, or of words and pairs of neighbors.
  static func naiveBayesAccuracy(
    training: SentenceSet, test: SentenceSet, pairs: Bool
  ) -> Double {
    func features(_ words: [String]) -> [String] {
      pairs ? words + zip(words, words.dropFirst()).map { "\($0) \($1)" } : words
    }
    let known = Vocabulary(counting: training.words.flatMap(features), special: [])
    func bags(_ set: SentenceSet) -> [[Int]] {
      set.words.map { features($0).compactMap { known.number(of: $0) } }
    }
    let bayes = naiveBayesRival(
      bags(training), labels: training.labels, classes: 2, features: known.count)
    return test.accuracy(bayes.predict(bags(test)).values)
  }
}
