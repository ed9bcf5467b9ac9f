import ChapterTools
import Foundation
import Unroll

extension Applications {
  /// Persons, places and dates in sentences.
  func tagging(_ page: Page) throws {
    page.prose(
      #"""
      ## Names in text

      Many to many, aligned: each word of a sentence gets a tag. `B-person` begins a person's name,
      `I-person` continues it, `O` is no name; so for places and dates. The trouble is that a name is
      a name by where it stands: *Florence* is a woman and a town, *May* a woman and a month. This
      part trains two networks that differ in their last layer only, and takes about half a minute.

      The sentences are made from patterns and lists of names. Those of the test come from patterns
      **and** names of which none is in the sentences to learn from. Beside it a second test has the
      new patterns with the known names: what it costs that names are new.
      """#)
    page.show("learned", in: "Sentences.swift")
    page.show("unseen", in: "Sentences.swift")
    let data = TaggingData(quick: page.quick)
    for sentence in data.learned.prefix(4) {
      page.print(
        zip(sentence.words, sentence.tags).map { $1 == "O" ? $0 : "\($0)/\($1)" }
          .joined(separator: " "))
    }
    page.print(
      "\(data.learned.count) sentences to learn from, twice \(data.new.count) to be judged by")

    page.prose(
      #"""
      ### The rival: a dictionary

      All names of the sentences to learn from, whole and word by word, each with what it was most
      often; the longest entry that fits is taken, and years are dates. Its second form also takes
      words with capitals that it doesn't know for a person. An entity counts as found only if its
      label and both its ends are right; F1 is the harmonic mean of the share of what is found that
      is right and the share of what is there that is found.
      """#)
    page.show("NameDictionary", in: "NameDictionary.swift")
    let dictionary = NameDictionary(data.learned)
    let guessing = NameDictionary(data.learned, guesses: true)

    page.prose(
      #"""
      ### Words, characters, neighbors

      A name never seen has no vector of its own. So each word is also spelled, by an LSTM over its
      characters from both ends (Lample et al. 2016); and in training half of the words with a
      capital, drawn at random, are taken for unknown ones, so that the network learns to do without
      their vectors. The LSTM over the sentence does the rest: what stands after *Mrs.* is a person,
      whatever it is called.
      """#)
    page.show("Tagger", in: "Tagger.swift")

    page.prose(
      #"""
      ### Tag by tag, or all at once

      The plain network chooses each word's best tag for itself. Nothing keeps it from an `I-place`
      after a `B-person`, which means nothing: how often it does so is counted. The other has a
      *conditional random field* on top. It learns a score $A$ for each pair of neighboring tags,
      adds it to the network's score $s_t$ of each tag at word $t$, and weighs whole sequences of
      tags $y$,

      $$p(y) = \frac{1}{Z} \exp \Big( \sum_t s_t(y_t) + \sum_t A(y_{t-1}, y_t) \Big),$$

      where $Z$ is the sum of that exponential over all sequences of tags, so that the probabilities
      add up to 1; the ends of a sentence count as neighbors, too. There are far too many sequences
      to go through. The *forward algorithm* goes from word to word instead and keeps one sum for
      each tag that may stand there; *Viterbi's* keeps the best way to each in place of the sum, and
      so finds the best sequence.
      """#)
    let reader = WordReader(data.learned)
    let pair = TaggerPair(reader)
    let epochs = page.quick ? 2 : 8
    var runs: [(scores: [TaggingScore], state: StateDict)] = []
    try kept(page, "tagging", pair) {
      runs = try overSeeds(
        page, "taggers", first: page.seed, count: page.quick ? 2 : 3
      ) { _, each in
        let pair = TaggerPair(reader)
        for (place, tagger) in pair.taggers.enumerated() {
          train(tagger, on: data.learned, epochs: epochs) { done, total in
            each(place * total + done, 2 * total)
          }
        }
        return (try pair.scores(data), pair.stateDict())
      }
      try pair.loadStateDict(runs[0].state)
    }
    let scores = runs.isEmpty ? [try pair.scores(data)] : runs.map(\.scores)
    page.print(
      pair.plain.parameterCount, "parameters, and", pair.withCRF.crf!.parameterCount,
      "more in the CRF")
    try compared(page, data, dictionary, guessing, scores)
    try transitions(page, data, pair)

    page.prose(
      #"""
      ### Exercises

      1. In `Tagger.number` hide no word. What becomes of the two tests, and why of only one of them?
      2. Take the characters away (`spelling`). Which of the three labels needs them least?
      3. Halve `learned` of `Sentences`, the patterns, and then instead that of `NameLists`, the
         names. Of what is there too little?
      4. Call `forbidImpossible` before the training instead of after it. Does F1 change?
      """#)
  }

  /// F1 by entity, beside the dictionary's.
  private func compared(
    _ page: Page, _ data: TaggingData, _ dictionary: NameDictionary, _ guessing: NameDictionary,
    _ scores: [[TaggingScore]]
  ) throws {
    let rivals = [dictionary, guessing].map { rival in TaggingScore(data) { $0.map(rival.tags) } }
    let rows: [(String, [TaggingScore])] = [
      ("dictionary", [rivals[0]]), ("dictionary, capitals are persons", [rivals[1]]),
      ("LSTM, tag by tag", scores.map { $0[0] }), ("LSTM and CRF", scores.map { $0[1] }),
      ("the same, told the rule", scores.map { $0[2] }),
    ]
    let labels = ["date", "person", "place"]
    page.prose("F1 on sentences and names that none of them has seen, the mean over the seeds:")
    page.table(
      ["", "F1"] + labels + ["known names", "impossible"],
      rows.map { name, scores in
        var cells = [scores.map(\.f1).mean]
        cells += labels.map { label in scores.map { $0.byLabel[label] ?? 0 }.mean }
        cells += [scores.map(\.knownNames).mean, scores.map { Double($0.impossible) }.mean]
        return [name]
          + cells.enumerated().map {
            String(format: $0.offset == 5 ? "%.1f" : "%.3f", $0.element)
          }
      },
      caption: """
        Known names: F1 with new patterns and names learned from. Impossible: how often a tag \
        continues what has not begun, in \(data.new.count) sentences with new names. Told the rule: \
        the scores of such pairs lowered by 100, after training.
        """,
      alignments: [.left] + labels.map { _ in .right } + [.right, .right, .right])
    page.result("tagging.crf.f1", over: scores.map { $0[1].f1 })
    page.result("tagging.plain.f1", over: scores.map { $0[0].f1 })
    page.result("tagging.dictionary.f1", max(rivals[0].f1, rivals[1].f1))
    page.result("tagging.crf.known_names.f1", over: scores.map { $0[1].knownNames })
    page.result("tagging.dictionary.known_names.f1", rivals.map(\.knownNames).max()!)
    page.result("tagging.plain.impossible", over: scores.map { Double($0[0].impossible) })
    page.result("tagging.crf.impossible", over: scores.map { Double($0[1].impossible) })
    page.result("tagging.told_crf.f1", over: scores.map { $0[2].f1 })
    page.result("tagging.told_crf.impossible", over: scores.map { Double($0[2].impossible) })
    let gained = scores.map { String(format: "%+.3f", $0[1].f1 - $0[0].f1) }
    page.print("the CRF's F1 less the other's, seed by seed: \(gained.joined(separator: ", "))")
    let looked = max(rivals[0].f1, rivals[1].f1), tagged = scores.map { $0[1].f1 }.mean
    page.print(
      looked > tagged
        ? "where names are new, the dictionary is ahead of the network"
        : "where names are new, the dictionary is behind the network")
    let listed = rivals.map(\.knownNames).max()!, read = scores.map { $0[1].knownNames }.mean
    page.print(
      listed > read
        ? "where they are in its list, the dictionary is ahead of the network"
        : "even where they are in its list, the dictionary is behind the network")
    var figure = Figure(
      "Entities found in sentences and names never seen", y: Axis("F1", min: 0, max: 1.1))
    for (name, scores) in rows.dropLast() {
      figure.bars(
        labels + ["all"],
        labels.map { label in scores.map { $0.byLabel[label] ?? 0 }.mean } + [
          scores.map(\.f1).mean
        ],
        label: name, values: "%.2f")
    }
    try page.figure(figure, alt: "F1 by label of two dictionaries and two networks")
  }

  /// What the CRF has learned of neighbors, and where that mattered.
  private func transitions(_ page: Page, _ data: TaggingData, _ pair: TaggerPair) throws {
    page.prose(
      #"""
      ### What the CRF has learned

      The scores of pairs of tags: from the row's tag to the column's. Nobody told it that nothing
      continues that has not begun; these pairs never occur in what it learned from, and their scores
      have sunk, though not so low that a network that is sure of both tags could not outweigh them.
      Who knows the rule can write it in, as the last row above did. Below, the first sentences (if
      there are any) in which the tag-by-tag network says what can't be, with the answer of the
      other beside it; a `*` marks a tag that is wrong.
      """#)
    let crf = pair.withCRF.crf!
    let table = crf.transitions.value.doubles, count = crf.tags
    var figure = Figure("Transition scores of the CRF", x: "to", y: "from")
    figure.heatmap(
      (0..<count).map { Array(table[$0 * count..<($0 + 1) * count]) }, rows: Sentences.tags,
      columns: Sentences.tags, palette: .diverging, values: "%.1f")
    figure.colorBar.label = "score"
    try page.figure(figure)
    let words = data.new.map(\.words)
    let (plain, whole) = (pair.plain.tags(words), pair.withCRF.tags(words))
    let broken = data.new.indices.filter { impossibleSteps(plain[$0]) > 0 }
    let steps = (plain.map(impossibleSteps).reduce(0, +), whole.map(impossibleSteps).reduce(0, +))
    page.print("first seed: \(steps.0) impossible steps tag by tag, \(steps.1) with the CRF")
    for k in broken.prefix(2) {
      let marked = [plain, whole].map { tags in
        zip(tags[k], data.new[k].tags).map { $0 == $1 ? $0 : "\($0)*" }
      }
      page.table(
        ["word", "tag by tag", "with the CRF"],
        words[k].indices.map { [words[k][$0], marked[0][$0], marked[1][$0]] })
    }
    let names = [
      "Florence Fischer left Jordan for Florence in May .", "April told May about June .",
      "The 3rd of May Lincoln was born in Lincoln .",
    ]
    for (sentence, tags) in zip(names, pair.withCRF.tags(names.map(\.listed))) {
      page.print(
        zip(sentence.listed, tags).map { $1 == "O" ? $0 : "\($0)/\($1)" }.joined(separator: " "))
    }
  }
}
