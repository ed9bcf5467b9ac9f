extension Figure {
  /// Several figures in one picture, row by row, under one title. Their own sizes do not matter.
  ///
  /// With `sharesX` all have one horizontal axis: from the least of their numbers to the largest, and
  /// what happens at one time stands in one line.
  public static func grid(
    _ title: String, columns: Int = 2, _ figures: [Figure], sharesX: Bool = false, size: Size? = nil
  ) -> Figure {
    if columns < 1 { fatalError("Figure.grid: \(columns) columns; there must be at least one") }
    let rows = (figures.count + columns - 1) / columns
    let high = columns == 1 ? 430 : columns == 2 ? 560 : 480
    var figure = Figure(title)
    figure.size = size ?? Size(width: 1500, height: 80 + Swift.max(rows, 1) * high)
    figure.panels = Panels(figures: figures, rows: rows, columns: columns, sharesX: sharesX)
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
  var sharesX = false

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
    var panels = figures.map { figure in
      var figure = figure
      figure.size = Figure.Size(
        width: whole.size.width / columns, height: whole.size.height / rows)
      figure.textSize = textSize
      figure.isPanel = true
      figure.letterEms = whole.letterEms
      return figure
    }
    if sharesX { panels.shareX() }
    for (index, figure) in panels.enumerated() {
      script.add("", "# Panel \(index + 1)")
      if index > 0 { script.add(Style.panel.script) }
      try figure.placingBars().addPlot(to: &script)
    }
    script.add("unset multiplot")
  }
}

extension [Figure] {
  /// Gives the panels the same horizontal ends and the same margins beside the plot.
  fileprivate mutating func shareX() {
    let ends = map { panel in
      let data = panel.extent(of: .x)
      return (low: panel.x.min ?? data?.low, high: panel.x.max ?? data?.high)
    }
    let low = ends.compactMap(\.low).min(), high = ends.compactMap(\.high).max()
    let left = map(\.leftMargin).max() ?? 0
    // What the color bar's style asks for.
    let right = contains { $0.marks.contains { $0.styles.contains(.heatmap) } } ? 12 : 3
    for index in indices {
      (self[index].x.min, self[index].x.max) = (low, high)
      self[index].commands += ["set lmargin \(left)", "set rmargin \(right)"]
    }
  }
}

extension Figure {
  /// The letters that gnuplot leaves for numbers and label at the left.
  fileprivate var leftMargin: Int {
    let vertical = settled().y
    var names: [String] = ["0.0001"]
    switch vertical.ticks {
    case .at(let places): names = places.map(\.1)
    case .every(let step):
      guard let (low, high) = extent(of: .y) else { break }
      let first = (low / step).rounded(.down)
      names = [first, first + 1, (high / step).rounded(.up)].map { ($0 * step).formatted("%.6g") }
    case .automatic, .none: break
    }
    let em = Double(textSize) * 96 / 72
    let label = vertical.label.isEmpty ? 0 : em * 1.4 * Double(vertical.label.lines.count)
    let pixels = (names.map { $0.pixels(at: tickSize) }.max() ?? 0) + label + em
    return Int((pixels / (em * letterEms)).rounded(.up))
  }
}
