extension Figure {
  /// A line through (x, y). NaN in `y` is a gap; a value between two gaps is drawn as a point.
  ///
  /// Lines without a color take the palette's next, and when it begins anew the next style.
  public mutating func line(
    x: some Sequence<some PlotNumber>, y: some Sequence<some PlotNumber>, label: String? = nil,
    color: Color? = nil, style: LineStyle? = nil, width: Double = 3.5, markers: Bool = false
  ) {
    let (x, y) = (x.plotted, y.plotted)
    requireSameCount("line", ("x", x.count), ("y", y.count))
    let (color, round) = takeWithRound(color)
    let style = style ?? .cycle(round)
    let look = "lc \(color.spec) dt \(style.rawValue) lw \(width.text)"
    marks.append(
      Mark(
        label: label, kind: "line", table: Table(columns: [x, y]), layout: .rows([.x, .y]),
        plots: ["using 1:2 with \(markers ? "linespoints pt 7 ps 1.3" : "lines") \(look)"],
        thinning: .line(
          alone:
            "using 1:2 with points pt 7 ps \(((width * 35).rounded() / 100).text) lc \(color.spec)",
          isSolid: style == .solid, hasMarkers: markers),
        values: y))
  }

  /// A line through (0, y₀), (1, y₁), …
  public mutating func line(
    y: some Sequence<some PlotNumber>, label: String? = nil, color: Color? = nil,
    style: LineStyle? = nil, width: Double = 3.5, markers: Bool = false
  ) {
    let y = y.plotted
    line(
      x: y.indices, y: y, label: label, color: color, style: style, width: width,
      markers: markers)
  }

  /// Points at (x, y).
  public mutating func points(
    x: some Sequence<some PlotNumber>, y: some Sequence<some PlotNumber>, label: String? = nil,
    color: Color? = nil, marker: Marker? = nil, size: Double = 1.5
  ) {
    let (x, y) = (x.plotted, y.plotted)
    requireSameCount("points", ("x", x.count), ("y", y.count))
    let (color, round) = takeWithRound(color)
    let marker = marker ?? .cycle(round)
    marks.append(
      Mark(
        label: label, kind: "points", table: Table(columns: [x, y]), layout: .rows([.x, .y]),
        plots: [
          "using 1:2 with points lc \(color.spec) pt \(marker.rawValue) ps \(size.text)"
        ], thinning: .points, values: y))
  }
}
