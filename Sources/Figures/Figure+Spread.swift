extension Figure {
  /// A band between two lines: a spread over seeds, a confidence interval.
  public mutating func fillBetween(
    x: some Sequence<some PlotNumber>, low: some Sequence<some PlotNumber>,
    high: some Sequence<some PlotNumber>, label: String? = nil, color: Color? = nil,
    opacity: Double = 0.2
  ) {
    let (x, low, high) = (x.plotted, low.plotted, high.plotted)
    requireSameCount("fillBetween", ("x", x.count), ("low", low.count), ("high", high.count))
    let color = take(color).spec
    marks.append(
      Mark(
        label: label, kind: "band", table: Table(columns: [x, low, high]),
        layout: .rows([.x, .y, .y]),
        plots: [
          "using 1:2:3 with filledcurves lc \(color)"
            + " fs transparent solid \(opacity.text) noborder"
        ],
        thinning: .band(alone: "using 1:2:(0):($3-$2) with vectors nohead lc \(color) lw 3.5"),
        values: low + high))
  }

  /// Points with a bar of `error` up and down.
  public mutating func errorBars(
    x: some Sequence<some PlotNumber>, y: some Sequence<some PlotNumber>,
    errors: some Sequence<some PlotNumber>, label: String? = nil, color: Color? = nil,
    marker: Marker = .circle
  ) {
    let (x, y, errors) = (x.plotted, y.plotted, errors.plotted)
    requireSameCount("errorBars", ("x", x.count), ("y", y.count), ("errors", errors.count))
    marks.append(
      Mark(
        label: label, kind: "points with error bars", table: Table(columns: [x, y, errors]),
        layout: .rows([.x, .y, .error]),
        plots: [
          "using 1:2:3 with yerrorbars lc \(take(color).spec) lw 2.5"
            + " pt \(marker.rawValue) ps 1.5"
        ], values: y))
  }

  /// A thin upright line from zero to each value.
  public mutating func impulses(
    x: some Sequence<some PlotNumber>, y: some Sequence<some PlotNumber>, label: String? = nil,
    color: Color? = nil, width: Double = 3
  ) {
    let (x, y) = (x.plotted, y.plotted)
    requireSameCount("impulses", ("x", x.count), ("y", y.count))
    let color = take(color).spec
    marks.append(
      Mark(
        label: label, kind: "impulses", table: Table(columns: [x, y]),
        layout: .rows([.x, .y]),
        plots: [
          "using 1:2 with impulses lc \(color) lw \(width.text)",
          "using 1:2 with points lc \(color) pt 7 ps \((width * 0.35).text)",
        ], thinning: .impulses, startsAtZero: true, values: y))
  }

  /// How often values fall into each of `bins` equal parts of `range` (by default from the least
  /// to the largest). NaN and infinite values are left out; those outside the range are not counted.
  public mutating func histogram(
    _ values: some Sequence<some PlotNumber>, bins: Int = 30, range: ClosedRange<Double>? = nil,
    label: String? = nil, color: Color? = nil
  ) {
    if bins < 1 { fatalError("Figure.histogram: \(bins) bins; there must be at least one") }
    if let range, !range.lowerBound.isFinite || !range.upperBound.isFinite {
      fatalError("Figure.histogram: range \(range) has no end; both must be finite")
    }
    let numbers = values.plotted.filter(\.isFinite)
    let low = range?.lowerBound ?? numbers.min() ?? .nan
    let high = range?.upperBound ?? numbers.max() ?? .nan
    // Divided first: the distance itself may be too large for a number.
    let width =
      high > low ? high / Double(bins) - low / Double(bins) : Swift.max(1, abs(low) / 1000)
    var counts = [Double](repeating: 0, count: bins)
    for number in numbers where number >= low && number <= high {
      counts[Swift.min(Int(number / width - low / width), bins - 1)] += 1
    }
    let left = counts.indices.map { low + Double($0) * width }
    let overlaid = marks.contains { $0.kind == "histogram" }
    marks.append(
      Mark(
        label: label, kind: "histogram",
        table: Table(columns: [left, left.map { $0 + width }, counts]),
        layout: .rows([.x, .x, .y]),
        plots: [
          "using (($1+$2)/2):3:1:2:(0):3 with boxxyerror lc \(take(color).spec)"
            + " fs transparent solid \(overlaid ? 0.55 : 0.8) border lc rgb '#ffffff'"
        ], startsAtZero: true, values: numbers))
  }
}
