import Foundation

/// A chapter's source as the page sees it: where each cell begins, and the code that belongs to it.
///
/// A cell begins with `prose(…)` or `show(…)` of a page, whatever its variable is called; its code is
/// what stands between the end of that call and the next boundary, or the end of the block that both
/// stand in.
package struct SourceFile {
  /// One `prose(…)` or `show(…)` of a page in the file.
  package struct Mark {
    package enum Call { case prose, show }
    package let call: Call
    /// The lines the call spans, counted from 1.
    package let lines: ClosedRange<Int>
    /// The prose as written, or nil if it isn't one plain literal.
    package let text: String?
    /// The texts of a prose that interpolates something, and the code between them.
    let parts: (texts: [String], codes: [String])?
    /// Stable name of a prose cell within the file: its heading's, or that of the one above.
    package let id: String
    /// The cell's code, without the indentation it shares.
    package let code: String
  }

  package let url: URL
  package private(set) var marks: [Mark] = []

  let bytes: [UInt8]
  /// Everything but white space and comments.
  let tokens: [SwiftLexer.Token]
  /// For each opening bracket among the tokens, the one that closes it.
  private var closings: [Int: Int] = [:]
  /// For each closing bracket, the one that opens it.
  private(set) var openings: [Int: Int] = [:]
  private let lineStarts: [Int]

  package init(at url: URL) throws {
    self.init(text: String(decoding: try Data(contentsOf: url), as: UTF8.self), url: url)
  }

  package init(text: String, url: URL) {
    self.url = url
    bytes = Array(text.utf8)
    tokens = SwiftLexer.tokens(of: bytes).filter { $0.kind != .space && $0.kind != .comment }
    lineStarts =
      [0] + text.utf8.enumerated().filter { $1 == UInt8(ascii: "\n") }.map { $0.offset + 1 }
    closings = findClosings()
    openings = Dictionary(uniqueKeysWithValues: closings.map { ($1, $0) })
    marks = findMarks()
  }

  /// The cell that begins at `line`.
  package func mark(at line: Int) -> Mark? {
    let index = marks.firstIndex(after: { $0.lines.upperBound < line })
    return index < marks.count && marks[index].lines.contains(line) ? marks[index] : nil
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
  func text(_ token: SwiftLexer.Token) -> String { text(token.range) }

  func lineStart(of position: Int) -> Int {
    (bytes[..<position].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
  }

  func lineEnd(of position: Int) -> Int {
    bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
  }

  // MARK: - Finding the cells

  private func findMarks() -> [Mark] {
    let calls = findCalls()
    var ids = CellNames()
    return calls.enumerated().map { order, call in
      let parts = call.kind == .prose ? literal(in: call) : nil
      let text = parts?.codes.isEmpty == true ? parts?.texts[0] : nil
      let range = tokens[call.first].range.lowerBound..<tokens[call.last].range.upperBound
      let following = order + 1 < calls.count ? calls[order + 1].first : nil
      return Mark(
        call: call.kind, lines: line(range.lowerBound)...line(range.upperBound - 1), text: text,
        parts: text == nil ? parts : nil,
        id: call.kind == .prose ? ids.name(for: parts?.texts.joined() ?? "") : "",
        code: code(after: call.last, before: following))
    }
  }

  /// The token that closes the bracket at `index`.
  func end(ofBracketAt index: Int) -> Int? { closings[index] }

  private func findClosings() -> [Int: Int] {
    var closings: [Int: Int] = [:]
    var open: [Int] = []
    for (index, token) in tokens.enumerated() where token.kind == .punctuation {
      switch bytes[token.range.lowerBound] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open.append(index)
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        if let opening = open.popLast() { closings[opening] = index }
      default: break
      }
    }
    return closings
  }

  private func literal(in call: Call) -> (texts: [String], codes: [String])? {
    let argument = tokens[call.first...call.last].first { $0.kind == .string }
    guard let argument else { return nil }
    return StringLiteral.parts(of: text(argument))
  }

  private func line(_ position: Int) -> Int {
    lineStarts.firstIndex(after: { $0 <= position })
  }

  /// The code after token `last`, up to the token `next` or the end of the enclosing block. If the
  /// next cell stands inside a block that opens here, the code ends before that block. What a section
  /// hands to the next one with `return` at its end is there for the reader anyway, and not shown.
  private func code(after last: Int, before next: Int?) -> String {
    let start = lineEnd(of: tokens[last].range.upperBound - 1)
    var end = bytes.count
    var depth = 0
    var opened = 0
    var endsBlock = false
    for index in (last + 1)..<max(tokens.count, last + 1) {
      let token = tokens[index]
      if index == next {
        end = lineStart(of: depth > 0 ? opened : token.range.lowerBound)
        break
      }
      guard token.kind == .punctuation else { continue }
      switch text(token) {
      case "{":
        if depth == 0 { opened = token.range.lowerBound }
        depth += 1
      case "}": depth -= 1
      default: break
      }
      if depth < 0 {
        end = token.range.lowerBound
        endsBlock = true
        break
      }
    }
    let code = start < end ? Self.dedented(text(start..<end)) : ""
    guard endsBlock, let line = code.split(separator: "\n").last, line.hasPrefix("return ") else {
      return code
    }
    return Self.dedented(String(code.dropLast(line.count)))
  }

  /// `text` without blank lines at its ends and without the indentation that all lines share.
  static func dedented(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.allSatisfy(\.isWhitespace) ? "" : $0 }
    while lines.first?.isEmpty == true { lines.removeFirst() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    let indentation =
      lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " || $0 == "\t" }.count }.min() ?? 0
    return lines.map { $0.dropFirst(indentation) }.joined(separator: "\n")
  }
}

extension Array {
  /// The first index whose element isn't `before`, when all that are stand in front: by halving.
  fileprivate func firstIndex(after before: (Element) -> Bool) -> Int {
    var range = 0..<count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = before(self[middle]) ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }
}

/// Names cells in order: by their heading, and those without one by the heading above.
struct CellNames {
  private var base = "cell"
  private var uses: [String: Int] = [:]

  mutating func name(for prose: String) -> String {
    let first = prose.split(separator: "\n").first { !$0.allSatisfy(\.isWhitespace) } ?? ""
    if first.hasPrefix("#") {
      let slug = String(first.drop { $0 == "#" }).slug
      base = slug.isEmpty ? "cell" : slug
    }
    return unique(base)
  }

  /// `name`, or `name-2`, `name-3` … if it has been given before.
  mutating func unique(_ name: String) -> String {
    let use = (uses[name] ?? 0) + 1
    uses[name] = use
    return use == 1 ? name : unique("\(name)-\(use)")
  }
}

extension String {
  /// Lower-case ASCII letters and digits with hyphens between: fit for a file, an anchor, an id.
  package var slug: String {
    let folded = folding(options: .diacriticInsensitive, locale: nil).lowercased()
    let words = folded.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return String(words.joined(separator: "-").prefix(48))
      .trimmingCharacters(in: CharacterSet(charactersIn: "-"))
  }
}
