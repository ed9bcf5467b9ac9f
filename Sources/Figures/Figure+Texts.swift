extension Figure {
  /// Points with a text at each, such as words where their vectors lie in two dimensions. A text
  /// stands right of its point, or on another side where it would cover a point or another text.
  public mutating func texts(
    _ texts: [String], x: some Sequence<some PlotNumber>, y: some Sequence<some PlotNumber>,
    label: String? = nil, color: Color? = nil
  ) {
    let (x, y) = (x.plotted, y.plotted)
    requireSameCount("texts", ("texts", texts.count), ("x", x.count), ("y", y.count))
    let color = take(color)
    let points = zip(texts, zip(x, y)).map { (text: $0, x: $1.0, y: $1.1) }
      .filter { $0.x.isFinite && $0.y.isFinite }
    marks.append(
      Mark(
        label: label, kind: "labeled points", table: Table(columns: [x, y]),
        layout: .rows([.x, .y]),
        plots: ["using 1:2 with points lc \(color.spec) pt 7 ps 1.3"],
        commands: ["set offsets graph 0.04, graph 0.12, graph 0.05, graph 0.05"],
        texts: points.map(\.text),
        fitted: { figure, mark in
          let points = zip(mark.texts, points).map { (text: $0, x: $1.x, y: $1.y) }
            .filter { figure.x.shows($0.x) && figure.y.shows($0.y) }
          return zip(points, figure.sides(of: points)).map { point, side in
            "set label \(point.text.quoted) at \(figure.place(point.x, point.y)) \(side.placement)"
              + " front textcolor \(color.textSpec)"
          }
        }, values: y))
  }

  /// For each text the side of its point where it covers least of the points and of the texts placed
  /// before it. Pixels are estimated: gnuplot settles the axes later.
  private func sides(of points: [(text: String, x: Double, y: Double)]) -> [Side] {
    func scale(_ values: [Double], _ pixels: Double) -> (Double) -> Double {
      let low = values.min() ?? 0, extent = (values.max() ?? 0) - low
      return { extent > 0 ? ($0 - low) / extent * pixels * 0.8 : 0 }
    }
    let across = scale(points.map(\.x), plotWidth)
    let up = scale(points.map(\.y), Double(size.height) * 0.75)
    let letter = Self.letterWidth(Double(textSize)), line = Double(textSize) * 1.3
    // Twice as wide as drawn, so that no text stands closer to another's point than to its own.
    let dots = points.map { point in
      Box(x: across(point.x), y: up(point.y), width: 2 * letter, height: line)
    }
    var taken = dots
    return dots.indices.map { k in
      let width = points[k].text.pixels(at: Double(textSize))
      let boxes = Side.allCases.map { side in
        Box(
          x: dots[k].x + side.x * (width / 2 + letter * 0.8), y: dots[k].y + side.y * line * 0.9,
          width: width, height: line)
      }
      let covered = boxes.map { box in
        taken.indices.reduce(0) { $0 + ($1 == k ? 0 : box.overlap(taken[$1])) }
      }
      let best = covered.indices.min { covered[$0] < covered[$1] }!
      taken.append(boxes[best])
      return Side.allCases[best]
    }
  }
}

/// A rectangle by its middle.
private struct Box {
  var x, y, width, height: Double

  /// The area that the two share.
  func overlap(_ other: Box) -> Double {
    let wide = (width + other.width) / 2 - abs(x - other.x)
    let high = (height + other.height) / 2 - abs(y - other.y)
    return wide > 0 && high > 0 ? wide * high : 0
  }
}

/// Where a text stands beside its point, the likeliest places first.
private enum Side: CaseIterable {
  case right, left, above, below, upperRight, lowerRight, upperLeft, lowerLeft

  /// −1 left of the point or below it, 1 right or above.
  var x: Double {
    switch self {
    case .above, .below: 0
    case .right, .upperRight, .lowerRight: 1
    case .left, .upperLeft, .lowerLeft: -1
    }
  }

  var y: Double {
    switch self {
    case .left, .right: 0
    case .above, .upperRight, .upperLeft: 1
    case .below, .lowerRight, .lowerLeft: -1
    }
  }

  /// In gnuplot's words; offsets are in letters and lines.
  var placement: String {
    let anchor = x > 0 ? "left" : x < 0 ? "right" : "center"
    return "\(anchor) offset \((x * 0.7).text),\((0.1 + y * 0.8).text)"
  }
}
