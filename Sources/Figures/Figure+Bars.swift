import Foundation

/// One series of bars, a bar for each of the figure's categories.
struct Bars: Sendable {
  var values: [Double]
  /// The distance from a bar's end to each end of its error bar.
  var errors: [Double]?
  var color: Color
  /// How values are written at the bars' ends, as for `printf`; nil to leave them out.
  var format: String?

  /// The letters of the longest value that is written; nil if none is.
  var longestValue: Int? {
    format.flatMap { format in values.map { $0.formatted(format).count }.max() }
  }
}

extension Figure {
  /// Bars, one for each category. Called again with the same categories it adds a second series
  /// whose bars stand beside the first's. NaN is a missing bar.
  ///
  /// - Parameters:
  ///   - categories: the bars' names.
  ///   - heights: of the bars, as many.
  ///   - label: the series' name in the legend; nil leaves it out.
  ///   - errors: half the length of an error bar at each bar's end.
  ///   - format: how to write each value at its bar's end, as for `printf` (`"%.1f"`); nil writes
  ///     none.
  ///   - color: nil for the palette's next.
  ///   - horizontal: bars go to the right, the first category on top: room for long names.
  public mutating func bars(
    _ categories: [String], _ heights: some Sequence<some PlotNumber>, label: String? = nil,
    errors: [Double]? = nil, values format: String? = nil, color: Color? = nil,
    horizontal: Bool = false
  ) {
    let heights = heights.plotted
    requireSameCount(
      "bars", ("categories", categories.count), ("heights", heights.count),
      ("errors", errors?.count ?? heights.count))
    if let known = self.categories, known != categories {
      fatalError("Figure.bars: categories \(categories) differ from the first series' \(known)")
    }
    self.categories = categories
    horizontalBars = horizontalBars || horizontal
    marks.append(
      Mark(
        label: label, kind: "bars",
        bars: Bars(values: heights, errors: errors, color: take(color), format: format),
        values: heights))
  }

  /// A copy in which the bars have found their places, and their axes.
  func placingBars() -> Figure {
    guard let categories else { return self }
    var figure = self
    let places = marks.indices.filter { marks[$0].bars != nil }
    let width = 0.8 / Double(places.count)
    let base = barBase
    let room = valueRoom
    for (number, index) in places.enumerated() {
      let middle = (Double(number) - Double(places.count - 1) / 2) * width
      figure.marks[index].place(
        middle: middle, width: width, base: base, horizontal: horizontalBars,
        textSize: { self.textSize(fitting: $0, in: room) })
    }
    let names = Axis.Ticks.named(categories)
    let (first, last) = (-0.6, Double(categories.count) - 0.4)
    figure.extendForValues()
    if horizontalBars {
      (figure.y.ticks, figure.y.min, figure.y.max) = (names, last, first)
      if x.scale == .log { figure.x.min = base }
    } else {
      (figure.x.ticks, figure.x.min, figure.x.max) = (names, first, last)
      if y.scale == .log { figure.y.min = base }
    }
    return figure
  }

  /// The pixels that a value has at the end of its bar.
  private var valueRoom: Double {
    guard let categories, !horizontalBars else { return .infinity }
    let bars = Double(marks.count { $0.bars != nil })
    return plotWidth / (Double(categories.count) + 0.2) * 0.8 / bars * 0.88
  }

  /// Leaves out values at bars so narrow that nobody could read them.
  mutating func leaveOutSmallValues() {
    for index in marks.indices {
      guard let bars = marks[index].bars, let longest = bars.longestValue else { continue }
      if textSize(fitting: longest, in: valueRoom) * 4 < textSize * 3 {
        marks[index].bars?.format = nil
      }
    }
  }

  /// Leaves room for the values written at the ends of the bars.
  private mutating func extendForValues() {
    let series = marks.compactMap(\.bars).filter { $0.format != nil }
    let ends = series.flatMap { bars in
      zip(bars.values, bars.errors ?? bars.values.map { _ in 0 }).map { $0 + $1 }
    }.filter(\.isFinite)
    guard let most = ends.max(), most > 0 else { return }
    let room = horizontalBars ? 0.16 : 0.09
    let axis = horizontalBars ? x : y
    let end =
      axis.scale == .log ? most * pow(most / barBase, room) : most + (most - barBase) * room
    if horizontalBars { x.max = x.max ?? end } else { y.max = y.max ?? end }
  }

  /// Where bars begin: zero, or on a logarithmic axis the power of ten below them all.
  private var barBase: Double {
    let axis = horizontalBars ? x : y
    guard axis.scale == .log else { return axis.min.map { Swift.max($0, 0) } ?? 0 }
    let positive = marks.compactMap(\.bars).flatMap(\.values).filter { $0 > 0 && $0.isFinite }
    return axis.min ?? pow(10, floor(log10((positive.min() ?? 1) * 0.8)))
  }
}

extension Mark {
  fileprivate mutating func place(
    middle: Double, width: Double, base: Double, horizontal: Bool,
    textSize: (_ letters: Int) -> Int
  ) {
    guard let bars else { return }
    let places = bars.values.indices.map { Double($0) + middle }
    let errors = bars.errors ?? bars.values.map { _ in 0 }
    table = Table(columns: [places, bars.values, errors.map { $0 == 0 ? .nan : $0 }])
    let half = (width * 0.46).text
    let across = "($1-\(half)):($1+\(half))"
    let along = "(\(base.text)):2"
    plots = [
      "using \(horizontal ? "2:1:\(along):\(across)" : "1:2:\(across):\(along)")"
        + " with boxxyerror lc \(bars.color.spec)"
    ]
    if bars.errors != nil {
      // Not yerrorbars, which punch a hole where the point would be.
      let whisker = horizontal ? "($2-$3):1:(2*$3):(0)" : "1:($2-$3):(0):(2*$3)"
      plots.append("using \(whisker) with vectors heads size screen 0.005,90 lc 8 lw 2")
    }
    commands = ["set grid no\(horizontal ? "y" : "x")tics"]
    guard let format = bars.format, let longest = bars.longestValue else { return }
    let size = textSize(longest)
    for (place, (value, error)) in zip(places, zip(bars.values, errors)) where value.isFinite {
      let end = value + (value < base ? -error : error)
      let at = horizontal ? "\(end.text),\(place.text)" : "\(place.text),\(end.text)"
      let offset =
        horizontal
        ? (value < base ? "right offset -0.6,0" : "left offset 0.6,0")
        : "center offset 0,\(value < base ? -0.7 : 0.7)"
      commands.append(
        "set label \(value.formatted(format).quoted) at \(at) \(offset) front"
          + " textcolor rgb ink font 'DejaVu Sans,\(size)'"
      )
    }
  }
}
