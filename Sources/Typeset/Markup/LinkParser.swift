/// The parts of a link: its address, its title, the label that stands for both.
struct LinkParser {
  let text: Scalars
  var position: Int

  /// `(address "title")` behind a link's text.
  mutating func inlineTarget() -> LinkTarget? {
    guard text.at(position) == "(" else { return nil }
    position += 1
    skipSpace()
    guard let address = address() else { return nil }
    let hasSpace = skipSpace()
    let title = hasSpace ? title() : nil
    skipSpace()
    guard text.at(position) == ")" else { return nil }
    position += 1
    return LinkTarget(address: address, title: title)
  }

  /// `[label]: address "title"`, a definition on lines of its own.
  mutating func definition() -> (label: String, target: LinkTarget)? {
    guard let label = label(), text.at(position) == ":" else { return nil }
    position += 1
    skipSpace()
    guard let address = address() else { return nil }
    let end = position
    if skipSpace(), let title = title(), endsLine() {
      return (label, LinkTarget(address: address, title: title))
    }
    position = end
    return endsLine() ? (label, LinkTarget(address: address, title: nil)) : nil
  }

  /// `[label]`, made ready to be looked up: without case, with single spaces.
  mutating func label() -> String? {
    guard text.at(position) == "[" else { return nil }
    var index = position + 1
    while let scalar = text.at(index), scalar != "]" {
      if scalar == "[" || index > position + 1000 { return nil }
      index += scalar == "\\" && index + 1 < text.endIndex ? 2 : 1
    }
    guard index < text.endIndex, !text[(position + 1)..<index].trimmed.isEmpty else { return nil }
    defer { position = index + 1 }
    return Self.normalized(text[(position + 1)..<index])
  }

  static func normalized(_ label: Scalars) -> String {
    label.split { $0.isSpace }.map(\.string).joined(separator: " ").lowercased().uppercased()
  }

  @discardableResult private mutating func skipSpace() -> Bool {
    let start = position
    while text.at(position)?.isSpace == true { position += 1 }
    return position > start
  }

  private mutating func endsLine() -> Bool {
    var end = position
    while text.at(end) == " " { end += 1 }
    guard text.at(end) == nil || text.at(end) == "\n" else { return false }
    position = min(end + 1, text.endIndex)
    return true
  }

  /// Between `<` and `>`, or up to a space with its parentheses in pairs.
  private mutating func address() -> String? {
    let start = position
    if text.at(start) == "<" {
      var index = start + 1
      while let scalar = text.at(index), scalar != ">" {
        if scalar == "<" || scalar == "\n" { return nil }
        index += scalar == "\\" ? 2 : 1
      }
      guard index < text.endIndex else { return nil }
      position = index + 1
      return text[(start + 1)..<index].unescaped
    }
    var depth = 0
    while let scalar = text.at(position), !scalar.isSpace {
      if scalar == "(" { depth += 1 }
      if scalar == ")" { depth -= 1 }
      // Limited, as in other readers, so that no row of brackets is read again and again.
      if depth < 0 || depth > 32 { break }
      let isEscape = scalar == "\\" && text.at(position + 1)?.isASCIIPunctuation == true
      position += isEscape ? 2 : 1
    }
    guard depth <= 0, position > start || text.at(position) == ")" else { return nil }
    return text[start..<position].unescaped
  }

  private mutating func title() -> String? {
    guard let open = text.at(position), "\"'(".unicodeScalars.contains(open) else { return nil }
    let close = open == "(" ? ")" : open
    var index = position + 1
    while let scalar = text.at(index), scalar != close {
      if scalar == "(", open == "(" { return nil }
      index += scalar == "\\" ? 2 : 1
    }
    guard index < text.endIndex else { return nil }
    defer { position = index + 1 }
    return text[(position + 1)..<index].unescaped
  }
}

/// Where a link leads.
struct LinkTarget {
  var address: String
  var title: String?

  /// Links lead to web pages, to mail, or to files beside the page, never into a script.
  var isSafe: Bool {
    let encoded = Scalars(encoded)
    guard let colon = encoded.firstIndex(of: ":") else { return true }
    let scheme = encoded[..<colon]
    let isScheme =
      scheme.first?.isASCIILetter == true
      && scheme.allSatisfy {
        $0.isASCIILetter || $0.isASCIIDigit || "+-.".unicodeScalars.contains($0)
      }
    return !isScheme || ["http", "https", "mailto"].contains(scheme.string.lowercased())
  }

  /// The address with what no address holds written as `%20`.
  var encoded: String {
    address.unicodeScalars.map { scalar in
      scalar.value <= 32 || "\"<>\\`{}^|".unicodeScalars.contains(scalar)
        ? "%" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16, uppercase: true)
        : String(scalar)
    }.joined()
  }
}
