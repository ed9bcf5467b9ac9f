import ChapterTools
import Foundation
import Unroll

extension Applications {
  func sentiment(_ page: Page) throws {
    page.prose(
      #"""
      ## The feeling of a sentence

      *Many to one, with words.* Does a sentence praise or blame? First with sentences from a small
      grammar, in which the order of the words alone decides; a network learns them in a few
      seconds. With `--data` then on sentences from film reviews, which takes about ten seconds
      more.

      Every sentence of the grammar has a word of praise and a word of blame and says which of the
      two is meant. It comes with a twin in which the two words have changed places.
      """#)
    page.show("templates", in: "SentimentGrammar.swift")
    page.show("sentences", in: "SentimentGrammar.swift")
    let training = SentimentGrammar.sentences(
      twins: page.quick ? 600 : 1_500, held: false, Generator(seed: 1))
    let test = SentimentGrammar.sentences(twins: 500, held: true, Generator(seed: 2))
    for sentence in training.prefix(6) {
      page.print(sentence.isPraise ? "praise" : "blame ", sentence.text)
    }
    page.print(
      "\(training.count) sentences to learn from, \(test.count) to be judged by: no word of praise",
      "stands there beside a word of blame that it stood beside in training")

    page.prose(
      #"""
      ### What a bag of words can know

      A *bag of words* counts words and forgets their order. A sentence and its twin are the same
      bag, so whatever a model makes of bags (naive Bayes, logistic regression, a deep network), it
      gives both the same answer, and one of the two is wrong: its accuracy is one half, not about
      but exactly. Pairs of neighboring words see a little order. Here a degree (*very*, *quite*)
      stands between *not* and what it denies, out of a pair's sight.
      """#)
    page.show("SentenceSet.naiveBayesAccuracy", in: "SentimentRivals.swift")
    let (learned, judged) = (SentenceSet(training), SentenceSet(test))
    let bag = SentenceSet.naiveBayesAccuracy(training: learned, test: judged, pairs: false)
    let pairs = SentenceSet.naiveBayesAccuracy(training: learned, test: judged, pairs: true)

    page.prose(
      #"""
      ### What a network that reads can know

      Each word is a vector of 16 numbers that is learned along; an LSTM of 32 units reads them one
      after the other, and its last state gives two scores.
      """#)
    page.show("SentenceReader", in: "SentimentModel.swift")
    page.show("train", in: "SentimentModel.swift")
    let vocabulary = Vocabulary(counting: learned.words.flatMap { $0 })
    let (examples, words) = (learned.encoded(vocabulary), vocabulary.count)
    let epochs = page.quick ? 6 : 8
    let models = try keptOverSeeds(page, "sentiment-order", title: "sentences in order") {
      SentenceReader(words: words, embeddingSize: 16, hiddenSize: 32)
    } train: { model, progress in
      try train(model, on: examples, epochs: epochs, learningRate: 0.005, progress: progress)
    }
    let accuracies = models.map { judged.accuracy($0.predict(judged.encoded(vocabulary))) }
    page.table(
      ["model", "accuracy on new sentences"],
      [
        ["naive Bayes, words", bag], ["naive Bayes, words and pairs", pairs],
        ["LSTM 32, mean of \(models.count) seeds", accuracies.mean],
      ])
    page.result("sentiment.order.bag.accuracy", bag)
    page.result("sentiment.order.pairs.accuracy", pairs)
    page.result("sentiment.order.lstm.accuracy", over: accuracies)

    page.prose(
      #"""
      How it changes its mind: a sentence and its twin, and after each word what the network would
      answer if the sentence ended there. It was asked for an answer only after the last word, so that
      what it holds in between need not make sense.
      """#)
    let twins = [
      "the plot is not very good but rather bad", "the plot is not very bad but rather good",
    ]
    let panels = twins.map { sentence in
      let spelled = sentence.split(separator: " ").map(String.init)
      var panel = Figure(sentence, x: "word", y: "probability of praise")
      let shares = models[0].praiseWordByWord(vocabulary.encode(spelled))
      panel.line(y: shares, markers: true)
      panel.horizontalLine(y: 0.5)
      panel.x.ticks = .at(spelled.enumerated().map { (Double($0.offset), $0.element) })
      (panel.y.min, panel.y.max) = (-0.05, 1.05)
      return panel
    }
    try page.figure(
      Figure.grid("The same words in another order", columns: 1, panels),
      alt: "The probability of praise after each word of a sentence and of its twin")

    if let folder = DataFolder(page.data), folder.has(.sentencePolarity) {
      try reviews(page, folder)
    } else {
      page.print(
        "Film reviews: with --data FOLDER that holds movie-reviews/rt-polarity.pos and .neg")
    }
  }
}
