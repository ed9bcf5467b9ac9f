import Foundation
import Notebook
import Testing
import ThisBook

/// Nothing is printed twice within the book: what two places need, one of them links to.
@Suite struct RepetitionTests {
  @Test func noParagraphStandsTwice() throws {
    var places: [String: [String]] = [:]
    for passage in try ToldBook.shared.get().passages {
      for text in passage.blocks.paragraphs where text.count > 40 {
        places[text, default: []].append(passage.file.lastPathComponent)
      }
    }
    for (text, files) in places where files.count > 1 {
      Issue.record("\(files): \(text.prefix(80))")
    }
  }

  /// Declarations that pages show, and the code of cells: neither as a whole nor as a part of another.
  @Test func noCodeIsPrintedTwice() throws {
    var places: [[String]: Set<String>] = [:]
    func note(_ code: String, _ place: String) {
      let lines = code.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }
      guard lines.count > 3 else { return }
      places[lines, default: []].insert(place)
    }
    for file in try ChapterSources.files() where !file.url.path.contains("Fixture") {
      let name =
        "\(file.url.deletingLastPathComponent().lastPathComponent)/\(file.url.lastPathComponent)"
      for mark in file.marks { note(mark.code, "\(name):\(mark.lines.lowerBound)") }
      let text = try String(contentsOf: file.url, encoding: .utf8)
      let folder = file.url.deletingLastPathComponent()
      for call in text.matches(of: #/page\.show\(\s*"([^"]+)"(?:,\s*in: "([^"]+)")?\)/#) {
        let other = try call.2.map { try SourceFile(at: folder.appendingPathComponent(String($0))) }
        let code = (other ?? file).declaration(String(call.1)) ?? ""
        note(code, "\(name) shows \(call.1) at \(text[..<call.range.lowerBound].count)")
      }
    }
    #expect(places.count > 150)
    for (code, names) in places {
      let around = places.keys.filter { $0.count > code.count && $0.holds(code) }
        .flatMap { places[$0]! }
      guard names.count + around.count > 1 else { continue }
      Issue.record("\((names.sorted() + around.sorted())): \(code[0])")
    }
  }
}

extension [String] {
  /// Whether `lines` stand in it, one after the other.
  fileprivate func holds(_ lines: [String]) -> Bool {
    indices.contains { self[$0] == lines[0] && self[$0...].starts(with: lines) }
  }
}

extension [Block] {
  fileprivate var paragraphs: [String] {
    flatMap { block -> [String] in
      switch block {
      case .paragraph(let inlines):
        [inlines.plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")]
      case .list(_, let items): items.flatMap(\.paragraphs)
      case .quote(let blocks): blocks.paragraphs
      case .heading, .code, .math, .table, .rule: []
      }
    }
  }
}
