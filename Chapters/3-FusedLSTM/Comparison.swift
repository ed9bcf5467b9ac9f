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
      - *Depth-gated* (Yao et al. 2015): the cell of the layer below flows in through a gate of its own,
        $c_t = d_t \odot c_t^{\text{below}} + f_t \odot c_{t-1} + i_t \odot g_t$.
      - *Clockwork* (Koutník et al. 2014): a plain RNN whose units tick at different rates; a group of
        period $T_k$ changes only where $t \text{ mod } T_k = 0$.

      Greff et al. (2017) compared eight variants of the LSTM, depth-gated and clockwork not among
      them, each with settings of its own found by a random search of 200 trials, on three
      tasks (speech, handwriting, music). None was significantly better than the plain LSTM; forget gate and output activation
      are what it cannot do without. The comparison here is far smaller: one task, the same settings
      for all, parameters matched to within about a tenth, and training until it is solved or the
      steps are spent. The task is the *temporal order problem*, where two symbols of a long
      sequence count and their order is asked for at the end; guessing is right in one of four.
      Every forget gate starts with a bias of 1.
      """#)
    page.show("OrderReader", in: "Variants.swift")

    page.prose("Two layers of each, the same sequences, three seeds:")
    let most = page.quick ? 10 : 1500
    let variants = try compareVariants(
      page, budget: 6000, task: TemporalOrder(length: page.quick ? 10 : 50), steps: most)
    page.table(
      ["variant", "units", "parameters", "solved", "after steps", "share right", "ms a step"],
      variants.map { variant in
        let solved = variant.runs.compactMap(\.solvedAfter)
        return [
          variant.title, variant.hiddenSize, variant.parameters,
          "\(solved.count) of \(variant.runs.count)",
          solved.isEmpty ? "–" : solved.sorted().map(String.init).joined(separator: ", "),
          variant.runs.map(\.accuracy).mean, variant.milliseconds,
        ]
      } + [["guessing", "", "", "", "", 0.25, ""]], digits: 3)
    for variant in variants {
      page.result(
        "variants.\(variant.name).accuracy", variant.runs.map(\.accuracy).mean, digits: 3)
      page.result(
        "variants.\(variant.name).solved", variant.runs.compactMap(\.solvedAfter).count)
    }
    let lstm = variants[0].runs.map { Double($0.solvedAfter ?? most) }
    let apart = variants.dropFirst().prefix(3).filter { variant in
      let own = variant.runs.map { Double($0.solvedAfter ?? most) }
      return own.max()! < lstm.min()! || own.min()! > lstm.max()!
    }
    page.print("solved: 99 of 100 unseen sequences answered right")
    page.claim(
      "Three seeds on one task, a run that did not solve it counted with all its steps, tell none of "
        + "peephole, coupled and depth-gated from the plain LSTM: the ranges overlap.",
      holds: apart.isEmpty,
      otherwise:
        "The steps of all seeds of \(apart.map(\.title).joined(separator: ", ")) lie on one "
        + "side of the LSTM's; on this task, with these settings, it makes a difference.")
  }
}
