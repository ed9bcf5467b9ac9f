extension Figure {
  /// A diagram as a figure, 1500 pixels wide and as high as it needs.
  public init(_ diagram: Diagram) {
    self.init(diagram.title)
    let bounds = diagram.bounds
    (x.min, x.max) = (bounds.left, bounds.right)
    (y.min, y.max) = (bounds.bottom, bounds.top)
    legend = .none
    let (wide, high) = (bounds.right - bounds.left, bounds.top - bounds.bottom)
    size.height = Swift.min(1400, Swift.max(350, 110 + Int(Double(size.width) * high / wide)))
    if diagram.shapes.isEmpty && diagram.arrows.isEmpty && diagram.texts.isEmpty { return }
    marks.append(
      Mark(
        kind: "diagram", styles: [.diagram], diagram: diagram,
        fitted: { figure, mark in
          mark.diagram?.commands(pixels: figure.pixelsPerUnit(wide, high), in: figure) ?? []
        }))
  }

  /// The length of a diagram's unit.
  private func pixelsPerUnit(_ wide: Double, _ high: Double) -> Double {
    Swift.min(Double(size.width) * 0.97 / wide, Double(size.height - 100) / high)
  }
}

extension Diagram {
  /// What everything drawn lies within, and a little more.
  fileprivate var bounds: (left: Double, right: Double, bottom: Double, top: Double) {
    let nodes = shapes.map(\.node)
    let points = arrows.flatMap(\.points) + texts.map { ($0.x, $0.y) }
    let xs = nodes.flatMap { [$0.x - $0.width / 2, $0.x + $0.width / 2] } + points.map(\.x)
    let ys = nodes.flatMap { [$0.y - $0.height / 2, $0.y + $0.height / 2] } + points.map(\.y)
    let pad = 0.25
    return (
      (xs.min() ?? 0) - pad, (xs.max() ?? 1) + pad, (ys.min() ?? 0) - pad, (ys.max() ?? 1) + pad
    )
  }

  /// The drawing in words.
  func words(
    _ comma: String, _ name: (String) -> String, _ told: (String, [String]) -> String
  ) -> String {
    let named = shapes.map(\.node.text).filter { !$0.isEmpty }.map(name).joined(separator: comma)
    let ways = arrows.compactMap { arrow in
      arrow.ends.map {
        "\(name($0.0)) → \(name($0.1))" + (arrow.label.map { " (\(name($0)))" } ?? "")
      }
    }
    let shown = named.isEmpty ? told("diagram", []) : told("diagram of %@", [named])
    return ways.isEmpty
      ? shown : told("%@; arrows %@", [shown, ways.joined(separator: comma)])
  }

  /// gnuplot's objects, arrows and labels; `pixels` is the length of one unit.
  fileprivate func commands(pixels: Double, in figure: Figure) -> [String] {
    var commands: [String] = []
    for shape in shapes {
      let node = shape.node
      let place = "center \(node.x.text),\(node.y.text) size"
      let form =
        node.isRound
        ? "circle \(place) \((node.width / 2).text)"
        : "rectangle \(place) \(node.width.text),\(node.height.text)"
      commands.append(
        "set object \(form) front fc \(shape.color.textSpec)"
          + " fs transparent solid \(shape.opacity.text) border \(shape.color.borderSpec) lw 2")
      if node.text.isEmpty { continue }
      let lines = node.text.split(separator: "\n")
      let letters = lines.map { String($0).letters }.max() ?? 1
      let room = Swift.min(
        node.width * 0.92 * pixels,
        // A line of text is as high as about 2.2 letters are wide.
        node.height * 0.85 * pixels * Double(letters) / (2.2 * Double(lines.count)))
      let size = figure.textSize(fitting: letters, in: room)
      commands.append(
        "set label \(node.text.quoted) at \(node.x.text),\(node.y.text) center front"
          // gnuplot puts the first line there, and the others below it.
          + (lines.count > 1 ? " offset 0,\((Double(lines.count - 1) * 0.5).text)" : "")
          + " font 'DejaVu Sans,\(size)' textcolor rgb ink")
    }
    return commands + arrows.flatMap { $0.commands(pixels: pixels) }
      + texts.map { text in
        let size = Int(Double(figure.textSize) * 0.9 * text.scale)
        return "set label \(text.text.quoted) at \(text.x.text),\(text.y.text) center front"
          + " font 'DejaVu Sans,\(size)' textcolor \(text.color.textSpec)"
      }
  }
}

extension Diagram.Arrow {
  fileprivate func commands(pixels: Double) -> [String] {
    let strokes = strokes(pixels: pixels)
    let dashes = points.count > 2 ? LineStyle.solid : style
    let look = "lc \(color.spec) dt \(dashes.rawValue) lw 2.5 front"
    var commands = strokes.enumerated().map { index, ends in
      let isLast = index == strokes.count - 1
      let head = isLast && hasHead ? "head filled size screen 0.011,18 fixed" : "nohead"
      let (start, end) = ends
      return
        "set arrow from \(start.x.text),\(start.y.text) to \(end.x.text),\(end.y.text) \(head) \(look)"
    }
    if let label {
      let middle = points.count / 2
      let (a, b) = (points[middle - 1], points[points.count == 2 ? 1 : middle + 1])
      let (x, y) = points.count == 2 ? ((a.x + b.x) / 2, (a.y + b.y) / 2) : points[middle]
      // Beside an upright arrow, above a flat one.
      let isUpright = abs(b.y - a.y) > abs(b.x - a.x)
      commands.append(
        "set label \(label.quoted) at \(x.text),\(y.text)"
          + " \(isUpright ? "left offset 0.6,0" : "center offset 0,0.6") front"
          + " font 'DejaVu Sans,'.int(figure_text * 0.85) textcolor \(color.textSpec)")
    }
    return commands
  }
  private typealias Stroke = (start: (x: Double, y: Double), end: (x: Double, y: Double))

  /// The straight pieces of its way. Along a bend that is no solid line they are its dashes, since gnuplot
  /// would begin anew with each piece.
  private func strokes(pixels: Double) -> [Stroke] {
    let pieces = zip(points, points.dropFirst()).map { (start: $0, end: $1) }
    if style == .solid || pieces.count < 2 { return pieces }
    let lengths = pieces.map { piece in
      let (dx, dy) = (piece.end.x - piece.start.x, piece.end.y - piece.start.y)
      return (dx * dx + dy * dy).squareRoot()
    }
    let whole = lengths.reduce(0, +), (dash, gap) = style == .dotted ? (3.0, 8.0) : (15, 9)
    func place(_ along: Double) -> (x: Double, y: Double) {
      var rest = along
      for (piece, length) in zip(pieces, lengths) where length > 0 {
        if rest <= length {
          let part = rest / length
          return (
            piece.start.x + (piece.end.x - piece.start.x) * part,
            piece.start.y + (piece.end.y - piece.start.y) * part
          )
        }
        rest -= length
      }
      return points[points.count - 1]
    }
    // A whole number of them, so that the last ends where the arrow does.
    let count = Swift.max(1, ((whole * pixels + gap) / (dash + gap)).rounded())
    let step = whole / (count - gap / (dash + gap))
    return (0..<Int(count)).map { number in
      let start = Double(number) * step
      return (place(start), place(start + step * dash / (dash + gap)))
    }
  }
}
