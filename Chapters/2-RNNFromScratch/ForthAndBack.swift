import ChapterTools
import Unroll

extension RNNFromScratch {
  /// The states of a run, and the gradients of its last state by each of them, unit by unit.
  static func forthAndBack(_ run: CellRun) -> Figure {
    func panel(_ title: String, _ y: String, _ steps: [[String: [Double]]]) -> Figure {
      var panel = Figure(title, x: "step", y: Axis(y))
      for unit in steps[0]["h"]!.indices {
        panel.line(
          x: 1...steps.count, y: steps.map { $0["h"]![unit] }, label: "unit \(unit + 1)",
          markers: true)
      }
      return panel
    }
    return .grid(
      "One sequence, forth and back", columns: 2,
      [panel("states", "h", run.steps), panel("gradients", "∂L/∂h", run.gradients)],
      size: .flat)
  }
}
