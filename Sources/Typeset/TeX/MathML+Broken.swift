extension MathML {
  /// A formula on lines of its own for a screen that is narrower than it: each line in pieces between
  /// which a browser may break, before a relation or a sign between two terms. nil for one that
  /// cannot be read, or is of one piece. Within a text (`display: false`) fractions and sums are small.
  package static func broken(_ tex: String, display: Bool = true) -> [[String]]? {
    guard let formula = try? TeX(parsing: tex) else { return nil }
    let lines = lines(of: formula).map { line in
      pieces(of: line).map { "<math displaystyle=\"\(display)\"><mrow>\($0)</mrow></math>" }
    }
    return lines.count == 1 && lines[0].count == 1 ? nil : lines
  }

  /// The rows of aligned equations, two columns a line, or all of it as one; and each of several
  /// formulas with a wide space between them.
  private static func lines(of formula: TeX) -> [[TeX]] {
    switch formula {
    case .grid(.aligned, let rows):
      rows.flatMap { row in
        stride(from: 0, to: row.count, by: 2).map { column in
          row[column..<min(column + 2, row.count)].flatMap(\.items)
        }
      }
    case .row(let items) where items.count == 1: lines(of: items[0])
    default:
      formula.items.split { if case .space(let em) = $0 { em >= 1 } else { false } }.map(Array.init)
    }
  }

  private static func pieces(of items: [TeX]) -> [String] {
    var pieces: [[TeX]] = [[]]
    for (place, item) in items.enumerated() {
      let before = place > 0 ? items[place - 1] : nil
      if !pieces[pieces.count - 1].isEmpty, item.mayBeginLine(after: before) { pieces.append([]) }
      pieces[pieces.count - 1].append(item)
    }
    return pieces.enumerated().map { number, piece in
      // A sign that begins a piece stands between two terms nevertheless.
      guard number > 0, case .sign(let sign, .relation)? = piece.first else { return row(piece) }
      return "<mo form=\"infix\">\(HTML.escaped(sign))</mo>" + row(Array(piece.dropFirst()))
    }
  }
}

extension TeX {
  fileprivate var items: [TeX] {
    if case .row(let items) = self { items } else { [self] }
  }

  /// Relations, and signs between terms.
  fileprivate func mayBeginLine(after before: TeX?) -> Bool {
    guard case .sign(let sign, .relation) = self, before?.isOperand == true else { return false }
    return !"∈∣|".contains(sign)
  }
}
