import Foundation
import Testing
import TextModels

/// What is counted, and the judges over it, beside scikit-learn's.
@Suite struct CountingTests {
  @Test func featuresAreCounted() {
    #expect(BagFeatures.characters.keys(of: "aab").count == 3)
    #expect(Set(BagFeatures.characters.keys(of: "aab")).count == 2)
    #expect(Set(BagFeatures.characters.keys(of: "aA")).count == 2)
    #expect(Set(BagFeatures.words.keys(of: "Bad bad film")).count == 2)
    // bad, film; ⟨ bad, bad bad, bad film, film ⟩.
    #expect(BagFeatures.wordPairs.keys(of: "Bad bad film").count == 6)
    // Of " ab ": 3 characters, 3 pairs, 2 triples, 1 of four.
    #expect(BagFeatures.characterNGrams.keys(of: "ab").count == 9)
    let runs = BagFeatures.characterNGrams
    #expect(runs.keys(of: "A \t b\n") == runs.keys(of: "a b"))
    for features in BagFeatures.allCases {
      #expect(features.keys(of: "cafe\u{301}") == features.keys(of: "caf\u{E9}"))
    }
  }

  @Test func naiveBayesIsMultinomialNB() {
    let texts = ["abca", "abd", "bcd", "ddca", "cc", "adda"]
    let bags = Bags(
      texts.map { BagFeatures.characters.keys(of: $0) }, .characters, counting: [0, 1, 2, 3, 4, 5],
      limit: 100)
    let scorer = BagScorer(
      bags.naiveBayes([0, 0, 1, 1, 2, 2], Array(0..<6), classes: 3, alpha: 0.5))
    for (text, expected) in [
      ("abc", [-0.56961, -1.416908, -1.651346]), ("dz", [-1.65026, -0.802962, -1.021651]),
      ("ccd", [-2.644278, -0.775329, -0.758452]),
    ] {
      let scores = scorer.scores(text)
      let total = log(scores.reduce(0) { $0 + exp($1) })
      for (score, expected) in zip(scores, expected) {
        #expect(abs(score - total - expected) < 1e-5)
      }
    }
  }

  @Test func supportVectorsAreLinearSVC() {
    let rows: [LinearSVM.Row] = [
      ([1], [1]), ([0, 1], [1, 2]), ([0, 1], [2, 0.5]), ([0, 1], [3, -1]), ([0, 1], [1, -1]),
    ]
    let weights = LinearSVM.weights(
      rows, isMember: [false, true, true, false, false], features: 2, c: 2, epochs: 100_000,
      tolerance: 1e-10, seed: 1)
    for (weight, expected) in zip(weights, [0.53731343, 0.88391376, -1.27031509]) {
      #expect(abs(Double(weight) - expected) < 1e-6)
    }
  }

  /// `TfidfVectorizer` with these features, then `LinearSVC`, one class against the rest.
  @Test func rareFeaturesWeighMore() {
    let texts = [
      "good film", "bad film", "good fun", "bad bad plot", "a good plot", "bad fun film",
    ]
    let bags = Bags(
      texts.map { BagFeatures.wordPairs.keys(of: $0) }, .wordPairs, counting: Array(0..<6),
      limit: 100)
    let scorer = BagScorer(
      bags.supportVectors([0, 1, 0, 1, 2, 2], Array(0..<6), classes: 3, seed: 1, threads: 1))
    for (text, expected) in [
      ("good plot", [-0.14246, -0.57338, -0.22173]), ("bad film", [-0.76519, 0.4535, -0.63494]),
      ("fun", [0.11355, -0.64128, -0.3116]),
    ] {
      for (score, expected) in zip(scorer.scores(text), expected) {
        #expect(abs(score - expected) < 0.01, "\(text): \(scorer.scores(text))")
      }
    }
  }

  /// The same loss minimized by SciPy.
  @Test func thePoolHasTheLeastLoss() {
    let scores = [
      [
        [3.79, 0.44, 0.1], [-1.86, 1.72, -0.35], [-0.08, -0.63, 1.96], [1.52, -1.31, 0.88],
        [0.88, 3.71, 0.05], [-0.4, -0.55, 0.45], [2.98, -1.1, -1.19], [-0.21, 3.49, 0.24],
        [-1.02, -0.71, 2.63], [1.84, -0.77, -0.23], [0.75, 3.98, -1.24], [-0.63, -0.8, -0.42],
      ],
      [
        [1.6, -20.4, 22.4], [-2.6, -12.4, 13.0], [-7.2, -34.8, 8.0], [8.2, -17.4, 0.6],
        [-45.0, 14.6, 20.2], [17.0, 22.2, 42.4], [49.8, -22.4, 17.0], [-37.2, 8.0, -38.2],
        [21.0, 26.6, 16.0], [55.4, -13.4, 3.0], [3.0, -1.2, 8.8], [38.8, -20.4, 38.0],
      ],
      [
        [-0.15, 1.77, 0.48], [0.68, 0.64, 0.25], [-1.4, 1.39, -1.37], [0.24, 0.61, -0.84],
        [0.15, 1.17, -0.02], [-0.89, -2.92, -0.97], [-0.59, -0.52, -0.96], [0.38, -0.57, -0.11],
        [0.68, -0.86, -0.3], [2.16, 0.87, -1.29], [-0.08, 0.56, 1.23], [0.15, -0.53, -0.73],
      ],
    ]
    let pool = LogLinearPool(scores, truth: (0..<12).map { $0 % 3 })
    for (alone, expected) in zip(pool.alone, [6.893473, 0.0587697, 0.2707521]) {
      #expect(abs(alone / expected - 1) < 0.02)
    }
    for (share, expected) in zip(pool.shares, [0.57962, 0.37958, 0.31969]) {
      #expect(abs(share - expected) < 0.01, "\(pool.shares)")
    }
  }
}
