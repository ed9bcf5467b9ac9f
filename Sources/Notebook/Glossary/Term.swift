/// A word of the field, and what it means in a line.
///
/// A chapter tells a term where its prose first stresses it, `*perplexity*` or `**perplexity**`: that
/// place gets an anchor, and the glossary over the chapters' pages leads there.
///
///     let book = Book(
///       name: "tides", title: "Tides",
///       glossary: [Term("neap tide", "The least tide, at half moon.", forms: ["neap"])])
public struct Term: Sendable {
  /// What the term is known by in addresses, in whatever language it is told.
  public let key: String
  public let name: String
  /// Inline Markdown, with formulas between `$`.
  public let meaning: String
  /// What else it is called; a plural with s or es need not be named.
  public let forms: [String]

  public init(_ name: String, _ meaning: String, forms: [String] = []) {
    (key, self.name, self.meaning, self.forms) = (name.slug, name, meaning, forms)
  }

  /// Its anchor on the page that tells it.
  package var anchor: String { Self.anchor(of: key) }
  package static func anchor(of key: String) -> String { "term-\(key)" }
}

extension [Term] {
  /// The keys by what the terms are called in English and in another language.
  func byName(in words: Wording) -> [String: String] {
    var keys = byName
    for term in self where words.language != "en" {
      for name in ([term.name] + term.forms).compactMap(words.translation) {
        // Two words may have one translation, whose first is meant.
        keys[name.lowercased()] = keys[name.lowercased()] ?? term.key
      }
    }
    return keys
  }

  /// The keys by what the terms are called, in small letters.
  ///
  /// Two terms of one name, or whose addresses would be one, stop the program.
  package var byName: [String: String] {
    var keys: [String: String] = [:]
    for term in self {
      guard !term.key.isEmpty, count(where: { $0.key == term.key }) == 1 else {
        fatalError("Book: the glossary has no one place for “\(term.name)”")
      }
      for name in [term.name] + term.forms {
        let name = name.lowercased()
        for form in [name, name + "s", name + "es"] {
          if let other = keys.updateValue(term.key, forKey: form), other != term.key {
            fatalError("Book: “\(name)” is \(other) and \(term.key) in the glossary")
          }
        }
      }
    }
    return keys
  }
}
