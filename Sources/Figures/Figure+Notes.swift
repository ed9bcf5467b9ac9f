extension Figure {
  /// A line across the whole plot at a height (matplotlib's `axhline`), named at its right end.
  public mutating func horizontalLine(
    y: Double, label: String? = nil, color: Color = .grey, style: LineStyle = .dashed
  ) {
    let at = y.text
    var commands = [
      "set arrow from graph 0, first \(at) to graph 1, first \(at) nohead"
        + " lc \(color.spec) dt \(style.rawValue) lw 2.5"
    ]
    if let label {
      commands.append(
        "set label \(label.quoted) at graph 0.99, first \(at) right offset 0,0.55"
          + " front textcolor \(color.textSpec)")
    }
    marks.append(Mark(label: label, kind: "horizontal line at \(y.brief)", commands: commands))
  }

  /// A line from bottom to top at a place (matplotlib's `axvline`), named at its upper end.
  public mutating func verticalLine(
    x: some PlotNumber, label: String? = nil, color: Color = .grey, style: LineStyle = .dashed
  ) {
    let at = x.plotted.text
    marks.append(
      Mark(
        label: label, kind: "vertical line at \(x.plotted.brief)",
        commands: [
          "set arrow from first \(at), graph 0 to first \(at), graph 1 nohead"
            + " lc \(color.spec) dt \(style.rawValue) lw 2.5"
        ], fitted: label.map { Self.sideLabel($0, x: x.plotted, color: color) }))
  }

  /// A tinted part of the plot from one x to another (matplotlib's `axvspan`), named at its top:
  /// training, validation, test.
  public mutating func shade<Number: PlotNumber>(
    x: ClosedRange<Number>, label: String? = nil, color: Color = .grey, opacity: Double = 0.12
  ) {
    let (low, high) = (x.lowerBound.plotted, x.upperBound.plotted)
    var commands = [
      "set object rectangle from first \(low.text), graph 0 to first \(high.text), graph 1"
        + " behind fc \(color.textSpec) fs transparent solid \(opacity.text) noborder"
    ]
    if let label {
      commands.append(
        "set label \(label.quoted) at first \(((low + high) / 2).text), graph 0.955 center"
          + " front textcolor rgb '#4b5563'")
    }
    marks.append(
      Mark(
        label: label, kind: "shaded part from \(low.brief) to \(high.brief)", commands: commands))
  }

  /// A note. With `pointingTo` it stands at (x, y) and an arrow goes from it to that point.
  public mutating func annotate(
    _ text: String, x: some PlotNumber, y: some PlotNumber,
    pointingTo target: (x: Double, y: Double)? = nil, color: Color = .black
  ) {
    let at = "\(x.plotted.text),\(y.plotted.text)"
    var commands: [String] = []
    if let target {
      commands.append(
        "set arrow from \(at) to \(target.x.text),\(target.y.text)"
          + " head filled size screen 0.009,20 lc \(color.spec) lw 2 front")
    }
    let isLeft = target.map { $0.x < x.plotted } ?? false
    let side = target == nil ? "center" : isLeft ? "left offset 0.5,0" : "right offset -0.5,0"
    commands.append("set label \(text.quoted) at \(at) \(side) front textcolor \(color.textSpec)")
    marks.append(Mark(label: text, kind: "note", commands: commands))
  }
}

extension Figure {
  /// The name of an upright line at its upper end, on the side that has more room.
  private static func sideLabel(
    _ text: String, x: Double, color: Color
  ) -> @Sendable (Figure) -> [String] {
    { figure in
      let isRight = figure.horizontalExtent.map { x > ($0.low + $0.high) / 2 } ?? false
      let letters = Int(figure.plotWidth * 0.46 / letterWidth(Double(figure.textSize)))
      return [
        "set label \(text.wrapped(to: letters).quoted) at first \(x.text), graph 0.96"
          + " \(isRight ? "right offset -0.6,0" : "left offset 0.6,0") front"
          + " textcolor \(color.textSpec)"
      ]
    }
  }

  /// From where to where the horizontal axis goes, as far as that is known.
  private var horizontalExtent: (low: Double, high: Double)? {
    let xs = marks.filter { $0.styles.isEmpty }.compactMap(\.table).flatMap { table in
      stride(from: 0, to: table.values.count, by: table.columns).map { table.values[$0] }
    }.filter(\.isFinite)
    guard let low = x.min ?? xs.min(), let high = x.max ?? xs.max() else { return nil }
    return (low, high)
  }
}
