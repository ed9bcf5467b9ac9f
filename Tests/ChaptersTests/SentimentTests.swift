import Applications
import Foundation
import Testing
import Unroll

/// Chapter 6's sentences; and its first three parts as a reader runs them.
@Suite struct SentimentTests {
  @Test func `every sentence has a twin of the same words that means the opposite`() {
    let sentences = SentimentGrammar.sentences(twins: 200, held: false, Generator(seed: 1))
    #expect(sentences.count == 400)
    func bag(_ sentence: JudgedSentence) -> [String] {
      sentence.text.split(separator: " ").map(String.init).sorted()
    }
    let balance = Dictionary(grouping: sentences, by: bag).mapValues { alike in
      alike.count(where: \.isPraise) - alike.count { !$0.isPraise }
    }
    #expect(balance.values.allSatisfy { $0 == 0 })
    // As one is written, and what it means.
    #expect(sentences.allSatisfy { !$0.text.contains(where: "@#+-".contains) })
  }

  @Test func `what is denied is not what is meant`() {
    let sentences = SentimentGrammar.sentences(twins: 300, held: true, Generator(seed: 2))
    var seen = 0
    for sentence in sentences {
      // "… is not very dull but really moving": the last word is meant.
      guard let match = sentence.text.wholeMatch(of: /.+ is not \w+ (\w+) but \w+ (\w+)/) else {
        continue
      }
      let meant = String(match.2), denied = String(match.1)
      #expect(SentimentGrammar.praise.contains(meant) == sentence.isPraise)
      #expect(SentimentGrammar.praise.contains(denied) != sentence.isPraise)
      seen += 1
    }
    #expect(seen > 20)
  }

  @Test func `the words that are joined in a test sentence are never joined in training`() {
    func joined(_ sentences: [JudgedSentence]) -> Set<[String]> {
      Set(
        sentences.map { sentence in
          sentence.text.split(separator: " ").map(String.init).filter {
            SentimentGrammar.praise.contains($0) || SentimentGrammar.blame.contains($0)
          }.sorted()
        })
    }
    let learned = joined(SentimentGrammar.sentences(twins: 1_000, held: false, Generator(seed: 1)))
    let judged = joined(SentimentGrammar.sentences(twins: 500, held: true, Generator(seed: 2)))
    #expect(judged.count > 50 && learned.isDisjoint(with: judged))
    #expect(judged.allSatisfy { $0.count == 2 })
  }

  @Test func `a reader's padding says nothing`() {
    let model = SentenceReader(words: 9, embeddingSize: 3, hiddenSize: 4)
    model.eval()
    let sentences = LabeledTokens([[1, 2, 3, 4, 5], [6, 7]], labels: [0, 1])
    let together = noGrad { model(sentences.batch([0, 1])).value }
    let alone = noGrad { model(sentences.batch([1])).value }
    #expect(together.shape == [2, 2])
    #expect((together[1] - alone[0]).abs().max().item < 1e-6)
  }

  @Test func `three parts in a quick run, and once more from what it kept`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unroll-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments =
      ["digits", "surnames", "sentiment"].flatMap { ["--part", $0] }
      + ["--name", "Petrov", "--name", "Żółw", "--quick", "--quiet", "--output", folder.path]
    let outcome = try run("applications", arguments)
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    let pages = folder.appendingPathComponent("applications")
    func numbers() throws -> [String: Double] {
      let name = "results-digits-surnames-sentiment.json"
      let file = [name, "results.json"].map(pages.appendingPathComponent)
        .first { FileManager.default.fileExists(atPath: $0.path) }
      return try JSONDecoder().decode(
        [String: Double].self, from: Data(contentsOf: try #require(file)))
    }
    let first = try numbers()
    for name in [
      "digits.majority", "digits.naive_bayes.accuracy", "digits.linear.accuracy",
      "digits.published.accuracy", "digits.published.shuffled.accuracy", "digits.rows.accuracy",
      "digits.rows.shuffled.accuracy", "digits.best.accuracy", "surnames.majority",
      "surnames.naive_bayes.accuracy", "surnames.accuracy", "surnames.f1",
      "sentiment.order.pairs.accuracy",
    ] {
      let value = try #require(first[name], "\(name)")
      #expect((0...1).contains(value))
    }
    #expect(first["digits.published.recurrent_effect"] == 0)
    #expect(first["sentiment.order.bag.accuracy"] == 0.5, "a sentence and its twin are one bag")
    #expect(try #require(first["sentiment.order.lstm.accuracy"]) > 0.8)
    #expect(try #require(first["surnames.naive_bayes.accuracy"]) > 0.9)
    #expect(try #require(first["digits.published.accuracy"]) > 0.5)
    let text = try FileManager.default.contentsOfDirectory(atPath: pages.path)
      .filter { $0.hasSuffix(".md") }
      .map { try String(contentsOf: pages.appendingPathComponent($0), encoding: .utf8) }.joined()
    #expect(text.contains("Petrov: ") && text.contains("it does not know Ż, ł"))

    let again = try run("applications", arguments + ["--load"])
    #expect(again.status == 0 && again.errors == "", "\(again.errors)")
    #expect(try numbers() == first)
  }
}
