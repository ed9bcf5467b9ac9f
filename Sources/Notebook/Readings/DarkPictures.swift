/// How a dark page shows its pictures: by a filter that turns lightness round and keeps hues, so that a
/// page holds each picture once instead of twice.
///
/// The filter is the linear map of red, green and blue that comes nearest to `Theme.dark`, fitted by least
/// squares over the colors of eight figures of the book, and exact for white, which becomes the page's own
/// ground: on average a color is 5 of 255 away from the one that gnuplot would draw.
package enum DarkPictures {
  /// What red, green, blue and 1 contribute to red, green and blue, all of them from 0 to 1.
  private static let rows: [[Double]] = [
    [0.440, -1.077, -0.270, 0.9933],
    [-0.495, -0.158, -0.241, 0.9881],
    [-0.504, -1.086, 0.713, 0.9907],
  ]

  /// The filter's element, which `page.css` applies.
  static let filter: String = {
    let values = rows.map { "\($0[0]) \($0[1]) \($0[2]) 0 \($0[3])" }.joined(separator: " ")
    return "<svg width=\"0\" height=\"0\" aria-hidden=\"true\" style=\"position:absolute\">"
      + "<filter id=\"dark\" x=\"0\" y=\"0\" width=\"100%\" height=\"100%\""
      + " color-interpolation-filters=\"sRGB\"><feColorMatrix values=\"\(values) 0 0 0 1 0\">"
      + "</feColorMatrix></filter></svg>"
  }()

  /// Red, green and blue from 0 to 255 as a dark page shows them.
  package static func shown(_ color: [Int]) -> [Int] {
    rows.map { row in
      let sum = zip(row, color).reduce(255 * row[3]) { $0 + $1.0 * Double($1.1) }
      return Int(min(max(sum, 0), 255).rounded())
    }
  }
}
