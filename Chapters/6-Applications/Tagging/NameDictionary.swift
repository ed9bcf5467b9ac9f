import Unroll

/// The rival: a list of all names met in the sentences to learn from, whole and word by word, each
/// with what it was most often. The longest entry that fits is taken; neighbors of one label are one
/// name, and dates go over "of" and commas.
package struct NameDictionary: Sendable {
  private let labels: [[String]: String]
  private let longest: Int
  /// Whether a run of words with capitals that no entry fits is taken for a person.
  private let guesses: Bool

  package init(_ sentences: [TaggedSentence], guesses: Bool = false) {
    var counts: [[String]: [String: Int]] = [:]
    for sentence in sentences {
      for entity in entities(in: sentence.tags) where entity.range.count > 1 {
        counts[Array(sentence.words[entity.range]), default: [:]][entity.label, default: 0] += 1
      }
      for (word, tag) in zip(sentence.words, sentence.tags) {
        counts[[word], default: [:]][String(tag.dropFirst(2)), default: 0] += 1
      }
    }
    // "of" is in dates, too, but mostly in none.
    labels = counts.mapValues { $0.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key }
    longest = labels.keys.map(\.count).max() ?? 1
    self.guesses = guesses
  }

  package func tags(_ words: [String]) -> [String] {
    var labels = words.map { _ in "" }
    var place = 0
    while place < words.count {
      let (length, label) = entry(words[place...]) ?? (1, "")
      for k in place..<place + length { labels[k] = label }
      place += length
    }
    for k in words.indices where labels[k].isEmpty {
      let before = k > 0 && labels[k - 1] == "date", after = labels.dropFirst(k + 1).first == "date"
      if after, before && ["of", ","].contains(words[k]) || words[k] == "the" {
        labels[k] = "date"
      }
    }
    return zip([""] + labels, labels).map { last, label in
      label.isEmpty ? "O" : (last == label ? "I-" : "B-") + label
    }
  }

  private func entry(_ words: ArraySlice<String>) -> (length: Int, label: String)? {
    for length in stride(from: min(longest, words.count), through: 1, by: -1) {
      if let label = labels[Array(words.prefix(length))] { return (length, label) }
    }
    // Numbers with dots, and years.
    let word = words.first!
    if word.count > 3, word.allSatisfy({ $0.isNumber || $0 == "." }) { return (1, "date") }
    guard guesses, words.first!.first!.isUppercase else { return nil }
    let run = words.prefix { $0.first!.isUppercase && labels[[$0]] == nil }
    return (max(1, run.count), "person")
  }
}
