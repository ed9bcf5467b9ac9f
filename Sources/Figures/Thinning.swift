import Foundation

/// What becomes of a mark whose points are more than the picture has pixels, and of points that
/// gnuplot would not show, since a line or a band needs two.
///
/// Where many points in a row fall into one column of pixels, the first, the least, the largest and
/// the last of them paint the same pixels as all (Jugel et al., "M4: a visualization-oriented time
/// series data aggregation", 2014): no peak is lost, and a curve that turns back keeps its way, as
/// only neighbors are joined.
enum Thinning: Sendable {
  case none
  /// `alone` draws the points that have no neighbor.
  case line(alone: String, isSolid: Bool, hasMarkers: Bool)
  case band(alone: String)
  case impulses
  case points
}

/// What is sent of a mark: blocks of numbers, each with what is plotted of it.
struct Drawn {
  var blocks: [Table]
  var plots: [String]
}

extension Figure {
  /// The blocks of numbers that a mark is drawn from.
  func drawn(_ mark: Mark, _ table: Table) -> [Drawn] {
    guard case .rows(let columns) = mark.layout else {
      return [Drawn(blocks: [table], plots: mark.plots)]
    }
    let rows = Rows(figure: self, columns: columns, table: table)
    switch mark.thinning {
    case .none: return [Drawn(blocks: [table], plots: mark.plots)]
    case .points: return [Drawn(blocks: [rows.picked(rows.spread())], plots: mark.plots)]
    case .impulses: return [Drawn(blocks: [rows.picked(rows.outline())], plots: mark.plots)]
    case .band(let alone):
      let drawn = Drawn(blocks: [rows.envelope()], plots: mark.plots)
      return [drawn] + rows.alone(alone)
    case .line(let alone, let isSolid, let hasMarkers):
      let outline = rows.outline(isLine: true)
      // gnuplot strokes a block as one path, which takes a time that grows with the square of how
      // often it crosses itself. Dashes begin anew with each.
      let blocks = rows.picked(outline).pieces(of: isSolid ? 500 : 5000)
      var drawn = [Drawn(blocks: blocks, plots: mark.plots)]
      if hasMarkers && outline.count < table.rows {
        drawn[0].plots = drawn[0].plots.map { plot in
          plot.replacing(#/with linespoints pt \d+ ps [\d.]+/#, with: "with lines")
        }
        drawn.append(Drawn(blocks: [rows.picked(rows.spread())], plots: [alone]))
      }
      return drawn + (hasMarkers ? [] : rows.alone(alone))
    }
  }
}

/// The rows of a table and where they fall in the picture.
private struct Rows {
  let figure: Figure
  let columns: [Mark.Column]
  let table: Table
  let isShown: [Bool]
  /// Half a pixel each.
  let slots: Int

  init(figure: Figure, columns: [Mark.Column], table: Table) {
    (self.figure, self.columns, self.table) = (figure, columns, table)
    slots = 2 * figure.size.width
    isShown = (0..<table.rows).map { row in figure.shows(columns, table[row]) }
  }

  /// More points than it makes sense to draw.
  var isMany: Bool { table.rows > 4 * slots }

  func picked(_ rows: [Int]) -> Table {
    if rows.count == table.rows { return table }
    return Table(rows.flatMap { table[$0] }, columns: table.columns)
  }

  /// The points that stand between two gaps, as a plot of their own.
  func alone(_ plot: String) -> [Drawn] {
    let rows = isShown.indices.filter { row in
      isShown[row] && !(isShown[safe: row - 1] ?? false) && !(isShown[safe: row + 1] ?? false)
    }
    return rows.isEmpty ? [] : [Drawn(blocks: [picked(spread(rows))], plots: [plot])]
  }

  /// The half pixel that a number of an axis falls on: −1 before its beginning, `count` behind its
  /// end.
  private func slot(_ direction: Figure.Direction, count: Int) -> (Double) -> Int {
    let axis = direction == .x ? figure.x : figure.y
    guard let (low, high) = figure.extent(of: direction) else { return { _ in 0 } }
    let isLog = axis.scale == .log && low > 0
    let (start, end) = isLog ? (log(low), log(high)) : (low, high)
    let scale = end > start ? 1 / (end / Double(count) - start / Double(count)) : 0
    return { value in
      let place = ((isLog ? log(value) : value) - start) * scale
      return place < 0 ? -1 : place > Double(count) ? count : Int(place)
    }
  }

  /// The rows that outline the curve: of each run within a column of pixels four, of each gap one.
  func outline(isLine: Bool = false) -> [Int] {
    guard isMany, let x = columns.firstIndex(of: .x), let y = columns.firstIndex(of: .y) else {
      return Array(0..<table.rows)
    }
    let slot = slot(.x, count: slots)
    var kept: [Int] = []
    var run = 0..<0
    var least = 0, most = 0, place = 0
    // Whether a gap stands before the run, and the heights that runs between two gaps have painted in
    // a column of pixels: one within another's paints nothing new.
    var followsGap = true, painted: [ClosedRange<Double>] = [], paintedPlace = 0
    func finish(gap: Int? = nil) {
      if run.isEmpty { return }
      if followsGap, gap != nil {
        let (low, high) = (table[least, y], table[most, y])
        if place != paintedPlace { (painted, paintedPlace) = ([], place) }
        // Nor does a point alone, which is drawn as a dot.
        if isLine && run.count == 1 && !painted.isEmpty { return }
        if painted.contains(where: { $0.lowerBound <= low && high <= $0.upperBound }) { return }
        if painted.count < 100 { painted.append(low...high) }
      }
      var rows = [
        run.lowerBound, Swift.min(least, most), Swift.max(least, most), run.upperBound - 1,
      ]
      rows = rows.enumerated().filter { $0.offset == 0 || rows[$0.offset - 1] != $0.element }
        .map(\.element)
      kept += rows
      followsGap = gap != nil
      if let gap { kept.append(gap) }
    }
    for row in 0..<table.rows {
      if !isShown[row] {
        finish(gap: row)
        run = 0..<0
        continue
      }
      let value = table[row, y], here = slot(table[row, x])
      if run.isEmpty || here != place {
        finish()
        (run, place, least, most) = (row..<row + 1, here, row, row)
        continue
      }
      run = run.lowerBound..<row + 1
      if value < table[least, y] { least = row }
      if value > table[most, y] { most = row }
    }
    finish()
    return kept
  }

  /// One row for every square of two pixels that a point falls on.
  func spread() -> [Int] { spread(Array(0..<table.rows)) }

  /// The same of some rows.
  private func spread(_ rows: [Int]) -> [Int] {
    guard isMany, let x = columns.firstIndex(of: .x), let y = columns.firstIndex(of: .y) else {
      return rows
    }
    let across = slot(.x, count: figure.size.width / 2),
      up = slot(.y, count: figure.size.height / 2)
    var seen: Set<Int> = []
    return rows.filter { row in
      isShown[row]
        && seen.insert((up(table[row, y]) + 1) * (slots + 2) + across(table[row, x]) + 1).inserted
    }
  }

  /// A band's rows: of each column of pixels its first and last place, with the least and largest
  /// height between them, if the band goes one way.
  func envelope() -> Table {
    let rows = isShown.indices.filter { isShown[$0] }
    guard isMany, columns.count == 3,
      zip(rows, rows.dropFirst()).allSatisfy({ table[$0, 0] <= table[$1, 0] })
    else { return table }
    let slot = slot(.x, count: slots)
    var values: [Double] = []
    var run: (slot: Int, first: Double, last: Double, low: Double, high: Double)?
    func finish() {
      guard let done = run else { return }
      values += [done.first, done.low, done.high]
      if done.last > done.first { values += [done.last, done.low, done.high] }
      run = nil
    }
    for row in 0..<table.rows {
      if !isShown[row] {
        if run != nil {
          finish()
          values += [.nan, .nan, .nan]
        }
        continue
      }
      let x = table[row, 0], here = slot(x)
      let (low, high) = (
        Swift.min(table[row, 1], table[row, 2]), Swift.max(table[row, 1], table[row, 2])
      )
      if let now = run, now.slot == here {
        run = (here, now.first, x, Swift.min(now.low, low), Swift.max(now.high, high))
      } else {
        finish()
        run = (here, x, x, low, high)
      }
    }
    finish()
    return Table(values, columns: 3)
  }
}

extension Table {
  /// A row's numbers.
  subscript(row: Int) -> ArraySlice<Double> { values[row * columns..<(row + 1) * columns] }
  subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  /// Tables of at most so many rows, each of which begins with the last row of the one before; the
  /// table itself if it is not much longer.
  func pieces(of count: Int) -> [Table] {
    if rows <= count * 2 { return [self] }
    return stride(from: 0, to: rows - 1, by: count).map { start in
      let end = Swift.min(start + count + 1, rows)
      return Table(Array(values[start * columns..<end * columns]), columns: columns)
    }
  }
}
