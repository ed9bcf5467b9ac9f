/// The chapter as GitHub shows it, with the pictures beside it.
package enum MarkdownPage {
  package static func text(
    _ record: Record, of book: Book = .none, previous: ChapterDescription? = nil,
    next: ChapterDescription? = nil
  ) -> String {
    let writer = MarkdownWriter(place: .gitHub, words: record.words)
    let chapter = record.chapter
    var parts = [
      "# \(chapter.number). \(MarkdownWriter.escaped(chapter.title))",
      "*\(MarkdownWriter.escaped(chapter.summary))*",
    ]
    for cell in record.cells {
      if !cell.prose.isEmpty { parts.append(writer.text(cell.prose)) }
      if let file = cell.file { parts.append("`\(file)`:") }
      if !cell.code.isEmpty {
        parts.append(MarkdownWriter.fenced(Visible.text(cell.code), language: "swift"))
      }
      parts += cell.outputs.map { output($0, writer) }
    }
    let links = [
      previous.map { link($0, "← \($0.title)") }, next.map { link($0, "\($0.title) →") },
      book.glossary.isEmpty ? nil : "[\(record.words("Glossary"))](../glossary.md)",
    ]
    .compactMap { $0 }
    if !links.isEmpty { parts += ["---", links.joined(separator: " · ")] }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func link(_ chapter: ChapterDescription, _ text: String) -> String {
    "[\(MarkdownWriter.escaped(text))](../\(chapter.slug)/chapter.md)"
  }

  private static func output(_ output: OutputRecord, _ writer: MarkdownWriter) -> String {
    switch output {
    case .text(let printed):
      return MarkdownWriter.fenced(printed.text.trimmingLastLine, language: "text")
    case .table(let table): return MarkdownWriter.table(table)
    case .claim(let claim): return writer.claim(claim)
    case .question(let question): return writer.question(question)
    case .reveal(let reveal): return writer.reveal(reveal)
    case .figure(let figure):
      let title = MarkdownWriter.escaped(figure.title)
      return """
        ![\(MarkdownWriter.escaped(figure.alt))](\(figure.file))

        *\(writer.words("Figure %@.", "\(figure.number)")) \(title)*
        """
    }
  }
}
