import Foundation
import Unroll

/// What a classifier is worth on texts that it did not learn from.
struct ClassifyReport {
  private let model: TextClassifierModel
  private let heldOut: LabeledTexts
  private let isLoaded: Bool
  private let page: Page
  private let evaluation: TextEvaluation

  init(_ model: TextClassifierModel, _ heldOut: LabeledTexts, isLoaded: Bool, _ page: Page) {
    (self.model, self.heldOut, self.isLoaded, self.page) = (model, heldOut, isLoaded, page)
    evaluation = model.evaluate(heldOut)
  }

  func tell() throws {
    tellJudges()
    tellClasses()
    try draw()
    tellMistakes()
    try ClassifiedTable(model.classes).write(
      heldOut.texts.indices.map {
        (heldOut.texts[$0], model.classes[heldOut.labels[$0]], evaluation.probabilities[$0])
      }, to: page.folder.appendingPathComponent("predictions.csv"))
  }

  private func tellJudges() {
    let interval = evaluation.accuracyInterval
    page.prose(
      """
      ## How good it is

      What judges was chosen before, on the texts learned from alone: \(model.validated) of them \
      were left out in turn (validation). The texts to test on had no part in it.
      """)
    page.print(
      "\(percent(evaluation.accuracy)) of \(heldOut.count) are right; of other texts of this kind it "
        + "will be between \(percent(interval.lowerBound)) and \(percent(interval.upperBound)) "
        + "(95 % confidence).")
    var rows: [[any CustomStringConvertible]] = [
      [
        "this classifier", "100 %", percent(Double(model.right) / Double(model.validated)),
        percent(evaluation.accuracy), fixed(evaluation.matrix.f1(.macro), 3),
      ]
    ]
    for place in model.judges.indices.sorted(by: { model.judges[$0].share > model.judges[$1].share }
    ) {
      let judge = model.judges[place], matrix = evaluation.ofEach[place]
      rows.append([
        judge.name, judge.share > 0 ? percent(judge.share) : "–",
        percent(Double(judge.right) / Double(model.validated)), percent(matrix.accuracy),
        fixed(matrix.f1(.macro), 3),
      ])
    }
    rows.append([
      "always \(model.classes[model.majority])", "–", "–",
      percent(evaluation.majority.accuracy), fixed(evaluation.majority.f1(.macro), 3),
    ])
    page.table(["who judges", "share", "validation", "accuracy", "macro F1"], rows)
    page.print(verdict)
    page.result("classify.accuracy", evaluation.accuracy)
    page.result("classify.accuracy.low", interval.lowerBound)
    page.result("classify.accuracy.high", interval.upperBound)
    page.result("classify.macro_f1", evaluation.matrix.f1(.macro))
    page.result("classify.majority.accuracy", evaluation.majority.accuracy)
    // The best of each kind on validation stands for it.
    func best(_ isMeant: (TextJudge) -> Bool) -> Double? {
      model.judges.indices.filter { isMeant(model.judges[$0]) }
        .max { model.judges[$0].right < model.judges[$1].right }
        .map { evaluation.ofEach[$0].accuracy }
    }
    if let bayes = best(\.isNaiveBayes) { page.result("classify.naive_bayes.accuracy", bayes) }
    if let network = best(\.isNetwork) { page.result("classify.network.accuracy", network) }
    page.result("classify.validation.accuracy", Double(model.right) / Double(model.validated))
    page.result("classify.texts", heldOut.count + (isLoaded ? 0 : model.counts.reduce(0, +)))
    page.result("classify.held_out", heldOut.count)
  }

  /// Who won on validation, in a sentence.
  private var verdict: String {
    let most = model.judges.max { $0.share < $1.share }!
    if most.share > 0.999 {
      return "On validation it did best, and so it judges alone: \(most.name)."
    }
    let best = model.judges.max { $0.right < $1.right }!
    if best.right > model.right {
      return "On validation one alone was right a little more often than all together, by no more "
        + "than chance may bring about, and so all judge together: \(best.name)."
    }
    return "On validation all together did best; the largest share has: \(most.name)."
  }

  private func tellClasses() {
    let matrix = evaluation.matrix, counts = heldOut.counts
    let tested = model.classes.indices.filter { counts[$0] > 0 }
    page.prose(
      """
      ## Class by class

      Precision is the share of what was said to be of the class that is; recall the share of the \
      class that was said to be; F1 is their harmonic mean.
      """)
    page.table(
      ["class", "texts", "precision", "recall", "F1"],
      tested.map {
        [
          model.classes[$0], counts[$0], fixed(matrix.precision(of: $0), 3),
          fixed(matrix.recall(of: $0), 3), fixed(matrix.f1(of: $0), 3),
        ]
      },
      caption: tested.count < counts.count
        ? "\(counts.count - tested.count) classes have no text to test on." : nil)
    for label in tested { page.result("classify.f1.\(model.classes[label])", matrix.f1(of: label)) }
  }

  /// What was said of each class, of as many classes as can be read.
  private func draw() throws {
    let counts = evaluation.matrix.counts
    let sizes = counts.indices.map { row in counts[row].reduce(0, +) }
    let seen = counts.indices.filter { label in
      sizes[label] > 0 || counts.contains { row in row[label] > 0 }
    }
    let shown = seen.sorted { (sizes[$1], $0) < (sizes[$0], $1) }.prefix(20).sorted()
    let names = shown.map { model.classes[$0].beginning(24) }
    let shares = shown.map { row in
      shown.map { sizes[row] == 0 ? .nan : Double(counts[row][$0]) / Double(sizes[row]) }
    }
    var figure = Figure("Class, and what was said", x: "said", y: "class")
    figure.heatmap(
      shares, rows: names, columns: names, range: 0...1, values: shown.count <= 10 ? "%.2f" : nil)
    figure.colorBar.label = "share of the class"
    figure.size.height = min(1100, 500 + 40 * shown.count)
    if shown.count < seen.count {
      page.print("The figure has the \(shown.count) classes with the most texts.")
    }
    try page.figure(figure, alt: "Shares of what was said of each class's texts")
  }

  private func tellMistakes() {
    func said(_ place: Int) -> Int {
      let row = evaluation.probabilities[place]
      return row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    }
    let wrong = heldOut.texts.indices.filter { said($0) != heldOut.labels[$0] }
      .map { (place: $0, said: said($0), sure: evaluation.probabilities[$0][said($0)]) }
      .sorted { ($1.sure, $0.place) < ($0.sure, $1.place) }
    guard !wrong.isEmpty else { return page.print("No text was taken for another class.") }
    page.prose("## What it was most wrong about")
    page.table(
      ["text", "from", "class", "said", "probability"],
      wrong.prefix(10).map {
        [
          heldOut.texts[$0.place].beginning(60), heldOut.sources[$0.place],
          model.classes[heldOut.labels[$0.place]], model.classes[$0.said], fixed($0.sure, 3),
        ]
      },
      caption: wrong.count > 10 ? "The 10 it was surest of, of \(wrong.count) mistakes." : nil)
  }

  private func percent(_ share: Double) -> String { fixed(100 * share, 1) + " %" }
}
