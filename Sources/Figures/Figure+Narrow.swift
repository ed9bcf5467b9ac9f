extension Figure {
  /// The figure for a screen of a hand's width: 780 pixels wide, its panels one below the other, its
  /// text as large as can be read there at half its width. nil where there is no room for it: for
  /// surfaces, bars with their names beside them, and a drawing or pictures alone, which are as wide as
  /// their smallest text asks for (`readableWidth`). Of several one is wide enough.
  package var narrow: Figure? {
    if needsWidth || panels == nil && isDrawn || parts.contains(where: \.needsWidth) { return nil }
    var figure = self
    figure.size.width = 780
    guard var panels else {
      let high = Double(size.height) / Double(size.width) * 780 * 1.2
      figure.size.height = Int(Swift.min(Swift.max(high, 520), 900))
      figure.textSize = 20
      figure.leaveOutSmallValues()
      return figure
    }
    let shape =
      Double((size.height - 80) / Swift.max(panels.rows, 1))
      / (Double(size.width) / Double(panels.columns))
    (panels.rows, panels.columns) = (panels.figures.count, 1)
    figure.panels = panels
    figure.size.height =
      80 + panels.figures.count * Int(Swift.min(Swift.max(shape * 780, 440), 760))
    return figure
  }

  private var needsWidth: Bool { horizontalBars || marks.contains(where: \.isSolid) }

  private var isDrawn: Bool {
    marks.contains { $0.styles.contains(.diagram) || $0.styles.contains(.pictures) }
  }
}
