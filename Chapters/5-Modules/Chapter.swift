import ArgumentParser
import ThisBook
import Unroll

@main struct Modules: Chapter {
  static let book = Book.unroll
  static let number = 5
  static let title = "nn-style modules"
  static let summary =
    "The layers as one uses them every day: every option of the constructor, packing, embeddings, "
    + "four ways to forecast, a trainer with callbacks, and a language model that knows its text by "
    + "heart."
  static let languages = ["zh"]
  static let source: String? = #filePath

  /// The parts of the chapter, each of which also runs alone.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case constructor, packing, words, forecasts, sine, horizons, characters
  }

  @Option(
    name: .customLong("part"), parsing: .singleValue,
    help: "Tell this part alone; may be given more than once.")
  var parts: [Part] = []

  @Flag(
    help: """
      Train all five character models, not three, for the published 500 epochs: a quarter of an hour \
      more. (With --quick for a few epochs, to see that all works.)
      """)
  var full = false

  @Option(
    help: ArgumentHelp(
      "Time a sample of the character models' training beside PyTorch's, in turns: a minute more.",
      discussion: """
        PYTHON is a Python that has PyTorch; both run on one thread. The result is our time as a \
        share of PyTorch's, for each of the five models and for all, beside the share that the \
        multiply-adds alone would take. --full --data FOLDER --peer PYTHON is the whole comparison: \
        perplexities and time.

        Ctrl-C ends the chapter at once; pages and figures of the last whole run stay.
        """,
      valueName: "python"))
  var peer: String?

  var part: String? {
    let told = Part.allCases.filter(parts.contains)
    return told.isEmpty || told.count == Part.allCases.count
      ? nil : told.map(\.rawValue).joined(separator: "-")
  }

  func validate() throws {
    if full || peer != nil, !parts.isEmpty, !parts.contains(.characters) {
      throw ValidationError(
        "--full and --peer are about the part characters, which isn't asked for")
    }
  }

  func tell(_ page: Page) throws {
    page.prose(
      #"""
      ## What one imports

      Chapters 2 to 4 took the networks apart. From here on they are *modules*: an object with
      parameters, made by a constructor, called like a function, trained by an optimizer that is
      handed its parameters. Names, shapes and weights are those of `torch.nn`, and the trainer has
      the habits of Keras' `fit`.
      """#)
    // Before any work, so that a wrong Python is not noticed at the end of it.
    let other = try peer.map { try PyTorchPeer(python: $0) }
    for part in Part.allCases where parts.isEmpty || parts.contains(part) {
      // Each part draws from a seed of its own, so that alone it gives the numbers it gives here.
      Generator.default.seed(page.seed)
      switch part {
      case .constructor: try constructor(page)
      case .packing: try packing(page)
      case .words: try words(page)
      case .forecasts: try forecasts(page)
      case .sine: try sine(page)
      case .horizons: try horizons(page)
      case .characters: try characters(page, other)
      }
    }
  }
}
