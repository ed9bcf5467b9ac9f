import Foundation
import Unroll

extension Applications {
  /// What the networks of the best recipe take for what, and the worst of it.
  func tellMistakes(_ page: Page, _ models: [RowReader], _ test: LabeledImages) throws {
    page.prose(
      #"""
      ### What goes wrong

      How often each digit was taken for each other one, all networks together; the right
      answers, on the diagonal, are left out.
      """#)
    var matrix = ConfusionMatrix(classes: 10)
    for model in models { matrix.update(model.scores(of: test), test.targets) }
    let mistakes = matrix.counts.enumerated().map { truth, row in
      row.enumerated().map { $0 == truth ? Double.nan : Double($1) }
    }
    var map = Figure("Mistakes of all networks", x: "taken for", y: "digit")
    map.heatmap(mistakes, values: "%.0f", square: true)
    map.colorBar.label = "images"
    try page.figure(map, alt: "How often each digit was taken for each other one")

    page.prose(
      #"""
      The worst mistakes: images of which the first network was surest of a wrong digit. Below each
      what it is, what it was taken for, and how sure the network was of that.
      """#)
    let shares = models[0].scores(of: test).softmax(axis: 1)
    let said = shares.argmax(axis: 1).values, sureness = shares.max(axis: 1).doubles
    let truth = test.targets.values
    let wrong = said.indices.filter { said[$0] != truth[$0] }.sorted { sureness[$0] > sureness[$1] }
    page.print("\(wrong.count) of \(test.count) are wrong")
    guard !wrong.isEmpty else { return }
    let worst = wrong.prefix(12)
    var pictures = Figure("The worst mistakes")
    pictures.pictures(
      worst.map { test.inputs[$0].doubles }, width: 28,
      captions: worst.map {
        String(format: "%ld → %ld: %.0f %%", truth[$0], said[$0], 100 * sureness[$0])
      }, columns: 6)
    try page.figure(pictures, alt: "The images of which the network was surest of a wrong digit")
  }

  /// How sure the network becomes while it reads.
  func tellCertainty(_ page: Page, _ model: RowReader, _ test: LabeledImages) throws {
    page.prose(
      #"""
      ### Row by row more certain

      A recurrent network has a state after every row, and the output layer can be asked about each
      of them: what would you say if the image ended here? It has learned to answer after the last
      row alone, so early answers are no better than they need to be. First one image, then the mean
      over many.
      """#)
    let count = min(500, test.count)
    let shares = noGrad {
      model.afterEachRow(Tensor(test.inputs[0..<count])).value.softmax(axis: 2)
    }
    let truth = test.targets.values[..<count]
    // The image whose answer changes most often: there is most to see.
    let answers = shares.argmax(axis: 2).values
    func changes(_ image: Int) -> Int {
      (1..<28).count { answers[image * 28 + $0] != answers[image * 28 + $0 - 1] }
    }
    let right = (0..<count).filter { answers[$0 * 28 + 27] == truth[$0] }
    let image = right.max { (changes($0), $1) < (changes($1), $0) } ?? 0
    var picture = Figure("The image: a \(truth[image])", x: "column", y: "row")
    picture.heatmap(
      (0..<28).map { test.inputs[image][$0].doubles }, square: true)
    picture.colorBar.label = "ink"
    let names = Set((0..<28).map { answers[image * 28 + $0] }).union([truth[image]]).sorted()
    var lines = Figure("What it would answer", x: "rows read", y: "probability")
    for digit in names {
      lines.line(
        x: Array(1...28), y: (0..<28).map { shares[image, $0, digit].item }, label: "\(digit)")
    }
    page.print("In the page of this chapter you can draw digits of your own for it.")
    let examples = [test.inputs[image]] + (0..<min(12, count)).map { test.inputs[$0] }
    try page.interactive(
      Interactive(
        .digit, data: DrawnDigit(model, examples: .stack(examples)),
        fallback: Figure.grid("One image, row by row", [picture, lines])),
      alt: "An image, and the probabilities of digits after each row")

    let rows = Array(0..<28)
    let accuracy = rows.map { row in
      Double((0..<count).count { answers[$0 * 28 + row] == truth[$0] }) / Double(count)
    }
    let certainty = rows.map { row in
      (0..<count).reduce(0) { $0 + shares[$1, row, answers[$1 * 28 + row]].item } / Double(count)
    }
    var figure = Figure("\(count) images, row by row", x: "rows read", y: "share")
    figure.line(x: rows.map { $0 + 1 }, y: accuracy, label: "right answers")
    figure.line(x: rows.map { $0 + 1 }, y: certainty, label: "how sure it is", style: .dashed)
    try page.figure(figure, alt: "Accuracy and certainty after each row")
    if let half = accuracy.firstIndex(where: { $0 >= 0.5 }) {
      page.print("half of the digits are recognized after \(half + 1) rows of 28")
    }
    let gap = rows.max { certainty[$0] - accuracy[$0] < certainty[$1] - accuracy[$1] }!
    page.print(
      String(
        format: "it is most overconfident after %ld rows: sure by %.2f, right in %.2f of cases",
        gap + 1, certainty[gap], accuracy[gap]))

    page.prose(
      #"""
      To try: in `DigitModels.swift` let `RowReader` read in both directions
      (`bidirectional: true`, both parts of `h_n` side by side, and 256 inputs to `output`). Read
      columns instead of rows: `images.transposed(1, 2)`. Or leave out `smallChanges` and keep the
      rest of the recipe: how much of the gain is due to it?
      """#)
  }
}
