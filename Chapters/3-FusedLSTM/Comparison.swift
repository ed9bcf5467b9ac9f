import ChapterTools
import Foundation
import Unroll

extension FusedLSTM {
  /// What became of the LSTM in other hands.
  func variants(_ page: Page) throws {
    page.prose(
      #"""
      ## Variants

      The LSTM has been varied in every direction. Each of these changes a line of the equations, or adds
      one; the last is a plain RNN with a change of its own:

      - *Peephole* (Gers and Schmidhuber 2000): the gates also see the cell,
        $i_t = \sigma(\ldots + w_{ci} \odot c_{t-1})$, $f_t$ likewise, and
        $o_t$ with the new cell, $w_{co} \odot c_t$.
      - *Coupled*: what is forgotten makes room for what comes in, $i_t = 1 - f_t$.
      - *Depth-gated* (Yao et al. 2015): a peephole LSTM, and the cell of the layer below flows in,
        $c_t = d_t \odot c_t^{\text{below}} + f_t \odot c_{t-1} + i_t \odot g_t$, through a gate of its own,
        $d_t = \sigma(W_{xd} x_t + w_{cd} \odot c_{t-1} + w_{ld} \odot c_t^{\text{below}} + b_d)$.
      - *Clockwork* (Koutník et al. 2014): a plain RNN whose units tick at different rates; a group of
        period $T_k$ changes only where $t \text{ mod } T_k = 0$.

      One more row of the table has two gates and no second state; its equations are the beginning of
      [chapter 4](../gru/chapter.html#two-gates).

      Greff et al. (2017) compared eight variants of the LSTM, depth-gated and clockwork not among
      them, each with settings of its own found by a random search of 200 trials, on three
      tasks (speech, handwriting, music). None was significantly better than the plain LSTM; forget gate and output activation
      are what it cannot do without. The comparison here is far smaller: one task, the same settings
      for all, parameters matched to within about a tenth, and training until it is solved or the
      steps are spent. The task is the *temporal order problem*, where two symbols of a long
      sequence count, each an X or a Y, and at the end is asked which they were and in which order.
      Guessing is right in one of four; counting the X and Y without their order in three of four, as
      two of one kind have only one order. Every forget gate starts with a bias of 1.
      """#)
    page.show("OrderReader", in: "Variants.swift")

    page.prose("Two layers of each, the same sequences, seven seeds:")
    let most = page.quick ? 10 : 1500, seeds = page.quick ? 3 : 7
    let variants = try compareVariants(
      page, budget: 6000, task: TemporalOrder(length: page.quick ? 10 : 30), steps: most,
      seeds: seeds)
    func told(_ steps: Int) -> String { steps == .max ? "–" : "\(steps)" }
    page.table(
      [
        "variant", "units", "parameters", "solved", "after steps",
        "sooner than the LSTM, of \(seeds * seeds) pairs", "share right", "ms a step",
      ],
      variants.enumerated().map { place, variant in
        let steps = variant.solvedAfter
        return [
          variant.title, variant.hiddenSize, variant.parameters,
          "\(variant.runs.compactMap(\.solvedAfter).count) of \(seeds)",
          "\(told(steps[seeds / 2])) (\(told(steps[0])) … \(told(steps[seeds - 1])))",
          place == 0 ? "" : String(format: "%.1f", variant.pairsSooner(than: variants[0])),
          String(format: "%.3f", variant.runs.map(\.accuracy).mean), variant.milliseconds.twoDigits,
        ]
      } + [
        ["counting X and Y", "", "", "", "", "", "0.750", ""],
        ["guessing", "", "", "", "", "", "0.250", ""],
      ],
      caption:
        "Solved: 99 of 100 unseen sequences answered right. After steps: the median seed (the "
        + "first … the last; – where it never was).",
      alignments: [.left] + [Alignment](repeating: .right, count: 7))
    for variant in variants {
      page.result(
        "variants.\(variant.name).accuracy", variant.runs.map(\.accuracy).mean, digits: 3)
      page.result(
        "variants.\(variant.name).solved", variant.runs.compactMap(\.solvedAfter).count)
    }
    // Of 7 · 7 pairs; of 3 · 3 nothing is beyond chance.
    let pairs = seeds * seeds, chance = page.quick ? 0...9 : 9...40
    let apart = variants[1...3].filter {
      let sooner = $0.pairsSooner(than: variants[0])
      return sooner < Double(chance.lowerBound) || sooner > Double(chance.upperBound)
    }
    page.claim(
      "Peephole, coupled and depth-gated are not told from the plain LSTM: if it were chance alone who "
        + "is sooner, it would be \(chance.lowerBound) to \(chance.upperBound) of the \(pairs) pairs "
        + "nineteen times in twenty, and so it is for each.",
      holds: apart.isEmpty,
      otherwise:
        "If it were chance alone who is sooner, it would be \(chance.lowerBound) to "
        + "\(chance.upperBound) of the \(pairs) pairs nineteen times in twenty. Outside lies, on this "
        + "task with these settings: "
        + "\(apart.isEmpty ? "–" : apart.map(\.title).joined(separator: ", ")).")
  }
}
