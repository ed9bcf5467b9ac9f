extension Figure {
  /// A line across the whole plot at a height (matplotlib's `axhline`), named at its right end.
  public mutating func horizontalLine(
    y: Double, label: String? = nil, color: Color = .gray, style: LineStyle = .dashed
  ) {
    marks.append(
      Mark(
        label: label, kind: "horizontal line at \(y.brief)",
        fitted: { figure, mark in
          guard figure.y.shows(y) else { return [] }
          let at = figure.y.place(y)
          let line =
            "set arrow from graph 0, first \(at) to graph 1, first \(at) nohead"
            + " lc \(color.spec) dt \(style.rawValue) lw 2.5"
          guard let label = mark.label else { return [line] }
          return [
            line,
            "set label \(label.quoted) at graph 0.99, first \(at) right offset 0,0.55"
              + " front textcolor \(color.textSpec)",
          ]
        }))
  }

  /// A line from bottom to top at a place (matplotlib's `axvline`), named at its upper end.
  public mutating func verticalLine(
    x: some PlotNumber, label: String? = nil, color: Color = .gray, style: LineStyle = .dashed
  ) {
    let x = x.plotted
    marks.append(
      Mark(
        label: label, kind: "vertical line at \(x.brief)",
        fitted: { figure, mark in
          guard figure.x.shows(x) else { return [] }
          let at = figure.x.place(x)
          return [
            "set arrow from first \(at), graph 0 to first \(at), graph 1 nohead"
              + " lc \(color.spec) dt \(style.rawValue) lw 2.5"
          ] + (mark.label.map { [figure.sideLabel($0, x: x, color: color)] } ?? [])
        }))
  }

  /// A tinted part of the plot from one x to another (matplotlib's `axvspan`), named at its top:
  /// training, validation, test. An infinite end is the plot's.
  public mutating func shade<Number: PlotNumber>(
    x: ClosedRange<Number>, label: String? = nil, color: Color = .gray, opacity: Double = 0.12
  ) {
    let (low, high) = (x.lowerBound.plotted, x.upperBound.plotted)
    marks.append(
      Mark(
        label: label, kind: "shaded part from \(low.brief) to \(high.brief)",
        fitted: { figure, mark in
          let left = figure.x.shows(low) ? "first \(figure.x.place(low))" : "graph 0"
          let right = figure.x.shows(high) ? "first \(figure.x.place(high))" : "graph 1"
          let tint =
            "set object rectangle from \(left), graph 0 to \(right), graph 1"
            + " behind fc \(color.textSpec) fs transparent solid \(opacity.text) noborder"
          guard let label = mark.label else { return [tint] }
          let middle =
            figure.x.shows(low) && figure.x.shows(high)
            ? "first \(figure.x.place((low + high) / 2))" : "graph 0.5"
          return [
            tint,
            "set label \(label.quoted) at \(middle), graph 0.955 center"
              + " front textcolor rgb '#4b5563'",
          ]
        }))
  }

  /// A note. With `pointingTo` it stands at (x, y) and an arrow goes from it to that point.
  public mutating func annotate(
    _ text: String, x: some PlotNumber, y: some PlotNumber,
    pointingTo target: (x: Double, y: Double)? = nil, color: Color = .black
  ) {
    let (x, y) = (x.plotted, y.plotted)
    marks.append(
      Mark(
        label: text, kind: "note",
        fitted: { figure, mark in
          guard figure.x.shows(x), figure.y.shows(y) else { return [] }
          let at = figure.place(x, y)
          var side = "center"
          var commands: [String] = []
          if let target, figure.x.shows(target.x), figure.y.shows(target.y) {
            side = target.x < x ? "left offset 0.5,0" : "right offset -0.5,0"
            commands.append(
              "set arrow from \(at) to \(figure.place(target.x, target.y))"
                + " head filled size screen 0.009,20 lc \(color.spec) lw 2 front")
          }
          return commands + [
            "set label \((mark.label ?? "").quoted) at \(at) \(side) front textcolor \(color.textSpec)"
          ]
        }))
  }
}

extension Figure {
  /// The name of an upright line at its upper end, on the side that has more room.
  private func sideLabel(_ text: String, x place: Double, color: Color) -> String {
    let isRight = extent(of: .x).map { place > ($0.low + $0.high) / 2 } ?? false
    let text = text.wrapped(to: plotWidth * 0.46 / (Double(textSize) * 96 / 72))
    return "set label \(text.quoted) at first \(x.place(place)), graph 0.96"
      + " \(isRight ? "right offset -0.6,0" : "left offset 0.6,0") front"
      + " textcolor \(color.textSpec)"
  }
}
