import Foundation

/// The terms of the book from A to Z, each with the place where it is told: the page that holds its
/// anchor, as far as it is there.
package enum GlossaryPage {
  /// What the files are known by.
  static let mark = #"<main class="index glossary">"#
  static let markdownMark = "<!-- a glossary over chapters -->"

  package static func html(
    of book: Book, in words: Wording = .english, _ runs: [RunDescription],
    files: (_ chapter: String) -> Set<String>
  ) -> String {
    let others = others(of: book, than: words)
    let entries = sorted(book.glossary).map { term in
      let place = place(of: term, "chapter.html", runs, files).map {
        let chapter = words("Chapter %@", "\($0.number)")
        return " <a href=\"\(HTML.escaped($0.address))\">\(chapter)</a>"
      }
      let elsewhere = names(of: term, in: others, than: words).map { tag, name in
        " <span lang=\"\(tag)\">\(HTML.escaped(name))</span>"
      }
      return """
        <dt id="\(term.key)">\(HTML.escaped(words.told(term.name)))\(elsewhere.joined())</dt>
        <dd>\(HTML.text(meaning(term, in: words)))\(place ?? "")</dd>
        """
    }
    let body = """
      <header class="bar"><a class="book" href="index.html">\(HTML.escaped(book.name))</a></header>
      \(mark)
      <header class="head">
      <h1>\(words("Glossary"))</h1>
      <p class="summary">\(words("What the words mean, and where each is first told."))</p>
      </header>
      <dl>
      \(entries.joined(separator: "\n"))
      </dl>
      </main>
      """
    return HTML.document(title: words("Glossary"), words: words, body: body)
  }

  package static func markdown(
    of book: Book, in words: Wording = .english, _ runs: [RunDescription],
    files: (_ chapter: String) -> Set<String>
  ) -> String {
    let others = others(of: book, than: words)
    let writer = MarkdownWriter(place: .gitHub, words: words)
    let entries = sorted(book.glossary).map { term in
      let place = place(of: term, "chapter.md", runs, files).map {
        words.aside("[\(words("chapter %@", "\($0.number)"))](\($0.address))")
      }
      let name = MarkdownWriter.escaped(words.told(term.name))
      let elsewhere = names(of: term, in: others, than: words).map {
        words.aside(MarkdownWriter.escaped($0.name))
      }
      return "- <a id=\"\(term.key)\"></a>**\(name)**\(elsewhere.joined())\(words.colon)"
        + writer.text([.paragraph(meaning(term, in: words))]) + (place ?? "")
    }
    return "\(markdownMark)\n# \(words("Glossary"))\n\n\(entries.joined(separator: "\n"))\n"
  }

  private static func sorted(_ terms: [Term]) -> [Term] {
    terms.sorted { ($0.name.lowercased(), $0.key) < ($1.name.lowercased(), $1.key) }
  }

  private static func meaning(_ term: Term, in words: Wording) -> [Inline] {
    guard case .paragraph(let inlines)? = Markdown.parse(words.told(term.meaning)).first
    else { return [] }
    return inlines
  }

  /// The book's other languages, English first.
  private static func others(of book: Book, than words: Wording) -> [Wording] {
    (["en"] + book.languages).filter { $0 != words.language }.map { Wording($0, of: book) }
  }

  /// What a term is called in other languages: by another word than here, if it has one.
  private static func names(
    of term: Term, in others: [Wording], than words: Wording
  ) -> [(tag: String, name: String)] {
    others.compactMap { other in
      ([term.name] + term.forms).compactMap { other.translation(of: $0) }
        .first { $0 != words.told(term.name) }.map { (other.tag, $0) }
    }
  }

  /// Where a term is told, if that page was written by the run that told it and is there.
  private static func place(
    of term: Term, _ page: String, _ runs: [RunDescription],
    _ files: (_ chapter: String) -> Set<String>
  ) -> (address: String, number: Int)? {
    for run in runs where run.terms?.contains(term.key) == true {
      let slug = run.chapter.slug
      guard run.files.contains(page), files(slug).contains(page) else { continue }
      return ("\(IndexPage.encoded("\(slug)/\(page)"))#\(term.anchor)", run.chapter.number)
    }
    return nil
  }
}
