import Foundation

/// The names of the series in as many lines as they need.
///
/// gnuplot's key sets every name in one line and grows until nothing is left of the plot. So long
/// names are broken here (the lines that follow are entries without a sample), many names are
/// printed smaller, and what can still not be shown is shortened or counted.
struct LegendText {
  /// The lines of each name; empty for one that is left out.
  var names: [[String]]
  /// Said below the others: how many names are left out.
  var rest: String?
  /// Points, if not the figure's.
  var points: Double?
  /// What gnuplot must be told because it counts letters of the usual width.
  var extraWidth: Double
  var isOneColumn: Bool
  /// The height of the whole in pixels.
  var height: Double
}

extension Figure {
  /// The width of a column of the key beyond its name, in letters, as gnuplot counts it.
  private static let sampleLetters = 6.5
  /// The names that the legend holds.
  private var legendNames: [String] { marks.filter(\.hasLegend).compactMap { $0.label?.oneLine } }

  /// The room that a legend beside the plot takes, in pixels.
  var legendWidth: Double {
    let text = legendText()
    let widest = text.names.joined().map { $0.pixels(at: text.points ?? Double(textSize)) }.max()
    // gnuplot leaves more than it needs.
    return (widest ?? 0) * 1.4 + (Self.sampleLetters + 3) * 0.63 * Double(textSize) * 96 / 72
  }

  func legendText() -> LegendText {
    let names = legendNames
    let (wide, high): (Double, Double) =
      switch legend {
      case .above: (plotWidth, Double(size.height) * 0.4)
      case .right: (Double(size.width) * 0.36, Double(size.height) * 0.85)
      default: (plotWidth * 0.6, plotHeight * 0.8)
      }
    var text = LegendText(
      names: names.map { [$0] }, rest: nil, points: nil, extraWidth: 0, isOneColumn: false,
      height: 0)
    // gnuplot takes all letters for as wide as those of the figure's text.
    let letter = Double(textSize) * 96 / 72 * letterEms
    for scale in [1, 0.85, 0.7, 0.6, 0.5] {
      let points = (Double(textSize) * scale).rounded(.down)
      let line = points * 96 / 72 * 1.34
      let letters = Swift.max(6, wide / letter - Self.sampleLetters) / scale
      text.points = scale < 1 ? points : nil
      text.names = names.map { $0.wrapped(to: letters * letterEms * 0.94).lines }
      let most = mostLetters(text.names) * scale
      text.isOneColumn =
        text.names.contains { $0.count > 1 } || legend != .above && names.count > 3
      let columns =
        text.isOneColumn || legend != .above
        ? 1 : Swift.max(1, Int(wide / letter / (most + Self.sampleLetters)))
      var rows = (text.names.joined().count + columns - 1) / columns
      let room = Swift.max(1, Int(high / line))
      if rows > room, scale == 0.5 {
        let most = Swift.max(1, Int(wide / letter / (Self.sampleLetters + 5)))
        let columns = legend == .above ? Swift.min(most, (names.count + room - 1) / room) : 1
        let width = (wide / letter / Double(columns) - Self.sampleLetters) / scale
        text.shorten(
          names, places: columns * room, to: width * letterEms * 0.94, rest: restOfLegend)
        text.isOneColumn = columns == 1
        rows = room
      }
      text.height = Double(rows) * line
      let letterCount = text.names.joined().map(\.unicodeScalars.count).max() ?? 0
      text.extraWidth = mostLetters(text.names) * scale - Double(letterCount)
      if legend == .right { text.extraWidth += 3 }  // it would touch the edge
      if rows <= room { break }
    }
    return text
  }
}

extension LegendText {
  /// Cuts names to a width in ems, and leaves out those that find no place.
  fileprivate mutating func shorten(
    _ all: [String], places: Int, to ems: Double, rest words: String
  ) {
    let shown = places >= all.count ? all.count : places - 1
    names = all.enumerated().map { $0.offset < shown ? [$0.element.shortened(to: ems)] : [] }
    if shown < all.count { rest = words.replacing("%@", with: "\(all.count - shown)") }
  }
}

extension Figure {
  /// The widest line, in the letters that gnuplot counts, at least one for each.
  private func mostLetters(_ names: [[String]]) -> Double {
    names.joined().map { Swift.max(Double($0.unicodeScalars.count), $0.ems / letterEms) }.max() ?? 0
  }
}

extension Mark {
  /// Named in the legend.
  var hasLegend: Bool { label != nil && !plots.isEmpty }
}
