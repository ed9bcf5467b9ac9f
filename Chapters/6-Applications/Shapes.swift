import Unroll

extension Applications {
  /// The five shapes that a task for a recurrent network can have.
  func shapes(_ page: Page) throws {
    page.prose(
      #"""
      ## Five shapes

      Chapters 1 to 5 built the networks; this one puts them to work, on eleven tasks. All together
      take about eight minutes on two cores, `--quick` less than one; `--part digits` tells one part
      alone, `--load` uses the networks of the last run. Every network stands beside the best simple
      rival, so that each table shows which of them wins.

      What goes in and what comes out, one thing or many, makes five shapes (after Karpathy 2015).
      Blue is the recurrent layer, a box for each step; gray goes in, red comes out.
      """#)
    page.show("fiveShapes")
    try page.figure(
      Figure(fiveShapes()), alt: "Five shapes of recurrent networks, unrolled",
      standsForChapter: true)
    page.table(
      ["shape", "example", "part"],
      [
        ["one to one", "an image at once → its digit: no sequence at all", "digits, first model"],
        ["one to many", "a picture → a sentence", "captions, writing, music"],
        ["many to one", "a name → its language", "digits, surnames, sentiment, video"],
        ["many to many, aligned", "each word → its tag", "tagging, dna"],
        ["many to many, of another length", "a date → a date", "translation, speech"],
      ])
  }
}

/// Two rows of unrolled networks: above the shapes with one thing at an end, below the others.
func fiveShapes() -> Diagram {
  var diagram = Diagram("Five shapes")
  /// A layer unrolled over `steps` from column x on, with inputs and outputs at some of the steps.
  func shape(
    _ name: String, _ part: String, x: Double, y: Double, steps: Int, inputs: Range<Int>,
    outputs: Range<Int>
  ) {
    let places = (0..<steps).map { x + 1.5 * Double($0) }
    let row = places.map { diagram.box("h", x: $0, y: y, width: 0.8, height: 0.7) }
    for (before, after) in zip(row, row.dropFirst()) { diagram.arrow(from: before, to: after) }
    for (number, step) in inputs.enumerated() {
      let input = diagram.circle(
        "x\(subscripted(number + 1))", x: places[step], y: y - 1.4, radius: 0.36)
      diagram.arrow(from: input, to: row[step])
    }
    for (number, step) in outputs.enumerated() {
      let output = diagram.circle(
        "y\(subscripted(number + 1))", x: places[step], y: y + 1.4, radius: 0.36,
        color: .vermilion)
      diagram.arrow(from: row[step], to: output)
    }
    let middle = (places[0] + places[steps - 1]) / 2
    diagram.text(name, x: middle, y: y - 2.25)
    diagram.text(part, x: middle, y: y - 2.75, color: .gray, scale: 0.85)
  }
  shape("one to one", "digits, first", x: 0, y: 6, steps: 1, inputs: 0..<1, outputs: 0..<1)
  shape("one to many", "captions", x: 3.4, y: 6, steps: 3, inputs: 0..<1, outputs: 0..<3)
  shape("many to one", "surnames", x: 9.2, y: 6, steps: 3, inputs: 0..<3, outputs: 2..<3)
  shape(
    "many to many, aligned", "tagging", x: 0.4, y: 0, steps: 3, inputs: 0..<3, outputs: 0..<3)
  shape(
    "many to many, of another length", "translation", x: 6.2, y: 0, steps: 5, inputs: 0..<3,
    outputs: 3..<5)
  return diagram
}

/// A number in small figures below the line.
private func subscripted(_ number: Int) -> String {
  String(String(number).map { Character(UnicodeScalar(0x2080 + $0.wholeNumberValue!)!) })
}
