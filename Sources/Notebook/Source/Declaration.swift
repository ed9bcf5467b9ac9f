import Foundation

extension SourceFile {
  /// The text of the declaration called `name` (`LSTMCell`, or `LSTMCell.forward` for a member),
  /// with the comments and attributes above it; nil if there is none.
  package func declaration(_ name: String) -> String? {
    var scope = tokens.indices
    var found: Range<Int>?
    for part in name.split(separator: ".") {
      guard let range = declaration(String(part), within: scope) else { return nil }
      found = range
      scope = range
    }
    guard let found else { return nil }
    var start = lineStart(of: tokens[found.lowerBound].range.lowerBound)
    while start > 0 {
      let above = lineStart(of: start - 1)
      let line = text(above..<start).trimmingCharacters(in: .whitespaces)
      guard line.hasPrefix("//") || line.hasPrefix("@") else { break }
      start = above
    }
    let end = tokens[found.upperBound - 1].range.upperBound
    return Self.dedented(text(start..<end))
  }

  private func declaration(_ name: String, within scope: Range<Int>) -> Range<Int>? {
    let introducers: Set = [
      "struct", "class", "enum", "protocol", "actor", "extension", "func", "typealias", "let",
      "var", "case",
    ]
    for index in scope.dropLast() where tokens[index].kind == .keyword {
      guard introducers.contains(text(tokens[index])), text(tokens[index + 1]) == name else {
        continue
      }
      return index..<(end(ofDeclarationAt: index, within: scope) + 1)
    }
    return nil
  }

  /// What a line begins with that goes on with the one above.
  private static let begunBy: Set = [
    "{", "where", "->", "-", ".", "throws", "rethrows", "async", "=", "+", "*", "/", "&", "|", "?",
    ":",
  ]
  /// What a line ends with that goes on in the one below.
  private static let openedBy: Set = ["=", ",", "+", "-", "*", "/", "&", "|", "->"]

  /// The last token of a declaration: the brace that closes its body, or, without a body, the
  /// last token of its line.
  private func end(ofDeclarationAt start: Int, within scope: Range<Int>) -> Int {
    var index = start
    while index < scope.upperBound {
      let token = tokens[index]
      if token.kind == .punctuation, ["(", "[", "{"].contains(text(token)) {
        guard let close = self.end(ofBracketAt: index) else { break }
        if text(token) == "{" { return close }
        index = close
      }
      let next = index + 1
      let isLineEnd =
        next >= scope.upperBound
        || text(token.range.upperBound..<tokens[next].range.lowerBound).contains("\n")
      let goesOn =
        next < scope.upperBound
        && (Self.begunBy.contains(text(tokens[next])) || Self.openedBy.contains(text(token)))
      if isLineEnd, index > start + 1, !goesOn { return index }
      index += 1
    }
    return scope.upperBound - 1
  }
}
