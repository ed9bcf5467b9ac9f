import Foundation
import Unroll

/// What the command does, on its page.
final class WriteWork {
  private let command: WriteCommand
  /// What is learned from; nil where an earlier run did.
  private let text: CharacterText?
  private let loaded: TextWriter?
  private let trainer: WriterTrainer
  private let checkpoint: URL?
  private var learned: TextWriter?
  /// Set when Ctrl-C has ended the learning.
  private(set) var interruption: (line: String, signal: Int32)?

  /// Reads the files, so that what is wrong with them is said before any work is done.
  init(_ command: WriteCommand) throws {
    self.command = command
    loaded = try command.load.map { try TextWriter(contentsOf: URL(fileURLWithPath: $0)) }
    text = try command.text.map { try CharacterText(contentsOf: URL(fileURLWithPath: $0)) }
    let options = command.common
    let length: WriterLength =
      if let steps = command.steps { .steps(steps) } else if let minutes = command.minutes {
        .minutes(minutes)
      } else { options.quick ? .steps(150) : .minutes(3) }
    trainer = WriterTrainer(length, seed: options.seed)
    checkpoint = text.map { [trainer] in
      // Of another text or other options it has another name.
      options.outputFolder(source: #filePath)
        .appendingPathComponent("write-\(trainer.mark(of: $0)).checkpoint")
    }
    let vocabulary = loaded?.vocabulary ?? text!.vocabulary
    if let prompt = command.prompt,
      Set(prompt).count == vocabulary.unknown(in: prompt).count
    {
      throw TextError(
        file: "--prompt", problem: "the text has none of the characters of '\(prompt)'")
    }
    try checkSave()
    try command.wayOut.check()
  }

  private func checkSave() throws {
    guard let save = command.save.map(URL.init(fileURLWithPath:)) else { return }
    try checkWritable(save)
    if let text = command.text.map(URL.init(fileURLWithPath:)),
      text.resolvingSymlinksInPath() == save.resolvingSymlinksInPath()
    {
      throw CannotWrite(path: save.path, reason: "it is the text to learn from")
    }
  }

  var title: String { "Writing like \(loaded?.name ?? text!.name)" }

  /// When all is well: what was learned is kept where it was asked for, and the checkpoint goes.
  func end() throws {
    if command.wayOut.isAsked, let learned {
      try command.wayOut.write(
        learned.network(), tokens: ["characters": learned.vocabulary.tokens])
    }
    if let save = command.save, let learned { try learned.write(to: URL(fileURLWithPath: save)) }
    if let checkpoint { try? FileManager.default.removeItem(at: checkpoint) }
  }

  func tell(_ page: Page) throws {
    page.showsCode = false
    if let text { tell(text, page) }
    let writer = try loaded ?? learn(page)
    learned = writer
    try judge(writer, page)
    try write(writer, page)
    if command.wayOut.isAsked { tellWayOut(page) }
  }

  private func tellWayOut(_ page: Page) {
    page.prose(
      """
      ## The way out

      What other servers get is the network alone, without counting. It takes the numbers of characters, \
      `[time, batch]`, and a state, and gives scores for the next character at each step, and the state to \
      go on from; tokens.json beside it says which number is which character.
      """)
    command.wayOut.tell(page, inputs: "\"ids\": ids, \"h_0\": h_0")
  }

  // MARK: The text

  private func tell(_ text: CharacterText, _ page: Page) {
    page.prose(
      """
      ## The text

      A character is what a reader counts as one, in whatever script. The first eight tenths are \
      learned, the next one chooses, and the last is held out to judge. Characters that the part to \
      learn from has only once are taken for one, which is never written.
      """)
    page.print("\(command.text ?? ""): \(text.count) characters")
    if text.isCut {
      page.print("- longer than that; its beginning is used, and no more")
    }
    page.print("- \(text.vocabulary.count - 1) kinds of characters that come twice or more")
    page.print(
      "- \(text.learned.count) to learn from, \(text.validation.count) to choose by, "
        + "\(text.heldOut.count) held out")
    page.print("It begins:")
    for line in text.text.prefix(2_000).split(separator: "\n").prefix(5) {
      page.print("  " + (line.count > 76 ? line.prefix(75) + "…" : line))
    }
    page.result("write.characters", text.count)
    page.result("write.kinds", text.vocabulary.count - 1)
  }

  private func learn(_ page: Page) throws -> TextWriter {
    let text = text!, checkpoint = checkpoint!
    if !command.common.quiet, FileManager.default.fileExists(atPath: checkpoint.path) {
      FileHandle.standardError.write(Data("note: goes on from \(checkpoint.path)\n".utf8))
    }
    do {
      return try trainer.fitted(to: text, checkpoint: checkpoint, deleteCheckpoint: false) {
        [page] in page.progress($0, Int(100 * min(1, $1)), of: 100)
      }
    } catch let stop as TrainingInterrupted {
      let steps = WriterRecipe(characters: text.learned.count).round * stop.epoch + stop.batch
      interruption = (
        "interrupted after \(steps) training steps; the same command goes on from "
          + checkpoint.path, stop.signal
      )
      throw stop
    } catch let error as TrainingError {
      throw WriteProblem("\(error); remove the file to begin anew")
    } catch let error as SafetensorsError {
      throw WriteProblem("\(error); remove the file to begin anew")
    }
  }

  // MARK: How good it is

  private func judge(_ writer: TextWriter, _ page: Page) throws {
    let scores = writer.scores
    page.prose(
      """
      ## How good it is

      Measured in bits a character: what it takes on average to say which character is next to \
      somebody who has the same model. Fewer is better. The rival counts which character followed \
      the few before it in the part to learn from. All is judged on the part held out. While the \
      network learns, part of it rests at every step (dropout), so that on what it learns from it looks \
      worse than it is.
      """)
    let share = Int((100 * scores.countingShare).rounded())
    var rows: [[any CustomStringConvertible]] = [
      ["guessing evenly", log2(Double(writer.vocabulary.count))],
      ["counting, after \(scores.countingOrder - 1) before", scores.counting],
      ["network", scores.network],
    ]
    if share > 0 {
      rows.append(["network and counting (\(share) %)", scores.bitsPerCharacter])
    }
    page.table(["model", "bits a character, held out"], rows)
    let margin = String(format: "%.2f", abs(scores.network - scores.counting))
    page.print(
      scores.network < scores.counting
        ? "The network foresees the text better than counting, by \(margin) bits."
        : "Counting foresees the text better than the network, by \(margin) bits.")
    page.print(
      share > 0
        ? "Together they did best on the part to choose by, so both write, counting with \(share) %."
        : "Counting beside it did no better on the part to choose by, so the network writes alone.")
    if scores.unknownShare > 0 {
      page.print(
        String(
          format: "%.2f %% of the characters held out are not known, and taken for one.",
          100 * scores.unknownShare))
    }
    page.print(
      "\(writer.curve.last!.step) training steps; the weights kept are those after "
        + "\(scores.bestStep), the best on the part to choose by.")
    page.result("write.bits_per_character", scores.bitsPerCharacter)
    page.result("write.network.bits_per_character", scores.network)
    page.result("write.counting.bits_per_character", scores.counting)
    page.result("write.counting.order", scores.countingOrder)
    page.result("write.counting.share", scores.countingShare)
    page.result("write.steps", scores.steps)
    page.result("write.best_step", scores.bestStep)
    try draw(writer, page)
  }

  private func draw(_ writer: TextWriter, _ page: Page) throws {
    let steps = writer.curve.map { Double($0.step) }
    var figure = Figure("Learning to write", x: "training step", y: "bits a character")
    let markers = steps.count < 20
    figure.line(
      x: steps, y: writer.curve.map(\.training), label: "part to learn from", markers: markers)
    figure.line(
      x: steps, y: writer.curve.map(\.validation), label: "part to choose by", markers: markers)
    figure.line(
      x: [steps[0], steps.last!], y: [writer.scores.counting, writer.scores.counting],
      label: "counting, part held out", color: .gray, style: .dashed)
    try page.figure(figure)
  }

  // MARK: Writing

  private func write(_ writer: TextWriter, _ page: Page) throws {
    page.prose(
      """
      ## What it writes

      Character by character, each drawn as it is foreseen and handed back as the next input. The \
      temperature says how boldly: at 0 always the likeliest, at 1 as it is foreseen.
      """)
    let prompt = command.prompt ?? ""
    let unknown = writer.unknown(in: prompt)
    if !unknown.isEmpty {
      page.print(
        "Of the prompt the text does not know "
          + unknown.map { "'\($0)'" }.joined(separator: ", ") + ".")
    }
    let manners = manners()
    let ready = writer.composer(manners[0].sampler)
    for (place, (name, sampler)) in manners.enumerated() {
      page.progress("writing", place, of: manners.count)
      var composer = ready.anew(sampler, seed: page.seed)
      composer.write(prompt)
      for _ in 0..<command.length { composer.draw() }
      let written = composer.written
      // Of several the middle one is kept.
      if place == manners.count / 2 {
        try Data(written.utf8).write(to: page.folder.appendingPathComponent("written.txt"))
      }
      page.print("\(name):\n\n\(written)\n")
    }
    let kept = manners.count > 1 ? ", \(manners[1].name)," : ""
    page.print("The text\(kept) stands in written.txt.")
  }

  private func manners() -> [(name: String, sampler: Sampler)] {
    let (temperature, topK, topP) = (command.temperature, command.topK, command.topP)
    if temperature == nil, topK == nil, topP == nil {
      return [0.5, 0.8, 1].map { ("temperature \($0)", Sampler(temperature: $0)) }
    }
    let name = [
      temperature.map { "temperature \($0)" }, topK.map { "the \($0) likeliest" },
      topP.map { "the likeliest of \($0) together" },
    ].compactMap { $0 }.joined(separator: ", ")
    return [(name, Sampler(temperature: temperature ?? 1, topK: topK, topP: topP))]
  }
}

struct WriteProblem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
