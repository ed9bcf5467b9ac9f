import Foundation

/// All that a run told, cell by cell: what every page is written from.
package struct Record: Sendable {
  package var chapter: ChapterDescription
  package var language: String
  /// What the pages themselves say, in that language.
  package var words: Wording
  package var cells: [CellRecord] = []
  package var results = Results()

  package init(chapter: ChapterDescription, language: String) {
    (self.chapter, self.language) = (chapter, language)
    words = Wording(language)
  }
}

/// The numbers a run gives, by name. Two names are one only if their Unicode scalars are, as for the
/// programs that read them; for a dictionary of strings "é" in one scalar and in two are one.
package struct Results: Sendable {
  private var values: [[UInt8]: Double] = [:]

  /// False if the name has been given before.
  package mutating func add(_ value: Double, as name: String) -> Bool {
    values.updateValue(value, forKey: Array(name.utf8)) == nil
  }

  /// A JSON object in the order of the names. A number that is none (NaN) has no form in JSON; its
  /// name stays, so that it is missed.
  package func json() throws -> Data {
    func text(_ value: some Encodable) throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    let members = try values.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
      let name = try text(String(decoding: $0.key, as: UTF8.self))
      return "  \(name) : \($0.value.isFinite ? try text($0.value) : "null")"
    }
    return Data("{\n\(members.joined(separator: ",\n"))\n}".utf8)
  }
}

/// What is known of a chapter without running it.
public struct ChapterDescription: Codable, Sendable, Equatable {
  /// The chapter's place in the book, from 1.
  public var number: Int
  /// The name of its program and folder.
  public var slug: String
  /// What it is called.
  public var title: String
  /// One sentence for the index.
  public var summary: String
  /// The languages beside English that its prose has been translated into.
  public var languages: [String]?
  /// Title and sentence in these languages, as far as they are known.
  var translations: [String: Translation]?

  struct Translation: Codable, Sendable, Equatable {
    var title: String
    var summary: String
  }

  /// - Parameters:
  ///   - number: the chapter's place in the book, from 1.
  ///   - slug: the name of its program and folder.
  ///   - title: what it is called.
  ///   - summary: one sentence for the index.
  ///   - languages: those beside English that there is prose in.
  public init(
    number: Int, slug: String, title: String, summary: String, languages: [String]? = nil
  ) {
    self.number = number
    self.slug = slug
    self.title = title
    self.summary = summary
    self.languages = languages
  }

  /// The same, with title and sentence in a language if they are known in it.
  package func told(in language: String) -> ChapterDescription {
    var told = self
    if let translation = translations?[language] {
      (told.title, told.summary) = (translation.title, translation.summary)
    }
    return told
  }
}

package struct CellRecord: Sendable {
  /// Unique within the run, and the same on every run: fit for an anchor.
  package var id: String
  /// Whether the prose is in the page's language, if that isn't English.
  package var isTranslated = false
  package var prose: [Block] = []
  /// The same prose as it was written.
  package var markdown: String = ""
  package var code = ""
  /// The file of the chapter's folder that the code comes from, if not the chapter's own.
  package var file: String?
  package var outputs: [OutputRecord] = []

  package init(
    id: String, isTranslated: Bool = false, prose: [Block] = [], markdown: String = "",
    code: String = "", file: String? = nil, outputs: [OutputRecord] = []
  ) {
    (self.id, self.isTranslated) = (id, isTranslated)
    (self.prose, self.markdown) = (prose, markdown)
    (self.code, self.file, self.outputs) = (code, file, outputs)
  }

  package var isEmpty: Bool { prose.isEmpty && code.isEmpty && outputs.isEmpty }
}

package enum OutputRecord: Sendable {
  case text(OutputText)
  case table(TableRecord)
  case figure(FigureRecord)
  case claim(ClaimRecord)
  case question(QuestionRecord)
  case reveal(RevealRecord)
}

/// A sentence that rests on numbers of the run.
package struct ClaimRecord: Sendable {
  package var holds: Bool
  package var words: [Inline]

  package var mark: String { holds ? "✓" : "✗" }
}

package struct FigureRecord: Sendable {
  /// The number of the figure in the chapter, from 1.
  package var number: Int
  package var title: String
  /// What the picture shows, in words.
  package var alt: String
  /// The picture's name in the chapter's folder.
  package var file: String
  package var png: Data
  /// The width and height at which the picture is meant to be shown, half its pixels.
  package var width, height: Int
  /// The width in pixels that the picture of a narrow page needs for its words to be read.
  package var readableWidth: Int
  /// For narrow pages.
  package var narrow: FigureVariant?
  /// What moves in the picture's place, its last frame.
  package var moving: MovingPicture?
  /// What the HTML page shows in the picture's place where scripts run.
  package var interactive: InteractiveRecord?
}

/// A component of the HTML page and its data, as JSON fit for a page.
package struct InteractiveRecord: Sendable {
  package var component: Interactive.Component
  package var json: String
}

/// A picture that moves, and the one for narrow pages.
package struct MovingPicture: Sendable {
  package var png: Data
  package var narrow: FigureVariant?
}

/// A figure's picture for a narrow page.
package struct FigureVariant: Sendable {
  package var width, height: Int
  package var png: Data
}

package struct TableRecord: Sendable {
  package var headers: [String]
  package var rows: [[String]]
  package var alignments: [Alignment]
  package var caption: String?

  package init(
    headers: [String], rows: [[String]], alignments: [Alignment], caption: String? = nil
  ) {
    (self.headers, self.rows) = (headers, rows)
    (self.alignments, self.caption) = (alignments, caption)
  }
}

/// What a cell printed: its beginning and its end, if it is too long for a page.
package struct OutputText: Sendable {
  static let headBytes = 48_000
  static let tailBytes = 8_000
  static let headLines = 400
  static let tailLines = 40

  private var head = ""
  private var headLineCount = 0
  private var tail = ""
  private var isFull = false
  /// How many bytes came after the head was full.
  private var overflow = 0

  package init(_ text: String = "") { append(text) }

  package mutating func append(_ text: String) {
    var rest = Visible.text(text)[...]
    if !isFull {
      let taken = Self.prefix(
        of: rest, bytes: Self.headBytes - head.utf8.count, lines: Self.headLines - headLineCount)
      head += taken
      headLineCount += taken.utf8.count { $0 == UInt8(ascii: "\n") }
      rest = rest[taken.endIndex...]
      isFull = !rest.isEmpty
    }
    guard isFull else { return }
    overflow += rest.utf8.count
    tail += rest
    if tail.utf8.count > 4 * Self.tailBytes { tail = Self.end(of: tail) }
  }

  /// The text as the pages show it, with a note where something was left out.
  package var text: String {
    guard isFull else { return head }
    let end = Self.end(of: tail)
    let missing = overflow - end.utf8.count
    if missing <= 0 { return head + tail }
    let gap = head.hasSuffix("\n") ? "" : "\n"
    return "\(head)\(gap)⋯ \(missing) bytes left out here ⋯\n\(end)"
  }

  private static func prefix(of text: Substring, bytes: Int, lines: Int) -> Substring {
    guard lines > 0 else { return text.prefix(0) }
    let fit = cut(text, at: max(bytes, 0))
    var left = lines
    for index in fit.utf8.indices where fit.utf8[index] == UInt8(ascii: "\n") {
      left -= 1
      if left <= 0 { return fit[...index] }
    }
    return fit
  }

  private static func end(of text: String) -> String {
    let start = text.utf8.index(text.endIndex, offsetBy: -min(tailBytes, text.utf8.count))
    let lines = text[characterBoundary(start, in: text[...])...]
      .split(separator: "\n", omittingEmptySubsequences: false)
    return lines.suffix(tailLines + 1).joined(separator: "\n")
  }

  /// At most `bytes` of `text`, cut between characters.
  private static func cut(_ text: Substring, at bytes: Int) -> Substring {
    guard text.utf8.count > bytes else { return text }
    let index = text.utf8.index(text.startIndex, offsetBy: bytes)
    return text[..<characterBoundary(index, in: text)]
  }

  /// `index`, or the beginning of the scalar that it lies in.
  private static func characterBoundary(
    _ index: String.Index, in text: Substring
  ) -> String.Index {
    var index = index
    while index > text.startIndex, index < text.endIndex, text.utf8[index] & 0xC0 == 0x80 {
      index = text.utf8.index(before: index)
    }
    return index
  }
}
