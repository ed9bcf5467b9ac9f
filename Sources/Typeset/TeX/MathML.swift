/// Formulas as MathML, which browsers draw without any help.
package enum MathML {
  /// A `<math>` element; a formula that can't be read is shown as it was written.
  package static func element(_ tex: String, display: Bool) -> String {
    guard let formula = try? TeX(parsing: tex) else {
      return "<code class=\"unread\">\(HTML.escaped(tex))</code>"
    }
    let kind = display ? " display=\"block\"" : ""
    return "<math\(kind) alttext=\"\(HTML.escaped(tex))\">\(write(formula))</math>"
  }

  private static func write(_ tex: TeX) -> String {
    switch tex {
    case .row(let items): return "<mrow>\(row(items))</mrow>"
    case .name(let name, let upright):
      let isPlain = upright && name.count == 1
      return "<mi\(isPlain ? " mathvariant=\"normal\"" : "")>\(HTML.escaped(name))</mi>"
    case .number(let digits): return "<mn>\(digits)</mn>"
    case .sign(let sign, let kind): return write(sign, kind)
    case .text(let text):
      // Plain spaces at the ends of an <mtext> would be dropped.
      return "<mtext>\(HTML.escaped(text).replacing(" ", with: "\u{A0}"))</mtext>"
    case .space(let em): return "<mspace width=\"\(em)em\"></mspace>"
    case .alphabet(let alphabet, let inner): return styled(inner, alphabet)
    case .fraction(let top, let bottom, let line):
      let thickness = line ? "" : " linethickness=\"0\""
      return "<mfrac\(thickness)>\(write(top))\(write(bottom))</mfrac>"
    case .root(let inner, nil): return "<msqrt>\(write(inner))</msqrt>"
    case .root(let inner, let index?): return "<mroot>\(write(inner))\(write(index))</mroot>"
    case .scripts(let base, let sub, let sup): return scripts(base, sub, sup)
    case .accent(let sign, let inner, let wide):
      let mark = ["^": "ˆ", "~": "˜"][sign] ?? sign
      let stretchy = "stretchy=\"\(wide)\""
      return "<mover accent=\"true\">\(write(inner))<mo \(stretchy)>\(mark)</mo></mover>"
    case .line(let inner, let under):
      let element = under ? "munder" : "mover"
      return "<\(element)>\(write(inner))<mo stretchy=\"true\">‾</mo></\(element)>"
    case .over(let base, let note): return "<mover>\(write(base))\(write(note))</mover>"
    case .under(let base, let note): return "<munder>\(write(base))\(write(note))</munder>"
    case .fenced(let left, let inner, let right):
      return "<mrow>\(fence(left, "prefix"))\(write(inner))\(fence(right, "postfix"))</mrow>"
    case .grid(let grid, let rows): return write(grid, rows)
    }
  }

  /// A row's items, with TeX's thin space around names written out, and signs before operands told
  /// from those between two.
  static func row(_ items: [TeX]) -> String {
    var text = ""
    for (index, item) in items.enumerated() {
      let before = index > 0 ? items[index - 1] : nil
      if let before, before.isWord && !item.opens || item.isWord && before.isOperand {
        text += "<mspace width=\"0.17em\"></mspace>"
      }
      if case .sign(let sign, .relation) = item, "−+±∓".contains(sign), before?.isOperand != true {
        text += "<mo form=\"prefix\">\(sign)</mo>"
      } else {
        text += write(item)
      }
    }
    return text
  }

  private static func write(_ sign: String, _ kind: TeX.Sign) -> String {
    let text = HTML.escaped(sign)
    return switch kind {
    case .opening: "<mo form=\"prefix\" stretchy=\"false\">\(text)</mo>"
    case .closing: "<mo form=\"postfix\" stretchy=\"false\">\(text)</mo>"
    case .ordinary:
      "⏞⏟".contains(sign)
        ? "<mo stretchy=\"true\">\(text)</mo>"
        : "<mo lspace=\"0\" rspace=\"0\" stretchy=\"false\">\(text)</mo>"
    case .relation, .large, .punctuation: "<mo>\(text)</mo>"
    }
  }

  private static func fence(_ sign: String, _ form: String) -> String {
    sign.isEmpty ? "" : "<mo fence=\"true\" form=\"\(form)\">\(HTML.escaped(sign))</mo>"
  }

  /// Scripts beside the base, or above and below it where sums and limits have them.
  private static func scripts(_ base: TeX, _ sub: TeX?, _ sup: TeX?) -> String {
    var text = write(base)
    var isStacked = false
    if case .sign(let sign, .large) = base { isStacked = !"∫∮".contains(sign) }
    if case .name(let name, upright: true) = base, limits.contains(name) {
      isStacked = true
      text = "<mo movablelimits=\"true\" lspace=\"0\" rspace=\"0\">\(name)</mo>"
    }
    switch (sub, sup) {
    case (let sub?, let sup?):
      let element = isStacked ? "munderover" : "msubsup"
      return "<\(element)>\(text)\(script(sub))\(script(sup))</\(element)>"
    case (let sub?, nil):
      let element = isStacked ? "munder" : "msub"
      return "<\(element)>\(text)\(script(sub))</\(element)>"
    case (nil, let sup?):
      let element = isStacked ? "mover" : "msup"
      return "<\(element)>\(text)\(script(sup))</\(element)>"
    case (nil, nil): return text
    }
  }

  /// Signs in scripts stand close, as TeX sets them.
  private static func script(_ tex: TeX) -> String {
    write(tex).replacing("<mo>", with: "<mo lspace=\"0\" rspace=\"0\">")
  }

  private static let limits: Set = ["max", "min", "sup", "inf", "lim", "arg max", "arg min"]

  private static func styled(_ tex: TeX, _ alphabet: TeX.Alphabet) -> String {
    switch tex {
    case .row(let items):
      let letters = items.compactMap(\.letters)
      if letters.count == items.count { return letter(letters.joined(), alphabet) }
      return "<mrow>\(items.map { styled($0, alphabet) }.joined())</mrow>"
    case .scripts(let base, let sub, let sup):
      return scripts(
        .alphabet(alphabet, base), sub.map { .alphabet(alphabet, $0) },
        sup.map { .alphabet(alphabet, $0) })
    default: return tex.letters.map { letter($0, alphabet) } ?? write(tex)
    }
  }

  private static func letter(_ text: String, _ alphabet: TeX.Alphabet) -> String {
    let styled = HTML.escaped(Alphabets.styled(text, alphabet))
    return "<mi\(text.count == 1 ? " mathvariant=\"normal\"" : "")>\(styled)</mi>"
  }

  private static func write(_ grid: TeX.Grid, _ rows: [[TeX]]) -> String {
    let style =
      switch grid {
      case .aligned: "aligned"
      case .cases: "cases"
      case .matrix: "matrix"
      }
    let body = rows.map { row in
      "<mtr>" + row.map { "<mtd>\(write($0))</mtd>" }.joined() + "</mtr>"
    }
    let display = grid == .aligned ? " displaystyle=\"true\"" : ""
    let table = "<mtable class=\"\(style)\"\(display)>\(body.joined())</mtable>"
    switch grid {
    case .aligned: return table
    case .cases: return "<mrow>\(fence("{", "prefix"))\(table)</mrow>"
    case .matrix(let left, let right):
      return "<mrow>\(fence(left, "prefix"))\(table)\(fence(right, "postfix"))</mrow>"
    }
  }
}

extension TeX {
  /// A name of several letters, such as tanh, with or without scripts.
  var isWord: Bool {
    switch self {
    case .name(let name, upright: true): name.count > 1
    case .scripts(let base, _, _), .under(let base, _), .over(let base, _): base.isWord
    default: false
    }
  }

  var opens: Bool {
    switch self {
    case .sign(_, let kind): kind != .ordinary && kind != .large
    case .fenced, .space, .row([]): true
    default: false
    }
  }

  /// Whether a minus after this stands between two operands.
  var isOperand: Bool {
    switch self {
    case .sign(_, let kind): kind == .closing || kind == .ordinary
    case .space, .row([]): false
    default: true
    }
  }

  /// The letters or digits that an alphabet may change, if the formula is nothing else.
  fileprivate var letters: String? {
    switch self {
    case .name(let text, _), .number(let text): text
    case .sign(let sign, .ordinary) where "∂∇".contains(sign): sign
    default: nil
    }
  }
}
