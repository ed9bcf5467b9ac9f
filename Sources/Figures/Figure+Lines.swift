extension Figure {
  /// A line through (x, y). NaN in `y` is a gap.
  public mutating func line(
    x: some Sequence<some PlotNumber>, y: some Sequence<some PlotNumber>, label: String? = nil,
    color: Color? = nil, style: LineStyle = .solid, width: Double = 3.5, markers: Bool = false
  ) {
    let (x, y) = (x.plotted, y.plotted)
    requireSameCount("line", ("x", x.count), ("y", y.count))
    let with = markers ? "linespoints pt 7 ps 1.3" : "lines"
    marks.append(
      Mark(
        label: label, kind: "line", table: Table(columns: [x, y]),
        plots: [
          "using 1:2 with \(with) lc \(take(color).spec) dt \(style.rawValue) lw \(width.text)"
        ], values: y))
  }

  /// A line through (0, y₀), (1, y₁), …
  public mutating func line(
    y: some Sequence<some PlotNumber>, label: String? = nil, color: Color? = nil,
    style: LineStyle = .solid, width: Double = 3.5, markers: Bool = false
  ) {
    let y = y.plotted
    line(
      x: y.indices, y: y, label: label, color: color, style: style, width: width,
      markers: markers)
  }

  /// Points at (x, y).
  public mutating func points(
    x: some Sequence<some PlotNumber>, y: some Sequence<some PlotNumber>, label: String? = nil,
    color: Color? = nil, marker: Marker = .circle, size: Double = 1.5
  ) {
    let (x, y) = (x.plotted, y.plotted)
    requireSameCount("points", ("x", x.count), ("y", y.count))
    marks.append(
      Mark(
        label: label, kind: "points", table: Table(columns: [x, y]),
        plots: [
          "using 1:2 with points lc \(take(color).spec) pt \(marker.rawValue) ps \(size.text)"
        ], values: y))
  }
}
