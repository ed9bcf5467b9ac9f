/// What a string literal of Swift source stands for.
package enum StringLiteral {
  /// The text of `source`, a whole literal with its quotes, with `%@` for what it interpolates and for what
  /// a format has in it (`%.2f`); nil if it is none.
  package static func template(of source: String) -> String? {
    let format = #/%[-+ 0#]*[0-9]*(?:\.[0-9]+)?(?:l?[dfegsu]|@)/#
    return parts(of: source)?.texts
      .map { $0.replacing(format, with: "%@").replacing("%%", with: "%") }.joined(separator: "%@")
  }

  /// The texts of a literal between what it interpolates, and the code of that.
  static func parts(of source: String) -> (texts: [String], codes: [String])? {
    let escape = "\\" + source.prefix { $0 == "#" } + "("
    let mark: Character = "\u{F8FF}"
    var (text, codes, rest) = ("", [String](), source[...])
    while let found = rest.firstRange(of: escape) {
      text += rest[..<found.lowerBound] + String(mark)
      var (depth, isQuoted, end) = (1, false, found.upperBound)
      while depth > 0, end < rest.endIndex {
        if rest[end] == "\"" { isQuoted.toggle() }
        if !isQuoted, rest[end] == "(" { depth += 1 }
        if !isQuoted, rest[end] == ")" { depth -= 1 }
        end = rest.index(after: end)
      }
      codes.append(String(rest[found.upperBound..<end].dropLast()))
      rest = rest[end...]
    }
    return value(of: text + rest).map {
      ($0.split(separator: mark, omittingEmptySubsequences: false).map(String.init), codes)
    }
  }

  /// The value of `source`, a whole literal with its quotes, or nil if it interpolates something.
  static func value(of source: String) -> String? {
    let hashes = source.prefix { $0 == "#" }.count
    let body = source.dropFirst(hashes).dropLast(hashes)
    let escape = "\\" + String(repeating: "#", count: hashes)
    guard body.hasPrefix("\"\"\""), body.count >= 6 else {
      return body.count < 2 ? nil : unescaped(body.dropFirst().dropLast(), escape: escape)
    }
    var lines = body.dropFirst(3).dropLast(3).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 2 else { return nil }
    lines.removeFirst()
    let indentation = lines.removeLast()
    let text = lines.map { $0.hasPrefix(indentation) ? $0.dropFirst(indentation.count) : $0 }
    return unescaped(Substring(text.joined(separator: "\n")), escape: escape)
  }

  private static func unescaped(_ text: Substring, escape: String) -> String? {
    let simple: [Character: String] = [
      "n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", "\"": "\"", "'": "'", "\n": "",
    ]
    var rest = text
    var value = ""
    while let found = rest.firstRange(of: escape) {
      value += rest[..<found.lowerBound]
      rest = rest[found.upperBound...]
      guard let character = rest.popFirst() else { return nil }
      if let plain = simple[character] {
        value += plain
      } else if character == "u", let close = rest.firstIndex(of: "}"),
        let code = UInt32(rest[..<close].dropFirst(), radix: 16), let scalar = Unicode.Scalar(code)
      {
        value.unicodeScalars.append(scalar)
        rest = rest[rest.index(after: close)...]
      } else {
        return nil
      }
    }
    return value + rest
  }
}
