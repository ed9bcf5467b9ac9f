import Foundation

extension Figure {
  /// A matrix as colored cells, the first row on top; NaN is an empty cell.
  ///
  /// - Parameters:
  ///   - values: rows of one length, all of it `[row][column]`.
  ///   - rows: names of the rows; without them they are numbered from 0.
  ///   - columns: names of the columns; without them they are numbered from 0.
  ///   - palette: the colors, from small to large.
  ///   - range: the values at the palette's ends; by default the data's, for a diverging palette as
  ///     far below 0 as above.
  ///   - format: writes each value into its cell, as for `printf`.
  ///   - square: cells as high as wide.
  public mutating func heatmap(
    _ values: [[Double]], rows: [String]? = nil, columns: [String]? = nil,
    palette: Palette = .sequential, range: ClosedRange<Double>? = nil, values format: String? = nil,
    square: Bool = false
  ) {
    let width = values.first?.count ?? 0
    for (index, row) in values.enumerated() where row.count != width {
      fatalError("Figure.heatmap: row \(index) has \(row.count) values, row 0 has \(width)")
    }
    requireSameCount("heatmap", ("values", values.count), ("rows", rows?.count ?? values.count))
    requireSameCount("heatmap", ("a row", width), ("columns", columns?.count ?? width))
    let numbers = values.flatMap { $0 }
    let finite = numbers.filter(\.isFinite)
    let reach = finite.map(abs).max() ?? 1
    let ends =
      range ?? (palette == .diverging ? -reach...reach : (finite.min() ?? 0)...(finite.max() ?? 1))

    // A handful of cells is numbered one by one, where gnuplot would count in halves.
    if let rows { y.ticks = .named(rows) } else if values.count <= 12 { y.ticks = .every(1) }
    if let columns { x.ticks = .named(columns) } else if width <= 12 { x.ticks = .every(1) }
    (y.min, y.max) = (Double(values.count) - 0.5, -0.5)
    (x.min, x.max) = (-0.5, Double(width) - 0.5)
    if ends.lowerBound < ends.upperBound {
      (colorBar.min, colorBar.max) = (ends.lowerBound, ends.upperBound)
    }
    if square { aspect = Double(width) / Double(Swift.max(values.count, 1)) }
    marks.append(
      Mark(
        kind: "heat map of \(values.count) rows and \(width) columns",
        table: Self.cells(values), layout: .cells,
        plots: [Self.cellPlot(rows: values.count, columns: width)],
        commands: square ? ["set size ratio -1"] : [], styles: [.heatmap, palette.style],
        fitted: format.map { Self.cellTexts(values, format: $0, palette: palette, range: ends) },
        values: numbers))
  }

  /// The cells as numbers. gnuplot draws no image of a single row or column, so that is given
  /// twice, and drawn half as wide.
  private static func cells(_ values: [[Double]]) -> Table {
    let rows = values.count == 1 ? values + values : values
    let isNarrow = rows.first?.count == 1
    return Table(
      rows.flatMap { isNarrow ? $0 + $0 : $0 },
      columns: Swift.max(1, (rows.first?.count ?? 1) * (isNarrow ? 2 : 1)))
  }

  private static func cellPlot(rows: Int, columns: Int) -> String {
    func place(_ column: Int, _ count: Int) -> String {
      count == 1 ? "($\(column)/2.-0.25)" : "\(column)"
    }
    return "matrix using \(place(1, columns)):\(place(2, rows)):3 with image"
  }

  /// Each value in its cell, as large as the cells allow.
  private static func cellTexts(
    _ values: [[Double]], format: String, palette: Palette, range: ClosedRange<Double>
  ) -> @Sendable (Figure, Mark) -> [String] {
    { figure, _ in
      let texts = values.map { row in row.map { $0.isFinite ? $0.formatted(format) : "" } }
      let longest = texts.flatMap { $0 }.map(\.count).max() ?? 1
      let room = figure.plotWidth / Double(values[0].count) * 0.9
      let size = figure.textSize(fitting: longest, in: room)
      return texts.indices.flatMap { row in
        texts[row].indices.filter { !texts[row][$0].isEmpty }.map { column in
          let ink = palette.ink(on: values[row][column], within: range)
          return "set label \(texts[row][column].quoted) at \(column),\(row) center front"
            + " font 'DejaVu Sans,\(size)' textcolor rgb '\(ink)'"
        }
      }
    }
  }
}

extension Axis.Ticks {
  /// Names at 0, 1, 2, …
  static func named(_ names: [String]) -> Self {
    .at(names.enumerated().map { (Double($0.offset), $0.element) })
  }
}

extension Palette {
  /// White on dark cells, near-black on light ones.
  fileprivate func ink(on value: Double, within ends: ClosedRange<Double>) -> String {
    let part = (value - ends.lowerBound) / (ends.upperBound - ends.lowerBound)
    let isDark = self == .diverging ? abs(part - 0.5) > 0.32 : part > 0.5
    return isDark ? "#ffffff" : "#252b33"
  }
}
