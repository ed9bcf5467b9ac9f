import Foundation

/// What gnuplot is not left to choose: the ends and labels of axes whose numbers lie far from zero
/// and close together, of dates, and of steps too fine to be read.
extension Figure {
  enum Direction { case x, y, z }

  /// A copy whose axes are ready for gnuplot.
  func settled() -> Figure {
    var figure = self
    for axis in [\Figure.x, \.y, \.z, \.colorBar] {
      if figure[keyPath: axis].min?.isFinite == false { figure[keyPath: axis].min = nil }
      if figure[keyPath: axis].max?.isFinite == false { figure[keyPath: axis].max = nil }
    }
    let isSolid = marks.contains(where: \.isSolid)
    if !isSolid { figure.liftLegend() }
    let line = Double(textSize) * 96 / 72
    let across = isSolid ? plotWidth * 0.4 : plotWidth
    let up = isSolid ? plotHeight * 0.4 : plotHeight
    figure.settle(
      \.y, .y,
      room: TickLabels.Room(
        length: isSolid ? across : up, points: tickSize, isUpright: !isSolid,
        most: isSolid ? 3 : Swift.max(2, Swift.min(8, Int(up / line / 2)))), isTight: isSolid)
    // Now that the labels beside the plot are known.
    figure.settle(
      \.x, .x,
      room: TickLabels.Room(
        length: isSolid ? across : figure.plotWidth, points: tickSize, isUpright: false,
        most: isSolid ? 3 : 12), isTight: true)
    let height = TickLabels.Room(length: up, points: tickSize, isUpright: true, most: 6)
    figure.settle(\.z, .z, room: height, isTight: true)
    figure.settle(\.colorBar, .z, room: height, isTight: true)
    if isSolid { figure.colorBar.origin = figure.z.origin }
    return figure
  }

  /// Puts a legend above the plot whose names are too many for one column: gnuplot would set them in
  /// two, one over the other.
  private mutating func liftLegend() {
    if legend == .above || legend == .none { return }
    let line = Double(textSize) * 96 / 72 * 1.34
    let rows = Double(size.height) * (legend == .right ? 0.8 : 0.55) / line
    if marks.filter(\.hasLegend).count > Int(rows) { legend = .above }
  }

  /// The least and largest number on an axis, as asked for or else of the data.
  func extent(of direction: Direction, axis: KeyPath<Figure, Axis>? = nil) -> (
    low: Double, high: Double
  )? {
    let axis =
      self[
        keyPath: axis ?? (direction == .x ? \.x : direction == .y ? \.y : \.z)]
    var (low, high) = (Double.infinity, -Double.infinity)
    for mark in marks {
      mark.forEachValue(direction) { value in
        if axis.shows(value) { (low, high) = (Swift.min(low, value), Swift.max(high, value)) }
      }
    }
    let ends = [axis.min ?? low, axis.max ?? high]
    guard low <= high, ends.allSatisfy(\.isFinite) else { return nil }
    return (ends.min()!, ends.max()!)
  }

  private mutating func settle(
    _ path: WritableKeyPath<Figure, Axis>, _ direction: Direction, room: TickLabels.Room,
    isTight: Bool
  ) {
    var axis = self[keyPath: path]
    guard axis.scale == .linear, let (low, high) = extent(of: direction, axis: path) else { return }
    defer { self[keyPath: path] = axis }
    if axis.isDate {
      axis.settleDates(low: low, high: high, room: room)
    } else if startsAtZero(direction) || high <= low {
      return
    } else if high / 2 - low / 2 < 5e-5 * Swift.max(abs(low), abs(high)) {
      if marks.contains(where: \.isSolid) {
        axis.countFrom(low)
      } else {
        axis.settleNumbers(low: low, high: high, room: room, isTight: isTight)
      }
    } else if case .every(let step) = axis.ticks {
      axis.ticks = .readable(every: step, low: low, high: high, room: room)
    } else if case .automatic = axis.ticks, !marks.contains(where: \.isSolid) {
      // gnuplot makes up to ten or so, however little room there is.
      let most = room.count(
        low: low, high: high, step: TickLabels.rounded((high - low) / 10))
      if most < 11 { axis.ticks = .every(TickLabels.rounded((high - low) / Double(most))) }
    }
  }

  private func startsAtZero(_ direction: Direction) -> Bool {
    direction == .y && marks.contains(where: \.startsAtZero)
  }
}

extension Axis {
  fileprivate mutating func settleDates(low: Double, high: Double, room: TickLabels.Room) {
    switch ticks {
    case .automatic, .every:
      var step: Double?
      if case .every(let seconds) = ticks, seconds > 0, seconds.isFinite { step = seconds }
      guard
        let dates = TickLabels.dates(low: low, high: high, format: format, step: step, room: room)
      else {
        isDate = false  // too far away for a calendar
        return
      }
      ticks = .at(dates.places)
    case .at, .none: break
    }
    (isDate, format) = (false, nil)
    origin = low.rounded(.down)
    // A single moment stands in the middle of a day.
    if low == high { (min, max) = (low - 43_200, high + 43_200) }
  }

  /// Numbers too long for the slanted axes of a surface are counted from the least, as is said in
  /// the label.
  fileprivate mutating func countFrom(_ low: Double) {
    origin = low
    label += "\(label.isEmpty ? "" : " ")\(low < 0 ? "+ " : "− ")\(abs(low).text)"
  }

  fileprivate mutating func settleNumbers(
    low: Double, high: Double, room: TickLabels.Room, isTight: Bool
  ) {
    var (low, high) = (low, high)
    switch ticks {
    case .automatic, .every:
      var step: Double?
      if case .every(let asked) = ticks, asked > 0, asked.isFinite { step = asked }
      let numbers = TickLabels.numbers(low: low, high: high, step: step, room: room)
      if !isTight, numbers.places.count > 1 {
        // As gnuplot would: from one label to another.
        let step = numbers.places[1].0 - numbers.places[0].0
        if min == nil { low = (low / step).rounded(.down) * step }
        if max == nil { high = (high / step).rounded(.up) * step }
      }
      let all =
        isTight ? numbers : TickLabels.numbers(low: low, high: high, step: step, room: room)
      if let format, Double.isFormat(format) {
        ticks = .at(all.places.map { ($0.0, $0.0.formatted(format)) })
      } else {
        ticks = .at(all.places)
      }
      format = nil
    case .at, .none: break
    }
    if min == nil || max == nil {
      let isTurned = (min ?? low) > (max ?? high)
      min = min ?? (isTurned ? high : low)
      max = max ?? (isTurned ? low : high)
    }
    origin = low
  }
}

extension Axis.Ticks {
  /// A tick at every multiple of a step, or of so many steps that the labels can be read.
  fileprivate static func readable(
    every step: Double, low: Double, high: Double, room: TickLabels.Room
  ) -> Self {
    guard step > 0, step.isFinite else { return .automatic }
    var step = step
    for factor in [2, 2.5, 2].cycled(60)
    where (high - low) / step > Double(room.count(low: low, high: high, step: step)) {
      step *= factor
    }
    return .every(step)
  }
}

extension TickLabels.Room {
  /// How many labels of multiples of `step` from `low` to `high` can be read, at least two.
  fileprivate func count(low: Double, high: Double, step: Double) -> Int {
    let (first, last) = ((low / step).rounded(.up), (high / step).rounded(.down))
    let halves = [first, first + 1, last - 1, last].map { half(($0 * step).formatted("%.6g")) }
    return Int(Swift.min(1000, Swift.max(2, length / (halves.max()! * 2 + gap))))
  }
}

extension Array {
  fileprivate func cycled(_ count: Int) -> [Element] { (0..<count).map { self[$0 % self.count] } }
}

extension Figure {
  /// Two numbers as gnuplot gets them.
  func place(_ x: Double, _ y: Double) -> String { "\(self.x.place(x)),\(self.y.place(y))" }

  /// Whether all of a row's numbers have places on the axes.
  func shows(_ columns: [Mark.Column], _ row: ArraySlice<Double>) -> Bool {
    zip(columns, row).allSatisfy { column, value in
      switch column {
      case .x: x.shows(value)
      case .y: y.shows(value)
      case .z: z.shows(value)
      case .error, .other: true
      }
    }
  }

  /// The table of a mark as gnuplot gets it.
  func moved(_ table: Table, _ layout: Mark.Layout) -> Table {
    let (x, y, z) = (
      x.origin, y.origin, marks.contains(where: \.isSolid) ? z.origin : colorBar.origin
    )
    if x == 0 && y == 0 && z == 0 { return table }
    var table = table
    switch layout {
    case .none: break
    case .rows(let columns):
      let known: [Mark.Column: Double] = [.x: x, .y: y, .z: z]
      let origins = columns.map { known[$0] ?? 0 }
      for index in table.values.indices { table.values[index] -= origins[index % origins.count] }
    case .cells:
      for index in table.values.indices { table.values[index] -= z }
    case .grid:
      for index in table.values.indices.dropFirst() {
        table.values[index] -=
          index < table.columns ? x : index % table.columns == 0 ? y : z
      }
    }
    return table
  }
}

extension Mark {
  /// Every number of the table that lies on an axis; with error bars their ends.
  func forEachValue(_ direction: Figure.Direction, _ body: (Double) -> Void) {
    guard let table else { return }
    switch layout {
    case .none: return
    case .cells:
      if direction == .z { table.values.forEach(body) }
    case .grid:
      for index in table.values.indices.dropFirst() {
        let isX = index < table.columns, isY = !isX && index % table.columns == 0
        if direction == (isX ? .x : isY ? .y : .z) { body(table.values[index]) }
      }
    case .rows(let columns):
      let wanted: Column = direction == .x ? .x : direction == .y ? .y : .z
      let bars = direction == .y ? columns.firstIndex(of: .error) : nil
      for start in stride(from: 0, to: table.values.count, by: table.columns) {
        for (place, column) in columns.enumerated() where column == wanted {
          let value = table.values[start + place]
          body(value)
          if let bars, case let error = table.values[start + bars], error.isFinite {
            body(value - error)
            body(value + error)
          }
        }
      }
    }
  }
}
