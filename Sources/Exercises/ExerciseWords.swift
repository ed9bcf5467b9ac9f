import Foundation
import PlainText

/// What is said of exercises in one language, by its English: first what the file beside an exercise
/// has, `RNNStep.zh.md` beside `RNNStep.swift`, then `Exercises.zh.md`. What has no entry stays.
package struct ExerciseWords: Sendable {
  package let language: String
  package let catalog: TextCatalog
  /// The longer texts: `task`, `read-me`.
  private let cells: [String: String]

  package static let english = ExerciseWords("en", reading: [])

  /// What is common to all exercises.
  package init(in language: String) { self.init(language, reading: [Self.common(language)]) }

  fileprivate init(_ language: String, reading files: [URL]) {
    var (catalog, cells) = (TextCatalog(), [String: String]())
    for file in files {
      guard let text = TextFiles.text(of: file) else { continue }
      catalog.add(reading: text, file: file.path)
      cells.merge(TextCells.read(text)) { first, _ in first }
    }
    (self.language, self.catalog, self.cells) = (language, catalog, cells)
  }

  /// A text as it comes out of the program; the values in it are looked up, too.
  package func told(_ english: String) -> String { catalog.translation(of: english) ?? english }

  /// A text with values in the places of its `%@`.
  package func callAsFunction(_ english: String, _ values: String...) -> String {
    TextCatalog.filled(catalog.template(of: english) ?? english, with: values)
  }

  /// What stands between two sentences.
  package var space: String {
    let stop = catalog.template(of: "full stop") ?? ". "
    return String(stop.drop { !$0.isWhitespace })
  }

  package func cell(_ name: String) -> String? { cells[name] }

  /// The comments in lines of code; a comment is looked up line by line.
  func told(code lines: [String]) -> [String] {
    if language == "en" { return lines }
    return lines.map { line in
      guard let mark = line.firstRange(of: #/\/\/\/? /#) else { return line }
      return line[..<mark.upperBound] + told(String(line[mark.upperBound...]))
    }
  }

  // MARK: - Files

  package static func common(_ language: String) -> URL {
    TextFiles.beside(Exercise.listFile, in: language)
  }

  /// The languages beside English that exercises are told in.
  package static var languages: [String] {
    let list = URL(fileURLWithPath: Exercise.listFile)
    return TextFiles.languages(
      in: list.deletingLastPathComponent(), beside: list.lastPathComponent)
  }
}

extension Exercise {
  package func words(in language: String) -> ExerciseWords {
    language == "en"
      ? .english
      : ExerciseWords(
        language, reading: [translation(in: language), ExerciseWords.common(language)])
  }

  /// The file beside its own.
  package func translation(in language: String) -> URL { TextFiles.beside(source, in: language) }
}
