import ChapterTools
import Foundation
import Unroll

extension FusedLSTM {
  /// The gates of an LSTM that learned to add, over one sequence.
  func gatesAtWork(_ page: Page, _ lengths: [Int], _ added: [LayerKind: [[MemoryRun]]]) throws {
    page.prose(
      #"""
      ## What the gates do

      The LSTM that learned to add, while it reads one sequence: the three gates and the cell, one row a
      unit, one column a step, the eight units whose input gate changes the most. Each map has its own
      range of colors; of the cell, each unit is shown over its own largest.
      """#)
    page.show("gates", in: "Gates.swift")

    page.prose("One sequence of the task:")
    let middle = lengths.count / 2, length = lengths[middle], run = added[.lstm]![middle][0]
    let problem = AddingProblem(length: length)
    let inputs = problem.batch(1, generator: Generator(seed: page.seed)).inputs
    let model = SequenceModel(.lstm, inputSize: 2, hiddenSize: 32, outputSize: 1)
    try model.loadStateDict(run.kept[run.steps.last!]!)
    let lstm = model.layer as! LSTM
    let read = gates(of: lstm, reading: inputs.select(axis: 1, index: 0))
    let marks = (0..<length).filter { inputs[$0][0][1].item == 1 }
    func opening(_ unit: Int) -> Double {
      let marked = marks.map { read.i[unit][$0] }.mean
      let others = read.i[unit].indices.filter { !marks.contains($0) }.map { read.i[unit][$0] }.mean
      return abs(marked - others)
    }
    let shown = read.i.indices.sorted { opening($0) > opening($1) }.prefix(8)
    let maps = [
      ("input gate i", read.i), ("forget gate f", read.f), ("output gate o", read.o),
      ("cell state c, over its largest", read.c),
    ].map { title, values in
      let rows = shown.map { unit in
        let largest = title.hasPrefix("cell") ? values[unit].map(abs).max()! : 1
        return values[unit].map { $0 / largest }
      }
      var map = Figure(title, x: "step", y: "unit")
      map.heatmap(
        rows, rows: shown.map { "\($0)" },
        palette: title.hasPrefix("cell") ? .diverging : .sequential)
      return map
    }
    try page.figure(
      .grid("Gates that open for marked numbers", columns: 2, maps), standsForChapter: true)
    page.print(
      "the marked numbers come at steps", marks.map(String.init).joined(separator: " and "))
    // ∂ŷ/∂c after the first step, and the fewest units that make nine tenths of its square.
    let gradient = stateGradients(lstm.cells[0][0], reading: Tensor(inputs)) {
      model.output($0).sum()
    }[1][length - 1]
    let whole = gradient.map { $0 * $0 }.reduce(0, +)
    let units = gradient.indices.sorted { abs(gradient[$0]) > abs(gradient[$1]) }
    var share = 0.0
    let few = units.prefix { unit in
      defer { share += gradient[unit] * gradient[unit] / whole }
      return share < 0.9
    }
    let open = [few, units.dropFirst(few.count)].map { $0.map { read.f[$0].mean }.mean }
    page.claim(
      String(
        format:
          "The gradient comes back by way of few units: nine tenths of the square of "
          + "$\\partial \\hat y / \\partial c_1$ are in %ld of %ld. The forget gate there is at %.3f on the "
          + "average, elsewhere at %.2f.", few.count, units.count, open[0], open[1]),
      holds: few.count <= units.count / 4 && open[0] > open[1],
      otherwise: String(
        format:
          "Nine tenths of the square of $\\partial \\hat y / \\partial c_1$ are in %ld of %ld units. The "
          + "forget gate there is at %.3f on the average, elsewhere at %.2f.", few.count,
        units.count, open[0], open[1]))
    page.result("gates.largest_opening", opening(shown[0]), digits: 3)
    page.claim(
      "There are input gates that open, or close, where a number is marked.",
      holds: opening(shown[0]) > 0.3, in: .fullRuns)
  }
}
