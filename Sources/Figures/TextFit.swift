/// How much text fits where. gnuplot cannot say; the widths of DejaVu Sans are close enough.
extension String {
  /// Broken between words so that no line has more than `letters`, where words allow.
  func wrapped(to letters: Int) -> String {
    withPlainLineEnds.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var lines: [String] = []
      for word in line.split(separator: " ", omittingEmptySubsequences: false) {
        if let last = lines.last, last.count + 1 + word.count <= letters {
          lines[lines.count - 1] = last + " " + word
        } else {
          lines.append(String(word))
        }
      }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

extension Figure {
  /// A letter's width in pixels at a text size in points (96 to the inch).
  static func letterWidth(_ points: Double) -> Double { points * 0.78 }

  /// The largest text, in points and up to nine tenths of the figure's, whose `letters` fit in
  /// `pixels`.
  func textSize(fitting letters: Int, in pixels: Double) -> Int {
    let most = Double(textSize) * 0.9
    return Int(Swift.max(6, Swift.min(most, pixels / Self.letterWidth(Double(letters)))))
  }

  /// The width of the plot within its axes, in pixels.
  var plotWidth: Double {
    let names: Int
    if case .at(let places) = y.ticks {
      names = places.flatMap { $0.1.split(separator: "\n") }.map(\.count).max() ?? 0
    } else {
      names = 4
    }
    let beside = Self.letterWidth(Double(textSize) * 0.9) * Double(names + 4)
    let bar = marks.contains { $0.styles.contains(.heatmap) } ? Double(textSize) * 9 : 0
    let wide = Double(size.width) - beside - bar
    return Swift.max(100, Swift.min(wide, aspect.map { $0 * Double(size.height) * 0.75 } ?? wide))
  }

  /// The title in as many lines as it needs.
  var fittedTitle: String {
    let whole = categories == nil && aspect == nil ? Double(size.width) * 0.9 : plotWidth
    let middle = Swift.max(plotWidth, whole)
    return title.wrapped(to: Int(middle / Self.letterWidth(Double(textSize) * 1.16)))
  }
}
