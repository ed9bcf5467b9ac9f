import Foundation
import UnrollChapter

/// The chapter's text: *The Time Machine* where a data folder has it, else the longest that this
/// project carries, a story of its own.
package struct Prose {
  package let name: String
  package let text: String

  package init(_ data: URL?) throws {
    let folder = DataFolder(data).flatMap { $0.has(.timeMachine) ? $0 : nil }
    name = folder == nil ? "a story written for this project" : "The Time Machine"
    text = try folder?.timeMachine() ?? Generated.story
    let count = words.count
    if let folder, count < 2_000 {
      throw DatasetError(
        file: folder.url.appendingPathComponent(KnownDataset.timeMachine.files[0]).path,
        problem: "\(count) words; 2,000 are needed")
    }
  }

  /// The words, in small letters and without marks.
  package var words: [String] {
    WordTokenizer(keepsPunctuation: false).tokens(of: text)
  }
}

extension SequenceData {
  /// From a text to batches of numbers, and what counting them tells.
  func text(_ page: Page) throws {
    page.prose(
      #"""
      ## Text is a sequence, too

      The steps of a text are no measurements but signs out of a list. Before a network can read it,
      it is cut into *tokens*, the pieces that count as a step, and each kind of token gets a
      number. What is a piece? With characters there are few kinds and many steps, with words many
      kinds and few steps. (Large models take what lies between, pieces of words that come often.)

      The text here is the largest that the project carries, a story written for it; with `--data`
      it is *The Time Machine*, ten times as long.
      """#)
    let prose = try Prose(page.data)
    let words = prose.words
    let characters = CharacterTokenizer().tokens(of: lettersOnly(prose.text))
    page.print("\(prose.name), \(prose.text.utf8.count) bytes")
    page.table(
      ["tokens", "in the text", "kinds", "of which come once", "the first"],
      [("characters", characters, 14), ("words", words, 6)].map { name, tokens, shown in
        let counts = Vocabulary(counting: tokens, special: []).counts
        let first = tokens.prefix(shown).map { $0 == " " ? "␣" : $0 }.joined(separator: " ")
        return [name, tokens.count, counts.count, counts.count { $0 == 1 }, first]
      })
    page.result("text.words", words.count)

    page.prose(
      #"""
      ## The vocabulary, and Zipf's law

      The *vocabulary* is the list of the kinds, numbered from the most frequent to the rarest. It
      is fitted, as a scale is, so it is made of the training part alone: here the first four
      fifths. What the list lacks, and what it would have to learn from a single example, is given
      one number together, the *unknown token* `<unk>`.
      """#)
    let border = words.count * 4 / 5
    let vocabulary = Vocabulary(counting: words[..<border], minimumFrequency: 2)
    let learned = vocabulary.encode(words[..<border]), heldOut = vocabulary.encode(words[border...])
    let frequent = zip(vocabulary.tokens, vocabulary.counts).dropFirst().prefix(10)
    page.print(frequent.map { "\($0) \($1)" }.joined(separator: ", "), "…")
    func unknown(_ ids: [Int]) -> String {
      String(format: "%.0f %%", 100 * Double(ids.count { $0 == 0 }) / Double(ids.count))
    }
    page.print(
      "\(vocabulary.count) numbers; <unk> is \(unknown(learned)) of the training part and",
      "\(unknown(heldOut)) of the rest")

    page.prose(
      #"""
      Few words are common, and most are rare. How regularly, two logarithmic axes show: the number of times $n$ that the word of rank $r$ comes lies near a straight line,

      $$n_r \propto r^{-\alpha},$$

      with an exponent $\alpha$ near 1, in English and in the other languages it was counted in. That is *Zipf's law*
      (Zipf 1949). The exponent is fitted so that the counts are as probable as can be.

      Words say little alone. *n-grams* are runs of $n$ tokens, unigrams, bigrams, trigrams; of $V$
      words there could be $V^n$. Counted in the same way the curves are flatter, and with three
      words hardly a curve is left.
      """#)
    page.show("ranks", in: "Text.swift")
    let numbers = Vocabulary(counting: words, special: [])
    let grams = NGramCounts(numbers.encode(words), order: 3, classes: numbers.count)
    let ranked = (1...3).map { grams.frequencies(of: $0) }
    let laws = ranked.map { ZipfLaw(fittedTo: $0) }
    let names = ["words", "bigrams", "trigrams"]
    page.table(
      ["runs of", "in the text", "kinds", "could be", "come once", "exponent α"],
      (0..<3).map { place in
        let counts = ranked[place], once = Double(counts.count { $0 == 1 }) / Double(counts.count)
        return [
          "\(place + 1)", "\(counts.reduce(0, +))", "\(counts.count)",
          "\((0...place).reduce(1) { product, _ in product * numbers.count })",
          String(format: "%.0f %%", 100 * once), String(format: "%.2f", laws[place].exponent),
        ]
      }, alignments: [.left, .right, .right, .right, .right, .right])
    for (name, law) in zip(names, laws) {
      page.result("text.zipf.\(name)", law.exponent, digits: 3)
    }
    try page.figure(Self.ranks(ranked, laws, names))
    let common = Double(ranked[0].prefix(100).reduce(0, +)) / Double(words.count)
    let rare = Double(ranked[0].count { $0 < 3 }) / Double(numbers.count)
    page.claim(
      String(
        format: "The hundred most frequent words make up %.0f %% of the text, and %.0f %% of all "
          + "words come no more than twice.", 100 * common, 100 * rare),
      holds: common > 0.5 && rare > 0.5,
      in: page.data == nil ? .everyRun : .thisRun)
    page.claim(
      "The curves get flatter from words to pairs to triples.",
      holds: laws[0].exponent > laws[1].exponent && laws[1].exponent > laws[2].exponent,
      in: .everyRun)
    page.claim(
      "Most triples that the text has at all, it has once: to count them is to learn the text by "
        + "heart.",
      holds: ranked[2].count { $0 == 1 } * 2 > ranked[2].count, in: .everyRun)
    func unseen(_ n: Int) -> Double {
      func runs(_ ids: [Int]) -> [ArraySlice<Int>] {
        (0...ids.count - n).map { ids[$0..<$0 + n] }
      }
      let known = Set(runs(learned)), asked = runs(heldOut)
      return Double(asked.count { !known.contains($0) }) / Double(asked.count)
    }
    let strange = [unseen(2), unseen(3)]
    page.print(
      String(
        format:
          "of the last fifth, %.0f %% of the bigrams and %.0f %% of the trigrams are not in the "
          + "rest", 100 * strange[0], 100 * strange[1]))

    page.prose(
      #"""
      ## The probability of a sequence

      Most of this book asks for the next: the next month, the next character. Why that is enough,
      the product rule says: any probability of a whole sequence is one of next ones,

      $$p(x_1, \ldots, x_T) = \prod_{t=1}^{T} p(x_t \mid x_1, \ldots, x_{t-1})$$

      A model that foresees the next from the past, and goes on by reading its own forecasts, is
      called *autoregressive*. But the past grows. One way out is the *Markov assumption*: the last
      $k$ are all that matters, $p(x_t \mid x_{t-k}, \ldots, x_{t-1})$; that is what windows and
      counts of n-grams do. The other is a *latent state* $h_{t-1}$ that sums up the past as well as
      it can, $p(x_t \mid h_{t-1})$ with $h_t = f(h_{t-1}, x_t)$; that is what this book is about,
      from the next chapter on. Both suppose that the rules do not change with time, that $p$ and
      $f$ are the same at every $t$. A series is *stationary* where its mean, its spread and its
      autocorrelation stay the same, too; to that end one takes differences.

      How good is such a model? As good as the probability that it gave to what came. The mean of
      $-\log p$ over a text is the *cross-entropy*, the surprise at each step: in *nats* with the
      natural logarithm, in *bits* with that to the base 2; 1 nat is $1 / \ln 2 \approx 1.44$ bits.
      e to the mean in nats, or 2 to that in bits, is the *perplexity*: among how many equally
      likely tokens the model still wavers. 1 is certainty, and always guessing evenly gives the
      size of the vocabulary.

      ## What was never seen

      Counting is the simplest model: with $n(c, w)$ for how often the word $w$ followed the context
      $c$, that is $p(w \mid c) = n(c, w) / n(c)$. What never followed is then impossible, and a
      single word of that kind in a new text makes the perplexity infinite. *Smoothing* gives
      something of what was counted to what was not. *Laplace smoothing* does as if each of the $V$
      words had followed $\alpha$ times more, $\alpha = 1$ with Laplace himself:

      $$p(w \mid c) = \frac{n(c, w) + \alpha}{n(c) + \alpha V}$$

      *Witten–Bell smoothing* (1991) asks the shorter context $c'$ for help, the more the more kinds
      of words $k(c)$ have followed the longer one:

      $$p(w \mid c) = \frac{n(c, w) + k(c)\, p(w \mid c')}{n(c) + k(c)}$$

      Counted on the first four fifths and judged on the last, whose words were not looked at. Of a word
      that the vocabulary lacks only this is foreseen, that it lacks it: `<unk>` counts as one word, and is
      easier to foresee than any that it stands for. The perplexities flatter by that; one compares them
      with each other, under one vocabulary.
      """#)
    let alphas = (-12...2).map { pow(10, Double($0) / 3) }
    func perplexity(_ order: Int, _ smoothing: NGramCounts.Smoothing) -> Double {
      let counts = NGramCounts(
        learned, order: order, classes: vocabulary.count, smoothing: smoothing)
      return pow(2, counts.bits(of: heldOut))
    }
    let curves = (1...3).map { order in alphas.map { perplexity(order, .additive($0)) } }
    let laplace = (1...3).map { perplexity($0, .additive(1)) }
    let mixed = (1...3).map { perplexity($0, .wittenBell) }
    func shown(_ perplexity: Double) -> String {
      perplexity.isFinite ? String(format: "%.0f", perplexity) : "∞"
    }
    page.table(
      ["perplexity on the held-out fifth", "words", "after one word", "after two"],
      [
        ["none"] + (1...3).map { shown(perplexity($0, .additive(0))) },
        ["Laplace, α = 1"] + laplace.map(shown),
        ["α that is best on this very text"] + curves.map { shown($0.min()!) },
        ["Witten–Bell"] + mixed.map(shown),
        ["guessing evenly"] + (1...3).map { _ in "\(vocabulary.count)" },
      ], alignments: [.left, .right, .right, .right])
    page.result("text.laplace.perplexity", laplace[1], digits: 4)
    page.result("text.witten_bell.perplexity", mixed[1], digits: 4)
    var smoothed = Figure(
      "What smoothing does to the held-out perplexity", x: .log("α added to each count"),
      y: .log("perplexity", min: 0.8 * (curves + [mixed]).joined().min()!))
    let (lowest, highest) = (
      (curves + [mixed]).joined().min()!, (curves + [mixed]).joined().max()!
    )
    smoothed.y.ticks = .at(
      [10, 100, 1000, 10_000].flatMap { decade in
        [1, 1.5, 2, 3, 4, 5, 6, 8].map { decade * $0 }
      }.filter { (0.8 * lowest...1.1 * highest).contains($0) }.map { ($0, $0.formatted()) })
    let contexts = ["words", "after one word", "after two words"]
    let colors: [Color] = [.blue, .orange, .green]
    for order in 0..<3 {
      smoothed.line(
        x: alphas, y: curves[order], label: contexts[order], color: colors[order], style: .solid)
    }
    for order in 0..<3 {
      smoothed.line(
        x: [alphas.first!, alphas.last!], y: [mixed[order], mixed[order]],
        label: order == 0 ? "Witten–Bell (dashed)" : nil, color: colors[order], style: .dashed,
        width: 2.5)
    }
    try page.figure(smoothed)
    page.claim(
      "Laplace's 1 is far too much for pairs: most of the probability goes to what never comes, and it "
        + "does worse than asking no context at all.",
      holds: laplace[1] > laplace[0], in: .everyRun)
    page.claim(
      "Witten–Bell on pairs beats every α, also the one chosen on the text that judges.",
      holds: mixed[1] < curves[1].min()!, in: .everyRun)
    page.claim(
      "A second word of context helps.", holds: mixed[2] < mixed[1],
      otherwise: "A second word of context does not help: the text is too short to meet its pairs "
        + "again.")

    page.prose(
      #"""
      ## A long text in batches

      A text is one example, a long one. To learn from many places at once it is cut into rows of as
      many tokens as the network is to read at a time, and several rows make a batch; the targets
      are the same rows, moved on by one. Which rows share a batch, and in which order, there are
      two ways (after Zhang et al. 2021, *Dive into Deep Learning*).

      With the *random partition* the rows come in random order. With the *sequential partition* the
      text is cut into as many long strips as a batch has rows, and row $i$ of each batch goes on
      where row $i$ of the one before ended. Here both, with 37 tokens, rows of 5, and two rows a
      batch; the color says the batch, the text which row.
      """#)
    page.show("partition", in: "Text.swift")
    try page.figure(Self.partitions(seed: page.seed))
    let ids = numbers.encode(words)
    func goingOn(_ order: TextStream.Order) -> Double {
      var before: TextStream.Batch?
      var (rows, continued) = (0, 0)
      for batch in TextStream(
        ids.indices.map { $0 }, batchSize: 8, steps: 35, order: order,
        generator: Generator(seed: page.seed))
      {
        if let before {
          for row in 0..<8 {
            // Numbered by their place, so that the last target says where the row ended.
            let end = before.targets.values[34 * 8 + row], start = batch.inputs.values[row]
            rows += 1
            continued += start == end ? 1 : 0
          }
        }
        before = batch
      }
      return Double(continued) / Double(rows)
    }
    let (random, sequential) = (goingOn(.random), goingOn(.sequential))
    page.print(
      String(
        format:
          "rows of 35 words in batches of 8 that go on where the same row ended: %.0f %% in random "
          + "order, %.0f %% in sequence", 100 * random, 100 * sequential))
    page.claim(
      "Only in sequence does each row go on with the text that its last row ended in.",
      holds: sequential == 1 && random < 0.2, in: .everyRun)

    page.prose(
      #"""
      A model that counts does not mind. One that carries a latent state does: at the end of a row
      the state knows what the text was about, and in sequence the next batch may begin with it, so
      that the network reads the text as one. In random order the state belongs to another place and
      must be thrown away, and nothing is ever known of what lies more than a row back. What is
      carried on is the state alone: how far *learning* looks back, ends at the row's beginning in
      both, and chapter 2 measures [what that
      costs](../rnn-from-scratch/chapter.html#a-state-carried-on-from-sine-to-cosine). In return
      a batch in random order comes from all over the text, and one in sequence from the same few
      strips as all others.

      Cut at the same places in every walk, the beginning of a row would never be read with more
      than itself before it. So
      each walk leaves out a few at the beginning, another number every time, as `TextStream` does.
      """#)
  }
}

extension SequenceData {
  /// How often the kinds of each rank come, with the law fitted to the words; and for runs of one to
  /// three.
  static func ranks(_ counts: [[Int]], _ laws: [ZipfLaw], _ names: [String]) -> Figure {
    func axes(_ title: String) -> Figure {
      Figure(title, x: .log("rank r"), y: .log("times n in the text"))
    }
    var words = axes("words, and Zipf's law")
    let ranks = 1...counts[0].count
    words.line(x: ranks, y: counts[0], label: "counted", width: 3)
    words.line(
      x: ranks, y: ranks.map { laws[0].count(ofRank: $0) },
      label: String(format: "α = %.2f", laws[0].exponent), color: .gray, style: .dashed, width: 2.5)
    var runs = axes("runs of one, two, three words")
    for (name, counts) in zip(names, counts) {
      runs.line(x: 1...counts.count, y: counts, label: name)
    }
    return .grid(
      "How often, by rank", columns: 2, [words, runs], size: .init(width: 1500, height: 760))
  }

  /// For each place of a text the batch and the row that it is read in; nil for what is left over.
  static func partition(
    _ count: Int, _ order: TextStream.Order, batchSize: Int, steps: Int, seed: UInt64
  ) -> [(batch: Int, row: Int)?] {
    var places = [(batch: Int, row: Int)?](repeating: nil, count: count)
    // The tokens are their own places.
    let stream = TextStream(
      Array(0..<count), batchSize: batchSize, steps: steps, order: order, randomOffset: false,
      generator: Generator(seed: seed))
    for (number, batch) in stream.enumerated() {
      for (index, place) in batch.inputs.values.enumerated() {
        places[place] = (number, index % batchSize)
      }
    }
    return places
  }

  /// A short text in both orders, each token a box in the color of its batch.
  private static func partitions(seed: UInt64) -> Figure {
    let colors: [Color] = [.blue, .orange, .green, .purple]
    let panels = [
      ("random partition", TextStream.Order.random), ("sequential partition", .sequential),
    ].map {
      title, order in
      var diagram = Diagram(title)
      for (place, read) in partition(37, order, batchSize: 2, steps: 5, seed: seed).enumerated() {
        let line = min(1, place / 18)
        let text = read.map { "\($0.batch + 1)\($0.row == 0 ? "a" : "b")" } ?? ""
        diagram.box(
          text, x: Double(place - 18 * line), y: -1.1 * Double(line), width: 0.94, height: 0.9,
          color: read.map { colors[$0.batch % colors.count] } ?? .gray,
          opacity: read == nil ? 0.06 : 0.3)
      }
      return Figure(diagram)
    }
    return .grid("37 tokens in batches of two rows", columns: 1, panels, size: .flat)
  }
}
