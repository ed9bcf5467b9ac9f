import Figures

/// All rows beside what the machine could do: to the right the time that its peak leaves for a step,
/// upward the time that the step took. The line is the limit; nobody is below it.
enum Roofline {
  static func figure(_ rows: [Measurement], processor: String) -> Figure {
    let rows = rows.filter { $0.floor != nil }
    var figure = Figure(
      "A training step beside the machine's limit (\(processor))",
      x: .log("ms at the machine's peak"), y: .log("ms measured"))
    let floors = rows.map { $0.floor! * 1e3 }
    let ends = [floors.min() ?? 1, floors.max() ?? 1]
    figure.line(x: ends, y: ends, label: "the limit", color: .black, style: .dashed)
    for threads in Set(rows.map(\.threads)).sorted() {
      let some = rows.filter { $0.threads == threads }
      let noun = threads == 1 ? "1 thread" : "\(threads) threads"
      func points(_ name: String, _ color: Color, _ seconds: (Measurement) -> Double?) {
        let found = some.compactMap { row in
          seconds(row).map { (row.floor! * 1e3, $0 * 1e3) }
        }
        if !found.isEmpty {
          figure.points(
            x: found.map(\.0), y: found.map(\.1), label: "\(name), \(noun)", color: color,
            marker: threads == 1 ? .circle : .square, size: threads == 1 ? 1.5 : 1)
        }
      }
      points("unroll", .blue) { $0.ours }
      points("PyTorch", .vermilion) { $0.peer }
      points("JAX", .green) { $0.jax }
    }
    return figure
  }
}
