import Figures

/// All rows beside what the machine could do: how many times as long each step took as at the peak of the
/// threads, where there is nothing to do but the products. Nearer to 1 is better.
enum Roofline {
  static func figure(_ rows: [Measurement], processor: String) -> Figure {
    let rows = rows.filter { $0.floor != nil }
    let panels = Set(rows.map(\.threads)).sorted().map { threads in
      panel(
        threads == 1 ? "1 thread" : "\(threads) threads", rows.filter { $0.threads == threads })
    }
    return Figure.grid(
      "Times as long as at the machine's peak (\(processor))", columns: panels.count, panels,
      size: Figure.Size(
        width: 1500, height: 160 + 80 * (panels.isEmpty ? 1 : rows.count / panels.count)))
  }

  private static func panel(_ title: String, _ rows: [Measurement]) -> Figure {
    var figure = Figure(title, x: .log("times as long as at the peak"))
    let names = rows.map(\.workload)
    func bars(_ library: String, _ color: Color, _ seconds: (Measurement) -> Double?) {
      let times = rows.map { row in seconds(row).map { $0 / row.floor! } ?? .nan }
      if times.contains(where: \.isFinite) {
        figure.bars(
          names, times, label: library, values: "%.1f", color: color, horizontal: true)
      }
    }
    bars("unroll", .blue) { $0.ours }
    bars("PyTorch", .vermilion) { $0.peer }
    bars("JAX", .green) { $0.jax }
    figure.verticalLine(x: 1, color: .black)
    return figure
  }
}
