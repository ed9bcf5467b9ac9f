import Foundation
import UnrollChapter

/// A batch of sequences of unequal length with a number at every step: padded and packed by the reader of a
/// page, as the data of `Interactive.Component.packing`, and packed on paper.
package struct UnequalBatch: Encodable {
  let lengths: [Int]
  let names: [String]
  let values: [[Double]]

  /// - Parameter values: a list for each sequence, in any order of length, with a number for each step.
  package init(_ values: [[Double]]) {
    self.values = values
    lengths = values.map(\.count)
    names = values.indices.map { "sequence \($0 + 1)" }
  }

  /// One color a sequence, in all pictures of a batch.
  package static let colors: [Color] = [.blue, .orange, .green, .purple]

  /// Each time step a column of boxes, one for each sequence that is still running; and the columns one
  /// after the other, as they lie in memory.
  package func diagram(_ title: String) -> Diagram {
    let packing = Packing(lengths: lengths), sizes = packing.batchSizes
    let isWhole = values.joined().allSatisfy { $0 == $0.rounded() }
    func text(_ sequence: Int, _ step: Int) -> String {
      String(format: isWhole ? "%.0f" : "%.1f", values[sequence][step])
        .replacingOccurrences(of: "-", with: "−")
    }
    func color(_ sequence: Int) -> Color { Self.colors[sequence % Self.colors.count] }
    var diagram = Diagram(title)
    let below = -Double(lengths.count)
    for (step, size) in sizes.enumerated() {
      for (place, sequence) in packing.order.prefix(size).enumerated() {
        diagram.box(
          text(sequence, step), x: Double(step) * 1.5, y: Double(-place), width: 1.2,
          color: color(sequence), opacity: 0.25)
      }
      diagram.text("step \(step + 1)", x: Double(step) * 1.5, y: 0.9)
      diagram.text("\(size)", x: Double(step) * 1.5, y: below)
    }
    diagram.text("rows:", x: -1.4, y: below)
    let width = 1.5 * Double(sizes.count - 1) + 1.2
    let cell = width / Double(packing.count)
    var flat = 0
    for (step, size) in sizes.enumerated() {
      for sequence in packing.order.prefix(size) {
        diagram.box(
          text(sequence, step), x: -0.6 + cell * (Double(flat) + 0.5), y: below - 1.6,
          width: cell * 0.94, height: 0.7, color: color(sequence), opacity: 0.25)
        flat += 1
      }
    }
    diagram.text("flat:", x: -1.4, y: below - 1.6)
    for (place, sequence) in packing.order.enumerated() {
      diagram.text("no. \(sequence + 1)", x: -1.4, y: Double(-place))
    }
    return diagram
  }
}
