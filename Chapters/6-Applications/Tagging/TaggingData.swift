import Unroll

/// Sentences to learn from, and two sets to be judged by.
struct TaggingData: Sendable {
  /// Patterns and names to learn.
  let learned: [TaggedSentence]
  /// New patterns with the same names, and with new ones.
  let known, new: [TaggedSentence]

  init(quick: Bool) {
    let counts = quick ? (600, 100) : (4_000, 600)
    learned = Sentences.made(
      counts.0, Sentences.learned, .learned, isVaried: true, generator: Generator(seed: 3))
    known = Sentences.made(counts.1, Sentences.unseen, .learned, generator: Generator(seed: 4))
    new = Sentences.made(counts.1, Sentences.unseen, .unseen, generator: Generator(seed: 5))
  }
}

/// How well a tagger does.
struct TaggingScore: Sendable {
  /// F1 over all entities, patterns and names being new, and by label.
  let f1: Double
  let byLabel: [String: Double]
  /// F1 with new patterns and known names.
  let knownNames: Double
  /// How often a tag continues what has not begun.
  let impossible: Int

  init(_ data: TaggingData, tagger: ([[String]]) -> [[String]]) {
    let found = tagger(data.new.map(\.words))
    let (all, labels) = entityScores(found, data.new.map(\.tags))
    f1 = all.f1
    byLabel = Dictionary(uniqueKeysWithValues: labels.map { ($0.label, $0.f1) })
    knownNames = entityScores(tagger(data.known.map(\.words)), data.known.map(\.tags)).all.f1
    impossible = found.reduce(0) { $0 + impossibleSteps($1) }
  }
}
