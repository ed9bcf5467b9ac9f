extension Figure {
  /// The whole script, its style included.
  func script(name: String) throws(FigureError) -> Script {
    var script = Script()
    script.add("# \(title.oneLine)", "# Draw it again: gnuplot \(name).gp", "")
    script.add("figure_width = \(size.width)", "figure_height = \(size.height)", "")
    script.add(Style.base)
    script.addOutput()
    try placingBars().addPlot(to: &script)
    script.add("unset output")
    return script
  }

  /// The commands and data of one plot.
  func addPlot(to script: inout Script) throws(FigureError) {
    try checkValues()
    var elements: [String] = []
    for mark in marks {
      for command in mark.commands { script.add(command) }
      guard let table = mark.table else { continue }
      let data = script.add(table)
      for (part, plot) in mark.plots.enumerated() {
        let legend = part == 0 ? mark.label.map { "title \($0.quoted)" } : nil
        elements.append("\(data) \(plot) \(legend ?? "notitle")")
      }
    }
    script.add("")
    for command in titleCommands + x.commands("x") + y.commands("y") { script.add(command) }
    script.add("plot " + elements.joined(separator: ", \\\n     "))
  }

  /// Title and legend. A legend above the plot carries the title too, because gnuplot would put
  /// it above the title otherwise.
  private var titleCommands: [String] {
    guard legend == .above, marks.contains(where: { $0.label != nil }) else {
      return ["set title \(title.quoted)", "set key \(legend.rawValue)"]
    }
    return ["set key \(legend.rawValue) title \(title.quoted) center font title_font"]
  }

  private func checkValues() throws(FigureError) {
    if marks.isEmpty { throw .nothingToDraw(figure: title.oneLine, series: "it") }
    for (index, mark) in marks.enumerated() {
      if let values = mark.values, !values.contains(where: \.isFinite) {
        let name = mark.label.map { "\(mark.kind) '\($0.oneLine)'" }
        throw .nothingToDraw(
          figure: title.oneLine, series: name ?? "\(mark.kind) (number \(index + 1))")
      }
    }
  }
}

enum Style {
  static let base = String(decoding: PackageResources.style_gp, as: UTF8.self)
}
