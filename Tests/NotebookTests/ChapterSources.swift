import Foundation
import Notebook
import Testing

/// What the chapters of the book hold, read without running them.
enum ChapterSources {
  static func files() throws -> [SourceFile] {
    var files: [SourceFile] = []
    for folder in ["Chapters", "Tests/NotebookFixture"] {
      let url = checkout.appendingPathComponent(folder)
      for case let name as String in FileManager.default.enumerator(atPath: url.path)!
      where name.hasSuffix(".swift") {
        files.append(try SourceFile(at: url.appendingPathComponent(name)))
      }
    }
    return files
  }

  static func formulas() throws -> [String] {
    try files().flatMap { $0.marks.compactMap(\.text) }.flatMap { Markdown.parse($0).formulas }
  }

  /// The translations beside a source file, by language.
  static func translations(of file: SourceFile) throws -> [String: Translation] {
    let folder = file.url.deletingLastPathComponent()
    let name = file.url.deletingPathExtension().lastPathComponent
    var found: [String: Translation] = [:]
    for entry in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let parts = entry.split(separator: ".")
      guard parts.count == 3, parts[0] == name[...], parts[2] == "md" else { continue }
      found[String(parts[1])] = Translation(of: file.url.path, into: String(parts[1]))
    }
    return found
  }
}

@Suite struct ChapterSourcesTests {
  @Test func everyFormulaIsUnderstood() throws {
    let files = try ChapterSources.files()
    #expect(!files.isEmpty)
    for file in files {
      let translated = try ChapterSources.translations(of: file).values.flatMap(\.cells.values)
      for text in file.marks.compactMap(\.text) + translated {
        for tex in Markdown.parse(text).formulas {
          #expect(throws: Never.self, "\(file.url.lastPathComponent): \(tex)") {
            try TeX(parsing: tex)
          }
        }
      }
    }
  }

  /// A dollar that stays a dollar in the prose is a formula that was not found.
  @Test func noFormulaIsLeftOpen() throws {
    for file in try ChapterSources.files() where !file.url.path.contains("Fixture") {
      for text in file.marks.compactMap(\.text) {
        let stray = Markdown.parse(text).filter { "\($0)".contains(#/text\("[^"]*\$/#) }
        #expect(stray.isEmpty, "\(file.url.lastPathComponent): \(stray)")
      }
    }
  }

  /// Where a chapter is translated, every cell is.
  @Test func noCellLacksItsTranslation() throws {
    for file in try ChapterSources.files() {
      for (language, translation) in try ChapterSources.translations(of: file) {
        let gaps = translation.gaps(in: file)
        let isFixture = file.url.lastPathComponent == "Fixture.swift"
        let missing = isFixture ? ["what-came-of-it", "the-end", "the-end-2"] : []
        #expect(gaps.missing == missing, "\(file.url.path) lacks these in \(language)")
        #expect(gaps.unknown == [], "\(file.url.path) has no such cells, but \(language) has")
      }
    }
  }

  @Test func showsWhatIsThere() throws {
    for file in try ChapterSources.files() {
      let text = try String(contentsOf: file.url, encoding: .utf8)
      let folder = file.url.deletingLastPathComponent()
      for call in text.matches(of: #/page\.show\("([^"]+)"(?:, in: "([^"]+)")?\)/#) {
        let shown = try call.2.map { try SourceFile(at: folder.appendingPathComponent(String($0))) }
        let declared = (shown ?? file).declaration(String(call.1))
        #expect(
          declared != nil, "\(file.url.lastPathComponent): no declaration of \(call.1)")
        let hasBody = declared?.contains(#/\b(?:func|struct|class|enum|extension) /#) == true
        #expect(!hasBody || declared?.hasSuffix("}") == true, "\(call.1): without its body")
      }
    }
  }
}
