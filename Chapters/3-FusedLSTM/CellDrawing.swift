import ChapterTools
import Foundation
import Unroll

/// An LSTM of one unit at one step of a run, as a drawing: the cell's line on top, the gates below it.
struct CellDrawing {
  /// Everything that happens in one step.
  struct Step {
    let x, h, c, i, f, g, o, cNew, hNew: Double
  }

  /// What the drawing shows in color; the rest is gray.
  enum Part: String, CaseIterable {
    case forget = "1. forget", takeIn = "2. take in", update = "3. update", show = "4. show"
  }

  let step: Step

  /// The step `t` of a run of one unit.
  init(_ run: CellRun, step t: Int) {
    func value(_ name: String) -> Double { run.steps[t][name]![0] }
    let before = run.steps[t - 1]
    step = Step(
      x: value("x"), h: before["h"]![0], c: before["c"]![0], i: value("i"), f: value("f"),
      g: value("g"), o: value("o"), cNew: value("c"), hNew: value("h"))
  }

  func figure() -> Figure {
    .grid(
      "One step of an LSTM, part by part", columns: 2, Part.allCases.map { Figure(diagram($0)) },
      size: .init(width: 1500, height: 1250))
  }

  private func diagram(_ part: Part) -> Diagram {
    func number(_ value: Double) -> String { String(format: "%.2f", value) }
    func color(_ parts: Part..., is color: Color) -> Color { parts.contains(part) ? color : .gray }
    let said =
      switch part {
      case .forget: "f = σ(…) = \(number(step.f)):  f · c₋ = \(number(step.f * step.c))"
      case .takeIn:
        "i = \(number(step.i)), g = \(number(step.g)):  i · g = \(number(step.i * step.g))"
      case .update:
        "c = \(number(step.f * step.c)) + \(number(step.i * step.g)) = \(number(step.cNew))"
      case .show:
        "h = o · tanh(c) = \(number(step.o)) · \(number(tanh(step.cNew))) = \(number(step.hNew))"
      }
    var drawing = Diagram("\(part.rawValue):  \(said)")
    let line = color(.forget, .update, is: .vermilion)
    let before = drawing.circle("c₋\n\(number(step.c))", x: -1.2, y: 4, radius: 0.55, color: line)
    let keep = drawing.circle("×", x: 1, y: 4, radius: 0.3, color: color(.forget, is: .vermilion))
    let add = drawing.circle("+", x: 4, y: 4, radius: 0.3, color: color(.update, is: .vermilion))
    let after = drawing.circle(
      "c\n\(number(step.cNew))", x: 9.6, y: 4, radius: 0.55,
      color: color(.update, .show, is: .vermilion))
    let f = drawing.box(
      "f  \(number(step.f))", x: 1, y: 1.6, color: color(.forget, is: .vermilion))
    let i = drawing.box("i  \(number(step.i))", x: 3, y: 1.6, color: color(.takeIn, is: .green))
    let g = drawing.box(
      "g  \(number(step.g))", x: 4.9, y: 1.6, color: color(.takeIn, is: .green))
    let o = drawing.box("o  \(number(step.o))", x: 6.8, y: 1.6, color: color(.show, is: .blue))
    let come = drawing.circle(
      "×", x: 4, y: 2.9, radius: 0.3, color: color(.takeIn, .update, is: .green))
    let squash = drawing.circle("tanh", x: 8.1, y: 2.9, radius: 0.4, color: color(.show, is: .blue))
    let show = drawing.circle("×", x: 8.1, y: 1.6, radius: 0.3, color: color(.show, is: .blue))
    let state = drawing.circle(
      "h\n\(number(step.hNew))", x: 9.6, y: 1.6, radius: 0.55, color: color(.show, is: .blue))
    let read = drawing.circle(
      "x \(number(step.x))\nh₋ \(number(step.h))", x: -1.2, y: 0, radius: 0.75,
      color: part == .update ? .gray : .orange)
    drawing.arrow(from: before, to: keep, color: line)
    drawing.arrow(from: keep, to: add, color: color(.forget, .update, is: .vermilion))
    drawing.arrow(from: add, to: after, color: color(.update, is: .vermilion))
    drawing.arrow(from: f, to: keep, color: color(.forget, is: .vermilion))
    drawing.arrow(from: i, to: come, color: color(.takeIn, is: .green))
    drawing.arrow(from: g, to: come, color: color(.takeIn, is: .green))
    drawing.arrow(from: come, to: add, color: color(.takeIn, .update, is: .green))
    drawing.arrow(from: (8.1, 4), to: (8.1, 3.3), color: color(.show, is: .blue))
    drawing.arrow(from: squash, to: show, color: color(.show, is: .blue))
    drawing.arrow(from: o, to: show, color: color(.show, is: .blue))
    drawing.arrow(from: show, to: state, color: color(.show, is: .blue))
    for (gate, used) in [
      (f, part == .forget), (i, part == .takeIn), (g, part == .takeIn), (o, part == .show),
    ] {
      drawing.arrow(from: read, to: gate, color: used ? .orange : .gray)
    }
    return drawing
  }
}
