import ChapterTools
import UnrollChapter

extension SequenceData {
  typealias Sets = (training: Windows, validation: Windows)

  /// For each way to divide, the hours at which training and validation windows begin. Those of the
  /// clean validation part are counted from `border`.
  static func beginnings(leaky: Sets, clean: Sets, border: Int) -> Figure {
    let panels = [("Cut, then shuffle", leaky, 0), ("Split, then cut", clean, border)].map {
      title, sets, offset in
      var figure = Figure(title, x: "hour the window begins at", y: Axis("", min: -0.5, max: 1.5))
      figure.y.ticks = .at([(0, "validation"), (1, "training")])
      for (height, set, own) in [(1, sets.training, 0), (0, sets.validation, offset)] {
        figure.points(
          x: set.starts.map { $0 + own }, y: set.starts.map { _ in height },
          color: height == 1 ? .blue : .orange, size: 0.7)
      }
      return figure
    }
    return .grid("Where the windows begin", columns: 1, panels, sharesX: true, size: .flat)
  }

  /// A series filled one way, about its longest gap.
  static func filledHours(
    _ name: String, _ rmse: Double, grid: TimeSeries, filled: [Double], truth: TimeSeries,
    missing: [Int]
  ) -> Figure {
    let middle = longestRun(missing)
    let rows = max(0, middle.lowerBound - 14)..<min(grid.count, middle.upperBound + 14)
    // The mean of an hour stands in its middle.
    let moments = rows.map { grid.times[$0] + 1800 }
    var figure = Figure(
      name + String(format: ", error over all gaps %.2f °C", rmse), x: .dates("day and hour"),
      y: "°C")
    let ends = grid.times[rows.lowerBound]...grid.times[rows.upperBound - 1]
    let within = truth.times.indices.filter { ends.contains(truth.times[$0]) }
    figure.line(
      x: within.map { truth.times[$0] }, y: within.map { truth["temperature"][$0] },
      label: "truth", color: .gray, style: .dashed, width: 2.5)
    figure.line(x: moments, y: rows.map { filled[$0] }, label: "filled", color: .orange, width: 2.5)
    figure.points(
      x: moments, y: rows.map { grid["temperature"][$0] }, label: "mean of the hour", color: .blue,
      size: 1)
    return figure
  }

  /// The longest run of numbers that follow one another.
  private static func longestRun(_ rows: [Int]) -> Range<Int> {
    var best = 0..<0, current = 0..<0
    for row in rows {
      current = current.upperBound == row ? current.lowerBound..<row + 1 : row..<row + 1
      if current.count > best.count { best = current }
    }
    return best
  }

  /// A monthly series over its years.
  static func monthly(_ series: TimeSeries, _ label: String) -> Figure {
    var figure = Figure("", x: "year", y: Axis(label))
    figure.line(
      x: series.times.map { stamp in
        let time = CivilTime(stamp: stamp)
        return Double(time.year) + Double(time.month - 1) / 12
      }, y: series.columns[0], width: 2.5)
    return figure
  }

  /// Windows of a series, each in a row of its own below it, so that what two of them share stands in
  /// both.
  static func overlap(_ values: [Double], width: Int, count: Int, unit: String) -> Figure {
    let shown = width + count - 1
    var series = Figure("\(shown) hours", x: "hour", y: Axis(unit))
    series.line(x: 0..<shown, y: values[..<shown], markers: true)
    var rows = [[Double]](repeating: [Double](repeating: .nan, count: shown), count: count)
    for window in 0..<count {
      for step in 0..<width { rows[window][window + step] = values[window + step] }
    }
    var cells = Figure("the windows that begin at each hour", x: "hour", y: "window")
    cells.heatmap(rows)
    cells.colorBar.label = unit
    return .grid(
      "Windows of \(width) hours, one beginning each hour", columns: 1, [series, cells],
      sharesX: true)
  }

  /// A small array `[time, batch(, 1)]` as cells, a row for each sequence in its color; what lies
  /// beyond its length is gray.
  static func cells(_ array: NDArray, _ title: String, _ lengths: [Int]) -> Figure {
    let flat = array.reshaped([array.shape[0], array.shape[1]]).transposed
    var diagram = Diagram(title)
    for (row, length) in lengths.enumerated() {
      for (step, value) in flat[row].doubles.enumerated() {
        diagram.box(
          String(format: "%.0f", value), x: Double(step), y: Double(-row), width: 0.94,
          height: 0.94, color: step < length ? UnequalBatch.colors[row] : .gray,
          opacity: step < length ? 0.25 : 0.06)
      }
      diagram.text("no. \(row + 1)", x: -1.3, y: Double(-row))
    }
    for step in 0..<flat.shape[1] { diagram.text("\(step + 1)", x: Double(step), y: 0.9) }
    diagram.text("step", x: -1.3, y: 0.9)
    return Figure(diagram)
  }
}
