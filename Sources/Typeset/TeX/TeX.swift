/// A formula taken apart: what MathML and plain text are both written from.
package indirect enum TeX: Equatable, Sendable {
  case row([TeX])
  /// A letter, or a name such as tanh when `upright`.
  case name(String, upright: Bool)
  case number(String)
  case sign(String, Sign)
  case text(String)
  case space(em: Double)
  case alphabet(Alphabet, TeX)
  case fraction(TeX, TeX, line: Bool)
  case root(TeX, index: TeX?)
  case scripts(TeX, sub: TeX?, sup: TeX?)
  /// A mark over its base, such as a hat; `wide` when it stretches.
  case accent(String, TeX, wide: Bool)
  case line(TeX, under: Bool)
  case over(TeX, TeX)
  case under(TeX, TeX)
  case fenced(String, TeX, String)
  case grid(Grid, rows: [[TeX]])

  package enum Sign: Sendable { case ordinary, relation, large, opening, closing, punctuation }
  package enum Alphabet: Sendable { case bold, calligraphic, blackboard, upright, monospaced }
  package enum Grid: Equatable, Sendable {
    /// Rows that line up at each `&`.
    case aligned
    case matrix(left: String, right: String)
    case cases
  }
}

/// A formula that the reader of TeX can't make out; it never drops what it doesn't know.
package struct TeXError: Error, CustomStringConvertible, Equatable {
  package let description: String

  package init(description: String) {
    self.description = Visible.text(description).replacing("\n", with: "␊")
  }
}
