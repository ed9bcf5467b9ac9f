import ChapterTools
import Foundation
import Unroll

extension Applications {
  /// Dates as people write them, as ISO dates.
  func translation(_ page: Page) throws {
    page.prose(
      #"""
      ## Translation: dates

      Many to many of another length: a date as somebody wrote it goes in, character by character,
      and the same day comes out as ISO 8601 has it, 1999-05-03. As in all translation the order is
      another, words become numbers, and some of what is written (a weekday) says nothing new. This
      part shows the texts, two rivals, the network and what it looks at; then it takes
      that away. It takes about a minute.

      The texts: a day between 1950 and 2049 in one of these forms, so that two digits name one year
      only (50 to 99 are 1950 to 1999, 00 to 49 are 2000 to 2049). Where day and month are both
      numbers, the day comes first, unless the year stands before them. One day in ten, drawn at
      random, is kept back: no text that the network learns from names it.
      """#)
    page.show("patterns", in: "DateForms.swift")
    let split = DateSplit(seed: 7)
    let test = DateSplit.written(2_000, of: split.unseen, generator: Generator(seed: 8))
    page.table(
      ["written", "meant"], test.prefix(8).map { [$0.text, $0.day.iso] },
      caption: "Some of the \(test.count) texts kept back, of \(split.unseen.count) days.")

    page.prose(
      #"""
      ### The rivals

      Somebody in a hurry writes a rule for each form that comes to mind. What no rule fits has no
      answer. Or one looks up the most similar text among 2,000 of those that are there to learn
      from, the one with the fewest letters to change, and gives its answer. That can't be right
      here, where the days asked for are in none of them: the answers can only come near, so the
      table below has the share of wrong characters too. Translating is not looking up.
      """#)
    page.show("DateRules", in: "DateRivals.swift")
    let rules = DateRules()
    let byRules = DateScore(test.map { rules.date($0.text) ?? "" }, test)
    let asked = Array(test.prefix(page.quick ? 50 : 200))
    let nearest = NearestDate(
      DateSplit.written(2_000, of: split.learned, generator: Generator(seed: 9)))
    let byNearest = DateScore(asked.map { nearest.date($0.text) ?? "" }, asked)
    page.result("translation.rules.exact", byRules.exact)
    page.result("translation.nearest.exact", byNearest.exact)

    page.prose(
      #"""
      ### Encoder, attention, decoder

      A bidirectional GRU, the *encoder*, reads the text; its state at a place knows the character
      there and what stands around it. A second GRU, the *decoder*, writes. Before each character it
      asks all places at once how much they matter now, which is *attention* (Bahdanau, Cho & Bengio
      2015): from its own state $s$ and the encoder's states $h_j$, with $v$, $W_q$ and $W_k$
      learned,

      $$e_j = v^\top \tanh(W_q s + W_k h_j), \qquad \alpha = \mathrm{softmax}(e), \qquad
      c = \sum_j \alpha_j h_j .$$

      The mean $c$ goes into the decoder beside the character it wrote last. In training that is the
      character it should have written (*teacher forcing*): one early mistake would otherwise spoil
      the rest of the lesson. Texts of one batch are padded; a packed sequence keeps the padding out
      of the encoder, a mask keeps it out of the softmax.
      """#)
    page.show("Translator", in: "Translator.swift")
    page.show("trainOnDates", in: "TranslatorTraining.swift")
    let model = Translator.ofDates()
    page.print(model.parameterCount, "parameters")
    let steps = page.quick ? 60 : 900
    var runs: [TranslatorRun] = []
    try kept(page, "translation", model) {
      runs = try overSeeds(page, "dates", first: page.seed, count: page.quick ? 2 : 3) { _, each in
        let model = Translator.ofDates()
        let losses = trainOnDates(model, split, steps: steps, each: each)
        return TranslatorRun(
          losses: losses, score: DateScore(model.dates(test.map(\.text)), test),
          state: model.stateDict())
      }
      try model.loadStateDict(runs[0].state)
    }
    if !runs.isEmpty {
      var figure = Figure("Learning to read dates", x: "step", y: .log("cross-entropy in nats"))
      for (k, run) in runs.enumerated() {
        let every = max(1, steps / 50)
        figure.line(
          x: run.losses.indices.map { ($0 + 1) * every }, y: run.losses, label: "seed \(k + 1)")
      }
      figure.size = .flat
      try page.figure(figure)
    }

    page.prose(
      #"""
      All characters must be right for a date to count. The network writes *greedily*: the likeliest
      character, then the likeliest after that. *Beam search* with a beam of four keeps the four
      best beginnings at every step, since the best beginning need not lead to the best whole.
      """#)
    let scores =
      runs.isEmpty ? [DateScore(model.dates(test.map(\.text)), test)] : runs.map(\.score)
    let exact = scores.map(\.exact)
    page.result("translation.exact", over: exact)
    let beams = asked.map {
      model.beam(DateSymbols.read($0.text), width: 4, maxLength: DateSymbols.length)
    }
    let byBeam = DateScore(beams.map { DateSymbols.iso($0[0].tokens) }, asked)
    let greedy = DateScore(model.dates(asked.map(\.text)), asked)
    page.result("translation.beam.exact", byBeam.exact)
    page.table(
      ["reader", "texts", "exact", "characters wrong"],
      [
        ["four rules", test.count, byRules.exact, byRules.errorRate],
        ["the most similar text's date", asked.count, byNearest.exact, byNearest.errorRate],
        [
          "network, mean of \(exact.count) seeds", test.count, exact.mean,
          scores.map(\.errorRate).mean,
        ],
        ["the first seed, greedy", asked.count, greedy.exact, greedy.errorRate],
        ["the first seed, beam of 4", asked.count, byBeam.exact, byBeam.errorRate],
      ].map { row in row.map { ($0 as? Double).map { String(format: "%.4f", $0) } ?? "\($0)" } },
      alignments: [.left, .right, .right, .right])
    let differing = zip(greedy.right, byBeam.right).count { $0 != $1 }
    page.print(
      differing == 0
        ? "greedy and beam are right on the same texts: here second thoughts change nothing"
        : "greedy and beam differ in being right on \(differing) of \(asked.count) texts")
    let leastSure = beams.indices.min {
      beams[$0][0].logProbability < beams[$1][0].logProbability
    }!
    page.table(
      ["the beam's answers to \"\(asked[leastSure].text)\"", "p"],
      beams[leastSure].map {
        [DateSymbols.iso($0.tokens), String(format: "%.4f", exp($0.logProbability))]
      }, caption: "The text of which it is least sure.", alignments: [.left, .right])

    try lookedAt(page, model, split)
    try mistakes(page, model, test)
    if !dates.isEmpty {
      page.prose("### The dates asked about")
      answer(page, dates, model)
    }
    try singleVector(page)

    page.prose(
      #"""
      ### Exercises

      1. `--part translation --date "3rd of Setpember '98"`: how far from the right spelling can a
         month be? Before the network is asked, a rule looks whether the text can be a date at all,
         and afterwards another whether the answer has the text's numbers. Why are both needed?
      2. In `Translator.loss` give the decoder its own last answer in place of the right one, from
         the first step on. How long does it take to learn anything?
      3. In `Copying.network` double the units (`hiddenSize: 128`). How many digits does the single
         vector carry then?
      4. Sutskever, Vinyals and Le gave their encoder, which read in one direction, the sentence
         from its last word to its first, and it translated better. Why is there nothing to gain
         from that for an encoder that reads in both directions, as this one does?
      """#)
  }

  /// The weights of the attention as a picture.
  private func lookedAt(_ page: Page, _ model: Translator, _ split: DateSplit) throws {
    page.prose(
      #"""
      ### What it looks at

      Row by row the characters it wrote, and how much each character that it read mattered then.
      Nobody told it where in the text the year stands.
      """#)
    let september = split.unseen.map(Day.init).first { $0.month == 9 && $0.day == 23 }!
    let texts = ["the {ordinal} of {month} {year}", "{month} {nth}, '{yy}", "{dd}.{mm}.{yy}"]
      .map { DateForms.text(september, $0) }
    let panels = texts.map { text in
      let (answers, weights) = model.greedy([DateSymbols.read(text)], maxLength: DateSymbols.length)
      var figure = Figure("", x: "read", y: "written")
      figure.heatmap(
        weights[0], rows: DateSymbols.target.decode(answers[0]),
        columns: text.map { $0 == " " ? "␣" : String($0) }, range: 0...1)
      figure.colorBar.label = "weight"
      return figure
    }
    page.print("In the page of this chapter dates can be typed: the network is in it.")
    try page.interactive(
      Interactive(
        .date, data: TypedDate(model, text: texts[0]),
        fallback: Figure.grid("Where the decoder looks", columns: 1, panels)),
      alt: "Weights of the attention for three ways to write one date")
  }

  /// Where it is wrong, and what it makes of what it never saw.
  private func mistakes(_ page: Page, _ model: Translator, _ test: [WrittenDate]) throws {
    page.prose(
      #"""
      ### What goes wrong

      First the forms that it knows, the worst on top; then texts that are like none it has learned
      from. It has an answer for each of these, too, since nothing in the training had none. Does
      the probability that it gives its answer tell that something is amiss?
      """#)
    let answers = model.dates(test.map(\.text))
    let right = zip(answers, test).map { $0 == $1.day.iso }
    let wrong = test.indices.filter { !right[$0] }
    page.print("wrong: \(wrong.count) of \(test.count)")
    if !wrong.isEmpty {
      let forms = Dictionary(grouping: wrong) { test[$0].form }
        .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      page.table(
        ["form", "wrong", "of", "for example", "answer"],
        forms.prefix(4).map { form, places in
          [
            DateForms.patterns[form], places.count, test.count { $0.form == form },
            test[places[0]].text, answers[places[0]],
          ]
        })
    }
    let strange: [(text: String, iso: String)] = [
      ("3rd of setpember 1998", "1998-09-03"), ("3 5 1999", "1999-05-03"),
      ("1999, the 3rd of may", "1999-05-03"), ("3. sept 2011", "2011-09-03"),
      ("monday 3 may", "no year"), ("the 3rd of may 1899", "1899-05-03"),
      ("31 february 1999", "no such day"), ("hello world", "no date"),
    ]
    page.table(
      ["like none it learned from", "right", "its answer", "p"],
      strange.map { text, iso in
        let found = model.beam(DateSymbols.read(text), width: 4, maxLength: DateSymbols.length)[0]
        return [
          text, iso, DateSymbols.iso(found.tokens),
          String(format: "%.3f", exp(found.logProbability)),
        ]
      }, alignments: [.left, .left, .left, .right])
  }
}
