extension Record {
  /// Makes the first stressed occurrence of each term in the prose the place where it is told.
  ///
  /// - Returns: the keys of the terms that are told, in the order of the telling.
  package mutating func tell(_ terms: [Term], in words: Wording = .english) -> [String] {
    var marker = TermMarker(names: terms.byName(in: words))
    guard !terms.isEmpty else { return [] }
    for cell in cells.indices { cells[cell].prose = marker.marked(cells[cell].prose) }
    return marker.told
  }
}

private struct TermMarker {
  let names: [String: String]
  var told: [String] = []

  /// Headings announce, tables sum up: neither tells.
  mutating func marked(_ blocks: [Block]) -> [Block] {
    blocks.map { block in
      switch block {
      case .paragraph(let inlines): .paragraph(marked(inlines))
      case .list(let start, let items): .list(start: start, items: items.map { marked($0) })
      case .quote(let blocks): .quote(marked(blocks))
      case .heading, .code, .math, .table, .rule: block
      }
    }
  }

  private mutating func marked(_ inlines: [Inline]) -> [Inline] {
    inlines.map { inline in
      switch inline {
      case .emphasis(let inner): term(inner) ?? .emphasis(marked(inner))
      case .strong(let inner): term(inner) ?? .strong(marked(inner))
      default: inline
      }
    }
  }

  private mutating func term(_ inner: [Inline]) -> Inline? {
    let words = inner.plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard let key = names[words.lowercased()], !told.contains(key) else { return nil }
    told.append(key)
    return .term(inner, key: key)
  }
}
