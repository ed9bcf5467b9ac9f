/// A color of the shared palette, or one of your own.
public struct Color: Sendable, Hashable {
  /// As gnuplot writes it after `linecolor`.
  public let spec: String

  /// `#1668a8`, the first of a figure's series.
  public static let blue = Color(spec: "1")
  /// `#d1520f`, the second.
  public static let vermilion = Color(spec: "2")
  /// `#11936f`, the third.
  public static let green = Color(spec: "3")
  /// The fourth.
  public static let purple = Color(spec: "4")
  /// The fifth.
  public static let orange = Color(spec: "5")
  /// The sixth; the seventh series begins again with blue.
  public static let sky = Color(spec: "6")
  /// For what is beside the point: baselines, the truth behind a forecast.
  public static let gray = Color(spec: "7")
  /// Nearly black, for lines and words beside the data.
  public static let black = Color(spec: "8")

  /// Red, green and blue from 0 to 255.
  public static func rgb(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Color {
    let hex = [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return Color(spec: "rgb '#\(hex)'")
  }

  /// As gnuplot writes it after `textcolor` and for objects.
  public var textSpec: String { spec.hasPrefix("rgb") ? spec : "lt \(spec)" }

  /// As gnuplot writes it after `border` of a fill style.
  public var borderSpec: String { spec.hasPrefix("rgb") ? "lc \(spec)" : "lt \(spec)" }

  /// The color of the series number `index`: the first six, over and over.
  static func series(_ index: Int) -> Color { Color(spec: "\(index % seriesCount + 1)") }
  static let seriesCount = 6
}

/// The colors of a heat map or surface.
public enum Palette: Sendable {
  /// Small to large, light to dark.
  case sequential
  /// Below and above a middle, which is white; by default the middle is 0.
  case diverging
  /// White to black.
  case gray

  var style: Style {
    switch self {
    case .sequential: .sequential
    case .diverging: .diverging
    case .gray: .gray
    }
  }
}

/// How a line is broken. A print without color tells series apart by it.
public enum LineStyle: String, Sendable, CaseIterable {
  /// Without gaps.
  case solid = "solid"
  /// Strokes.
  case dashed = "(9,6)"
  /// Points.
  case dotted = "(2,5)"
  /// Strokes and points in turn.
  case dashDotted = "(9,4,2,4)"
}

/// What stands at each point; the raw values are gnuplot's `pointtype`s.
public enum Marker: String, Sendable, CaseIterable {
  /// A full circle.
  case circle = "7"
  /// A full square.
  case square = "5"
  /// A full triangle.
  case triangle = "9"
  /// A full diamond.
  case diamond = "13"
  /// A circle, empty.
  case ring = "6"
  /// A diagonal cross.
  case cross = "2"
  /// A dot of one pixel, for thousands of points.
  case dot = "0"
}

extension CaseIterable {
  /// One after the other, from the first again after the last.
  static func cycle(_ index: Int) -> Self {
    allCases[allCases.index(allCases.startIndex, offsetBy: index % allCases.count)]
  }
}

/// Where the names of the series stand: above where they are too many for one column.
public enum Legend: String, Sendable {
  /// In a row between title and plot, where it covers nothing.
  case above = "outside top center horizontal"
  /// In a column beside the plot.
  case right = "outside right top vertical"
  /// Over the plot, in its upper left corner.
  case topLeft = "inside left top vertical"
  /// Over the plot, in its upper right corner.
  case topRight = "inside right top vertical"
  /// Over the plot, in its lower left corner.
  case bottomLeft = "inside left bottom vertical"
  /// Over the plot, in its lower right corner.
  case bottomRight = "inside right bottom vertical"
  /// Nowhere.
  case none = "off"
}
