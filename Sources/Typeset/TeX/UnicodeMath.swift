import Foundation

/// Formulas as plain text for the terminal: `h_t = \tanh(W x_t)` becomes `hₜ = tanh(W xₜ)`.
///
/// Unicode has small letters below the line for some letters only. Where one is missing, all of the
/// formulas that are read together keep TeX's notation, so that `W_{ir}` stands beside `W_{iz}`.
package struct UnicodeMath {
  private let hasSubscripts: Bool
  private let hasSuperscripts: Bool

  /// The notation for formulas that are read together.
  package init(for formulas: [String]) {
    let small = UnicodeMath(hasSubscripts: true, hasSuperscripts: true)
    let scripts = formulas.compactMap { try? TeX(parsing: $0) }.flatMap(\.scripts)
    hasSubscripts = scripts.allSatisfy { $0.sub.map(small.isSmallBelow) ?? true }
    hasSuperscripts = scripts.allSatisfy { $0.sup.map(small.isSmallAbove) ?? true }
  }

  private init(hasSubscripts: Bool, hasSuperscripts: Bool) {
    self.hasSubscripts = hasSubscripts
    self.hasSuperscripts = hasSuperscripts
  }

  package static func text(_ tex: String) -> String { UnicodeMath(for: [tex]).text(tex) }

  package static func lines(_ tex: String) -> [String] { UnicodeMath(for: [tex]).lines(tex) }

  /// One line; a formula that can't be read stays as it was written.
  package func text(_ tex: String) -> String {
    guard let formula = try? TeX(parsing: tex) else { return tex }
    return tidied(write(formula))
  }

  /// A displayed formula, whose rows are lines that stand under each other.
  package func lines(_ tex: String) -> [String] {
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

  private func brace(_ index: Int, of count: Int) -> String {
    if count == 1 { return "{" }
    return index == 0 ? "⎧" : index == count - 1 ? "⎩" : index == count / 2 ? "⎨" : "⎪"
  }

  private func aligned(_ rows: [[String]], gap: String = " ") -> [String] {
    var widths = Array(repeating: 0, count: rows.map(\.count).max() ?? 0)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.columns) }
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        column % 2 == 0 && gap == " " && row.count > 1
          ? cell.padded(to: widths[column], .right) : cell.padded(to: widths[column], .left)
      }
      return cells.joined(separator: gap).trimmingTrailingSpace
    }
  }

  private func tidied(_ text: String) -> String {
    text.split(separator: " ").joined(separator: " ")
      .replacing("( ", with: "(").replacing(" )", with: ")").replacing(" ,", with: ",")
      .precomposedStringWithCanonicalMapping
  }

  // MARK: - Writing

  private func write(_ tex: TeX) -> String {
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
      return (index.map { above($0) } ?? "") + "√" + radicand(inner)
    case .scripts(let base, let sub, let sup):
      let scripts = (sub.map(below) ?? "") + (sup.map(above) ?? "")
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
  /// their neighbors, and a sign before its operand none.
  private func row(_ items: [TeX]) -> String {
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

  private func write(_ grid: TeX.Grid, _ rows: [[TeX]]) -> String {
    let lines = rows.map { $0.map { tidied(write($0)) }.joined(separator: " ") }
    switch grid {
    case .aligned: return lines.joined(separator: ";  ")
    case .matrix(let left, let right): return left + lines.joined(separator: "; ") + right
    case .cases: return " { " + lines.joined(separator: "; ") + " }"
    }
  }

  private func annotated(_ base: TeX, _ note: TeX) -> String {
    let text = write(base)
    switch note {
    case .row([]), .sign("⏟", _), .sign("⏞", _): return text
    default:
      let words = tidied(write(note))
      if case .sign(_, .relation) = base { return "\(text.trimmingTrailingSpace)[\(words)] " }
      return base.isWord ? "\(text)_\(words)" : "\(text) [\(words)]"
    }
  }

  private func accented(_ text: String, _ sign: String) -> String {
    let combining = [
      "^": "\u{302}", "~": "\u{303}", "¯": "\u{304}", "→": "\u{20D7}", "˙": "\u{307}",
      "¨": "\u{308}", "ˇ": "\u{30C}", "˘": "\u{306}",
    ]
    guard let first = text.first, let mark = combining[sign] else { return text }
    return String(first) + mark + text.dropFirst()
  }

  private func grouped(_ tex: TeX) -> String {
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

  private func radicand(_ tex: TeX) -> String {
    let text = tidied(write(tex))
    if case .row = tex { return "(\(text))" }
    return text.contains(" ") || text.contains("/") ? "(\(text))" : text
  }

  private func below(_ tex: TeX) -> String { script(tex, isSmallBelow(tex), Self.subscripts, "_") }

  private func above(_ tex: TeX) -> String {
    script(tex, isSmallAbove(tex), Self.superscripts, "^")
  }

  private func isSmallBelow(_ tex: TeX) -> Bool {
    hasSubscripts && tidied(write(tex)).allSatisfy { $0 == " " || Self.subscripts[$0] != nil }
  }

  private func isSmallAbove(_ tex: TeX) -> Bool {
    let text = tidied(write(tex))
    // A prime is no exponent.
    return text.allSatisfy { $0 == "′" }
      || hasSuperscripts && text.allSatisfy { $0 == " " || Self.superscripts[$0] != nil }
  }

  private func script(
    _ tex: TeX, _ isSmall: Bool, _ table: [Character: Character], _ mark: String
  ) -> String {
    let text = tidied(write(tex))
    let dense = text.replacing(" ", with: "")
    if isSmall { return String(dense.compactMap { table[$0] }) }
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

extension TeX {
  /// Everything below and above the line, inside and out.
  fileprivate var scripts: [(sub: TeX?, sup: TeX?)] {
    switch self {
    case .scripts(let base, let sub, let sup):
      [(sub, sup)] + base.scripts + (sub?.scripts ?? []) + (sup?.scripts ?? [])
    case .row(let items): items.flatMap(\.scripts)
    case .alphabet(_, let inner), .accent(_, let inner, _), .line(let inner, _),
      .fenced(_, let inner, _):
      inner.scripts
    case .fraction(let one, let other, _), .over(let one, let other), .under(let one, let other):
      one.scripts + other.scripts
    case .root(let inner, let index): inner.scripts + [(nil, index)] + (index?.scripts ?? [])
    case .grid(_, let rows): rows.joined().flatMap(\.scripts)
    case .name, .number, .sign, .text, .space: []
    }
  }
}
