import Foundation
import Unroll

/// What the command does, on its page.
final class ClassifyWork {
  private let command: ClassifyCommand
  private let training: LabeledTexts?
  private let heldOut: LabeledTexts?
  private let loaded: TextClassifierModel?
  private var learned: TextClassifierModel?
  /// What was done to the data, in sentences.
  private var notes: [String] = []

  /// Reads the files, so that what is wrong with them is said before any work is done.
  init(_ command: ClassifyCommand) throws {
    self.command = command
    if let save = command.save { try checkWritable(URL(fileURLWithPath: save)) }
    try command.wayOut.check()
    loaded = try command.load.map {
      try TextClassifierModel(contentsOf: URL(fileURLWithPath: $0))
    }
    func texts(_ path: String) throws -> LabeledTexts {
      try LabeledTexts(folder: URL(fileURLWithPath: path))
    }
    let all = try command.train.map(texts)
    notes += all?.notes ?? []
    if let test = command.test {
      let read = try texts(test).renumbered(all?.classes ?? loaded!.classes)
      notes += read.notes.map { "--test: \($0)" }
      (training, heldOut) = (all, all.map(read.removing) ?? read)
      let copies = read.count - heldOut!.count
      if copies > 0 {
        notes.append("took out of --test what is there word for word in --train: \(copies)")
      }
      guard heldOut!.count > 0 else {
        throw TextError(file: test, problem: "all its texts are in --train too")
      }
    } else if let all {
      guard all.count >= TextClassifier.fewest else {
        throw TextClassifierError.tooFew(all.count, needed: TextClassifier.fewest)
      }
      (training, heldOut) = all.split(holdingOut: 0.2, seed: command.common.seed)
      let copies = all.count - training!.count - heldOut!.count
      if copies > 0 {
        notes.append(
          "left out what is there word for word again of the texts to test on: \(copies)")
      }
      guard heldOut!.count > 0 else {
        throw TextError(
          file: command.train!,
          problem: "a fifth of each class is too little to test on; --test FOLDER has more")
      }
    } else {
      (training, heldOut) = (nil, nil)
    }
    if let training, training.count < TextClassifier.fewest {
      throw TextClassifierError.tooFew(training.count, needed: TextClassifier.fewest)
    }
  }

  /// By name.
  var classes: [String] { training?.classes ?? loaded?.classes ?? [] }

  func save() throws {
    if command.wayOut.isAsked, let networks = learned.flatMap(TextNetworks.init) {
      try command.wayOut.write(
        networks, tokens: ["classes": networks.classes, "tokens": networks.tokens])
    }
    guard let save = command.save, let learned else { return }
    try learned.write(to: URL(fileURLWithPath: save))
  }

  func tell(_ page: Page) throws {
    page.showsCode = false
    tellData(page)
    let model = try loaded ?? learn(page)
    learned = model
    if let heldOut {
      try ClassifyReport(model, heldOut, isLoaded: loaded != nil, page).tell()
    }
    let lines =
      !command.texts.isEmpty
      ? command.texts : loaded == nil && InputLines.areWaiting ? try InputLines.all() : []
    if !lines.isEmpty { try tellLines(lines, model, page) }
    if command.wayOut.isAsked { try tellWayOut(model, page) }
  }

  private func tellWayOut(_ model: TextClassifierModel, _ page: Page) throws {
    guard let networks = TextNetworks(model) else {
      throw TextError(file: command.load ?? "", problem: "has no networks to export")
    }
    page.prose(
      """
      ## The way out

      What other servers get are the recurrent networks alone, without naive Bayes and support vectors. \
      They take the numbers of a text's \(networks.form.rawValue), one text a column, and how many \
      each has; tokens.json beside the model says which number is which, and what the classes are.
      """)
    if let heldOut {
      let said = networks.probabilities(heldOut.texts)
      let right = zip(said, heldOut.labels).count { row, label in
        row.indices.max { row[$0] < row[$1] } == label
      }
      page.result("export.accuracy", Double(right) / Double(heldOut.count))
    }
    command.wayOut.tell(page, inputs: "\"ids\": ids, \"lengths\": lengths")
  }

  private func tellData(_ page: Page) {
    page.prose("## The texts")
    if let training, let heldOut {
      let total = training.count + (command.test == nil ? heldOut.count : 0)
      page.print("\(command.train!): \(total) texts of \(training.classes.count) classes")
      page.print(
        "- \(training.count) to learn from, \(heldOut.count) to test on"
          + (command.test.map { ", from \($0)" }
            ?? ": a fifth of each class, drawn by the seed \(page.seed)"))
      for note in notes { page.print("- \(note)") }
      let counts = training.counts, held = heldOut.counts
      let order = training.classes.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
      page.table(
        ["class", "to learn from", "to test on", "one of them"],
        order.prefix(40).map { label in
          let place = training.labels.firstIndex(of: label)!
          return [
            training.classes[label], counts[label], held[label],
            training.texts[place].beginning(60),
          ]
        }, caption: order.count > 40 ? "The 40 largest of \(order.count) classes." : nil)
    } else if let loaded {
      page.print(
        "\(command.load!): learned from \(loaded.counts.reduce(0, +)) texts of "
          + "\(loaded.classes.count) classes: \(loaded.classes.prefix(20).joined(separator: ", "))"
          + (loaded.classes.count > 20 ? ", …" : ""))
      for note in notes { page.print("- \(note)") }
    }
  }

  private func learn(_ page: Page) throws -> TextClassifierModel {
    let classifier = TextClassifier(
      validatedFolds: page.quick ? 1 : nil, budget: page.quick ? 100_000 : 3_000_000,
      seed: page.seed)
    return try classifier.fitted(to: training!) { work, share in
      page.progress(work, Int(100 * share), of: 100)
    }
  }

  private func tellLines(_ lines: [String], _ model: TextClassifierModel, _ page: Page) throws {
    page.prose("## The texts asked for")
    let rows = model.predictProbabilities(lines)
    let table = ClassifiedTable(model.classes)
    try table.write(
      lines.indices.map { (lines[$0], nil, rows[$0]) },
      to: page.folder.appendingPathComponent("classified.csv"))
    page.table(
      ["text", "class", "probability", "then", "probability"],
      rows.prefix(30).enumerated().map { number, row in
        let order = row.indices.sorted { (row[$1], $0) < (row[$0], $1) }
        return [
          lines[number].beginning(60), model.classes[order[0]], fixed(row[order[0]], 3),
          model.classes[order[1]], fixed(row[order[1]], 3),
        ]
      },
      caption: lines.count > 30 ? "The first 30 of \(lines.count); all are in classified.csv." : nil
    )
  }
}

extension String {
  /// On one line, and no longer than so many characters.
  func beginning(_ length: Int) -> String {
    let start = String(prefix(length + 1)).onOneLine
    return start.count > length ? start.prefix(length - 1) + "…" : start
  }
}

/// A CSV file of texts and what was said of them.
struct ClassifiedTable {
  private let classes: [String]

  init(_ classes: [String]) { self.classes = classes }

  /// - Parameter rows: text, its class if known, the probability of each class.
  func write(
    _ rows: some Sequence<(text: String, truth: String?, probabilities: [Double])>, to file: URL
  ) throws {
    var lines: [String] = []
    for (text, truth, probabilities) in rows {
      let best = probabilities.indices.reduce(0) {
        probabilities[$1] > probabilities[$0] ? $1 : $0
      }
      let head = (truth.map { [$0] } ?? []) + [classes[best]]
      lines.append(
        (head.map(quoted) + probabilities.map { fixed($0, 6) } + [quoted(text)])
          .joined(separator: ","))
      if lines.count == 1 {
        let names = (truth == nil ? [] : ["class"]) + ["predicted"]
        lines.insert(
          (names + classes.map { quoted("p(\($0))") } + ["text"]).joined(separator: ","), at: 0)
      }
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
  }

  private func quoted(_ text: String) -> String {
    text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D, 0x3B, 0x09].contains($0) }
      ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}
