import ChapterTools
import Foundation
import Unroll

extension Applications {
  /// Sentences from film reviews, where counting words goes far.
  func reviews(_ page: Page, _ folder: DataFolder) throws {
    page.prose(
      #"""
      ### Sentences that people wrote

      Sentences from film reviews, as many that praise as that blame (Pang & Lee 2005). Eight tenths
      are learned from, one tenth says which epoch's weights to keep, one tenth is held back. Here
      most sentences give themselves away by single words, and ten thousand are few to learn a
      language from.
      """#)
    let parts = try ReviewParts(folder, quick: page.quick)
    let (training, validation, test) = (parts.training, parts.validation, parts.test)
    page.print(
      "\(training.labels.count) sentences to learn from, \(validation.labels.count) to choose the",
      "epoch by, \(test.labels.count) held back")
    // Words that come once teach only that a word may be unknown.
    let vocabulary = Vocabulary(counting: training.words.flatMap { $0 }, minimumFrequency: 2)
    page.print(
      "\(vocabulary.count - 1) words that come at least twice, and one number for all others")
    let learned = training.encoded(vocabulary), chosen = validation.encoded(vocabulary)
    let (epochs, words) = (page.quick ? 2 : 6, vocabulary.count)
    let models = try keptOverSeeds(page, "sentiment-reviews", title: "film reviews") {
      SentenceReader(words: words, embeddingSize: 64, hiddenSize: 64, dropout: 0.5)
    } train: { model, progress in
      try train(
        model, on: learned, validation: chosen, epochs: epochs, learningRate: 0.002,
        progress: progress)
    }
    let accuracies = models.map { test.accuracy($0.predict(test.encoded(vocabulary))) }
    let lstm = accuracies.mean
    let majority = Double(max(test.labels.count { $0 == 1 }, test.labels.count { $0 == 0 }))
    let bag = SentenceSet.naiveBayesAccuracy(training: training, test: test, pairs: false)
    let pairs = SentenceSet.naiveBayesAccuracy(training: training, test: test, pairs: true)
    page.table(
      ["model", "accuracy on sentences held back"],
      [
        ["always the same", majority / Double(test.labels.count)], ["naive Bayes, words", bag],
        ["naive Bayes, words and pairs", pairs], ["LSTM 64, mean of \(models.count) seeds", lstm],
      ])
    page.result("sentiment.reviews.bag.accuracy", bag)
    page.result("sentiment.reviews.pairs.accuracy", pairs)
    page.result("sentiment.reviews.lstm.accuracy", over: accuracies)
    page.print(
      max(bag, pairs) > lstm
        ? "Naive Bayes wins: counting needs less text than reading to be good at this."
        : "The LSTM wins.")
    page.print("PyTorch, an LSTM of 128 and the best of five epochs, measured before: 0.693")

    page.prose(
      #"""
      To try: give `reviews` other sizes, or no dropout: on what does the accuracy hang more? And:
      in `SentimentGrammar.swift` take the degrees out of the templates. What do pairs of words know
      then?
      """#)
  }
}

/// The reviews in three parts, the same ones in every run.
struct ReviewParts {
  let training, validation, test: SentenceSet

  init(_ folder: DataFolder, quick: Bool) throws {
    let texts = try folder.sentencePolarity()
    let all =
      texts.positive.map { JudgedSentence(text: $0, isPraise: true) }
      + texts.negative.map { JudgedSentence(text: $0, isPraise: false) }
    guard texts.positive.count >= 100, texts.negative.count >= 100 else {
      throw DatasetError(
        file: folder.url.appendingPathComponent("movie-reviews").path,
        problem: "\(texts.positive.count) sentences that praise and \(texts.negative.count) that "
          + "blame; 100 of each are needed")
    }
    let order = Generator(seed: 1).permutation(all.count).prefix(quick ? 2_000 : all.count)
    let (eight, nine) = (order.count * 8 / 10, order.count * 9 / 10)
    training = SentenceSet(order[..<eight].map { all[$0] })
    validation = SentenceSet(order[eight..<nine].map { all[$0] })
    test = SentenceSet(order[nine...].map { all[$0] })
  }
}
