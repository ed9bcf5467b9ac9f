extension Figure {
  /// The width, in the pixels of a page, at which the smallest text of the PNG is ten of them high:
  /// shown at less it could not be read on a telephone. Read from the script, so that whatever a mark
  /// makes smaller to fit is counted.
  package var readableWidth: Int {
    guard let script = try? script(name: "it") else { return size.width / 2 }
    let whole = Double(panels?.textSize ?? textSize)
    let points = script.text.split(separator: "\n").filter { $0.contains("'DejaVu Sans") }
      .flatMap { line in
        line.matches(of: Self.fontSize).map { match in
          // What is a share of the whole figure's, gnuplot cuts to whole points.
          match.share.map { (whole * Double($0)!).rounded(.down) } ?? Double(match.points!)!
        }
      }
    let smallest = (points + [whole]).min()!
    return Int((Double(size.width) * 10 / (smallest * 96 / 72)).rounded(.up))
  }

  nonisolated(unsafe) private static let fontSize =
    #/'DejaVu Sans(?::Bold)?,(?:(?<points>[0-9]+(?:\.[0-9]+)?)'|'\.int\(figure_text \* (?<share>[0-9.]+)\))/#
}
