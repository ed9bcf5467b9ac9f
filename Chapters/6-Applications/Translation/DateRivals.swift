import Unroll

/// What one writes without learning: a rule for each of the forms that come to mind first.
package struct DateRules {
  private typealias Fields = (Substring, Substring, Substring, Substring)
  private let iso, numbers, dayFirst, monthFirst: Regex<Fields>

  package init() {
    let names = DateForms.months.joined(separator: "|")
    func rule(_ pattern: String) -> Regex<Fields> {
      // The patterns stand here and are well formed.
      try! Regex(pattern, as: Fields.self)
    }
    iso = rule("([0-9]{4})-([0-9]{2})-([0-9]{2})")
    numbers = rule("([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})")
    dayFirst = rule("([0-9]{1,2}) (\(names)) ([0-9]{4})")
    monthFirst = rule("(\(names)) ([0-9]{1,2}), ([0-9]{4})")
  }

  /// The ISO date, or nil for a form that there is no rule for.
  package func date(_ text: String) -> String? {
    func found(_ rule: Regex<Fields>) -> Fields? { try? rule.wholeMatch(in: text)?.output }
    if found(iso) != nil { return text }
    if let f = found(numbers) { return written(f.3, f.2, f.1) }
    if let f = found(dayFirst) { return written(f.3, f.2, f.1) }
    if let f = found(monthFirst) { return written(f.3, f.1, f.2) }
    return nil
  }

  private func written(_ year: Substring, _ month: Substring, _ day: Substring) -> String {
    let number = DateForms.months.firstIndex(of: String(month)).map { "\($0 + 1)" }
    func two(_ digits: String) -> String { digits.count < 2 ? "0\(digits)" : digits }
    return "\(year)-\(two(number ?? String(month)))-\(two(String(day)))"
  }
}

/// What one does without thinking: gives the answer of the most similar text one knows, the one
/// with the fewest letters to change.
package struct NearestDate {
  private let known: [(letters: [UInt8], iso: String)]

  package init(_ dates: [WrittenDate]) { known = dates.map { (Array($0.text.utf8), $0.day.iso) } }

  package func date(_ text: String) -> String? {
    let letters = Array(text.utf8)
    let distances = known.map { editDistance($0.letters, letters) }
    return distances.indices.min { distances[$0] < distances[$1] }.map { known[$0].iso }
  }
}
