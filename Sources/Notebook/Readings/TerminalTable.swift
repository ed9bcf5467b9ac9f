/// A table as lines of a terminal: as wide as it needs, or with its words wrapped in their columns,
/// or, where even that is too narrow, row after row with each entry under its header.
struct TerminalTable {
  let headers: [String]
  let rows: [[String]]
  let alignments: [Alignment]

  private static let gap = 2

  init(_ headers: [String], _ rows: [[String]], _ alignments: [Alignment]) {
    self.headers = headers.map(Self.line)
    self.rows = rows.map { $0.map(Self.line) }
    self.alignments = alignments
  }

  private static func line(_ text: String) -> String { text.replacing("\n", with: " ") }

  func lines(width: Int) -> [[Span]] {
    guard let widths = widths(within: width) else { return stacked(width: width) }
    let rule = widths.map { String(repeating: "─", count: $0) }
      .joined(separator: String(repeating: " ", count: Self.gap))
    return lines(of: headers, widths, .strong) + [[Span(rule, .dim)]]
      + rows.flatMap { lines(of: $0, widths, nil) }
  }

  /// The columns' widths, the widest narrowed until all fit; nil if their words don't.
  private func widths(within width: Int) -> [Int]? {
    let entries = [headers] + rows
    let natural = headers.indices.map { column in entries.map { $0[column].columns }.max() ?? 0 }
    var room = width - Self.gap * max(0, headers.count - 1)
    if natural.reduce(0, +) <= room { return natural }
    let least = headers.indices.map { column in
      entries.map { Self.longestWord($0[column]) }.max() ?? 0
    }
    guard least.reduce(0, +) <= room else { return nil }
    // Columns in the order of their need: each gets what it needs or an equal share of the rest.
    var widths = least
    room -= least.reduce(0, +)
    let wanting = headers.indices.filter { natural[$0] > least[$0] }
      .sorted { natural[$0] - least[$0] < natural[$1] - least[$1] }
    for (place, column) in wanting.enumerated() {
      let share = min(natural[column] - least[column], room / (wanting.count - place))
      widths[column] += share
      room -= share
    }
    return widths
  }

  private static func longestWord(_ text: String) -> Int {
    var words = Words()
    words.add(text)
    return words.longest
  }

  private func lines(
    of row: [String], _ widths: [Int], _ style: TerminalStyle?
  ) -> [[Span]] {
    let cells = zip(row, widths).map { text, width in Self.wrapped(text, width: width) }
    return (0..<max(1, cells.map(\.count).max() ?? 1)).map { index in
      let line = cells.indices.map { column in
        (index < cells[column].count ? cells[column][index] : "")
          .padded(to: widths[column], alignments[column])
      }
      let text = line.joined(separator: String(repeating: " ", count: Self.gap))
      return [Span(text.trimmingTrailingSpace, style)]
    }
  }

  /// The text's own spaces stay where it fits.
  private static func wrapped(_ text: String, width: Int) -> [String] {
    if text.columns <= width { return [text] }
    var words = Words()
    words.add(text)
    return words.lines(width: width).map { $0.map(\.text).joined() }
  }

  private func stacked(width: Int) -> [[Span]] {
    var lines: [[Span]] = []
    for (index, row) in rows.enumerated() {
      if index > 0 { lines.append([]) }
      for (header, entry) in zip(headers, row) {
        var words = Words()
        if !header.isEmpty { words.add(header + ": ", .strong) }
        words.add(entry)
        for (index, line) in words.lines(width: width - 2).enumerated() {
          lines.append((index == 0 ? [] : [Span("  ")]) + line)
        }
      }
    }
    return lines
  }
}

extension Words {
  /// The columns of the longest word.
  var longest: Int { lines(width: 1, cutting: false).map(\.columns).max() ?? 0 }
}
