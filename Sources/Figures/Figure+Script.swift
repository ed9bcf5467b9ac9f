extension Figure {
  /// The whole script, its style included.
  func script(
    name: String, format: PictureFormat = .png, theme: Theme = .light
  ) throws(FigureError) -> Script {
    var script = Script()
    script.add("# \(title.oneLine)", "# Draw it again: gnuplot \(name.oneLine).gp", "")
    script.add("figure_width = \(size.width)", "figure_height = \(size.height)")
    script.add("figure_text = \(panels?.textSize ?? textSize)", "")
    script.add(Style.base)
    if let terminal = format.terminal { script.add(terminal) }
    script.addOutput()
    var figure = self
    figure.letterEms = format.letterEms
    if let panels {
      try panels.addPlots(to: &script, of: figure)
    } else {
      try figure.placingBars().addPlot(to: &script)
    }
    script.add("unset output")
    return script.mapCommands { format.adapted(theme.applied(to: $0)) }
  }

  /// The commands and data of one plot.
  func addPlot(to script: inout Script) throws(FigureError) {
    try checkValues()
    try settled().addSettledPlot(to: &script)
  }

  private func addSettledPlot(to script: inout Script) throws(FigureError) {
    var styles: [Style] = []
    for style in marks.flatMap(\.styles) where !styles.contains(style) { styles.append(style) }
    for style in styles { script.add("", style.script) }

    let legendText = legendText()
    var names = legendText.names.makeIterator()
    var elements: [String] = []
    for mark in marks {
      for command in mark.commands + (mark.fitted?(self, mark) ?? []) { script.add(command) }
      let name = mark.hasLegend ? names.next() ?? [] : []
      guard let table = mark.table else {
        elements += mark.plots.enumerated().map { number, plot in
          "\(plot) " + (number == 0 && !name.isEmpty ? "title \(name[0].quoted)" : "notitle")
        }
        elements += name.dropFirst().map { "keyentry title \($0.quoted)" }
        continue
      }
      for (part, drawn) in drawn(mark, table).enumerated() {
        let data = script.add(drawn.blocks.map { moved($0, mark.layout) })
        for (number, plot) in drawn.plots.enumerated() {
          let isNamed = part == 0 && number == 0 && !name.isEmpty
          elements.append("\(data.name) \(plot) \(isNamed ? data.title(name[0]) : "notitle")")
        }
      }
      elements += name.dropFirst().map { "keyentry title \($0.quoted)" }
    }
    if let rest = legendText.rest { elements.append("keyentry title \(rest.quoted)") }
    let isSolid = marks.contains(where: \.isSolid)
    var colorBar = colorBar
    if isSolid && z.scale == .log { colorBar.scale = .log }
    let y = isSolid ? y : y.namingDecades(of: marks.flatMap { $0.values ?? [] })
    let axes = [("x", x), ("y", y)] + (isSolid ? [("z", z)] : []) + [("cb", colorBar)]
    script.add("")
    for command in titleCommands(legendText) { script.add(command) }
    for (name, axis) in axes {
      for command in fitted(axis, name).commands(name, tiltingOver: name == "x" ? tickRoom : nil) {
        script.add(command)
      }
    }
    for command in marginCommands { script.add(command) }
    for command in commands { script.add(command) }
    if elements.isEmpty { elements = ["NaN notitle"] }
    script.add((isSolid ? "splot " : "plot ") + elements.joined(separator: ", \\\n     "))
  }

  /// An axis with its label in as many lines as it needs, and no more names than can be read.
  private func fitted(_ axis: Axis, _ name: String) -> Axis {
    var axis = axis
    let em = Double(textSize) * 96 / 72
    axis.label = axis.label.wrapped(to: Swift.max(plotWidth, 8 * em) / em)
    if name == "y" { axis.label = axis.label.wrapped(to: Double(size.height) * 0.8 / em) }
    if case .at(let places) = axis.ticks, name == "x" || name == "y", places.count > 1 {
      // Tilted names need the height of a line each.
      let line = tickSize * 96 / 72
      let room = Swift.max(1, (name == "x" ? plotWidth : plotHeight) / line)
      let every = Int((Double(places.count) / room).rounded(.up))
      axis.ticks = .at(
        places.enumerated().filter { $0.offset % every == 0 }.map { place in
          (place.element.0, place.element.1.wrapped(to: name == "x" ? 24 : 30))
        })
    }
    return axis
  }

  /// Room for the labels that were given, for which gnuplot leaves as much as for its own: the last
  /// of the horizontal axis, which it would cut off, those of several lines, and long ones of colors.
  private var marginCommands: [String] {
    let letter = Double(textSize) * 96 / 72 * letterEms
    var commands: [String] = []
    let hasColors = marks.contains { $0.styles.contains(.heatmap) }
    if hasColors, case .at(let places) = colorBar.ticks, let widest = places.map(\.1.ems).max() {
      let pixels = widest * tickSize * 96 / 72 + (colorBar.label.isEmpty ? 0 : 2 * tickSize)
      commands.append("set rmargin \(Int(pixels / letter) + 6)")
    }
    guard case .at(let places) = x.ticks, let last = places.last, let tickRoom = tickRoom,
      !marks.contains(where: \.isSolid)
    else { return commands }
    if !hasColors, legend != .right, let (low, high) = extent(of: .x), high > low {
      let overhang =
        last.1.pixels(at: tickSize) / 2 - (high - last.0) / (high - low) * plotWidth
      if overhang > letter { commands.append("set rmargin \(Int(overhang / letter) + 2)") }
    }
    let lines = places.map(\.1.lines.count).max() ?? 1
    if lines > 1, places.map(\.1.ems).max() ?? 0 <= tickRoom {
      let below = Double(lines - 1) * 0.9
      let label = x.label.isEmpty ? 0 : 1.4 + Double(x.label.lines.count - 1)
      commands.append("set bmargin \((2.2 + below + label).text)")
      commands.append("set xlabel offset 0,\((-below).text)")
    }
    return commands
  }

  /// The title's font as gnuplot is told. Few machines have a bold one with Chinese, and strokes that a
  /// program makes thicker run together.
  var titleFont: String {
    let (text, points) = fittedTitle
    if text.unicodeScalars.contains(where: \.isWide) { return "'DejaVu Sans,\(points.text)'" }
    return points == (Double(textSize) * 1.12).rounded(.down)
      ? "title_font" : "'DejaVu Sans:Bold,\(points.text)'"
  }

  /// Title and legend. A legend above the plot carries the title too, because gnuplot would put
  /// it above the title otherwise.
  private func titleCommands(_ text: LegendText) -> [String] {
    let isSolid = marks.contains(where: \.isSolid)
    let title = fittedTitle
    let font = titleFont
    var look = ""
    if let points = text.points { look += " font 'DejaVu Sans,\(points.text)'" }
    // Or gnuplot begins a second column where names of its usual size would need one.
    if text.isOneColumn { look += " maxcols 1" }
    if abs(text.extraWidth) > 1.5 {
      look += " width \((1 + text.extraWidth.rounded(.up)).text)"
    }
    guard legend == .above, marks.contains(where: \.hasLegend), !isSolid else {
      let corner = isPanel ? "inside left top vertical" : "at screen 0.03,0.88 left top vertical"
      // The frame of a surface runs behind it.
      let key = isSolid && legend == .above ? corner + " opaque" : legend.rawValue
      return ["set title \(title.text.quoted)" + (font == "title_font" ? "" : " font \(font)")]
        + ["set key \(key)" + (legend == .none ? "" : look)]
        + (view.map { ["set view \($0.tilt.text), \($0.turn.text)"] } ?? [])
    }
    return [
      "set key \(legend.rawValue)\(look) title \(title.text.quoted) center font \(font)"
        + " textcolor rgb ink"
    ]
  }

  /// The ems that a label of the horizontal axis has room for, where they were given. Those of
  /// numbers and dates were chosen to fit.
  private var tickRoom: Double? {
    guard case .at(let places) = x.ticks, !places.isEmpty else { return nil }
    if extent(of: .x) != nil { return .infinity }
    return plotWidth / Double(places.count) / (tickSize * 96 / 72) - 0.5
  }

  private func checkValues() throws(FigureError) {
    if marks.isEmpty { throw .nothingToDraw(figure: title.oneLine, series: "it") }
    for (index, mark) in marks.enumerated() where !hasNumbers(mark) {
      let name = mark.label.map { "\(mark.kind) '\($0.oneLine)'" }
      throw .nothingToDraw(
        figure: title.oneLine, series: name ?? "\(mark.kind) (number \(index + 1))")
    }
  }

  /// Whether a mark has something to draw, or is of a kind without numbers.
  private func hasNumbers(_ mark: Mark) -> Bool {
    guard let values = mark.values else { return true }
    if case .rows(let columns) = mark.layout, let table = mark.table, !mark.startsAtZero {
      return (0..<table.rows).contains { shows(columns, table[$0]) }
    }
    let axis = mark.isSolid ? z : horizontalBars ? x : y
    return values.contains { mark.isSolid || horizontalBars ? $0.isFinite : axis.shows($0) }
  }
}
