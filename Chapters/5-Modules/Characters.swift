import Foundation
import Unroll

/// A text as numbers, and which part of it is learned.
package struct CharacterText {
  let name: String
  let vocabulary: Vocabulary
  package let all: [Int]
  let tokenizer = CharacterTokenizer()

  /// The first 10,000 characters, to learn from.
  var ids: [Int] { Array(all.prefix(10_000)) }
  /// The next 10,000, or as many as there are, held out.
  var heldOut: [Int] { Array(all.dropFirst(10_000).prefix(10_000)) }
  package var classes: Int { vocabulary.count }

  /// *The Time Machine* where a data folder has it, else the project's own text.
  package init(data: URL?) throws {
    let folder = DataFolder(data).flatMap { $0.has(.timeMachine) ? $0 : nil }
    name = folder == nil ? "a story written for this project" : "The Time Machine"
    let tokens = tokenizer.tokens(of: lettersOnly(try folder?.timeMachine() ?? Generated.story))
    guard tokens.count >= 12_000 else {
      let file = folder?.url.appendingPathComponent(KnownDataset.timeMachine.files[0])
      throw TextError(file: file?.path ?? "", count: tokens.count)
    }
    // Where a text has more kinds of characters than that, the rarest are one: each kind is a row of
    // weights at both ends of the network, and with as many kinds as characters nothing is learned.
    vocabulary = Vocabulary(counting: tokens, maxTokens: Self.mostClasses)
    all = vocabulary.encode(tokens)
  }

  package static let mostClasses = 500

  package struct TextError: Error, CustomStringConvertible {
    let file: String, count: Int
    package var description: String { "\(file): \(count) letters and spaces; 12,000 are needed" }
  }

  /// What the model tells from "time traveller" on.
  func told(_ model: CharacterModel, _ count: Int = 50) -> String {
    let prefix = vocabulary.encode(tokenizer.tokens(of: "time traveller"))
    return tokenizer.text(of: vocabulary.decode(model.continued(prefix, by: count)))
  }
}

extension Modules {
  /// A character language model, and what its perplexity means.
  func characters(_ page: Page, _ peer: PyTorchPeer?) throws {
    page.prose(
      #"""
      ## A network that writes

      Given a text up to here, which character comes next? The network reads characters and answers
      at every step with a score for each of them. It is judged by its perplexity, as the counts of
      [chapter 1](../sequence-data/chapter.html#the-probability-of-a-sequence) were.

      The recipe is the one of the first edition of the textbook *Dive into Deep Learning* (Zhang et al.
      2021): letters and spaces only, the
      first 10,000 characters, batches of 32 stretches of 35, one-hot input, 256 hidden units, plain
      gradient descent with a rate of 1, gradients clipped to 1, 500 epochs. With `--data` the text
      is *The Time Machine*, as there; without, a story written for this project.
      """#)
    page.show("CharacterModel", in: "CharacterModel.swift")
    page.show("passOver", in: "CharacterTraining.swift")
    page.show("train", in: "CharacterTraining.swift")
    let text = try CharacterText(data: page.data)
    page.print(
      "\(text.name): \(text.all.count) characters, \(text.classes) kinds; \(text.ids.count) to learn",
      "from, the next \(text.heldOut.count) held out")

    page.prose(
      #"""
      ## As low as it goes

      RNN, GRU and LSTM for the 500 epochs; `--full` goes on to the LSTM of two layers and to the
      one that reads in both directions. Every hundred epochs each is asked to go on from "time
      traveller". Toward the end a step of rate 1 goes too far now and then: the perplexity jumps,
      and takes some epochs to come back. So the weights of the best epoch are kept, which is what
      the callback `ModelCheckpoint(saveBestOnly: true)` does in a `Trainer`.

      The text is cut in the same places every time. The textbook cuts it anew in every epoch, at a
      random place; then the beginnings of the 32 rows, which have nothing before them to go by,
      can't be learned by heart, and the perplexity stays above 1.03. On *The Time Machine*
      PyTorch's GRU ends, measured with both, at 1.03 to 1.05 with new cuts and at 1.01 with the
      same ones.

      All cores share the 32 stretches, or as many as `Threads.count` says, PyTorch's
      `torch.set_num_threads`. The numbers don't depend on it.
      """#)
    let networks: [CharacterNetwork] = full ? CharacterNetwork.allCases : [.rnn, .gru, .lstm]
    let epochs = page.quick ? 4 : 500
    var runs: [LearnedText] = []
    for network in networks {
      // Each begins with the same seed, and so comes out the same with --full and without.
      Generator.default.seed(page.seed)
      let model = CharacterModel(network, classes: text.classes)
      page.print("\(network.title), \(model.parameterCount) parameters, \(epochs) epochs")
      let run = train(model, on: text.ids, epochs: epochs) { epoch, perplexity in
        page.progress(network.title, epoch, of: epochs)
        guard epoch % max(1, epochs / 5) == 0 else { return }
        page.print(
          String(format: "  epoch %3ld  perplexity %6.3f  %@", epoch, perplexity, text.told(model)))
      }
      runs.append(LearnedText(model: model, run: run, heldOut: model.perplexity(text.heldOut)))
      if network == .lstm {
        try model.save(to: page.folder.appendingPathComponent("character-lstm.safetensors"))
      }
    }
    for learned in runs {
      let name = "charlm.\(learned.model.network.rawValue)"
      page.result("\(name).perplexity", learned.perplexity)
      page.result("\(name).best_epoch", learned.run.best.epoch)
      page.result("\(name).last_perplexity", learned.run.perplexities.last ?? .nan)
      page.result("\(name).held_out_perplexity", learned.heldOut)
      page.result("\(name).seconds", learned.run.seconds, unit: "s", digits: 3)
    }
    let ticks = [1, 1.2, 1.5, 2, 3, 5, 10, 20].map { ($0, String(format: "%g", $0)) }
    var curves = Figure(
      "Learning a text by heart", x: "epoch",
      y: Axis("perplexity", scale: .log, min: 1, max: 30, ticks: .at(ticks)))
    for learned in runs {
      curves.line(
        x: 1...learned.run.perplexities.count, y: learned.run.perplexities,
        label: learned.model.network.title)
    }
    try page.figure(curves)
    page.print(
      page.data != nil && text.name == "The Time Machine"
        ? "on this text, 500 epochs:"
        : "on another text, The Time Machine, not to be compared with these:")
    page.print("  in the textbook: RNN 1.3, GRU 1.1, LSTM 1.1, two layers 1.0, both directions 1.1")
    page.print("  PyTorch, measured before: RNN 1.27, GRU 1.03, LSTM 1.05, two layers 1.02")

    if let peer { try timing(page, peer, classes: text.classes) }
    let braked = try heldOut(page, text, runs)
    try loops(page, text, runs.last { $0.model.network == .lstm }, braked)
    try bidirectional(page, text, runs)
  }
}

/// A network, and how well it knows the text.
struct LearnedText {
  let model: CharacterModel
  let run: CharacterRun
  let heldOut: Double

  var perplexity: Double { run.best.perplexity }
}
