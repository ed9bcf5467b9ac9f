import ChapterTools
import Foundation
import Synchronization
import Unroll

extension Applications {
  /// One to many: a network that has learned to foresee the next character writes by itself.
  func writing(_ page: Page) throws {
    page.prose(
      #"""
      ## Writing

      A network that foresees the next character of a text can write one: draw a character as it
      foresees it, hand it back as the next input, and so on. This part learns from a text, measures
      how well it foresees what it has not read, and lets it write in several manners. It takes
      half a minute; with `--data`, where it learns from *The Time Machine* and from Tang poems, about
      two minutes.

      The text is one character after the other, whatever the script. The first eight tenths are
      learned, the next one chooses when to stop, the last is held out and judges. A character that
      is learned only once is `<unk>`, as is every one that first comes later: of Chinese, with its
      thousands, this leaves those that can be learned. `--text FILE` takes any text in UTF-8.
      """#)
    let texts = try writingTexts(page)
    for text in texts.map(\.text) {
      page.print(
        "\(text.name): \(text.learned.count) characters to learn from, "
          + "\(text.validation.count) to choose by, \(text.heldOut.count) held out, "
          + "\(text.vocabulary.count) kinds")
    }
    // Before any training, so that a wrong request is not noticed at the end of it.
    for text in texts { try checkAsked(of: text.text) }

    page.prose(
      #"""
      ### The model and its rival

      An embedding, a GRU, a score for every character. The text runs through in 16 rows, the state
      carried from batch to batch, and the weights of the pass that foresaw the second part best are
      kept.

      The rival counts: how often each character followed the few before it, mixed with shorter
      contexts, which weigh more the more kinds of characters have followed the longer one (Witten &
      Bell 1991). How many characters it looks back on, the second part chooses, too. Both are
      judged by *bits a character*, the mean of $-\log_2 p$: what a perfect packer would need to
      send the text to somebody who has the same model.
      """#)
    page.show(
      "NextCharacterNetwork",
      in: "../../../Sources/TextModels/Writing/NextCharacterNetwork.swift")
    page.show("train", in: "WritingModel.swift")
    for text in texts {
      let models = try learned(page, text)
      try judged(page, text, models)
      try written(page, text, models[0])
    }

    page.prose(
      #"""
      To try: `--part writing --load --temperature 1.5` writes with the kept model, wilder; where does
      it begin to misspell? `--acrostic` with your own name; `--text` with a text of yours, and see
      which of the two wins on a short one and on a long one. In `Composing.swift`: let
      `draw { $0 != "e" }` refuse a letter, and have a book without it (Perec wrote one). `applications write --text FILE` is
      the same for work: it learns for minutes, and asks network and counts together.
      """#)
  }

  /// Three models of a text, each of a seed of its own.
  private func learned(
    _ page: Page, _ writing: WritingText
  ) throws -> [NextCharacterNetwork] {
    let text = writing.text
    let name = writing.slug.isEmpty ? "writing" : "writing-\(writing.slug)"
    let kinds = text.vocabulary.count
    // Of a short text the best pass comes early.
    let isLong = text.isLong
    let steps = page.quick ? 80 : isLong ? 3_000 : 700
    let known = keptFile(page, name, ending: "json")
    let last = page.options.outputFolder(source: #filePath)
      .appendingPathComponent(Self.slug).appendingPathComponent(known.lastPathComponent)
    if load, let kept = try? Data(contentsOf: last),
      let vocabulary = try? JSONDecoder().decode(Vocabulary.self, from: kept),
      vocabulary != text.vocabulary
    {
      throw TextError(file: "--load", problem: "what is kept learned another text")
    }
    let curves = Mutex<[[Double]]>([])
    let models = try keptOverSeeds(
      page, name, title: text.name, { NextCharacterNetwork(kinds: kinds, isLong: isLong) },
      train: { model, tell in
        let curve = try train(model, on: text, steps: steps, each: tell)
        curves.withLock { $0.append(curve) }
      })
    try JSONEncoder().encode(text.vocabulary).write(to: known, options: .atomic)
    if !load {
      var figure = Figure(
        "Learning to write, \(text.name)", x: "pass over the text",
        y: "bits a character, text to choose by")
      // Whichever seed ended first: the order is not to hang on that.
      let sorted = curves.withLock { $0.sorted { $0.lexicographicallyPrecedes($1) } }
      for (number, curve) in sorted.enumerated() {
        figure.line(
          x: curve.indices.map { $0 + 1 }, y: curve, label: "training \(number + 1)",
          markers: curve.count < 20)
      }
      try page.figure(figure)
    }
    return models
  }

  /// Bits a character of networks and of counting.
  private func judged(
    _ page: Page, _ writing: WritingText, _ models: [NextCharacterNetwork]
  ) throws {
    let (text, prefix) = (writing.text, writing.prefix)
    let kinds = text.vocabulary.count
    let counts = NGramCounts(text.learned, order: 7, classes: kinds)
    let order = counts.bestOrder(for: text.validation)
    let counting = Array(counts.probabilities(of: text.heldOut, order: order).dropFirst())
    let networks = models.map { $0.probabilities(of: text.heldOut) }
    let alone = networks.map(meanBits)
    let together = networks.map { network in
      meanBits(zip(network, counting).map { ($0 + $1) / 2 })
    }
    page.print("\(text.name), held out:")
    page.table(
      ["model", "bits a character"],
      [
        ["guessing evenly", log2(Double(kinds))],
        ["counting, after none before", counts.bits(of: text.heldOut, order: 1)],
        ["counting, after \(order - 1) before", meanBits(counting)],
        ["GRU, mean of \(alone.count) seeds", alone.mean],
        ["GRU and counting, mean of their probabilities", together.mean],
      ])
    page.result("\(prefix).bits", over: alone)
    page.result("\(prefix).counting.bits", meanBits(counting))
    page.result("\(prefix).together.bits", over: together)
    let difference = alone.mean - meanBits(counting)
    let margin = String(format: "%.2f", abs(difference))
    let reason =
      page.quick
      ? "a quick run gives the network little time to learn."
      : "\(text.learned.count) characters are few for a network to learn from."
    page.print(
      abs(difference) < 0.02
        ? "Network and counting come out alike."
        : difference < 0
          ? "The network wins by \(margin) bits: a state that goes on sees further than counts do."
          : "Counting wins by \(margin) bits: \(reason)")
    if together.mean < min(alone.mean, meanBits(counting)) {
      page.print("Asked together they do better than each: they know different things.")
    }
  }

  /// The same model written with in several manners, and what of it is copied.
  private func written(
    _ page: Page, _ writing: WritingText, _ model: NextCharacterNetwork
  ) throws {
    let (text, prefix) = (writing.text, writing.prefix)
    page.prose(
      #"""
      ### Manners of drawing

      Always taking the likeliest character often goes round in a circle, as [chapter
      5](../modules/chapter.html#greedy-goes-in-circles) has measured, where the temperature is told
      as well. *Top k* draws from the k likeliest alone, the *nucleus* from the fewest that have 90
      % of the probability together (Holtzman et al. 2020): both cut off the long tail of the
      unlikely, where misspellings come from.

      What stands in the text learned, too, is copied. The longest such run is found with a suffix
      automaton, in time that grows with the lengths, not with their product. The last row is the
      measure for all others: the held-out text, which its author wrote, shares runs with the rest
      as well.
      """#)
    page.show("Copied", in: "Composing.swift")
    let manners: [(String, Sampler)] = [
      ("the likeliest", .greedy), ("temperature 0.5", Sampler(temperature: 0.5)),
      ("temperature 1", Sampler()), ("top 5", Sampler(topK: 5)),
      ("nucleus 0.9", Sampler(topP: 0.9)),
    ]
    let run = text.vocabulary.count > 500 ? 5 : 20
    let length = page.quick ? 300 : 1_500
    var rows: [[any CustomStringConvertible]] = []
    func row(_ name: String, _ ids: [Int]) -> Copied {
      let copying = Copied(ids, from: text.learned, run: run)
      rows.append([
        name, copying.longest.count, String(format: "%.1f %%", 100 * copying.share),
        Set(ids).count,
      ])
      return copying
    }
    for (name, sampler) in manners {
      let told = Assignment(characters: length).written(
        by: model, text, sampler, seed: page.seed)
      page.print("\(name):\n  \(told.prefix(160).replacing("\n", with: " "))")
      let copying = row(name, text.ids(of: told))
      guard name == "nucleus 0.9" else { continue }
      page.print("copied: “\(text.text(of: copying.longest))”")
      page.result("\(prefix).longest_copy", copying.longest.count)
      page.result("\(prefix).copied_share", copying.share)
    }
    _ = row("the author, held out", Array(text.heldOut.prefix(length)))
    page.table(
      [
        "\(length) characters written", "longest run copied",
        "share in copied runs of at least \(run)", "kinds of characters",
      ],
      rows)

    page.prose(
      #"""
      ### To order

      What is given is read before the first character is drawn: a *prefix* is a text to go on from.
      In an *acrostic* every line is made to begin with a given character, and in verse a line has a
      number of letters (`--per-line 5` or `7`, as Chinese poems have): there the drawing is from
      letters alone, then from marks. `--prefix`, `--acrostic`, `--temperature`, `--top-k` and `--top-p`
      are the reader's.
      """#)
    page.show("Composer", in: "../../../Sources/TextModels/Writing/Composer.swift")
    page.show("writeLine", in: "Composing.swift")
    for (title, assignment) in assignments(for: text) {
      page.print(title)
      let told = assignment.written(by: model, text, sampler, seed: page.seed)
      for line in told.split(separator: "\n") { page.print("  \(line)") }
    }
    let beginning = assignments(for: text)[0].1.prefix ?? ""
    let data = try TypedBeginning(model, text.vocabulary, beginning: beginning)
    guard data.isSmall else {
      page.print("This network does not write in the page: its weights would make it too large.")
      return
    }
    page.print("In the page of this chapter the network writes on after whatever is typed.")
    try page.interactive(
      Interactive(
        .writer, data: data,
        fallback: writtenOn(beginning, by: model, text, seed: page.seed)))
  }

  /// What the options ask for, or a prefix, an acrostic and verse that fit the text.
  private func assignments(for text: CharacterText) -> [(String, Assignment)] {
    if prefix != nil || acrostic != nil || perLine != nil {
      let asked = Assignment(prefix: prefix, acrostic: acrostic, perLine: perLine)
      return [("as asked:", asked)]
    }
    if text.vocabulary.number(of: "月") != text.vocabulary.number(of: .unknown) {
      return [
        ("begun with 明月:", Assignment(prefix: "明月", characters: 40)),
        ("acrostic of 春花秋月, five a line:", Assignment(acrostic: "春花秋月", perLine: 5)),
        ("seven a line:", Assignment(perLine: 7)),
      ]
    }
    let isLatin = text.vocabulary.number(of: "t") != text.vocabulary.number(of: .unknown)
    if !isLatin { return [("as it likes:", Assignment())] }
    return [
      ("begun with “The river ”:", Assignment(prefix: "The river ", characters: 200)),
      ("acrostic of BOAT:", Assignment(acrostic: "BOAT")),
    ]
  }

  /// A beginning of which the text has no character at all cannot be gone on from.
  private func checkAsked(of text: CharacterText) throws {
    for (option, given) in [("--prefix", prefix), ("--acrostic", acrostic)] {
      guard let given else { continue }
      let unknown = text.vocabulary.number(of: .unknown)!
      let shown = given.filter { !$0.isWhitespace }
      if text.ids(of: shown.isEmpty ? given : shown).allSatisfy({ $0 == unknown }) {
        throw TextError(
          file: "\(option) \(given)", problem: "\(text.name) has none of these characters")
      }
    }
  }
}
