import ArgumentParser
import ThisBook
import Unroll

@main struct Applications: Chapter {
  static let book = Book.unroll
  static let number = 6
  static let title = "applications"
  static let summary =
    "What recurrent networks are for: reading images, names, sentences; translating, tagging, "
    + "writing; music, genes, films and speech, each beside the best simple rival."
  static let languages = ["zh"]
  static let source: String? = #filePath

  static let commands: [any ParsableCommand.Type] = [
    ForecastCommand.self, ClassifyCommand.self, WriteCommand.self,
  ]

  /// The parts of the chapter, each of which also runs alone.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case digits, surnames, sentiment, translation, tagging, writing, captions, music, dna, video
    case speech
  }

  @Option(
    name: .customLong("part"), parsing: .singleValue,
    help: "Tell this part alone; may be given more than once.")
  var parts: [Part] = []

  @Flag(help: "Use the models that an earlier run trained and kept, instead of training them anew.")
  var load = false

  // MARK: surnames

  @Option(
    name: .customLong("name"), parsing: .singleValue,
    help: "Ask which language this surname is from; may be given more than once.")
  var names: [String] = []

  // MARK: translation

  @Option(
    name: .customLong("date"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A date, in English, to be read by the part translation: \"the 3rd of May 1999\"; may be "
        + "given more than once.", valueName: "text"))
  var dates: [String] = []

  // MARK: writing

  @Option(
    name: .customLong("text"),
    help: ArgumentHelp(
      "Writing: learn from this text, of any language, in UTF-8.", valueName: "file"),
    completion: .file())
  var textFile: String?

  @Option(help: "Writing: how the text to be written begins.")
  var prefix: String?

  @Option(help: "Writing: characters that the lines begin with, one each.")
  var acrostic: String?

  @Option(help: "Writing: characters a line, 5 or 7, as in Chinese verse.")
  var perLine: Int?

  @Option(
    parsing: .unconditional,
    help: "Writing: below 1 the likely is written more often; 0 is always the likeliest.")
  var temperature: Double?

  @Option(
    parsing: .unconditional, help: "Writing: draw from so many of the likeliest characters alone.")
  var topK: Int?

  @Option(
    parsing: .unconditional,
    help: "Writing: draw from the fewest likeliest characters of this probability together.")
  var topP: Double?

  // MARK: speech

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Speech: speak and recognize these.", valueName: "digits"))
  var say: String?

  // MARK: music

  @Option(
    help: ArgumentHelp("Music: the major key to continue in, as C, F# or Bb.", valueName: "key"))
  var key: String?

  // MARK: -

  /// Flags that were given and are about one part alone, with that part.
  var flagged: [(flag: String, part: Part)] {
    (names.isEmpty ? [] : [("--name", .surnames)])
      + (dates.isEmpty ? [] : [("--date", .translation)])
      + writingOptions.map { ($0, .writing) } + speechOptions.map { ($0, .speech) }
      + musicOptions.map { ($0, .music) }
  }

  /// Without `--part` such a flag narrows the run to its part.
  var told: [Part] {
    let asked = parts.isEmpty ? flagged.map(\.part) : parts
    return asked.isEmpty ? Part.allCases : Part.allCases.filter(asked.contains)
  }

  func validate() throws {
    for (flag, part) in flagged where !told.contains(part) {
      throw ValidationError("\(flag) is about the part \(part.rawValue), which isn't asked for")
    }
    try validateNames()
    try checkDates()
    try checkWriting()
    try checkSpeech()
    try checkMusic()
  }

  var part: String? {
    told.count == Part.allCases.count ? nil : told.map(\.rawValue).joined(separator: "-")
  }

  func tell(_ page: Page) throws {
    if part == nil { try shapes(page) }
    for part in told {
      // Each part draws from a seed of its own, so that alone it gives the numbers it gives here.
      Generator.default.seed(page.seed)
      switch part {
      case .digits: try digits(page)
      case .surnames: try surnames(page)
      case .sentiment: try sentiment(page)
      case .translation: try translation(page)
      case .tagging: try tagging(page)
      case .writing: try writing(page)
      case .captions: try captions(page)
      case .music: try music(page)
      case .dna: try dna(page)
      case .video: try video(page)
      case .speech: try speech(page)
      }
    }
    if part == nil { takingAlong(page) }
  }
}
