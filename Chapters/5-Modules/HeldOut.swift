import Foundation
import Unroll

extension Modules {
  /// What a perplexity on the learned text is worth, and what does well on text not seen.
  ///
  /// - Returns: the network with brakes.
  func heldOut(
    _ page: Page, _ text: CharacterText, _ runs: [LearnedText]
  ) throws -> CharacterModel {
    page.prose(
      #"""
      ## What such a perplexity means

      It is measured on the text that was learned. A network that wavers between 1.02 characters
      hasn't understood English; it knows ten thousand characters by heart. On the text that
      *follows*, which it hasn't seen, it goes on as if it knew them, too, and is wrong with great
      certainty: there it does worse than counting which character follows which, and worse than
      guessing evenly.
      """#)
    page.show("countingProbabilities", in: "CharacterTraining.swift")
    func counting(_ order: Int, from ids: [Int], on test: [Int]) -> [Double] {
      countingProbabilities(order: order, ids, on: test, classes: text.classes)
    }
    let counted = (1...4).map { order in
      (
        learned: meanPerplexity(of: counting(order, from: text.ids, on: text.ids)),
        heldOut: meanPerplexity(of: counting(order, from: text.ids, on: text.heldOut))
      )
    }

    page.prose(
      #"""
      A setting that does well there learns less: half the units, dropout, weight decay, and an end
      when the perplexity on the last tenth of the 10,000 characters, held back for that, stops
      falling. More text would help, too: where there is a whole book, one more network learns
      from all of it but these 20,000 characters, at a rate that falls to nothing.

      Ten thousand characters are so few that plain counting is a strong opponent, and it is in the
      table. The last row asks both, the network with brakes and the counts after three characters,
      and takes the mean of their probabilities.
      """#)
    page.show("trainWithBrakes", in: "CharacterTraining.swift")
    let braked = CharacterModel(.gru, classes: text.classes, hiddenSize: 128, dropout: 0.5)
    let own = Array(text.ids.prefix(9_000))
    let epochs = page.quick ? 6 : 80
    let brakes = trainWithBrakes(
      braked, on: own, validation: Array(text.ids.suffix(1_000)), epochs: epochs
    ) { page.progress("GRU with brakes", $0, of: epochs) }
    let brakedHeldOut = braked.perplexity(text.heldOut)
    let together = meanPerplexity(
      of: zip(
        braked.probabilities(text.heldOut), counting(4, from: text.ids, on: text.heldOut)
      ).map { ($0 + $1) / 2 })

    var rows: [[any CustomStringConvertible]] = runs.map {
      let name = $0.model.network.title
      // With the answer in view it says nothing; see below.
      let heldOut: any CustomStringConvertible =
        $0.model.network == .bidirectionalLSTM ? "cheats, see below" : $0.heldOut
      let epochs = "\($0.run.best.epoch) of \($0.run.perplexities.count)"
      return [name, epochs, $0.perplexity, heldOut]
    }
    rows.append([
      "GRU 128 with brakes", brakes.perplexities.count, braked.perplexity(own), brakedHeldOut,
    ])
    if text.all.count > 60_000 { rows += learnedFromTheRest(page, text) }
    for (k, perplexity) in counted.enumerated() {
      let after = ["counting characters", "counting after 1 character"]
      rows.append([
        k < 2 ? after[k] : "counting after \(k) characters", "–", perplexity.learned,
        perplexity.heldOut,
      ])
    }
    rows.append(["GRU with brakes and counting together", "–", "–", together])
    rows.append(["guessing evenly", "–", text.classes, text.classes])
    page.table(["model", "epochs", "perplexity, learned text", "held-out text"], rows)
    page.result("charlm.braked_gru.held_out_perplexity", brakedHeldOut)
    page.result("charlm.counting.held_out_perplexity", counted.map(\.heldOut).min() ?? .nan)
    page.result("charlm.together.held_out_perplexity", together)
    page.print("with brakes:", text.told(braked, 80))
    return braked
  }

  /// Everything but the 20,000 characters: a network that learns from it, and counting in it.
  private func learnedFromTheRest(
    _ page: Page, _ text: CharacterText
  ) -> [[any CustomStringConvertible]] {
    let rest = Array(text.all.dropFirst(20_000))
    let model = CharacterModel(.gru, classes: text.classes, dropout: 0.3)
    let epochs = page.quick ? 1 : 10
    let run = trainWithBrakes(
      model, on: Array(rest.dropLast(5_000)), validation: Array(rest.suffix(5_000)), epochs: epochs,
      learningRate: { 0.006 * (1 - Double($0 - 1) / Double(epochs)) }
    ) { page.progress("GRU on the rest of the book", $0, of: epochs) }
    let network = model.perplexity(text.heldOut)
    func counting(on test: [Int]) -> Double {
      meanPerplexity(of: countingProbabilities(order: 5, rest, on: test, classes: text.classes))
    }
    let counted = counting(on: text.heldOut)
    page.result("charlm.rest_of_book_gru.held_out_perplexity", network)
    page.result("charlm.rest_of_book_counting.held_out_perplexity", counted)
    return [
      [
        "GRU 256 on the rest of the book", run.perplexities.count, run.perplexities.last ?? .nan,
        network,
      ],
      ["counting after 4 characters there", "–", counting(on: rest), counted],
    ]
  }
}
