import ChapterTools
import Foundation
import Unroll

extension Applications {
  /// Many to many, aligned: a reading frame is found and translated.
  func dna(_ page: Page) throws {
    page.prose(
      #"""
      ## DNA

      A ribosome reads a strand of bases. Nothing happens until A, T, G have gone by: they mean
      *start* and the amino acid M. From there it reads three by three, each three an amino acid,
      until a *stop* (TAA, TAG or TGA), and then waits for the next start. (What it reads is RNA,
      which has a U wherever DNA has a T.) Base by base, which amino acid has just been finished? It
      takes about a quarter of a minute.

      The rule is known, and a few lines of Swift follow it without error; as a rival it is right by
      definition, and nobody needs a network here. The question is another: can a network *find* such a
      rule from examples (a code of 64 words, counted in threes from a start that must be noticed), and
      does it hold on strands much longer than any that it learned from?
      """#)
    page.show("Reading.labels", in: "Genes.swift")
    let shown = Reading.sequence(66, generator: Generator(seed: page.seed &+ 6))
    let lead = Reading.sequence(9, generator: Generator(seed: page.seed &+ 3)) + [0, 3, 2]
    let bases = lead + shown
    page.print(String(bases.map { Reading.bases[$0] }))
    page.print(String(Reading.labels(bases).map(Reading.symbol)))
    page.print(". outside   - a codon begun   * stop   letters: amino acids")

    page.prose(
      #"""
      ### The network

      A GRU that is given each base with the two before it, as one word. So it need not remember the
      letters of a codon, but what each of the 64 words means, whether it is inside, and above all
      *when* a word counts: every third time, from a start that is there once. It learns from strands
      of at most 100 bases.
      """#)
    page.show("Ribosome", in: "Genes.swift")
    page.show("train", in: "Genes.swift")
    let quick = page.quick, longest = 100
    let models = try keptOverSeeds(
      page, "dna", title: "a ribosome", { Ribosome() },
      train: { train($0, steps: quick ? 80 : 600, longest: longest, each: $1) })

    page.prose(
      #"""
      ### Longer and longer

      Accuracy by base, and over the third bases of codons, where there is something to translate: a
      frame lost by one base spoils all of them up to the stop. Beside it, always the most frequent
      answer; and a table of which answer was most frequent after each six bases, which knows the
      whole genetic code and not the frame.
      """#)
    let maker = Generator(seed: page.seed &+ 800)
    let strands = (0..<(quick ? 50 : 400)).map { _ in Reading.sequence(500, generator: maker) }
    let table = WindowTable(width: 6, sequences: strands)
    let lengths = [100, 300, 1_000, 3_000]
    var rows: [[any CustomStringConvertible]] = []
    var measured: [(length: Int, all: [Double], codons: [Double])] = []
    var rivals: [(majority: Double, table: Double, tableCodons: Double)] = []
    for length in lengths {
      let tests = (0..<max(5, (quick ? 6_000 : 30_000) / length)).map { _ in
        Reading.sequence(length, generator: maker)
      }
      let truths = tests.map(Reading.labels)
      func accuracy(_ answers: [[Int]], codonsOnly: Bool = false) -> Double {
        var right = 0, count = 0
        for (answer, truth) in zip(answers, truths) {
          for (a, t) in zip(answer, truth) where !codonsOnly || t >= 2 {
            right += a == t ? 1 : 0
            count += 1
          }
        }
        return Double(right) / Double(count)
      }
      let answers = models.map { model in tests.map(model.labels) }
      measured.append(
        (
          length, answers.map { accuracy($0) }, answers.map { accuracy($0, codonsOnly: true) }
        ))
      let counts = Dictionary(truths.joined().map { ($0, 1) }, uniquingKeysWith: +)
      let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }!
      let windows = tests.map(table.labels)
      rivals.append(
        (
          Double(most.value) / Double(tests.count * length), accuracy(windows),
          accuracy(windows, codonsOnly: true)
        ))
      let percent = { (share: Double) in String(format: "%.2f %%", 100 * share) }
      rows.append([
        length, percent(rivals.last!.majority), percent(rivals.last!.table),
        percent(measured.last!.all.mean), "100 %", percent(rivals.last!.tableCodons),
        percent(measured.last!.codons.mean),
      ])
    }
    page.table(
      [
        "bases", "most frequent", "six bases", "GRU", "the rule", "codons: six bases",
        "codons: GRU",
      ], rows, alignments: [.right, .right, .right, .right, .right, .right, .right])
    page.result("dna.accuracy", over: measured[2].all)
    page.result("dna.codon_accuracy", over: measured[2].codons)
    page.result("dna.longest.accuracy", over: measured[3].all)
    page.result("dna.majority", rivals[2].majority)
    page.result("dna.window.accuracy", rivals[2].table)
    page.result("dna.rule.accuracy", 1.0)

    let long = Reading.sequence(3_000, generator: maker), truth = Reading.labels(long)
    var figure = Figure(
      "A strand thirty times as long as any learned", x: "base",
      y: Axis("accuracy in 100 bases (%)", min: 0, max: 105))
    let starts = Array(stride(from: 0, to: long.count, by: 100))
    for (seed, model) in models.enumerated() {
      let right = zip(model.labels(long), truth).map { $0 == $1 ? 100.0 : 0 }
      figure.line(
        x: starts.map { $0 + 50 }, y: starts.map { right[$0..<$0 + 100].reduce(0, +) / 100 },
        label: "GRU, seed \(seed + 1)")
    }
    let windows = zip(table.labels(long), truth).map { $0 == $1 ? 100.0 : 0 }
    figure.line(
      x: starts.map { $0 + 50 }, y: starts.map { windows[$0..<$0 + 100].reduce(0, +) / 100 },
      label: "six bases", color: .gray)
    try page.figure(figure)
    // By codons: how much of a strand lies outside of frames depends on its length.
    let inShort = measured[0].codons.mean, inLong = measured[3].codons.mean
    let lost = String(format: "%.1f", 100 * (inShort - inLong))
    page.print(
      inLong > inShort - 0.01
        ? "Of codons hardly any more are lost in long strands: every start begins the count anew."
        : "Of codons \(lost) points more are lost in strands of 3,000 bases than in those of 100.")
    page.prose(
      #"""
      What goes wrong: real genes are interrupted, begin at some ATGs and not at others, and lie on
      either strand; there no rule is right by definition, and networks earn their keep. To try: let
      `length` be `longest` from the first step on: how many of the seeds still find out how to count?
      Or let `labels` begin at ATG only after six bases without A.
      """#)
  }
}
