import Figures
import Foundation

/// One run of a chapter: its page, its folder, and the pages written at its end.
package final class Telling {
  package let page: Page
  private let book: Book
  private let place: OutputPlace
  private let start = Date()

  /// Checks the folders that were named before any work is done.
  package init(
    _ chapter: ChapterDescription, in book: Book = .none, part: String? = nil,
    options: CommonOptions, source: String? = nil, terminal: Terminal? = nil
  ) throws(NotebookError) {
    if let part, part.wholeMatch(of: #/[a-z0-9]+(?:-[a-z0-9]+)*/#) == nil {
      fatalError("Chapter.part: '\(part)' is not made of small letters, digits and - between them")
    }
    let data = try options.dataFolder()
    self.book = book
    place = try OutputPlace(for: chapter.slug, options)
    let terminal = terminal ?? Terminal.standard(quiet: options.quiet, code: options.code)
    page = Page(
      chapter, in: book, part: part, options: options, data: data, place: place,
      terminal: terminal)
    if let source { page.readWords(beside: source) }
  }

  /// Tells the story, then writes the pages; on an error the last whole ones stay.
  package func tell(_ story: (Page) throws -> Void) throws {
    do {
      page.terminal.title(page.toldChapter)
      do {
        try story(page)
      } catch {
        // A page without code has no cells that its reader would know.
        throw NotebookError(page.showsCode ? "\(page.whereabouts): \(error.line)" : error.line)
      }
      try finish()
    } catch {
      // If a signal is ending the program, which takes the folder away, that is the end.
      Interruption.postponed {}
      page.variants.stop()
      page.terminal.endProgress()
      place.discard()
      throw error
    }
  }

  /// Forgets the run when a signal ends the program.
  package func discardWhenInterrupted() {
    Interruption.watch { [place, page] signal in
      // A program that draws a figure would go on writing.
      Descendants.kill()
      Figure.stopDrawing()
      page.terminal.endProgress()
      place.discard()
      if signal == SIGINT { page.terminal.note("interrupted; the last whole pages are untouched") }
    }
  }

  private func finish() throws {
    page.noteMissingTranslations()
    try page.finishFigures()
    page.terminal.endProgress()
    var record = page.record
    let terms = record.tell(book.glossary, in: record.words)
    let chapter = record.chapter
    record.chapter = page.toldChapter
    let (previous, next) = book.neighbors(of: chapter.slug, in: record.language)
    let folder = place.open()
    for format in page.options.format {
      let url = folder.staging.appendingPathComponent("chapter.\(format.rawValue)")
      let text =
        switch format {
        case .md: MarkdownPage.text(record, of: book, previous: previous, next: next)
        case .html: HTMLPage.text(record, of: book, previous: previous, next: next)
        case .ipynb: try NotebookPage.text(record)
        }
      try Data(text.utf8).write(to: url)
    }
    try record.results.json()
      .write(to: folder.staging.appendingPathComponent("results.json"))
    let figures = record.cells.flatMap(\.outputs).compactMap { output in
      if case .figure(let figure) = output { figure } else { nil }
    }
    let run = RunDescription(
      chapter: chapter, seed: page.seed, quick: page.quick,
      seconds: Date().timeIntervalSince(start), version: Book.version,
      part: page.part,
      thumbnail: (figures.first { page.thumbnail == $0.number } ?? figures.last)?.file,
      terms: terms.isEmpty ? nil : terms,
      language: record.language == "en" ? nil : record.language)
    let committed = try folder.commit(run, of: book)
    let mark = committed.isBeside ? page.part.map { "-\($0)" } ?? "" : ""
    let names = page.options.format.map { "chapter\(mark).\($0.rawValue)" }
    page.terminal.end(
      folder: folder.url, files: names + ["results\(mark).json"], figures: figures.count)
    committed.notes.forEach(page.terminal.note)
  }
}
