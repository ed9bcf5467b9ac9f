import ArgumentParser
import Foundation
import Unroll

/// `applications classify --train DIR`: texts with their classes in, a classifier and its figures out.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Learn to tell classes of texts apart, and classify texts.",
    usage: """
      applications classify --train <folder> [options]
      applications classify --load <file> [--text <text>] [options] < lines
      """,
    discussion: """
      The folder has a subfolder for each class and in it a file for each text, or a file for each \
      class and in it a line for each text (.txt, UTF-8, any language). Recurrent networks, naive \
      Bayes and support vectors learn from four fifths of them and are tested on the rest; a page, a \
      figure and predictions.csv are written into <output>/classify.

      Texts to classify are given by --text, or as lines of the standard input. With --load alone \
      each line is answered on the standard output at once: the likeliest class, a tab, its \
      probability, a tab, the next class, and so on.

        applications classify --train letters --save letters.safetensors
        applications classify --load letters.safetensors < lines.txt
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var wayOut: WayOut

  @Option(
    help: ArgumentHelp("The folder to learn from.", valueName: "folder"), completion: .directory)
  var train: String?

  @Option(
    help: ArgumentHelp(
      "A folder of the same form to test on (default: a fifth of --train).", valueName: "folder"),
    completion: .directory)
  var test: String?

  @Option(
    name: .customLong("text"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A text to classify; may be given more than once.", valueName: "text"))
  var texts: [String] = []

  @Option(help: ArgumentHelp("Keep what was learned in this file.", valueName: "file"))
  var save: String?

  @Option(
    help: ArgumentHelp("Use what an earlier run saved, without learning.", valueName: "file"))
  var load: String?

  func validate() throws {
    if train == nil, load == nil {
      throw ValidationError("--train FOLDER says what to learn from, --load FILE what was.")
    }
    if load != nil, train != nil {
      throw ValidationError("--train and --load go not together: learn, or use what was learned.")
    }
    if load != nil, save != nil { throw ValidationError("--save and --load go not together.") }
    if texts.contains(where: { $0.allSatisfy(\.isWhitespace) }) {
      throw ValidationError("an empty --text: there is nothing to classify.")
    }
  }

  func run() throws {
    if let load, test == nil, texts.isEmpty, !wayOut.isAsked {
      let model = try TextClassifierModel(contentsOf: URL(fileURLWithPath: load))
      return try answerLines(TextPredictor(model))
    }
    let work = try ClassifyWork(self)
    try tellAlone(
      slug: "classify", title: "Classes of texts", names: work.classes, options: common, work.tell)
    try work.save()
  }
}
