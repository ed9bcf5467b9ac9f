import Foundation
import Notebook
import ThisBook

/// The prose of the whole book in the order in which it is told, read from the sources: no chapter
/// has to run for it.
struct ToldBook: Sendable {
  /// A cell's prose or a claim.
  struct Passage: Sendable {
    let program: String
    let file: URL
    let blocks: [Block]
  }

  /// Read once for all tests.
  static let shared = Result { try ToldBook() }

  var passages: [Passage] = []
  /// Prose that no telling was found to come to.
  var unreached: [String] = []

  init() throws {
    let root = checkout.appendingPathComponent("Chapters")
    let folders = try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
      .filter { $0.first?.isNumber == true }
    for (folder, program) in zip(folders, Book.unroll.programs) {
      var chapter = try ToldChapter(root.appendingPathComponent(folder), program)
      chapter.tell("tell", from: root.appendingPathComponent("\(folder)/Chapter.swift"))
      passages += chapter.told
      unreached += chapter.unreached
    }
  }
}

/// A chapter's functions that tell on a page, and what each tells and calls in turn.
private struct ToldChapter {
  private enum Event {
    case function(String), call(String)
    case passage(String)
  }

  private struct Function {
    let name: String
    let file: URL
    var events: [Event] = []
  }

  let program: String
  private var functions: [Function] = []
  private var visited: Set<Int> = []
  var told: [ToldBook.Passage] = []

  init(_ folder: URL, _ program: String) throws {
    self.program = program
    let names = FileManager.default.enumerator(atPath: folder.path)!.compactMap { $0 as? String }
    for name in names.sorted() where name.hasSuffix(".swift") {
      try add(folder.appendingPathComponent(name))
    }
  }

  private mutating func add(_ url: URL) throws {
    let text = try String(contentsOf: url, encoding: .utf8)
    var events: [(place: String.Index, event: Event)] = []
    for match in text.matches(of: #/func (\w+)\(\s*_ page: Page/#) {
      events.append((match.range.lowerBound, .function(String(match.1))))
    }
    for match in text.matches(of: #/(\w+)\(\s*page[,)]/#) {
      events.append((match.range.lowerBound, .call(String(match.1))))
    }
    for match in text.matches(of: #/page\.claim\(\s*((?:"(?:[^"\\]|\\.)*"[\s+]*)+)/#) {
      let words = match.1.matches(of: #/"((?:[^"\\]|\\.)*)"/#).map { $0.1 }.joined()
      events.append((match.range.lowerBound, .passage(words)))
    }
    var starts = [text.startIndex]
    for index in text.indices where text[index] == "\n" { starts.append(text.index(after: index)) }
    for mark in SourceFile(text: text, url: url).marks {
      guard let prose = mark.text else { continue }
      events.append((starts[mark.lines.lowerBound - 1], .passage(prose)))
    }
    for (_, event) in events.sorted(by: { $0.place < $1.place }) {
      if case .function(let name) = event {
        functions.append(Function(name: name, file: url))
      } else if functions.last?.file == url {
        functions[functions.count - 1].events.append(event)
      }
    }
  }

  /// Follows a function, its namesake in the same file or folder before others.
  mutating func tell(_ name: String, from file: URL) {
    func distance(_ other: URL) -> Int {
      other == file
        ? 0 : other.deletingLastPathComponent() == file.deletingLastPathComponent() ? 1 : 2
    }
    let place = functions.indices.filter { functions[$0].name == name }
      .min { distance(functions[$0].file) < distance(functions[$1].file) }
    guard let place, visited.insert(place).inserted else { return }
    let function = functions[place]
    for event in function.events {
      switch event {
      case .call(let other): tell(other, from: function.file)
      case .passage(let text):
        told.append(
          ToldBook.Passage(program: program, file: function.file, blocks: Markdown.parse(text)))
      case .function: break
      }
    }
  }

  var unreached: [String] {
    // What commands tell to people with data is no part of the chapter.
    let commands: Set = ["Classify", "Forecast", "Write"]
    return functions.indices.filter { place in
      let file = functions[place].file
      return !visited.contains(place) && file.lastPathComponent != "WayOut.swift"
        && !commands.contains(file.deletingLastPathComponent().lastPathComponent)
    }.flatMap { place in
      functions[place].events.compactMap { event in
        if case .passage(let text) = event {
          "\(functions[place].file.lastPathComponent): \(text.prefix(60))"
        } else {
          nil
        }
      }
    }
  }
}

/// Prose as words, with the places where something is stressed.
enum ProsePiece: Equatable {
  case word(String)
  case stress(String)
  /// What is no prose: code, a formula, the end of a paragraph.
  case gap
}

extension [Block] {
  /// Paragraphs, lists and quotes; headings announce and tables sum up.
  var pieces: [ProsePiece] {
    flatMap { block -> [ProsePiece] in
      switch block {
      case .paragraph(let inlines): inlines.pieces + [.gap]
      case .list(_, let items): items.flatMap(\.pieces)
      case .quote(let blocks): blocks.pieces
      case .heading, .code, .math, .table, .rule: []
      }
    }
  }
}

extension [Inline] {
  var pieces: [ProsePiece] {
    flatMap { inline -> [ProsePiece] in
      switch inline {
      case .text(let text):
        return text.lowercased().split { !$0.isLetter && !$0.isNumber && !"-–'’".contains($0) }
          .map { .word(String($0)) }
      case .emphasis(let inner), .strong(let inner):
        let words = inner.plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return [.stress(words)] + inner.pieces
      case .link(let inner, _, _), .term(let inner, _): return inner.pieces
      case .code, .math, .lineBreak: return [.gap]
      }
    }
  }
}
