import Foundation
import Modules
import Testing
import Unroll

struct WordVectorTests {
  @Test func `neighbors of the same kind`() {
    let vectors = NDArray([1, 0, 2, 0.2, 0, 1, 0.1, 1], shape: [4, 2])
    #expect(sameKind(vectors, [0, 0, 1, 1]) == 1)
    #expect(sameKind(vectors, [0, 1, 0, 1]) == 0)
    // What was never met has no neighbor.
    #expect(sameKind(NDArray([1, 0, 1, 0, 0, 0, 0, 0], shape: [4, 2]), [0, 0, 0, 0]) == 0.5)
  }

  /// By hand: of the five words 0 1 0 1 2, 1 stood right of 0 twice.
  @Test func `information of neighbors`() {
    let rows = informationRows([0, 1, 0, 1, 2], words: 3).doubles
    let (often, seldom) = (log(2.5), log(1.25))
    let expected = [
      0, seldom, 0, 0, often, 0,
      often, 0, 0, seldom, 0, often,
      0, often, 0, 0, 0, 0,
    ]
    for (value, other) in zip(rows, expected) { #expect(abs(value - other) < 1e-12) }
  }

  @Test func `directions in which rows reach farthest`() {
    let rows = NDArray([3, 0, 0, 0, 2, 0, 0, 0, 1], shape: [3, 3], dtype: .float64)
    let found = leadingCoordinates(rows, count: 2).doubles.map(abs)
    for (value, other) in zip(found, [3.0, 0, 0, 2, 0, 0]) { #expect(abs(value - other) < 1e-9) }
  }

  /// Enough text, and a word's neighbors are of its kind, whatever the seed.
  @Test func `a network that reads enough finds the kinds`() {
    let words = Generated.WordClass.allCases.flatMap(\.words)
    let kinds = words.map { Generated.wordClass(of: $0)! }
    let text = Generated.sentences(2_500, generator: Generator(seed: 3)).flatMap { $0 }
    Generator.default.seed(3)
    let model = NGramModel(words: words.count, hiddenSize: 64)
    model.embedding.weight.value = model.embedding.weight.value * 0.01
    #expect(sameKind(model.embedding.weight.value, kinds) < 0.2)
    trainedOnWords(model, Vocabulary(tokens: words).encode(text), steps: 1_000)
    #expect(sameKind(model.embedding.weight.value, kinds) > 0.5)
  }
}
