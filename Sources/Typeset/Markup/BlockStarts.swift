/// What the beginning of a line says. Every function wants the line behind the marks of the quotes
/// and lists that it stands in.
enum BlockStart {
  struct Fence {
    let mark: Unicode.Scalar
    let count: Int
    let indentation: Int
    let info: String
  }

  struct Marker: Equatable {
    /// The bullet, or what follows the number.
    let sign: Unicode.Scalar
    let number: Int?
    /// Where the item's text begins.
    let width: Int
    let isEmpty: Bool
  }

  /// `## Title ##`
  static func heading(_ line: Scalars) -> (level: Int, text: Scalars)? {
    let line = line.trimmed
    let level = line.prefix { $0 == "#" }.count
    let rest = line.dropFirst(level)
    guard (1...6).contains(level), rest.isEmpty || rest.first == " " else { return nil }
    var text = rest.trimmed
    let open = text.reversed().drop { $0 == "#" }
    if open.isEmpty || open.first == " " { text = text.prefix(open.count).trimmed }
    return (level, text)
  }

  /// The line under a heading of its own: `===` or `---`.
  static func underline(_ line: Scalars) -> Int? {
    let marks = line.trimmed
    guard let mark = marks.first, mark == "=" || mark == "-", marks.allSatisfy({ $0 == mark })
    else { return nil }
    return mark == "=" ? 1 : 2
  }

  static func rule(_ line: Scalars) -> Bool {
    let marks = line.filter { $0 != " " }
    guard let mark = marks.first, mark == "-" || mark == "*" || mark == "_" else { return false }
    return marks.count >= 3 && marks.allSatisfy { $0 == mark }
  }

  static func fence(_ line: Scalars) -> Fence? {
    let indentation = line.indentation
    let line = line.dropFirst(indentation)
    guard let mark = line.first, mark == "`" || mark == "~" else { return nil }
    let count = line.prefix { $0 == mark }.count
    let rest = line.dropFirst(count)
    guard count >= 3, mark == "~" || !rest.contains("`") else { return nil }
    let word = rest.trimmed.prefix { $0 != " " }
    return Fence(mark: mark, count: count, indentation: indentation, info: word.unescaped)
  }

  static func closes(_ line: Scalars, _ fence: Fence) -> Bool {
    let marks = line.trimmed
    return line.indentation < 4 && marks.count >= fence.count
      && marks.allSatisfy { $0 == fence.mark }
  }

  static func marker(_ line: Scalars) -> Marker? {
    let indentation = line.indentation
    let rest = line.dropFirst(indentation)
    let digits = rest.prefix { $0.isASCIIDigit }
    guard digits.count <= 9, let sign = rest.dropFirst(digits.count).first,
      digits.isEmpty ? "-*+".unicodeScalars.contains(sign) : sign == "." || sign == ")"
    else { return nil }
    let text = rest.dropFirst(digits.count + 1)
    guard text.isEmpty || text.first == " " else { return nil }
    // A text further in is code that begins the item.
    let spaces = text.isBlank || text.indentation > 4 ? 1 : text.indentation
    return Marker(
      sign: sign, number: Int(digits.string),
      width: indentation + digits.count + 1 + spaces, isEmpty: text.isBlank)
  }
}
