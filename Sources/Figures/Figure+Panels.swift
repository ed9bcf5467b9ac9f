extension Figure {
  /// Several figures in one picture, row by row, under one title. Their own sizes do not matter.
  public static func grid(
    _ title: String, columns: Int = 2, _ figures: [Figure], size: Size? = nil
  ) -> Figure {
    if columns < 1 { fatalError("Figure.grid: \(columns) columns; there must be at least one") }
    let rows = (figures.count + columns - 1) / columns
    let high = columns == 1 ? 430 : columns == 2 ? 560 : 480
    var figure = Figure(title)
    figure.size = size ?? Size(width: 1500, height: 80 + Swift.max(rows, 1) * high)
    figure.panels = Panels(figures: figures, rows: rows, columns: columns)
    return figure
  }

  /// The figures of a `grid`, to be changed in place; empty in any other figure.
  public var parts: [Figure] {
    get { panels?.figures ?? [] }
    set { panels?.figures = newValue }
  }
}

/// The figures of a picture of several.
struct Panels: Sendable {
  var figures: [Figure]
  var rows: Int
  var columns: Int

  var textSize: Int { columns == 1 ? 20 : columns == 2 ? 17 : 14 }

  func addPlots(to script: inout Script, of whole: Figure) throws(FigureError) {
    if figures.isEmpty { throw .nothingToDraw(figure: whole.title.oneLine, series: "it") }
    var headed = whole
    headed.textSize = textSize
    for command in whole.commands { script.add(command) }
    let text = headed.fittedTitle.text
    let title =
      text.isEmpty
      ? "" : " title \((text + "\n").quoted) font \(headed.titleFont) textcolor rgb ink"
    script.add("set multiplot layout \(rows),\(columns) scale 0.98,\(rows > 1 ? 0.95 : 1)\(title)")
    script.add("title_font = 'DejaVu Sans:Bold,'.figure_text", "set title font title_font")
    for (index, figure) in figures.enumerated() {
      var figure = figure
      figure.size = Figure.Size(
        width: whole.size.width / columns, height: whole.size.height / rows)
      figure.textSize = textSize
      figure.isPanel = true
      figure.letterEms = whole.letterEms
      script.add("", "# Panel \(index + 1)")
      if index > 0 { script.add(Style.panel.script) }
      try figure.placingBars().addPlot(to: &script)
    }
    script.add("unset multiplot")
  }
}
