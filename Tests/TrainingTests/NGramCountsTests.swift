import Arrays
import Foundation
import Testing
import Training

@Suite struct NGramCountsTests {
  /// Worked out in fractions by a few lines of Python that count substrings.
  @Test func probabilitiesAndBits() {
    let counts = NGramCounts([0, 1, 2, 0, 1, 3, 0, 1, 2, 2, 0], order: 3, classes: 5)
    let expected: [Double] = [
      8 / 25, 61 / 75, 1126 / 1875, 4 / 375, 8 / 25, 61 / 75, 187 / 625, 19 / 300,
    ]
    let test = [0, 1, 2, 4, 0, 1, 3, 2]
    for (p, q) in zip(counts.probabilities(of: test), expected) { #expect(abs(p - q) < 1e-15) }
    #expect(abs(counts.bits(of: test) - 2.111501841962896) < 1e-14)
    // The context longer than the order: only its end counts.
    let next = counts.probabilities(after: [4, 4, 0, 1])
    let all: [Double] = [32 / 625, 76 / 1875, 1126 / 1875, 187 / 625, 16 / 1875]
    for (symbol, p) in next.enumerated() {
      #expect(abs(p - all[symbol]) < 1e-15)
      #expect(abs(counts.probability(of: symbol, after: [0, 1]) - p) < 1e-15)
    }
  }

  @Test func nothingCountedIsEven() {
    let counts = NGramCounts(order: 2, classes: 4)
    #expect(counts.probabilities(after: [1]) == [0.25, 0.25, 0.25, 0.25])
    #expect(counts.probability(of: 3, after: []) == 0.25)
  }

  /// Counts of a high order know those of all lower ones.
  @Test func lowerOrders() {
    let generator = Generator(seed: 3)
    let ids = (0..<3_000).map { place in
      place % 3 == 2 ? 7 : Int(generator.uniform() * generator.uniform() * 7)
    }
    let (learned, other) = (Array(ids[..<2_000]), Array(ids[2_000...]))
    let counts = NGramCounts(learned, order: 5, classes: 8)
    let bits = (1...5).map { order in
      let own = NGramCounts(learned, order: order, classes: 8)
      #expect(counts.probabilities(of: other, order: order) == own.probabilities(of: other))
      return own.bits(of: other)
    }
    #expect(counts.bestOrder(for: other) == 1 + bits.firstIndex(of: bits.min()!)!)
    #expect(counts.bestOrder(for: other) == 3, "every third is known")
  }

  /// Two sequences: the end of the first is no context of the second.
  @Test func sequencesStandAlone() {
    var counts = NGramCounts(order: 2, classes: 3)
    counts.add([0, 1])
    counts.add([2, 1])
    // After 1 nothing came: as often as symbols come at all, (n + k/3) / (4 + 3).
    let expected: [Double] = [2 / 7, 3 / 7, 2 / 7]
    for (p, q) in zip(counts.probabilities(after: [1]), expected) { #expect(abs(p - q) < 1e-15) }
  }

  /// Laplace's rule, in fractions by hand: after 0 came 1, 1, 1 of n = 3; after 3 came 0.
  @Test func additiveSmoothing() {
    let learned = [0, 1, 2, 0, 1, 3, 0, 1]
    let laplace = NGramCounts(learned, order: 2, classes: 5, smoothing: .additive(1))
    #expect(laplace.probabilities(after: [4, 0]) == [1.0, 4, 1, 1, 1].map { $0 / 8 })
    #expect(laplace.probability(of: 0, after: [3]) == 2.0 / 6)
    // Without a context, and after one that was never seen.
    #expect(laplace.probability(of: 1, after: []) == 4.0 / 13)
    #expect(laplace.probabilities(after: [4]) == [Double](repeating: 0.2, count: 5))
    let none = NGramCounts(learned, order: 2, classes: 5, smoothing: .additive(0))
    #expect(none.probabilities(after: [0]) == [0, 1, 0, 0, 0])
    #expect(none.probability(of: 0, after: [4]) == 0.2)
    #expect(none.bits(of: [0, 2]) == .infinity)
    let half = NGramCounts(learned, order: 3, classes: 5, smoothing: .additive(0.5))
    #expect(abs(half.probability(of: 2, after: [0, 1]) - 1.5 / 4.5) < 1e-15)
    #expect(abs(half.probabilities(after: [0, 1]).reduce(0, +) - 1) < 1e-15)
    #expect(half.probability(of: 2, after: [2, 1]) == 0.2, "the pair was never seen")
  }

  @Test func frequenciesOfRuns() {
    let counts = NGramCounts([0, 1, 2, 0, 1, 3, 0, 1], order: 3, classes: 5)
    #expect(counts.frequencies(of: 1) == [3, 3, 1, 1])
    #expect(counts.frequencies(of: 2) == [3, 1, 1, 1, 1])
    #expect(counts.frequencies(of: 3) == [1, 1, 1, 1, 1, 1])
  }

  @Test func wrongSmoothingStopsWithASentence() async {
    await #expect(processExitsWith: .failure) {
      _ = NGramCounts(order: 2, classes: 4, smoothing: .additive(-1))
    }
  }

  /// Rows that draw what comes next must sum to 1 whatever came before, also with many classes.
  @Test func manyClasses() {
    let generator = Generator(seed: 4)
    let ids = (0..<20_000).map { _ in Int(generator.uniform() * generator.uniform() * 6_000) }
    let counts = NGramCounts(ids, order: 4, classes: 6_000)
    for place in [3, 500, 19_000] {
      let p = counts.probabilities(after: ids[place..<place + 4])
      #expect(abs(p.reduce(0, +) - 1) < 1e-9 && p.allSatisfy { $0 > 0 })
    }
    #expect(counts.bits(of: ids) < 4)
  }
}

@Suite struct CommonSubstringTests {
  /// The table that everybody writes down: n·m.
  private func slowly(_ a: [Int], _ b: [Int]) -> [Int] {
    var row = [Int](repeating: 0, count: b.count + 1)
    return a.map { x in
      for j in b.indices.reversed() { row[j + 1] = x == b[j] ? row[j] + 1 : 0 }
      return row.max() ?? 0
    }
  }

  @Test func asTheTableSays() {
    let generator = Generator(seed: 2)
    for round in 0..<200 {
      let kinds = Double(1 + round % 4)
      func text(_ most: Double) -> [Int] {
        (0..<Int(generator.uniform() * most)).map { _ in Int(generator.uniform() * kinds) }
      }
      let (a, b) = (text(60), text(90))
      #expect(matchLengths(of: a, in: b) == slowly(a, b), "\(a) in \(b)")
    }
  }

  @Test func theLongestRun() {
    let text = Array("the cat sat on the mat"), source = Array("a cat sat by the door")
    let run = longestCommonSubstring(of: text, in: source)
    #expect(String(text[run]) == " cat sat ")
    #expect(longestCommonSubstring(of: Array("abc"), in: Array("xyz")).isEmpty)
    #expect(longestCommonSubstring(of: [Int](), in: [1]).isEmpty)
    #expect(matchLengths(of: [1, 2], in: [Int]()) == [0, 0])
  }

  /// The table would take 10¹⁰ steps.
  @Test(.timeLimit(.minutes(1))) func longTextsOfOneKind() {
    let a = [Int](repeating: 1, count: 20_000), b = [Int](repeating: 1, count: 500_000)
    #expect(matchLengths(of: a, in: b).last == 20_000)
    #expect(matchLengths(of: a, in: [Int](repeating: 2, count: 500_000)).last == 0)
  }
}
