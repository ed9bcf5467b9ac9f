import Foundation

/// The chapter as a Jupyter notebook, nbformat 4.5: prose and code in cells, with what they left.
package enum NotebookPage {
  package static func text(_ record: Record) throws -> String {
    let writer = MarkdownWriter(place: .notebook, words: record.words)
    let chapter = record.chapter
    var names = CellNames()
    var cells: [[String: Any]] = [
      markdown(
        names.unique("title"),
        """
        # \(chapter.number). \(MarkdownWriter.escaped(chapter.title))

        *\(MarkdownWriter.escaped(chapter.summary))*

        \(note(chapter, in: record.words))
        """)
    ]
    var count = 0
    for cell in record.cells {
      let id = String(cell.id.prefix(48))
      if !cell.prose.isEmpty { cells.append(markdown(names.unique(id), writer.text(cell.prose))) }
      if cell.code.isEmpty, cell.outputs.isEmpty { continue }
      count += 1
      cells.append([
        "cell_type": "code", "id": names.unique("\(id)-code"), "execution_count": count,
        "metadata": cell.file.map { ["file": $0] } ?? [:],
        "source": lines(Visible.text(cell.code)),
        "outputs": cell.outputs.map { output($0, writer) },
      ])
    }
    let notebook: [String: Any] = [
      "nbformat": 4, "nbformat_minor": 5, "cells": cells,
      "metadata": [
        "title": chapter.title,
        "kernelspec": ["name": "swift", "display_name": "Swift", "language": "swift"],
        "language_info": [
          "name": "swift", "version": "6", "file_extension": ".swift",
          "mimetype": "text/x-swift", "codemirror_mode": "swift", "pygments_lexer": "swift",
        ],
      ],
    ]
    let data = try JSONSerialization.data(
      withJSONObject: notebook, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// What a reader who presses Run should know.
  private static func note(_ chapter: ChapterDescription, in words: Wording) -> String {
    words(
      "This notebook is to be read: its code is Swift, for which hardly any Jupyter has a kernel.")
      + (words.stop.hasSuffix(" ") ? " " : "")
      + words(
        "`swift run -c release %@` runs the chapter, and writes the notebook anew.", chapter.slug)
  }

  private static func markdown(_ id: String, _ text: String) -> [String: Any] {
    ["cell_type": "markdown", "id": id, "metadata": [String: Any](), "source": lines(text)]
  }

  /// Each line with its line break, as notebooks keep text.
  private static func lines(_ text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { index, line in
      index < lines.count - 1 ? line + "\n" : line.isEmpty ? nil : String(line)
    }
  }

  private static func output(_ output: OutputRecord, _ writer: MarkdownWriter) -> [String: Any] {
    let words = writer.words
    switch output {
    case .text(let printed):
      return ["output_type": "stream", "name": "stdout", "text": lines(printed.text)]
    case .table(let table):
      return display([
        "text/html": lines(HTML.table(table)), "text/markdown": lines(MarkdownWriter.table(table)),
        "text/plain": lines(plain(table)),
      ])
    case .claim(let claim):
      return display([
        "text/markdown": lines(writer.claim(claim)),
        "text/plain": ["\(claim.mark) \(claim.words.plain)"],
      ])
    case .question(let question):
      let answers = question.answers.enumerated().map {
        "\(Prediction.letter($0))\(words.colon)\($1.plain)"
      }
      return display([
        "text/markdown": lines(writer.question(question)),
        "text/plain": lines(([question.words.plain] + answers).joined(separator: "\n")),
      ])
    case .reveal(let reveal):
      return display([
        "text/markdown": lines(writer.reveal(reveal)),
        "text/plain": [reveal.paragraph(words).plain],
      ])
    case .figure(let figure):
      return display(
        [
          "image/png": (figure.moving?.png ?? figure.png).base64EncodedString(),
          "text/plain": ["\(words("Figure %@.", "\(figure.number)")) \(figure.alt)"],
        ],
        metadata: ["image/png": ["alt": figure.alt, "width": figure.width]])
    }
  }

  private static func display(
    _ data: [String: Any], metadata: [String: Any] = [:]
  ) -> [String: Any] {
    ["output_type": "display_data", "data": data, "metadata": metadata]
  }

  private static func plain(_ table: TableRecord) -> String {
    let lines = TerminalTable(table.headers, table.rows, table.alignments).lines(width: .max)
    let text = lines.map { $0.map(\.text).joined() }
    return ((table.caption.map { [$0] } ?? []) + text).joined(separator: "\n")
  }
}
