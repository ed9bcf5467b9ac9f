/// The lines of a table: `| a | b |`, and the one under the header, `|---|--:|`.
enum TableLines {
  static func alignments(_ line: Scalars, under header: Scalars) -> [Alignment]? {
    guard header.contains("|"), line.contains("-") else { return nil }
    guard line.allSatisfy({ "|-: ".unicodeScalars.contains($0) }) else { return nil }
    let rule = cells(line)
    guard rule.allSatisfy(isRule), rule.count == cells(header).count else { return nil }
    return rule.map { $0.last == ":" ? ($0.first == ":" ? .center : .right) : .left }
  }

  private static func isRule(_ cell: Scalars) -> Bool {
    var marks = cell
    if marks.first == ":" { marks = marks.dropFirst() }
    if marks.last == ":" { marks = marks.dropLast() }
    return !marks.isEmpty && marks.allSatisfy { $0 == "-" }
  }

  /// The entries between the bars of a table's line; `\|` and bars in code don't divide.
  static func cells(_ line: Scalars) -> [Scalars] {
    var text = line.trimmed
    if text.first == "|" { text = text.dropFirst() }
    if text.last == "|", text.dropLast().last != "\\" { text = text.dropLast() }
    var cells: [[Unicode.Scalar]] = [[]]
    var isCode = false
    var isEscaped = false
    for scalar in text {
      if scalar == "`", !isEscaped { isCode.toggle() }
      if scalar == "|", isEscaped {
        cells[cells.count - 1].removeLast()
        cells[cells.count - 1].append("|")
      } else if scalar == "|", !isCode {
        cells.append([])
      } else {
        cells[cells.count - 1].append(scalar)
      }
      isEscaped = scalar == "\\" && !isEscaped
    }
    return cells.map { $0[...].trimmed }
  }
}
