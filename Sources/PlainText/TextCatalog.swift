/// Texts of a program in another language, by their English.
///
/// An entry is two lines, the English as it comes out of the program and what it is in the other
/// language. Where a value stands, the English has `%@`, and so has the other, or `%1$@`, `%2$@`
/// where their order changes. `: =` keeps the text as it is; `\n` outside formulas is a line break.
///
///     The LSTM needs %@ steps.
///     : LSTM 需要 %@ 步。
///
/// Entries stand in a section of a file of Markdown that begins with `<!-- texts -->` and goes
/// on to the next `<!-- cell: … -->` or the end.
package struct TextCatalog: Sendable {
  package struct Entry: Sendable, Equatable {
    /// With `%@` where values stand.
    package let english: String
    package let translation: String
    package let file: String
    /// The line of the English, counted from 1.
    package let line: Int
  }

  package private(set) var entries: [Entry] = []
  /// What is wrong with the files that were read, each as `file:line: …`.
  package private(set) var problems: [String] = []

  private var exact: [String: String] = [:]
  private var patterns: [TextPattern] = []
  private var templates: [String: String] = [:]
  /// The patterns by the byte that they begin with, else by the one that they end with, else all
  /// others; in each those with the most letters first.
  private var starts: [UInt8: [Int]] = [:]
  private var ends: [UInt8: [Int]] = [:]
  private var others: [Int] = []

  package init() {}

  package init(reading text: String, file: String) {
    add(reading: text, file: file)
  }

  package var isEmpty: Bool { entries.isEmpty }

  /// The text in the other language, or nil if there is no entry for it. An entry without values is
  /// preferred to a pattern, and among these that with the most letters; the values that a pattern finds
  /// are translated by entries of their own, or kept. A pattern of a few letters takes no value of
  /// several words that has no entry.
  package func translation(of text: String) -> String? {
    if let found = exact[text] { return found }
    if let found = filled(text) { return found }
    // Prose is written in several lines, its entry in one.
    guard text.contains(where: \.isNewline) else { return nil }
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return exact[line] ?? filled(line)
  }

  /// Keeps a text as it is, also where it is a value.
  package mutating func keep(_ text: String) { exact[text] = text }

  /// The translation of an entry by its English as it stands in the file, `%@` for values.
  package func template(of english: String) -> String? { templates[english] }

  /// A template with values in the places of its `%@` or `%1$@`.
  package static func filled(_ template: String, with values: [String]) -> String {
    var (text, end) = ("", template.startIndex)
    for (place, found) in TextPattern.placeholders(in: template).enumerated() {
      let number = found.number.map { $0 - 1 } ?? place
      guard values.indices.contains(number) else { continue }
      text += template[end..<found.range.lowerBound] + values[number]
      end = found.range.upperBound
    }
    return text + template[end...]
  }

  /// What stands between pieces in a text that they make up; nil if they don't.
  package static func values(between pieces: [String], in text: String) -> [String]? {
    let bytes = Array(text.utf8)
    guard pieces.count > 1 else { return text == pieces.first ? [] : nil }
    return TextPattern(pieces, translation: "=").values(in: bytes)?
      .map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  private func filled(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last else { return nil }
    var best: (pattern: Int, values: [String])?
    for candidates in [starts[first] ?? [], ends[last] ?? [], others] {
      for index in candidates {
        if let best, patterns[index].isBehind(patterns[best.pattern], or: true) { break }
        guard let ranges = patterns[index].values(in: bytes) else { continue }
        let values = ranges.map { range in
          let value = String(decoding: bytes[range], as: UTF8.self)
          let found = translation(of: value)
          return (text: found ?? value, isProse: found == nil && value.isProse)
        }
        // `%@ to %@` is no pattern of whole sentences.
        if patterns[index].isWeak, values.contains(where: \.isProse) { continue }
        best = (index, values.map(\.text))
        break
      }
    }
    return best.map { patterns[$0.pattern].translation(with: $0.values) }
  }

  // MARK: - Reading

  /// Adds the entries of a file. One whose English is here already is left out, so that what is
  /// nearer is read first.
  package mutating func add(reading text: String, file: String) {
    var isInside = false
    var english: (text: String, line: Int)?
    var seen: [String: Int] = [:]
    func problem(_ line: Int, _ what: String) -> String { "\(file):\(line): \(what)" }
    var text = text[...]
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    for (place, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let number = place + 1
      let line = raw.trimmed
      if let comment = line.comment, comment == "texts" || comment.hasPrefix("cell:") {
        if let english { problems.append(problem(english.line, Self.lonely(english.text))) }
        (isInside, english) = (comment == "texts", nil)
      } else if !isInside || line.isEmpty || line.comment != nil {
        continue
      } else if line.hasPrefix(": ") || line == ":" {
        guard let known = english else {
          problems.append(problem(number, "a translation stands here without its English above"))
          continue
        }
        english = nil
        let translation = String(line.dropFirst().trimmed)
        let entry = Entry(
          english: known.text.withLineBreaks,
          translation: translation == "=" ? "=" : translation.withLineBreaks, file: file,
          line: known.line)
        if let wrong = Self.flaw(of: entry) {
          problems.append(problem(known.line, wrong))
        } else if let other = seen.updateValue(known.line, forKey: entry.english) {
          problems.append(problem(known.line, "“\(known.text)” stands in line \(other) already"))
        } else {
          add(entry)
        }
      } else {
        if let english { problems.append(problem(english.line, Self.lonely(english.text))) }
        english = (String(line), number)
      }
    }
    if let english { problems.append(problem(english.line, Self.lonely(english.text))) }
    sortPatterns()
  }

  /// Adds what another catalog holds and this one does not.
  package mutating func add(_ other: TextCatalog) {
    problems += other.problems
    for entry in other.entries { add(entry) }
    sortPatterns()
  }

  private static func lonely(_ text: String) -> String {
    "“\(text)” has no translation below, which begins with a colon and a space"
  }

  private static func flaw(of entry: Entry) -> String? {
    if entry.translation.isEmpty { return "“\(entry.english)” has an empty translation" }
    let values = TextPattern.placeholders(in: entry.english).count
    if values > 0, entry.english.replacing("%@", with: "").allSatisfy(\.isWhitespace) {
      return "“\(entry.english)” has values alone, and would stand for every text"
    }
    if entry.translation == "=" { return nil }
    let used = TextPattern.placeholders(in: entry.translation).map(\.number)
    let isRight =
      used.allSatisfy { $0 == nil }
      ? used.count == values : Set(used) == Set((1...max(values, 1)).map { $0 })
    return isRight
      ? nil : "“\(entry.english)” has \(values) values, which its translation does not use each"
  }

  private mutating func add(_ entry: Entry) {
    guard templates[entry.english] == nil else { return }
    templates[entry.english] = entry.translation == "=" ? entry.english : entry.translation
    let pieces = entry.english.components(separatedBy: "%@")
    if pieces.count > 1 {
      patterns.append(TextPattern(pieces, translation: entry.translation))
    } else {
      exact[entry.english] = entry.translation == "=" ? entry.english : entry.translation
    }
    entries.append(entry)
  }

  private mutating func sortPatterns() {
    (starts, ends, others) = ([:], [:], [])
    let order = patterns.indices.sorted { patterns[$1].isBehind(patterns[$0], or: $0 < $1) }
    for index in order {
      if let first = patterns[index].pieces.first?.first {
        starts[first, default: []].append(index)
      } else if let last = patterns[index].pieces.last?.last {
        ends[last, default: []].append(index)
      } else {
        others.append(index)
      }
    }
  }
}

/// The longer texts of such a file: each stands under `<!-- cell: name -->`, up to the next cell or the
/// texts.
package enum TextCells {
  /// By their names, without the line breaks at their ends. A name with a space is none.
  package static func read(_ text: String) -> [String: String] {
    var cells: [String: [Substring]] = [:]
    var name: String?
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if let comment = line.trimmed.comment, comment == "texts" || comment.hasPrefix("cell:") {
        name = self.name(in: comment)
        if let name { cells[name] = [] }
      } else if let name {
        cells[name]!.append(line)
      }
    }
    return cells.mapValues { lines in
      let first = lines.firstIndex { !$0.isEmpty } ?? lines.endIndex
      let last = lines.lastIndex { !$0.isEmpty } ?? first
      return lines[first..<min(last + 1, lines.endIndex)].joined(separator: "\n")
    }
  }

  /// The name in `cell: name`.
  private static func name(in comment: String) -> String? {
    guard comment != "texts" else { return nil }
    let name = comment.dropFirst(5).trimmed
    return name.isEmpty || name.contains(where: \.isWhitespace) ? nil : String(name)
  }
}

/// An English text with values, cut at them.
private struct TextPattern: Sendable {
  let pieces: [[UInt8]]
  private let least: Int
  private let letters: Int
  /// What stands between the values of the translation, and which value follows each piece but the last;
  /// nil if the text is kept.
  private let parts: (texts: [String], numbers: [Int])?

  init(_ pieces: [String], translation: String) {
    self.pieces = pieces.map { Array($0.utf8) }
    least = self.pieces.reduce(pieces.count - 1) { $0 + $1.count }
    letters = pieces.reduce(0) { $0 + $1.count { !$0.isWhitespace } }
    guard translation != "=" else {
      parts = nil
      return
    }
    var (texts, numbers, end) = ([String](), [Int](), translation.startIndex)
    for (place, found) in Self.placeholders(in: translation).enumerated() {
      texts.append(String(translation[end..<found.range.lowerBound]))
      numbers.append(found.number.map { $0 - 1 } ?? place)
      end = found.range.upperBound
    }
    parts = (texts + [String(translation[end...])], numbers)
  }

  /// So few letters that any sentence may have them.
  var isWeak: Bool { letters < 8 }

  /// Whether another has more letters and is to be tried before.
  func isBehind(_ other: TextPattern, or tie: Bool = false) -> Bool {
    letters == other.letters ? tie : letters < other.letters
  }

  /// Where the values stand in a text of this pattern, each as short as can be; nil if it is none.
  func values(in text: [UInt8]) -> [Range<Int>]? {
    guard text.count >= least, text.starts(with: pieces[0]),
      text.suffix(pieces[pieces.count - 1].count).elementsEqual(pieces[pieces.count - 1])
    else { return nil }
    let end = text.count - pieces[pieces.count - 1].count
    var (place, values) = (pieces[0].count, [Range<Int>]())
    for piece in pieces.dropFirst().dropLast() {
      // A value is a character at least.
      var next = place + 1
      while next < end, text[next] & 0xC0 == 0x80 { next += 1 }
      while next + piece.count < end, !text[next...].starts(with: piece) { next += 1 }
      guard next + piece.count < end else { return nil }
      values.append(place..<next)
      place = next + piece.count
    }
    return place < end ? values + [place..<end] : nil
  }

  func translation(with values: [String]) -> String {
    guard let parts else {
      // The English stays, but its values may be words of their own.
      return zip(pieces, values + [""]).map { String(decoding: $0, as: UTF8.self) + $1 }.joined()
    }
    return zip(parts.texts, parts.numbers.map { values[$0] } + [""]).map { $0 + $1 }.joined()
  }

  /// `%@` (without a number) and `%2$@`.
  static func placeholders(in text: String) -> [(range: Range<String.Index>, number: Int?)] {
    var found: [(range: Range<String.Index>, number: Int?)] = []
    var place = text.startIndex
    while let percent = text[place...].firstIndex(of: "%") {
      var next = text.index(after: percent)
      let digits = text[next...].prefix { $0.isASCII && $0.isNumber }
      place = next
      if !digits.isEmpty {
        guard digits.endIndex < text.endIndex, text[digits.endIndex] == "$" else { continue }
        next = text.index(after: digits.endIndex)
      }
      guard next < text.endIndex, text[next] == "@" else { continue }
      place = text.index(after: next)
      found.append((percent..<place, Int(digits)))
    }
    return found
  }
}

extension Substring {
  package var trimmed: Substring {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  /// The words in `<!-- … -->`, if the line is one.
  package var comment: String? {
    guard hasPrefix("<!--"), hasSuffix("-->"), count >= 7 else { return nil }
    return String(dropFirst(4).dropLast(3).trimmed)
  }
}

extension String {
  /// Whether it has words and a space between some.
  fileprivate var isProse: Bool {
    contains(" ") && contains(#/[A-Za-z][a-z]/#)
  }

  fileprivate func components(separatedBy separator: String) -> [String] {
    var (parts, rest) = ([String](), self[...])
    while let found = rest.firstRange(of: separator) {
      parts.append(String(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return parts + [String(rest)]
  }

  /// With a line break for each `\n`, but in a formula, where `\nu` is a letter.
  fileprivate var withLineBreaks: String {
    guard contains("\\n") else { return self }
    return split(separator: "$", omittingEmptySubsequences: false).enumerated()
      .map { $0 % 2 == 0 ? $1.replacing("\\n", with: "\n") : $1 }.joined(separator: "$")
  }
}
