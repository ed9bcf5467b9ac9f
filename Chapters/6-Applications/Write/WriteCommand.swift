import ArgumentParser
import Foundation
import Unroll

/// `applications write --text FILE`: a text in, a writer that has learned from it out.
struct WriteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write",
    abstract: "Learn from a text, and write like it.",
    usage: "applications write --text <file> [--prompt <text>] [options]",
    discussion: """
      Learns a text's characters, in any language, for some minutes, says how well it foresees \
      text that it has not read, beside counting, and writes: into <output>/write/written.txt and a \
      page beside it. Ctrl-C keeps what was learned so far: the same command goes on from there.

        applications write --text novel.txt --minutes 5 --save novel.writer
        applications write --load novel.writer --prompt "The river " --temperature 0.7
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var wayOut: WayOut

  @Option(
    help: ArgumentHelp("The text to learn from, in UTF-8.", valueName: "file"),
    completion: .file())
  var text: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What the text to be written begins with.", valueName: "text"))
  var prompt: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Characters to write.", valueName: "number"))
  var length = 400

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Below 1 the likely is written more often; 0 is always the likeliest (default: 0.5, 0.8 and 1, "
        + "one after the other).", valueName: "number"))
  var temperature: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw from so many of the likeliest characters alone.", valueName: "number"))
  var topK: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw from the fewest likeliest characters that have this probability together.",
      valueName: "share"))
  var topP: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long to learn (default: 3).", valueName: "number"))
  var minutes: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How long to learn in training steps, for the same result on every machine.",
      valueName: "number"))
  var steps: Int?

  @Option(help: ArgumentHelp("Keep what was learned in this file.", valueName: "file"))
  var save: String?

  @Option(
    help: ArgumentHelp(
      "Write with what an earlier run saved, without learning.", valueName: "file"),
    completion: .file())
  var load: String?

  func validate() throws {
    func wrong(_ problem: String) -> ValidationError { ValidationError(problem) }
    if text == nil, load == nil {
      throw wrong("--text FILE says what to learn from, or --load FILE what was saved.")
    }
    if load != nil {
      for (flag, isGiven) in [
        ("--text", text != nil), ("--save", save != nil), ("--minutes", minutes != nil),
        ("--steps", steps != nil),
      ] where isGiven {
        throw wrong("--load writes without learning; it and \(flag) go not together.")
      }
    }
    if minutes != nil, steps != nil { throw wrong("--minutes and --steps go not together.") }
    if let minutes, !(minutes > 0 && minutes <= 100_000) {
      throw wrong("--minutes is \(minutes); to learn takes more than 0, at most 100000.")
    }
    if let steps, !(1...100_000_000 ~= steps) {
      throw wrong("--steps is \(steps); to learn takes 1 or more, at most 100000000.")
    }
    if !(1...1_000_000 ~= length) {
      throw wrong("--length is \(length); there are 1 to 1000000 characters to write.")
    }
    if prompt?.isEmpty == true { throw wrong("--prompt is empty.") }
    try checkSampling(temperature, topK, topP)
  }

  func run() throws {
    let work = try WriteWork(self)
    do {
      try tellAlone(slug: "write", title: work.title, options: common, work.tell)
    } catch {
      guard let stop = work.interruption else { throw error }
      FileHandle.standardError.write(Data("write: \(stop.line)\n".utf8))
      Foundation.exit(128 + stop.signal)
    }
    try work.end()
  }
}

/// Throws where characters cannot be drawn like this.
func checkSampling(_ temperature: Double?, _ topK: Int?, _ topP: Double?) throws {
  if let temperature, !(temperature >= 0 && temperature < .infinity) {
    throw ValidationError("--temperature is \(temperature), not 0 or above")
  }
  if let topK, topK < 1 { throw ValidationError("--top-k is \(topK), not 1 or above") }
  if let topP, !(topP > 0 && topP <= 1) {
    throw ValidationError("--top-p is \(topP), not above 0 and at most 1")
  }
}
