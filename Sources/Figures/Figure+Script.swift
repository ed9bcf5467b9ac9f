extension Figure {
  /// The whole script, its style included.
  func script(name: String) throws(FigureError) -> Script {
    var script = Script()
    script.add("# \(title.oneLine)", "# Draw it again: gnuplot \(name).gp", "")
    script.add("figure_width = \(size.width)", "figure_height = \(size.height)")
    script.add("figure_text = \(panels?.textSize ?? textSize)", "")
    script.add(Style.base)
    script.addOutput()
    if let panels {
      try panels.addPlots(to: &script, of: self)
    } else {
      try placingBars().addPlot(to: &script)
    }
    script.add("unset output")
    return script
  }

  /// The commands and data of one plot.
  func addPlot(to script: inout Script) throws(FigureError) {
    try checkValues()
    var styles: [Style] = []
    for style in marks.flatMap(\.styles) where !styles.contains(style) { styles.append(style) }
    for style in styles { script.add("", style.script) }

    var elements: [String] = []
    for mark in marks {
      for command in mark.commands + (mark.fitted?(self) ?? []) { script.add(command) }
      guard let table = mark.table else { continue }
      let data = script.add(table)
      for (part, plot) in mark.plots.enumerated() {
        let legend = part == 0 ? mark.label.map { "title \($0.quoted)" } : nil
        elements.append("\(data) \(plot) \(legend ?? "notitle")")
      }
    }
    let isSolid = marks.contains(where: \.isSolid)
    var colorBar = colorBar
    if isSolid && z.scale == .log { colorBar.scale = .log }
    let y = isSolid ? y : y.namingDecades(of: marks.flatMap { $0.values ?? [] })
    let axes = [("x", x), ("y", y)] + (isSolid ? [("z", z)] : []) + [("cb", colorBar)]
    script.add("")
    for command in titleCommands { script.add(command) }
    for (name, axis) in axes {
      for command in axis.commands(name, tiltingOver: name == "x" ? tickRoom : nil) {
        script.add(command)
      }
    }
    if elements.isEmpty { elements = ["NaN notitle"] }
    script.add((isSolid ? "splot " : "plot ") + elements.joined(separator: ", \\\n     "))
  }

  /// Title and legend. A legend above the plot carries the title too, because gnuplot would put
  /// it above the title otherwise.
  private var titleCommands: [String] {
    let isSolid = marks.contains(where: \.isSolid)
    guard legend == .above, marks.contains(where: { $0.label != nil && !$0.plots.isEmpty }),
      !isSolid
    else {
      let corner = isPanel ? "inside left top vertical" : "at screen 0.03,0.88 left top vertical"
      let key = isSolid && legend == .above ? corner : legend.rawValue
      return ["set title \(fittedTitle.quoted)", "set key \(key)"]
        + (view.map { ["set view \($0.tilt.text), \($0.turn.text)"] } ?? [])
    }
    return ["set key \(legend.rawValue) title \(fittedTitle.quoted) center font title_font"]
  }

  /// The letters a tick label of the horizontal axis has room for, where its ticks are given.
  private var tickRoom: Int? {
    guard case .at(let places) = x.ticks, !places.isEmpty else { return nil }
    return Int(plotWidth / Double(places.count) / Self.letterWidth(Double(textSize) * 0.9))
  }

  private func checkValues() throws(FigureError) {
    if marks.isEmpty { throw .nothingToDraw(figure: title.oneLine, series: "it") }
    let drawable: (Double) -> Bool =
      y.scale == .log && !horizontalBars ? { $0.isFinite && $0 > 0 } : { $0.isFinite }
    for (index, mark) in marks.enumerated() {
      if let values = mark.values, !values.contains(where: mark.isSolid ? \.isFinite : drawable) {
        let name = mark.label.map { "\(mark.kind) '\($0.oneLine)'" }
        throw .nothingToDraw(
          figure: title.oneLine, series: name ?? "\(mark.kind) (number \(index + 1))")
      }
    }
  }
}
