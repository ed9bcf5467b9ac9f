import Foundation
import Unroll

extension Modules {
  /// A character language model, and what its perplexity means.
  func characters(_ page: Page) throws {
    let text = try characterText(page)
    page.prose(
      #"""
      ## A network that writes

      Given a text up to here, which character comes next? The network reads characters and answers at
      every step with a score for each of them. *Perplexity* is e to the mean cross-entropy: among how
      many equally likely characters it still wavers. 1 is certainty; guessing evenly gives the number of
      characters.

      The recipe is the one of the textbook *Dive into Deep Learning*: letters and spaces only, the first
      10,000 characters, batches of 32 stretches of 35, one-hot input, 256 hidden units, plain gradient
      descent with a rate of 1, gradients clipped to 1, 500 epochs. With `--data` the text is
      *The Time Machine*, as there; without, a story written for this project.
      """#)
    page.show("CharacterModel", in: "CharacterModel.swift")
    page.show("passOver", in: "CharacterTraining.swift")
    page.show("train", in: "CharacterTraining.swift")
    let tokenizer = CharacterTokenizer()
    let tokens = tokenizer.tokens(of: lettersOnly(text.text))
    let vocabulary = Vocabulary(counting: tokens)
    let all = vocabulary.encode(tokens)
    let ids = Array(all.prefix(10_000)), heldOut = Array(all.dropFirst(10_000).prefix(10_000))
    page.print(
      "\(text.name): \(all.count) characters, \(vocabulary.count) kinds; \(ids.count) to learn from,",
      "the next \(heldOut.count) held out")

    page.prose(
      #"""
      ## As low as it goes

      How far the default run trains is a matter of time: the RNN all 500 epochs, GRU and LSTM 400.
      `--full` trains all five networks for 500. Every few epochs each is asked to go on from
      "time traveller".
      """#)
    let networks: [CharacterNetwork] = full ? CharacterNetwork.allCases : [.rnn, .gru, .lstm]
    let prefix = vocabulary.encode(tokenizer.tokens(of: "time traveller"))
    func told(_ model: CharacterModel, _ count: Int = 50) -> String {
      tokenizer.text(of: vocabulary.decode(model.continued(prefix, by: count)))
    }
    var runs: [(network: CharacterNetwork, run: CharacterRun, heldOut: Double)] = []
    for network in networks {
      let epochs = full ? 500 : page.quick ? 4 : network == .rnn ? 500 : 400
      let model = CharacterModel(network, classes: vocabulary.count)
      page.print("\(network.title), \(model.parameterCount) parameters, \(epochs) epochs")
      let run = train(model, on: ids, epochs: epochs) { epoch, perplexity in
        page.progress(network.title, epoch, of: epochs)
        guard epoch % max(1, epochs / 5) == 0 else { return }
        page.print(
          String(format: "  epoch %3ld  perplexity %6.2f  %@", epoch, perplexity, told(model)))
      }
      runs.append((network, run, model.perplexity(heldOut)))
      if network == .lstm {
        try model.save(to: page.folder.appendingPathComponent("character-lstm.safetensors"))
      }
    }
    for (network, run, heldOut) in runs {
      let name = "charlm.\(network.rawValue)"
      page.result("\(name).perplexity", run.perplexities.last ?? .nan)
      page.result("\(name).held_out_perplexity", heldOut)
      page.result("\(name).seconds", run.seconds, unit: "s", digits: 3)
    }
    if let peer {
      page.prose(
        #"""
        A training step's time as a share of PyTorch's, both on one thread, in turns within this run.
        """#)
      let other = try Peer(python: peer)
      for network in networks {
        page.result(
          "charlm.\(network.rawValue).time_to_peer",
          try timeShare(network, classes: vocabulary.count, of: other))
      }
    }
    var curves = Figure("Learning a text by heart", x: "epoch", y: .log("perplexity"))
    for (network, run, _) in runs { curves.line(y: run.perplexities, label: network.title) }
    try page.figure(curves)
    page.print(
      "published, 500 epochs: RNN 1.3, GRU 1.1, LSTM 1.1, two layers 1.0, both directions 1.1")
    page.print(
      "PyTorch, measured before, 500 epochs: RNN 1.27, GRU 1.03, LSTM 1.05, two layers 1.02")

    page.prose(
      #"""
      ## What such a perplexity means

      It is measured on the text that was learned. A network that wavers between 1.05 characters hasn't
      understood English; it knows ten thousand characters by heart. On the *next* ten thousand, which it
      hasn't seen, it is worse than counting which character follows which.
      """#)
    page.show("countingProbabilities", in: "CharacterTraining.swift")
    let counted = (1...4).map {
      meanPerplexity(
        of: countingProbabilities(order: $0, ids, on: heldOut, classes: vocabulary.count))
    }
    page.prose(
      #"""
      A setting that does well there learns less: half the units, dropout, weight decay, and an end when
      the perplexity on the last tenth of the 10,000 characters, held back for that, stops falling. What
      helps most is more text: where there is a whole book, the last network learns from all of it but
      these 20,000 characters.

      Ten thousand characters are so few that plain counting is a strong opponent, and it is in the table.
      The last row asks both, the network with brakes and the counts of three characters, and takes the
      mean of their probabilities.
      """#)
    page.show("trainWithBrakes", in: "CharacterTraining.swift")
    let braked = CharacterModel(.gru, classes: vocabulary.count, hiddenSize: 128, dropout: 0.5)
    let epochs = page.quick ? 6 : 80
    let brakes = trainWithBrakes(
      braked, on: Array(ids.prefix(9_000)), validation: Array(ids.suffix(1_000)), epochs: epochs
    ) { page.progress("GRU with brakes", $0, of: epochs) }
    let brakedHeldOut = braked.perplexity(heldOut)
    var rows: [[any CustomStringConvertible]] = runs.map {
      [$0.network.title, $0.run.perplexities.count, $0.run.perplexities.last ?? .nan, $0.heldOut]
    }
    rows.append([
      "GRU 128 with brakes", brakes.perplexities.count, braked.perplexity(Array(ids.prefix(9_000))),
      brakedHeldOut,
    ])
    if all.count > 60_000 {
      rows.append(try learnedFromTheRest(page, all, heldOut, vocabulary))
    }
    for (order, perplexity) in counted.enumerated() {
      rows.append([
        order == 0 ? "counting characters" : "counting after \(order) characters", "–",
        meanPerplexity(
          of: countingProbabilities(order: order + 1, ids, on: ids, classes: vocabulary.count)),
        perplexity,
      ])
    }
    let together = zip(
      braked.probabilities(heldOut),
      countingProbabilities(order: 4, ids, on: heldOut, classes: vocabulary.count)
    ).map { ($0 + $1) / 2 }
    rows.append(["GRU with brakes and counting together", "–", "–", meanPerplexity(of: together)])
    page.table(["model", "epochs", "perplexity, learned text", "held-out text"], rows)
    page.result("charlm.braked_gru.held_out_perplexity", brakedHeldOut)
    page.result("charlm.counting.held_out_perplexity", counted.min() ?? .nan)
    page.result("charlm.together.held_out_perplexity", meanPerplexity(of: together))
    page.print("with brakes:", told(braked, 80))

    try bidirectional(page, ids, heldOut, vocabulary)
  }

  /// What helps most is more text: everything but the 20,000 characters above.
  private func learnedFromTheRest(
    _ page: Page, _ all: [Int], _ heldOut: [Int], _ vocabulary: Vocabulary
  ) throws -> [any CustomStringConvertible] {
    let rest = Array(all.dropFirst(20_000))
    let model = CharacterModel(.gru, classes: vocabulary.count, dropout: 0.2)
    let epochs = page.quick ? 1 : 8
    let run = trainWithBrakes(
      model, on: Array(rest.dropLast(5_000)), validation: Array(rest.suffix(5_000)), epochs: epochs
    ) { page.progress("GRU on the rest of the book", $0, of: epochs) }
    let perplexity = model.perplexity(heldOut)
    page.result("charlm.rest_of_book_gru.held_out_perplexity", perplexity)
    page.result(
      "charlm.rest_of_book_counting.held_out_perplexity",
      meanPerplexity(
        of: countingProbabilities(order: 5, rest, on: heldOut, classes: vocabulary.count)))
    return [
      "GRU 256 on the rest of the book", run.perplexities.count,
      run.perplexities.last ?? .nan, perplexity,
    ]
  }

  /// The network that looks ahead.
  private func bidirectional(
    _ page: Page, _ ids: [Int], _ heldOut: [Int], _ vocabulary: Vocabulary
  ) throws {
    page.prose(
      #"""
      ## The one that cheats

      A bidirectional network reads the text from both ends. Asked at step $t$ for character $t+1$, its
      backward half has just read that very character. Its perplexity falls like a stone, on text that
      it has never seen too, and means nothing: let it read only what came before, and judge its answer
      for the one character that follows, and it knows less than the others.
      """#)
    let cheat = CharacterModel(
      .bidirectionalLSTM, classes: vocabulary.count, hiddenSize: full ? 256 : 64)
    let epochs = full ? 60 : page.quick ? 4 : 80
    let run = train(cheat, on: ids, epochs: epochs) { epoch, _ in
      page.progress("both directions", epoch, of: epochs)
    }
    let stretches = stride(from: 0, to: min(heldOut.count - 36, 4_000), by: 20).map {
      Array(heldOut[$0..<$0 + 36])
    }
    // All stretches at once: [time, batch]; the last scores are of the character after the stretch.
    let inputs = Indices(
      (0..<35).flatMap { time in stretches.map { $0[time] } }, shape: [35, stretches.count])
    cheat.eval()
    let scores = noGrad {
      cheat(inputs).0.narrow(
        axis: 0, start: 34 * stretches.count, length: stretches.count)
    }
    let honest = exp(crossEntropy(scores, Indices(stretches.map { $0[35] })).item)
    let looking = cheat.perplexity(heldOut, steps: 35)
    page.table(
      ["both directions", "perplexity"],
      [
        ["on the learned text", run.perplexities.last ?? .nan],
        ["on held-out text, the next character in view", looking],
        ["on held-out text, the next character not in view", honest],
      ])
    page.result("charlm.cheat.in_view_perplexity", looking)
    page.result("charlm.cheat.not_in_view_perplexity", honest)
    let tokenizer = CharacterTokenizer()
    let prefix = vocabulary.encode(tokenizer.tokens(of: "time traveller"))
    page.print(tokenizer.text(of: vocabulary.decode(cheat.continued(prefix, by: 50))))

    page.prose(
      #"""
      ## Exercises

      1. `--part sine`: replace the LSTMs of `SineModel` by GRUs. How many epochs until the same validation
         loss, and how do the 100 steps on its own fare?
      2. `--part packing`: put a mask into `MeanReader`'s task instead of packing: take the state at each
         sequence's own last step out of the padded output. Is there a difference left?
      3. `--part words`: give the n-gram model one word of context (`context: 1`). What becomes of its
         accuracy, and why does the poem no longer come out right?
      4. `--part characters --data …`: raise the dropout in the braked GRU to 0.7, and lower it to 0.2.
         Which perplexity moves, the learned one or the held-out one?
      5. `--full`: which of the five networks is the best on held-out text, and does its place in the
         table of learned perplexities tell?
      """#)
  }

  /// The text to learn: *The Time Machine* where a data folder has it, else the project's own.
  private func characterText(_ page: Page) throws -> (name: String, text: String) {
    if let file = page.data?.appendingPathComponent("timemachine.txt"),
      FileManager.default.fileExists(atPath: file.path)
    {
      return ("The Time Machine", try String(contentsOf: file, encoding: .utf8))
    }
    return ("a story written for this project", Generated.story)
  }
}
