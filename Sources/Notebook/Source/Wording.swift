import Foundation
import PlainText

/// What pages and programs say in one language, by its English: their own words, which are built in, and
/// those of a book and its chapters, from the files beside their sources.
package struct Wording: Sendable {
  package let language: String
  package private(set) var catalog: TextCatalog

  /// What is looked up as it stands, with `%@` for values: what pages and their scripts say themselves.
  private let own: TextCatalog

  package static let english = Wording("en")

  /// The language's own words behind those of `catalog`.
  package init(_ language: String, _ catalog: TextCatalog = TextCatalog()) {
    self.language = language
    self.catalog = catalog
    own = Self.own[language] ?? TextCatalog()
    if let told = Self.told[language] { self.catalog.add(told) }
  }

  /// The words of a chapter in a language: of all files `*.zh.md` in its folder and below, then of a
  /// folder `Shared` beside it, then of the book's.
  package init(_ language: String, of book: Book, chapter folder: URL? = nil) {
    var catalog = TextCatalog()
    if language != "en" {
      let shared = folder?.deletingLastPathComponent().appendingPathComponent("Shared")
      for folder in [folder, shared, book.folder].compactMap(\.self) {
        for file in TextFiles.below(folder, in: language) {
          if let text = TextFiles.text(of: file) { catalog.add(reading: text, file: file.path) }
        }
      }
    }
    self.init(language, catalog)
  }

  /// A text of a chapter or a book in the language; one without a translation stays.
  package func told(_ english: String) -> String { translation(of: english) ?? english }

  /// Keeps names as they are in every language.
  mutating func keep(_ names: [String]) { names.forEach { catalog.keep($0) } }

  /// Names that stand in a row, which may be data: all in the language, or all as they are.
  func told(_ names: [String]) -> [String] {
    var told: [String] = []
    for name in names {
      guard let found = translation(of: name) ?? (Self.hasWord(name) ? nil : name) else {
        return names
      }
      told.append(found)
    }
    return told
  }

  /// A table's column, which may be data: that a word or two of it happen to have a translation shows
  /// nothing.
  func column(_ texts: [String]) -> [String] {
    let translations = texts.filter(Self.hasWord).map(translation)
    let isData = 2 * translations.count { $0 != nil } < translations.count
    return isData ? texts : texts.map { told($0) }
  }

  /// A text of pages and programs themselves, with values in the places of its `%@`.
  package func callAsFunction(_ english: String, _ values: String...) -> String {
    text(english, with: values)
  }

  package func text(_ english: String, with values: [String]) -> String {
    if let template = template(of: english) { return TextCatalog.filled(template, with: values) }
    return values.isEmpty
      ? translation(of: english) ?? english : TextCatalog.filled(english, with: values)
  }

  /// What stands for a text with `%@` in it, if the language isn't English and has something.
  func template(of english: String) -> String? {
    language == "en" ? nil : own.template(of: english) ?? catalog.template(of: english)
  }

  /// The text in the language, nil if that isn't English and has no translation for it.
  package func translation(of english: String) -> String? {
    if language == "en" { return english }
    if let found = catalog.translation(of: english) { return found }
    guard let start = english.firstIndex(where: { !$0.isWhitespace }) else { return english }
    // Spaces at the ends are no words.
    let words = english[start...].trimmed
    guard words.count < english.count, let found = catalog.translation(of: String(words)) else {
      return nil
    }
    return english[..<start] + found + english[words.endIndex...]
  }

  /// What ends a sentence within a text, and what comes before an explanation.
  package var stop: String { template(of: "full stop") ?? ". " }
  var colon: String { template(of: "colon") ?? ": " }
  var comma: String { template(of: "comma") ?? ", " }
  /// What is said by the way, behind a word.
  func aside(_ text: String) -> String {
    template(of: "(%@)").map { TextCatalog.filled($0, with: [text]) } ?? " (\(text))"
  }
  /// What stands between names in a row.
  var rowComma: String { template(of: "comma in a row") ?? ", " }

  /// As a page of HTML names its language.
  package var tag: String { language == "zh" ? "zh-Hans" : language }

  /// Whether a text has a word that a translation would have in its own language: two small letters
  /// or more outside of formulas and code.
  package static func hasWord(_ text: String) -> Bool {
    var plain = text.replacing(#/\$[^$]*\$|`[^`]*`/#, with: " ")
    // The parts of names: `W_hh`, `c.h`.
    plain.replace(#/[A-Za-z0-9]*[_.^\/][A-Za-z0-9_.^\/]+/#, with: " ")
    return plain.contains(#/[a-z]{2}/#)
  }

  // MARK: - Where they stand

  private static let own = ["zh": builtIn(PackageResources.own_zh_md, "own.zh.md")]
  /// What is looked up as it comes out: helps, descriptions of figures, notes of a run.
  private static let told = ["zh": builtIn(PackageResources.told_zh_md, "told.zh.md")]

  private static func builtIn(_ bytes: [UInt8], _ file: String) -> TextCatalog {
    TextCatalog(reading: String(decoding: bytes, as: UTF8.self), file: file)
  }

  /// The built-in catalogs of a language, for their tests.
  package static func builtIn(_ language: String) -> (own: TextCatalog, told: TextCatalog)? {
    guard let own = own[language], let told = told[language] else { return nil }
    return (own, told)
  }

  /// The folder of the chapter that `source` is a file of: the uppermost below the package's own that
  /// holds sources.
  package static func chapterFolder(of source: String) -> URL {
    var folder = URL(fileURLWithPath: source).deletingLastPathComponent()
    var found = folder
    while folder.path != "/" {
      let names = FileSystem.names(in: folder.path)
      if names.contains("Package.swift") { break }
      if names.contains(where: { $0.hasSuffix(".swift") }) { found = folder }
      folder.deleteLastPathComponent()
    }
    return found
  }
}
