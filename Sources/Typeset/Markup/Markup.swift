/// A cell's prose, taken apart once and written out again by each reading.
package enum Block: Equatable, Sendable {
  case heading(level: Int, [Inline])
  case paragraph([Inline])
  /// `start` is the first number of an ordered list, nil for bullets.
  case list(start: Int?, items: [[Block]])
  case quote([Block])
  case code(language: String, String)
  case math(String)
  case table(alignments: [Alignment], header: [[Inline]], rows: [[[Inline]]])
  case rule
}

package enum Inline: Equatable, Sendable {
  case text(String)
  case code(String)
  case math(String)
  case emphasis([Inline])
  case strong([Inline])
  case link([Inline], to: String, title: String? = nil)
  /// A term where it is told, of which there is one place on a page.
  case term([Inline], key: String)
  case lineBreak
}

/// How the entries of a table's column stand.
public enum Alignment: Sendable {
  /// As Markdown's `:--`, `:-:` and `--:` ask for.
  case left, center, right
}

extension [Inline] {
  /// The words alone, for titles and anchors.
  package var plain: String { plain(UnicodeMath(for: formulas)) }

  package func plain(_ math: UnicodeMath) -> String {
    map { inline in
      switch inline {
      case .text(let text), .code(let text): text
      case .math(let tex): math.text(tex)
      case .emphasis(let inner), .strong(let inner), .link(let inner, _, _), .term(let inner, _):
        inner.plain(math)
      case .lineBreak: " "
      }
    }.joined()
  }
}

extension [Block] {
  /// The first heading's words.
  package var title: String? {
    for case .heading(_, let inlines) in self { return inlines.plain }
    return nil
  }

  /// Every formula, in order.
  package var formulas: [String] {
    flatMap { block -> [String] in
      switch block {
      case .heading(_, let inlines), .paragraph(let inlines): inlines.formulas
      case .list(_, let items): items.flatMap(\.formulas)
      case .quote(let blocks): blocks.formulas
      case .math(let tex): [tex]
      case .table(_, let header, let rows): (header + rows.flatMap { $0 }).flatMap(\.formulas)
      case .code, .rule: []
      }
    }
  }
}

extension [Inline] {
  package var formulas: [String] {
    flatMap { inline -> [String] in
      switch inline {
      case .math(let tex): [tex]
      case .emphasis(let inner), .strong(let inner), .link(let inner, _, _), .term(let inner, _):
        inner.formulas
      case .text, .code, .lineBreak: []
      }
    }
  }
}
