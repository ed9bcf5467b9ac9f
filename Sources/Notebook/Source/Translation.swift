import Foundation
import PlainText

/// The prose of a chapter in another language, in a file beside the source: `Chapter.zh.md` holds
/// the cells of `Chapter.swift`, each under a line that names it.
///
///     <!-- cell: the-mean -->
///     ## 平均值
///     …
///
/// A cell's name is made of its heading; a cell without one is named after the heading above it,
/// with `-2`, `-3` …  Cells that are missing are told in English. Behind `<!-- texts -->` stand all
/// other texts, by their English: see `TextCatalog`.
package struct Translation {
  package let cells: [String: String]

  /// The translation beside the source file `path`, or nil if there is none.
  package init?(of path: String, into language: String) {
    guard let text = TextFiles.text(of: TextFiles.beside(path, in: language)) else { return nil }
    self.init(text: text)
  }

  package init(text: String) { cells = TextCells.read(text).mapValues(\.trimmingEnds) }

  /// What a translation of `source` lacks and what it has too much: names of cells.
  package func gaps(in source: SourceFile) -> (missing: [String], unknown: [String]) {
    let names = source.marks.filter { $0.call == .prose }.map(\.id)
    return (
      names.filter { cells[$0]?.isEmpty ?? true }, Set(cells.keys).subtracting(names).sorted()
    )
  }
}
