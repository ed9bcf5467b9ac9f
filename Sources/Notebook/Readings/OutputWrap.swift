/// Keeps what a chapter prints within the terminal: a line that would run over goes on in the next,
/// two columns further in than it began. Knows where the last piece ended.
struct OutputWrap {
  let width: Int
  private var column = 0
  private var indentation = 0
  private var hasWord = false

  init(width: Int) { self.width = width }

  /// `text` is at the beginning of a line again.
  mutating func reset() { (column, indentation, hasWord) = (0, 0, false) }

  mutating func wrapped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.popFirst() {
      let bytes = line.utf8.count
      // No character has more columns than bytes, but for tabs.
      if bytes + column <= width, !line.utf8.contains(9) {
        result += line
        if lines.isEmpty { note(line) }
      } else {
        wrap(line, into: &result)
      }
      if !lines.isEmpty {
        result += "\n"
        reset()
      }
    }
    return result
  }

  private mutating func note(_ text: Substring) {
    if !hasWord { indentation += text.prefix { $0 == " " }.count }
    if text.contains(where: { $0 != " " }) { hasWord = true }
    column += String(text).columns
  }

  private mutating func wrap(_ line: Substring, into result: inout String) {
    var spaces = 0
    var word = ""
    var wordColumns = 0
    for character in line {
      if character == " " || character == "\t" {
        put(&word, &wordColumns, after: &spaces, into: &result)
        spaces += character == " " ? 1 : 8 - (column + spaces) % 8
        continue
      }
      word.append(character)
      wordColumns += character.columns
      // A word that fills a line is written before it has ended.
      if wordColumns > width { put(&word, &wordColumns, after: &spaces, into: &result) }
    }
    put(&word, &wordColumns, after: &spaces, into: &result)
    let fit = max(0, min(spaces, width - column))
    result += String(repeating: " ", count: fit)
    column += fit
  }

  private mutating func put(
    _ word: inout String, _ columns: inout Int, after spaces: inout Int, into result: inout String
  ) {
    guard !word.isEmpty else { return }
    if !hasWord {
      indentation = min(column + spaces, width / 3)
      spaces = min(column + spaces, width / 2) - column
    }
    if column + spaces + columns > width, hasWord, column > indentation + 2 {
      newLine(into: &result)
    } else {
      result += String(repeating: " ", count: max(0, spaces))
      column += max(0, spaces)
    }
    if column + columns <= width {
      result += word
      column += columns
    } else {
      for character in word {
        if column + character.columns > width { newLine(into: &result) }
        result.append(character)
        column += character.columns
      }
    }
    hasWord = true
    (word, columns, spaces) = ("", 0, 0)
  }

  private mutating func newLine(into result: inout String) {
    result += "\n" + String(repeating: " ", count: indentation + 2)
    column = indentation + 2
  }
}
