import Figures
import PlainText

/// What a page says in its language, and what of it has no translation.
struct PageLanguage {
  let name: String
  /// What is known by its English, once it is known where that stands.
  private(set) var words: Wording
  private let book: Book
  private var isRead = false
  private var translations: [String: Translation?] = [:]
  private var kept: [String] = []
  /// Cells that should have a translation and have none, and texts, in their order.
  private var untoldCells: [String] = [], untoldTexts: [String] = []

  init(_ name: String, of book: Book, words: Wording) {
    (self.name, self.book, self.words) = (name, book, words)
  }

  /// Reads the texts beside a chapter's sources, of which `file` is one, and its book's. Whether that
  /// had not been done before.
  mutating func read(beside file: String) -> Bool {
    guard name != "en", !isRead else { return false }
    isRead = true
    words = Wording(name, of: book, chapter: Wording.chapterFolder(of: file))
    words.keep(kept)
    return true
  }

  mutating func keep(_ names: [String]) {
    kept += names
    words.keep(names)
  }

  /// The prose of a cell, with the values that its English interpolates, where it has the same code.
  mutating func prose(
    _ id: String, of file: String, _ parts: (texts: [String], codes: [String])?, in text: String
  ) -> String? {
    guard name != "en" else { return nil }
    let translation = translations[file] ?? Translation(of: file, into: name)
    translations[file] = .some(translation)
    guard let told = translation?.cells[id] else {
      untoldCells.append(id)
      return nil
    }
    guard let parts, let values = TextCatalog.values(between: parts.texts, in: text) else {
      return told
    }
    return zip(parts.codes, values).reduce(told) {
      $0.replacing("\\(\($1.0))", with: words.told($1.1))
    }
  }

  /// A text that has a translation if it has words; where it has none, that is told at the end.
  mutating func told(_ text: String) -> String {
    if words.language == "en" { return text }
    if let found = words.translation(of: text) { return found }
    if Wording.hasWord(text), !untoldTexts.contains(text) { untoldTexts.append(text) }
    return text
  }

  /// Whether none of so many cells was told in the language.
  func isUntold(cells count: Int) -> Bool { !untoldCells.isEmpty && untoldCells.count == count }

  /// What was told in English instead.
  func notes(cells count: Int) -> [String] {
    var notes: [String] = []
    if !untoldCells.isEmpty {
      notes.append(
        "no prose in '\(name)' for \(untoldCells.count) of \(count) cells: told in English")
    }
    if !untoldTexts.isEmpty, !isUntold(cells: count) {
      let shown = untoldTexts.prefix(3).map { "“\($0)”" }.joined(separator: ", ")
      let dots = untoldTexts.count > 3 ? ", …" : ""
      notes.append(
        "no translation into '\(name)' of \(untoldTexts.count) texts, told in English: "
          + "\(shown)\(dots)")
    }
    return notes
  }
}

extension Page {
  var words: Wording { language.words }

  /// Names of the reader's data, as of a file's columns or of classes: they stay as they are in every
  /// language, alone and within a sentence.
  package func keep(_ names: [String]) {
    language.keep(names)
    tell(in: words)
  }

  /// Reads the texts that stand beside the chapter's sources, of which `file` is one, and its book's.
  func readWords(beside file: String) {
    guard language.read(beside: file) else { return }
    tell(in: words)
    for problem in words.catalog.problems { note(problem) }
  }

  /// The chapter with its title and sentence.
  var toldChapter: ChapterDescription {
    var chapter = record.chapter.told(in: record.language)
    if chapter.translations == nil, record.language != "en" {
      (chapter.title, chapter.summary) = (words.told(chapter.title), words.told(chapter.summary))
    }
    return chapter
  }

  func told(_ text: String) -> String { language.told(text) }

  /// The figure with its texts; names at its axes, bars and points may be data.
  func told(_ figure: Figure) -> Figure {
    if words.language == "en" { return figure }
    var translated = figure
    translated.mapTexts(named: words.told, told)
    return translated
  }

  func told(_ figure: Figure, _ alt: String?) -> String {
    alt.map { told($0) }
      ?? figure.altText(
        stop: words.stop, comma: words.rowComma, name: words.told, told: words.text)
  }
}
