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

      It is measured on the text that was learned, and says how well that is known by heart. Whether
      English was understood is asked of the text that *follows*, which the network hasn't seen.
      Beside it stands counting: which character came how often after the one before it, or after
      the two or three before it.
      """#)
    page.show("countingProbabilities", in: "CharacterTraining.swift")
    func counting(_ order: Int, from ids: [Int], on test: [Int]) -> [Double] {
      countingProbabilities(order: order, ids, on: test, classes: text.classes)
    }
    // What the network with brakes below learns from, the rest being held back for it.
    let own = Array(text.ids.prefix(9_000))
    let counted = (1...4).map { order in
      (
        learned: meanPerplexity(of: counting(order, from: own, on: own)),
        heldOut: meanPerplexity(of: counting(order, from: own, on: text.heldOut))
      )
    }
    if let surest = runs.filter({ $0.model.network != .bidirectionalLSTM })
      .min(by: { $0.perplexity < $1.perplexity })
    {
      page.claim(
        String(
          format: "The \(surest.model.network.title) wavers between %.2f characters where it knows "
            + "the text by heart. On the text that follows it goes on as if it knew that, too, and "
            + "is wrong with great certainty: its perplexity there is %.1f, that of counting after "
            + "one character %.1f, that of guessing evenly %ld.",
          surest.perplexity, surest.heldOut, counted[1].heldOut, text.classes),
        holds: surest.perplexity < 1.1 && surest.heldOut > Double(text.classes)
          && surest.heldOut > counted[1].heldOut,
        otherwise: String(
          format: "The \(surest.model.network.title) has a perplexity of %.2f on the text it has "
            + "learned and of %.1f on the text that follows; counting after one character has %.1f "
            + "there, guessing evenly %ld.",
          surest.perplexity, surest.heldOut, counted[1].heldOut, text.classes),
        in: .fullRuns)
    }

    page.prose(
      #"""
      A setting that does well there learns less: half the units, dropout, weight decay, and an end
      when the perplexity on the last tenth of the 10,000 characters, held back for that, stops
      falling. Does more text help, too? Where there is a whole book, one more network learns from
      all of it but these 20,000 characters and the last 5,000, at a rate that falls to nothing, and
      counting reads the same.

      The counts in the table are of the 9,000 characters that the network with brakes learns from.
      The last row but one asks both, that network and the counts after three characters, and takes
      the mean of their probabilities.
      """#)
    page.show("trainWithBrakes", in: "CharacterTraining.swift")
    let braked = CharacterModel(.gru, classes: text.classes, hiddenSize: 128, dropout: 0.5)
    let epochs = page.quick ? 6 : 80
    let brakes = trainWithBrakes(
      braked, on: own, validation: Array(text.ids.suffix(1_000)), epochs: epochs
    ) { page.progress("GRU with brakes", $0, of: epochs) }
    let brakedHeldOut = braked.perplexity(text.heldOut)
    let together = meanPerplexity(
      of: zip(
        braked.probabilities(text.heldOut), counting(4, from: own, on: text.heldOut)
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
    if text.all.count > 60_000 { rows += learnedFromTheRest(page, text, brakedHeldOut) }
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
    // After three characters: not the best of the rows, which the held-out text would pick.
    let counts = counted[3].heldOut
    page.result("charlm.counting.held_out_perplexity", counts)
    page.result("charlm.together.held_out_perplexity", together)
    page.claim(
      String(
        format: "From the same 9,000 characters plain counting after three makes more of the text "
          + "that follows than the network with brakes, %.2f against %.2f; both together do better "
          + "than either, %.2f.",
        counts, brakedHeldOut, together),
      holds: counts < brakedHeldOut && together < counts,
      otherwise: String(
        format: "From the same 9,000 characters counting after three comes to %.2f on the text "
          + "that follows, the network with brakes to %.2f, both together to %.2f.", counts,
        brakedHeldOut, together))
    page.print("with brakes:", text.told(braked, 80))
    return braked
  }

  /// Everything but the 20,000 characters: a network that learns from it, and counting in it.
  private func learnedFromTheRest(
    _ page: Page, _ text: CharacterText, _ brakedHeldOut: Double
  ) -> [[any CustomStringConvertible]] {
    let rest = Array(text.all.dropFirst(20_000))
    let own = Array(rest.dropLast(5_000))
    let model = CharacterModel(.gru, classes: text.classes, dropout: 0.3)
    let epochs = page.quick ? 1 : 10
    let run = trainWithBrakes(
      model, on: own, validation: Array(rest.suffix(5_000)), epochs: epochs,
      learningRate: { 0.006 * (1 - Double($0 - 1) / Double(epochs)) }
    ) { page.progress("GRU on the rest of the book", $0, of: epochs) }
    let network = model.perplexity(text.heldOut)
    func counting(on test: [Int]) -> Double {
      meanPerplexity(of: countingProbabilities(order: 5, own, on: test, classes: text.classes))
    }
    let counted = counting(on: text.heldOut)
    page.result("charlm.rest_of_book_gru.held_out_perplexity", network)
    page.result("charlm.rest_of_book_counting.held_out_perplexity", counted)
    page.claim(
      String(
        format: "The network that has read the rest of the book, with twice the units, is at %.2f "
          + "on the text held out, the one with brakes at %.2f.", network, brakedHeldOut),
      holds: network < brakedHeldOut, in: .fullRuns)
    return [
      [
        "GRU 256 on the rest of the book", run.perplexities.count, run.perplexities.last ?? .nan,
        network,
      ],
      ["counting after 4 characters there", "–", counting(on: own), counted],
    ]
  }
}
