import Figures
import Foundation
import TestSupport
import Testing

/// A text of an SVG that gnuplot drew, with the rectangle it covers.
struct SVGText {
  var text: String
  var left, right, top, bottom: Double

  /// Every text of a figure that lies level, drawn as SVG. Widths are estimated from above: digits of
  /// DejaVu Sans are 0.636 of the font's size, points and colons 0.337, dashes 0.361, the letters of
  /// words 0.55 on the average.
  static func all(in figure: Figure) throws -> [SVGText] {
    let folder = Folder()
    let files = try figure.write(to: folder.url, name: "it.svg")
    let svg = try String(contentsOf: files.picture, encoding: .utf8)
    let pattern =
      #/translate\(([-\d.]+),([-\d.]+)\)"[^>]*font-size="([\d.]+)"[^>]*text-anchor="(\w+)">\s*<text>(?:<tspan[^>]*>)?([^<]*)/#
    return svg.matches(of: pattern).map { match in
      let text = match.5.replacing("&lt;", with: "<").replacing("&amp;", with: "&")
      let (x, y, size) = (Double(match.1)!, Double(match.2)!, Double(match.3)!)
      let ems = text.map {
        $0.isNumber ? 0.64 : ".: ,".contains($0) ? 0.34 : $0 == "-" ? 0.37 : 0.57
      }
      let width = ems.reduce(0, +) * size
      let left = match.4 == "middle" ? x - width / 2 : match.4 == "end" ? x - width : x
      return SVGText(
        text: String(text), left: left, right: left + width, top: y - size * 0.76,
        bottom: y + size * 0.24)
    }.filter { !$0.text.allSatisfy(\.isWhitespace) }
  }

  func overlaps(_ other: SVGText) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }

  /// What is wrong with the texts of a picture: two that overlap, or one that is cut.
  static func faults(_ texts: [SVGText], size: Figure.Size) -> [String] {
    var faults: [String] = []
    for (index, text) in texts.enumerated() {
      if text.left < 0 || text.right > Double(size.width) || text.top < 0
        || text.bottom > Double(size.height)
      {
        faults.append("'\(text.text)' is cut")
      }
      for other in texts[(index + 1)...] where text.overlaps(other) {
        faults.append("'\(text.text)' and '\(other.text)' overlap")
      }
    }
    return faults
  }
}
