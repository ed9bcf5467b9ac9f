import ChapterTools
import Foundation
import Unroll

/// A GRU of one unit at one step of a run, as a drawing: the state's line on top, the gates below it.
struct CellDrawing {
  let x, h, r, z, n, hNew: Double

  enum Part: String, CaseIterable {
    case reset = "1. reset", candidate = "2. candidate", update = "3. update"
  }

  /// The step `t` of a run of one unit.
  init(_ run: CellRun, step t: Int) {
    func value(_ name: String) -> Double { run.steps[t][name]![0] }
    h = run.steps[t - 1]["h"]![0]
    (x, r, z, n, hNew) = (value("x"), value("r"), value("z"), value("n"), value("h"))
  }

  func figure() -> Figure {
    .grid(
      "One step of a GRU, part by part", columns: 2, Part.allCases.map { Figure(diagram($0)) },
      size: .init(width: 1500, height: 1150))
  }

  private func diagram(_ part: Part) -> Diagram {
    func number(_ value: Double) -> String { String(format: "%.2f", value) }
    func color(_ parts: Part..., is color: Color) -> Color { parts.contains(part) ? color : .gray }
    let said =
      switch part {
      case .reset: "r = \(number(r))"
      case .candidate: "n = \(number(n))"
      case .update:
        "h = \(number((1 - z) * n)) + \(number(z * h)) = \(number(hNew))"
      }
    var drawing = Diagram("\(part.rawValue):  \(said)")
    let before = drawing.circle(
      "h₋\n\(number(h))", x: -1.2, y: 4.4, radius: 0.6, color: color(.update, is: .vermilion))
    let keep = drawing.circle("× z", x: 2, y: 4.4, color: color(.update, is: .vermilion))
    let add = drawing.circle(
      "+", x: 4.6, y: 4.4, radius: 0.3, color: color(.update, is: .vermilion))
    let after = drawing.circle(
      "h\n\(number(hNew))", x: 6.8, y: 4.4, radius: 0.6, color: color(.update, is: .vermilion))
    let reset = drawing.box("r  \(number(r))", x: 0.4, y: 1.6, color: color(.reset, is: .blue))
    let update = drawing.box("z  \(number(z))", x: 2, y: 1.6, color: color(.update, is: .vermilion))
    let candidate = drawing.box(
      "n  \(number(n))", x: 4.6, y: 1.6, color: color(.candidate, is: .green))
    let take = drawing.circle(
      "× 1−z", x: 4.6, y: 3, radius: 0.6, color: color(.update, is: .vermilion))
    let read = drawing.circle(
      "x \(number(x))\nh₋ \(number(h))", x: -1.2, y: -0.6, radius: 0.8,
      color: part == .update ? .gray : .orange)
    drawing.arrow(from: before, to: keep, color: color(.update, is: .vermilion))
    drawing.arrow(from: keep, to: add, color: color(.update, is: .vermilion))
    drawing.arrow(from: add, to: after, color: color(.update, is: .vermilion))
    drawing.arrow(from: update, to: keep, color: color(.update, is: .vermilion))
    drawing.arrow(from: candidate, to: take, color: color(.candidate, .update, is: .green))
    drawing.arrow(from: take, to: add, color: color(.update, is: .vermilion))
    drawing.arrow(
      from: reset, to: candidate, bend: -0.9, color: color(.reset, .candidate, is: .blue))
    for (gate, used) in [
      (reset, part == .reset), (update, false), (candidate, part == .candidate),
    ] {
      drawing.arrow(from: read, to: gate, color: used ? .orange : .gray)
    }
    return drawing
  }
}
