import ChapterTools
import Foundation
import Unroll

extension Applications {
  func surnames(_ page: Page) throws {
    page.prose(
      #"""
      ## Surnames

      *Many to one again, but the sequences are of unequal length.* Which of 18 languages is a
      surname from? The network reads it letter by letter and answers after the last. Networks
      of several seeds are trained; that takes a few seconds on two cores.

      The names are made up for this project, from syllables and endings that are typical of each
      language. With `--data` they are collected ones (files `names/<language>.txt`), four times as
      many, and it takes a quarter of a minute. In both, the languages are as uneven as collections
      are: a few have hundreds or thousands of names, some a few dozen. Four fifths are learned from,
      one fifth is held back.
      """#)
    let data = try SurnameData(data: page.data, quick: page.quick)
    let letters = data.letters
    let asked = try askedNames(letters)
    let languages = data.languages
    page.table(
      ["language", "names to learn from", "held back", "some of them"],
      languages.indices.map { language in
        let own = data.training.filter { $0.language == language }
        return [
          languages[language], own.count, data.test.count { $0.language == language },
          own.prefix(4).map(\.name).joined(separator: ", "),
        ]
      }, alignments: [.left, .right, .right, .left])
    let seen = data.seen
    page.print("\(letters.count - 1) letters, and one number for all others")
    if data.isReal {
      page.print(
        "The lists hold many names twice: \(seen.count { $0 }) of the \(seen.count) held back are",
        "also among those to learn from. The last column below leaves these out.")
    }

    page.prose(
      #"""
      ### The rivals

      *Majority*: always the language with the most names. Naive Bayes on letter triples: a name
      is cut into all its pieces of three letters, ends marked, and each piece votes by how often it
      comes in each language. It knows no order beyond three letters; that is often enough.
      """#)
    page.show("letterTriples", in: "SurnameData.swift")
    page.show("naiveBayesRival", in: "../NaiveBayesRival.swift")
    let labels = Indices(data.test.map(\.language))
    let triples = Vocabulary(
      counting: data.training.flatMap { letterTriples($0.name) }, special: [])
    func bags(_ names: [(name: String, language: Int)]) -> [[Int]] {
      names.map { letterTriples($0.name).compactMap { triples.number(of: $0) } }
    }
    page.print("\"Lee\" is", letterTriples("Lee"), "and there are \(triples.count) triples in all")
    let bayes = naiveBayesRival(
      bags(data.training), labels: data.training.map(\.language), classes: languages.count,
      features: triples.count)
    let bayesSays = bayes.predict(bags(data.test)).values
    var frequent = ConfusionMatrix(classes: languages.count)
    for example in data.training { frequent.add(0, actual: example.language) }
    let largest = frequent.counts.indices.max { frequent.counts[$0][0] < frequent.counts[$1][0] }!

    page.prose(
      #"""
      ### The network

      Each letter is a row with a single 1; 128 GRU units read the rows, and the state after the
      last letter becomes a score for each language. Names of a batch are packed, so that short ones
      are not read on through padding. Batches of 32 names of like length, twelve times through the
      list (three in a quick run), AdamW with one cycle of the learning rate up to
      $4 \cdot 10^{-3}$, three tenths of the last state dropped in training.
      """#)
    page.show("SurnameReader", in: "SurnameModel.swift")
    page.show("train", in: "SurnameModel.swift")
    let (names, epochs) = (letters.encode(data.training), page.quick ? 3 : 12)
    let size = letters.count
    let models = try keptOverSeeds(page, "surnames", title: "surnames") {
      SurnameReader(letters: size, languages: languages.count)
    } train: { model, progress in
      train(model, on: names, epochs: epochs, progress: progress)
    }
    let test = letters.encode(data.test)
    let says = models.map { $0.scores(test).argmax(axis: 1).values }

    page.prose(
      #"""
      ### Who wins

      Accuracy is the share of right answers. The *F1 score* of a language is the harmonic mean of
      two shares: how many of the names said to be of it are, and how many of its names are found.
      Macro F1 averages over the languages, so that Vietnamese counts as much as Russian; a model
      that does well on the large languages alone has a high accuracy and a low macro F1.
      """#)
    func scores(_ says: [Int]) -> (
      accuracy: Double, f1: Double, new: Double, matrix: ConfusionMatrix
    ) {
      var matrix = ConfusionMatrix(classes: languages.count), new = matrix
      for (place, language) in says.enumerated() {
        matrix.add(language, actual: labels.values[place])
        if !seen[place] { new.add(language, actual: labels.values[place]) }
      }
      return (matrix.accuracy, matrix.f1(.macro), new.accuracy, matrix)
    }
    let majority = scores(labels.values.map { _ in largest }), counting = scores(bayesSays)
    let networks = says.map(scores)
    let network = (
      accuracy: networks.map(\.accuracy).mean, f1: networks.map(\.f1).mean,
      new: networks.map(\.new).mean
    )
    page.table(
      ["model", "accuracy", "macro F1", "accuracy, names never met"],
      [
        ["majority: \(languages[largest])", majority.accuracy, majority.f1, majority.new],
        ["naive Bayes, letter triples", counting.accuracy, counting.f1, counting.new],
        ["GRU 128, mean of \(networks.count) seeds", network.accuracy, network.f1, network.new],
      ])
    page.result("surnames.majority", majority.accuracy)
    page.result("surnames.naive_bayes.accuracy", counting.accuracy)
    page.result("surnames.naive_bayes.f1", counting.f1)
    page.result("surnames.naive_bayes.new_accuracy", counting.new)
    page.result("surnames.accuracy", over: networks.map(\.accuracy))
    page.result("surnames.f1", over: networks.map(\.f1))
    page.result("surnames.new_accuracy", over: networks.map(\.new))
    page.print(
      network.accuracy > counting.accuracy
        ? "The network is ahead of counting in accuracy" : "Counting is ahead in accuracy",
      network.f1 > counting.f1 ? "and the network in macro F1." : "and counting in macro F1.",
      separator: ", ")
    if data.isReal {
      page.print("PyTorch, a GRU of 128 and ten epochs, measured before: accuracy 0.833")
    }

    page.prose(
      #"""
      ### What it takes for what

      Each row holds the names of one language, each column what the networks said; a row adds
      up to 1. Are the mistakes, off the diagonal, neighbors on the map, names that two languages
      share, or small languages taken for large ones?
      """#)
    var all = ConfusionMatrix(classes: languages.count)
    for matrix in networks.map(\.matrix) {
      for (truth, row) in matrix.counts.enumerated() {
        for (said, count) in row.enumerated() { all.add(said, actual: truth, count: count) }
      }
    }
    let shares = all.counts.map { row in
      row.map { Double($0) / Double(max(1, row.reduce(0, +))) }
    }
    var map = Figure("Surnames: language, and what was said", x: "said", y: "language")
    map.heatmap(shares, rows: languages, columns: languages, range: 0...1)
    map.colorBar.label = "share of the row"
    map.size.height = 1100
    try page.figure(map, alt: "Shares of what the networks said of each language's names")
    let confused = languages.indices.flatMap { truth in
      languages.indices.filter { $0 != truth }.map { (truth: truth, said: $0) }
    }.sorted { shares[$0.truth][$0.said] > shares[$1.truth][$1.said] }
    page.table(
      ["language", "is taken for", "share of its names"],
      confused.prefix(5).map { pair in
        [languages[pair.truth], languages[pair.said], shares[pair.truth][pair.said]]
      }, caption: "The commonest mistakes, by the share of a language.", digits: 2)

    try tellNames(page, asked, models[0], letters, languages)
  }

  private func tellNames(
    _ page: Page, _ asked: [String], _ model: SurnameReader, _ letters: Vocabulary,
    _ languages: [String]
  ) throws {
    page.prose(
      #"""
      ### A name of your own

      `applications --load --name Petrov --name Nguyen` asks the first of the networks about any
      names, without training it again. A letter that it has never met is one and the same number to
      it, whichever it is: it must judge by the others.
      """#)
    for name in asked.isEmpty ? ["Petrov", "Yamaguchi", "Schmidt", "Lombardi"] : asked {
      let scores = model.scores(LabeledTokens([letters.encode(letters: name)], labels: [0]))
      let shares = scores[0].softmax().doubles
      let order = shares.indices.sorted { shares[$0] > shares[$1] }.prefix(4)
      let unknown = unknownLetters(name, letters)
      page.print(
        "\(name):",
        order.map { languages[$0] + String(format: " %.3f", shares[$0]) }.joined(separator: ", ")
          + (unknown.isEmpty ? "" : "; it does not know \(unknown.joined(separator: ", "))"))
    }

    page.print("In the page of this chapter names can be typed: the first network is in it.")
    let name = asked.first ?? "Petrov"
    try page.interactive(
      Interactive(
        .name, data: TypedName(model, letters: letters, languages: languages, name: name),
        fallback: model.figure(of: name, letters, languages)))

    page.prose(
      #"""
      To try: in `SurnameModel.swift` leave out `packPaddedSequence` and give the GRU the padded
      batch; then batches without `lengths:`. How much accuracy does each cost, and why? And: weigh
      rare languages more, `crossEntropy(…, weight:)`. What becomes of macro F1, and of accuracy?
      """#)
  }
}
