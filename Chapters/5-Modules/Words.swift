import Foundation
import Unroll

extension Modules {
  /// Embedding, word vectors, and the n-gram model.
  func words(_ page: Page) throws {
    page.prose(
      #"""
      ## Words as vectors

      A network computes with numbers, a text has words. An *embedding* is a table with a row of
      numbers for each word, its *word vector*; looking a word up is picking its row, and training
      moves the rows. How alike two words are the *cosine similarity* says, that of the angle
      between their rows, $\cos \varphi = a \cdot b / (|a| |b|)$.

      To learn from: fourteen lines written for this chapter.
      """#)
    page.show("poem", in: "Poem.swift")
    let tokens = WordTokenizer().tokens(of: poem)
    let vocabulary = Vocabulary(counting: tokens, special: [])
    let numbers = vocabulary.encode(tokens)
    let contexts = Indices((2..<numbers.count).map { Array(numbers[$0 - 2..<$0]) })
    let targets = Indices(Array(numbers[2...]))
    page.print(
      "\(tokens.count) words, \(vocabulary.count) of them different; \(targets.values.count) times",
      "two words and the one that follows")

    page.prose(
      #"""
      ## The n-gram model

      Two words of context, ten numbers a word, 128 hidden units; one example a step, plain gradient
      descent with a rate of 0.01, 200 times through the poem.
      """#)
    page.show("NGramModel", in: "NGramModel.swift")
    let model = NGramModel(words: vocabulary.count)
    let untrained = model.embedding.weight.value
    let optimizer = SGD(model.parameters(), learningRate: 0.01)
    let epochs = page.quick ? 40 : 200
    let examples = targets.values.indices.map {
      (contexts.examples([$0]), targets.examples([$0]))
    }
    var losses: [Double] = []
    let clock = ContinuousClock()
    let time = clock.measure {
      for _ in 0..<epochs {
        var total = 0.0
        for (context, target) in examples {
          optimizer.zeroGrad()
          let loss = crossEntropy(model(context), target)
          loss.backward()
          optimizer.step()
          total += loss.item
        }
        losses.append(total / Double(examples.count))
      }
    }
    let scores = noGrad { model(contexts) }
    let loss = crossEntropy(scores, targets).item
    let accuracy = Accuracy()(scores.value, targets)
    page.result("ngram.loss", loss)
    page.result("ngram.accuracy", accuracy)
    page.result("ngram.seconds", time / .seconds(1), unit: "s", digits: 2)
    /// How many of some examples are right when the most frequent word is said.
    func rightByCounting(_ examples: [Int]) -> Int {
      Dictionary(grouping: examples) { targets.values[$0] }.values.map(\.count).max() ?? 0
    }
    let all = Array(targets.values.indices)
    let pairs = Dictionary(grouping: all) { numbers[$0..<$0 + 2] }.values.map(rightByCounting)
    page.print(
      String(
        format: "always the most frequent word: accuracy %.3f; the one that followed these two "
          + "most often: %.3f; even guesses: loss %.2f",
        Double(rightByCounting(all)) / Double(all.count),
        Double(pairs.reduce(0, +)) / Double(all.count), log(Double(vocabulary.count))))
    page.print(
      "(PyTorch on another poem, of 113 trigrams, measured before: loss 0.048, accuracy 0.982, 7 s; texts",
      "differ, so the numbers are no comparison)")
    var curve = Figure("The n-gram model learns the poem", x: "epoch", y: .log("mean loss"))
    curve.line(x: 1...losses.count, y: losses)
    curve.size = .flat
    try page.figure(curve)

    page.prose(
      #"""
      The poem, told on from its first two words, each word the most likely one. That is knowing by
      heart: no word pair of the poem comes twice, so two words say where in it one is, and a list of
      what followed them says as much as the network.
      """#)
    var told = Array(numbers[..<2])
    while told.count < numbers.count {
      let context = Indices([Array(told.suffix(2))])
      told.append(noGrad { model(context).value.argmax(axis: 1) }.values[0])
    }
    page.print(vocabulary.decode(told).joined(separator: " "))
    let right = zip(told, numbers).prefix { $0 == $1 }.count
    page.print("right to word", right, "of", numbers.count)

    page.prose(
      #"""
      Neighbors by cosine similarity, before training and after, and where the most frequent words
      lie along the two *principal components*, the directions in which the rows differ most. A poem
      of a hundred words teaches no meaning: the layers above learned it by heart, and had no need
      to move the vectors far from where chance had put them. Words of one kind draw together when
      they are met in the same places over and over.
      """#)
    let trained = model.embedding.weight.value
    func neighbors(_ word: String, _ table: NDArray) -> String {
      let row = vocabulary.encode([word])[0]
      let order = (0..<vocabulary.count).filter { $0 != row }.map {
        ($0, cosineSimilarity(table[row], table[$0]))
      }.sorted { $0.1 > $1.1 }
      return order.prefix(3).map {
        "\(vocabulary.tokens[$0.0]) \(String(format: "%.2f", $0.1))"
      }.joined(separator: ", ")
    }
    page.table(
      ["word", "neighbors before", "neighbors after"],
      ["the", "and", "to", "of", "river"].map {
        [$0, neighbors($0, untrained), neighbors($0, trained)]
      })
    let turned = (0..<vocabulary.count).map { cosineSimilarity(untrained[$0], trained[$0]) }
    page.print(
      String(
        format: "cosine between a word's vector before and after: %.3f on average, at least %.3f",
        turned.reduce(0, +) / Double(turned.count), turned.min() ?? .nan))
    page.show("principalComponents", in: "NGramModel.swift")
    let (x, y) = principalComponents(trained)
    let shown = Array(0..<min(24, vocabulary.count))
    var map = Figure(
      "Word vectors in two dimensions", x: "first principal component", y: "second")
    map.texts(shown.map { vocabulary.tokens[$0] }, x: shown.map { x[$0] }, y: shown.map { y[$0] })
    map.size.height = 1200
    try page.figure(map, alt: "The most frequent words of the poem by two components")

    try wordClasses(page)
  }
}
