import Foundation

/// The terms of the book from A to Z, each with the place where it is told: the page that holds its
/// anchor, as far as it is there.
package enum GlossaryPage {
  /// What the files are known by.
  static let mark = #"<main class="index glossary">"#
  static let markdownMark = "<!-- a glossary over chapters -->"

  package static func html(
    of book: Book, _ runs: [RunDescription], files: (_ chapter: String) -> Set<String>
  ) -> String {
    let entries = sorted(book.glossary).map { term in
      let place = place(of: term, "chapter.html", runs, files).map {
        " <a href=\"\(HTML.escaped($0.address))\">Chapter \($0.number)</a>"
      }
      return """
        <dt id="\(term.key)">\(HTML.escaped(term.name))</dt>
        <dd>\(HTML.text(words(term)))\(place ?? "")</dd>
        """
    }
    let body = """
      <header class="bar"><a class="book" href="index.html">\(HTML.escaped(book.name))</a></header>
      \(mark)
      <header class="head">
      <h1>Glossary</h1>
      <p class="summary">What the words mean, and where each is first told.</p>
      </header>
      <dl>
      \(entries.joined(separator: "\n"))
      </dl>
      </main>
      """
    return HTML.document(title: "Glossary", language: "en", body: body)
  }

  package static func markdown(
    of book: Book, _ runs: [RunDescription], files: (_ chapter: String) -> Set<String>
  ) -> String {
    let writer = MarkdownWriter(place: .gitHub)
    let entries = sorted(book.glossary).map { term in
      let place = place(of: term, "chapter.md", runs, files).map {
        " ([chapter \($0.number)](\($0.address)))"
      }
      let name = MarkdownWriter.escaped(term.name)
      return "- <a id=\"\(term.key)\"></a>**\(name)**: \(writer.text([.paragraph(words(term))]))"
        + (place ?? "")
    }
    return "\(markdownMark)\n# Glossary\n\n\(entries.joined(separator: "\n"))\n"
  }

  private static func sorted(_ terms: [Term]) -> [Term] {
    terms.sorted { ($0.name.lowercased(), $0.key) < ($1.name.lowercased(), $1.key) }
  }

  private static func words(_ term: Term) -> [Inline] {
    guard case .paragraph(let inlines)? = Markdown.parse(term.meaning).first else { return [] }
    return inlines
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
