import Foundation

/// Formulas as plain text for the terminal: `h_t = \tanh(W x_t)` becomes `hₜ = tanh(W xₜ)`.
package enum UnicodeMath {
  /// One line; a formula that can't be read stays as it was written.
  package static func text(_ tex: String) -> String {
    guard let formula = try? TeX(parsing: tex) else { return tex }
    return tidied(write(formula))
  }

  /// A displayed formula, whose rows are lines that stand under each other.
  package static func lines(_ tex: String) -> [String] {
    guard let formula = try? TeX(parsing: tex) else {
      return tex.split(separator: "\n").map(String.init)
    }
    if case .grid(let grid, let rows) = formula, grid == .aligned {
      return aligned(rows.map { $0.map { tidied(write($0)) } })
    }
    if case .row(let items) = formula, case .grid(.cases, let rows)? = items.last {
      let head = tidied(write(.row(items.dropLast()))) + " "
      let lines = aligned(rows.map { $0.map { tidied(write($0)) } }, gap: "   ")
      return lines.enumerated().map { index, line in
        let lead = index == 0 ? head : String(repeating: " ", count: head.columns)
        return lead + brace(index, of: lines.count) + " " + line
      }
    }
    return [tidied(write(formula))]
  }

  private static func brace(_ index: Int, of count: Int) -> String {
    if count == 1 { return "{" }
    return index == 0 ? "⎧" : index == count - 1 ? "⎩" : index == count / 2 ? "⎨" : "⎪"
  }

  private static func aligned(_ rows: [[String]], gap: String = " ") -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].columns : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        column % 2 == 0 && gap == " " && row.count > 1
          ? cell.padded(to: widths[column], .right) : cell.padded(to: widths[column], .left)
      }
      return cells.joined(separator: gap).trimmingTrailingSpace
    }
  }

  private static func tidied(_ text: String) -> String {
    text.split(separator: " ").joined(separator: " ")
      .replacing("( ", with: "(").replacing(" )", with: ")").replacing(" ,", with: ",")
      .precomposedStringWithCanonicalMapping
  }

  // MARK: - Writing

  private static func write(_ tex: TeX) -> String {
    switch tex {
    case .row(let items): return row(items)
    case .name(let name, _): return name
    case .number(let digits): return digits
    case .sign(let sign, let kind):
      switch kind {
      case .relation: return " \(sign) "
      case .punctuation: return "\(sign) "
      case .large: return " \(sign)"
      default: return sign
      }
    case .text(let text): return text
    case .space(let em): return em >= 1 ? "   " : em > 0.2 ? " " : ""
    case .alphabet(let alphabet, let inner):
      return alphabet == .blackboard ? Alphabets.styled(write(inner), .blackboard) : write(inner)
    case .fraction(let top, let bottom, let line):
      return grouped(top) + (line ? "/" : " choose ") + grouped(bottom)
    case .root(let inner, let index):
      return (index.map { script($0, superscripts, "^") } ?? "") + "√" + radicand(inner)
    case .scripts(let base, let sub, let sup):
      let above = sup.map { script($0, superscripts, "^") } ?? ""
      let scripts = (sub.map { script($0, subscripts, "_") } ?? "") + above
      let text = write(base)
      if case .sign(_, .large) = base { return text + scripts + " " }
      return text.hasSuffix(" ") ? text.trimmingTrailingSpace + scripts + " " : text + scripts
    case .accent(let sign, let inner, _): return accented(write(inner), sign)
    case .line(let inner, let under):
      return write(inner).map { String($0) + (under ? "\u{332}" : "\u{305}") }.joined()
    case .over(let base, let note), .under(let base, let note):
      return annotated(base, note)
    case .fenced(let left, let inner, let right): return left + tidied(write(inner)) + right
    case .grid(let grid, let rows): return write(grid, rows)
    }
  }

  /// A row where words such as tanh, and letters that carry scripts, keep their distance from
  /// their neighbours, and a sign before its operand none.
  private static func row(_ items: [TeX]) -> String {
    var text = ""
    for (index, item) in items.enumerated() {
      let before = index > 0 ? items[index - 1] : nil
      var piece = write(item)
      if case .sign(let sign, .relation) = item, "−+±∓".contains(sign), before?.isOperand != true {
        piece = sign
      }
      if let before,
        before.isWord && !item.opens || item.isWord && before.isOperand
          || before.isAdorned && item.isLetter || before.isLetter && item.isAdorned
          || before.isLarge && (item.isOperand || item.opens && !item.isRelation)
      {
        text += " "
      }
      text += piece
    }
    return text
  }

  private static func write(_ grid: TeX.Grid, _ rows: [[TeX]]) -> String {
    let lines = rows.map { $0.map { tidied(write($0)) }.joined(separator: " ") }
    switch grid {
    case .aligned: return lines.joined(separator: ";  ")
    case .matrix(let left, let right): return left + lines.joined(separator: "; ") + right
    case .cases: return " { " + lines.joined(separator: "; ") + " }"
    }
  }

  private static func annotated(_ base: TeX, _ note: TeX) -> String {
    let text = write(base)
    switch note {
    case .row([]), .sign("⏟", _), .sign("⏞", _): return text
    default:
      let words = tidied(write(note))
      if case .sign(_, .relation) = base { return "\(text.trimmingTrailingSpace)[\(words)] " }
      return base.isWord ? "\(text)_\(words)" : "\(text) [\(words)]"
    }
  }

  private static func accented(_ text: String, _ sign: String) -> String {
    let combining = [
      "^": "\u{302}", "~": "\u{303}", "¯": "\u{304}", "→": "\u{20D7}", "˙": "\u{307}",
      "¨": "\u{308}", "ˇ": "\u{30C}", "˘": "\u{306}",
    ]
    guard let first = text.first, let mark = combining[sign] else { return text }
    return String(first) + mark + text.dropFirst()
  }

  private static func grouped(_ tex: TeX) -> String {
    let text = tidied(write(tex))
    switch tex {
    case .row(let items) where items.count > 1:
      let isProduct = items.allSatisfy { item in
        if case .sign(let sign, _) = item { return "∂∇′".contains(sign) }
        return !item.isWord
      }
      return isProduct && !text.contains(" ") ? text : "(\(text))"
    case .fraction: return "(\(text))"
    default: return text
    }
  }

  private static func radicand(_ tex: TeX) -> String {
    let text = tidied(write(tex))
    if case .row = tex { return "(\(text))" }
    return text.contains(" ") || text.contains("/") ? "(\(text))" : text
  }

  private static func script(_ tex: TeX, _ table: [Character: Character], _ mark: String) -> String
  {
    let text = tidied(write(tex))
    let dense = text.replacing(" ", with: "")
    let small = dense.compactMap { table[$0] }
    if small.count == dense.count { return String(small) }
    let shown = tex.hasText ? text : dense
    return shown.count == 1 ? mark + shown : mark + "{" + shown + "}"
  }

  private static let subscripts = table(
    "0123456789+−=()aehijklmnoprstuvxβγρϕχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")
  private static let superscripts = table(
    "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤′∗",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ′*")

  private static func table(_ from: String, _ to: String) -> [Character: Character] {
    Dictionary(uniqueKeysWithValues: zip(from, to))
  }
}

extension TeX {
  fileprivate var isLetter: Bool {
    if case .name = self { true } else { isAdorned }
  }

  /// What no factor may follow without a distance: `a/b c`.
  fileprivate var isLarge: Bool {
    switch self {
    case .fraction, .fenced, .grid: true
    default: false
    }
  }

  fileprivate var isRelation: Bool {
    if case .sign(_, let kind) = self { kind != .opening } else { false }
  }

  fileprivate var hasText: Bool {
    switch self {
    case .text: true
    case .row(let items): items.contains(where: \.hasText)
    default: false
    }
  }

  /// A letter that carries scripts, an accent or another alphabet.
  fileprivate var isAdorned: Bool {
    switch self {
    case .scripts(let base, _, _), .alphabet(_, let base), .accent(_, let base, _): base.isLetter
    default: false
    }
  }
}
