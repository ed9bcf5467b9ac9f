import Figures
import Foundation
import Notebook
import PlainText
import Testing

/// The book in other languages, read without running it.
@Suite struct TranslatedBookTests {
  private static let chapters = checkout.appendingPathComponent("Chapters")

  /// The folders of the chapters, each with what its texts are looked up in.
  private static func catalogs() -> [(folder: URL, catalog: TextCatalog)] {
    let shared = ["Shared", "Book"].map(chapters.appendingPathComponent)
    return (FileManager.default.subfolders(of: chapters)).map { folder in
      let own = folder.lastPathComponent == "Shared" ? [] : [folder]
      var catalog = TextCatalog()
      for file in (own + shared).flatMap({ TextFiles.below($0, in: "zh") }) {
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        catalog.add(reading: text, file: file.path)
      }
      return (folder, catalog)
    }
  }

  @Test func filesAreWellFormed() {
    for (folder, catalog) in Self.catalogs() {
      #expect(catalog.problems == [], "\(folder.lastPathComponent)")
    }
  }

  /// Formulas, code and links are the same in both languages: a change of one is noticed in the other.
  @Test func formulasCodeAndLinksAreTheSame() throws {
    for file in try ChapterSources.files() where !file.url.path.contains("Fixture") {
      for (language, translation) in try ChapterSources.translations(of: file) {
        for mark in file.marks {
          guard let english = mark.text, let other = translation.cells[mark.id] else { continue }
          let (one, two) = (Kept(english), Kept(other))
          let place = "\(file.url.lastPathComponent), \(mark.id), \(language)"
          #expect(one.formulas == two.formulas, "\(place)")
          #expect(one.code == two.code, "\(place)")
          #expect(one.links == two.links, "\(place)")
          // Between `？` and a letter a star ends no stress.
          #expect(!two.text.contains("*"), "\(place)")
        }
      }
    }
  }

  /// Claims, questions, the headers of tables, captions and the texts of figures.
  @Test func noTextLacksItsTranslation() throws {
    for (folder, catalog) in Self.catalogs() {
      for file in try ReaderTexts.files(below: folder) {
        for text in ReaderTexts(file).all where !Self.isCovered(text, by: catalog) {
          Issue.record("\(file.lastPathComponent): no translation of “\(text)”")
        }
      }
    }
  }

  private static func isCovered(_ text: String, by catalog: TextCatalog) -> Bool {
    if !Wording.hasWord(text.replacing("%@", with: " ")) { return true }
    if catalog.translation(of: text.replacing("%@", with: "7")) != nil { return true }
    guard text.contains("%@") else { return false }
    // The values may be words of which each has an entry with all around it.
    let pattern = TextCatalog(reading: "<!-- texts -->\n\(text.oneLine)\n: =\n", file: "")
    return catalog.entries.contains {
      pattern.translation(of: $0.english.replacing("%@", with: "7")) != nil
    }
  }

  /// An entry whose English the sources have no more is of no use.
  @Test func noEntryIsStale() throws {
    let library = try ["Sources", "Chapters/Shared", "Chapters/Book"].flatMap {
      try ReaderTexts.files(below: checkout.appendingPathComponent($0))
    }.map(Self.said).joined(separator: "\n")
    let everywhere =
      try library + ReaderTexts.files(below: Self.chapters).map(Self.said).joined(separator: "\n")
    for (folder, _) in Self.catalogs() {
      let isShared = ["Shared", "Book"].contains(folder.lastPathComponent)
      let said =
        isShared
        ? everywhere
        : try library + ReaderTexts.files(below: folder).map(Self.said).joined(separator: "\n")
      for file in TextFiles.below(folder, in: "zh") {
        let text = try String(contentsOf: file, encoding: .utf8)
        for entry in TextCatalog(reading: text, file: file.lastPathComponent).entries {
          for piece in entry.english.split(separator: "%@") where !Self.occurs(piece, in: said) {
            Issue.record("\(entry.file):\(entry.line): no source says “\(piece)”")
          }
        }
      }
    }
  }

  /// What a program puts together from pieces is found word by word, plurals without their s; the
  /// names of months are the calendar's.
  private static func occurs(_ piece: Substring, in said: String) -> Bool {
    said.contains(String(piece).oneLine)
      || piece.split { !$0.isLetter }.filter { $0.count > 2 }.allSatisfy { word in
        said.contains(word) || word.last == "s" && said.contains(word.dropLast())
          || Calendar(identifier: .gregorian).monthSymbols.contains(String(word))
      }
  }

  private static func said(_ file: URL) -> String {
    let texts = ReaderTexts(file)
    return (texts.literals.map(\.oneLine) + texts.sources).joined(separator: "\n")
  }
}

/// What pages, scripts and figures say themselves.
@Suite struct OwnWordsTests {
  private let own: TextCatalog
  private let told: TextCatalog

  init() throws {
    (own, told) = try #require(Wording.builtIn("zh"))
  }

  @Test func filesAreWellFormed() {
    #expect(own.problems + told.problems == [])
  }

  private func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

  @Test func pagesAreTranslated() throws {
    let folder = checkout.appendingPathComponent("Sources/Notebook")
    var count = 0
    for file in try ReaderTexts.files(below: folder) {
      for call in try text(file).matches(of: #/\b(?:words|said)\((?:[^"()]*\? )?"([^"\\]+)"/#) {
        #expect(own.template(of: String(call.1)) != nil, "\(file.lastPathComponent): \(call.1)")
        count += 1
      }
    }
    #expect(count > 20)
    for text in [
      "Code that draws", "Code that checks", "Holds in this run", "Does not hold in this run",
      "What was measured", "full stop", "colon", "comma", "comma in a row",
    ] { #expect(own.template(of: text) != nil, "\(text)") }
  }

  @Test func scriptsAreTranslated() throws {
    let folder = checkout.appendingPathComponent("Sources/Notebook/Style")
    var count = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where name.hasSuffix(".js") {
      let script = try text(folder.appendingPathComponent(name))
      let calls = script.matches(of: #/\btold\(\s*"([^"\\]+)"/#).map { String($0.1) }
      // The phases of a cell, and its equations as far as they have words.
      let phases = script.matches(of: #/\bon: "([^"]+)"/#)
        .flatMap { $0.1.split(separator: "|").map(String.init) }
      let rows = script.matches(of: #/\btext: "([^"]+)"/#).map { String($0.1) }
        .filter { $0.contains(#/[a-z]{2,} [a-z]{3,}/#) }
      for text in calls + phases + rows {
        #expect(own.template(of: text) != nil, "\(name): \(text)")
        count += 1
      }
    }
    #expect(count > 100)
  }

  /// What a figure of every kind of mark says of itself has no English word left.
  @Test func figuresAreDescribed() {
    var figure = Figure("T", x: "A", y: .log("B"))
    figure.line(y: [1, 2], label: "C")
    figure.points(x: [1, 2], y: [1, 2])
    figure.errorBars(x: [1, 2], y: [1, 2], errors: [1, 1])
    figure.fillBetween(x: [1, 2], low: [1, 2], high: [2, 3])
    figure.impulses(x: [1, 2], y: [1, 2])
    figure.histogram([1, 2, 3])
    figure.texts(["D"], x: [1], y: [1])
    figure.heatmap([[1, 2]])
    figure.horizontalLine(y: 1, label: "E")
    figure.verticalLine(x: 1, label: "F")
    figure.shade(x: 1...2)
    figure.annotate("G", x: 1, y: 1)
    figure.pictures([[0, 1, 1, 0]], width: 2)
    figure.surface(x: [1, 2], y: [1, 2], z: [[1, 2], [3, 4]])
    figure.path(x: [1, 2], y: [1, 2], z: [1, 2])
    var bars = Figure("T")
    bars.bars(["H", "I"], [1, 2])
    var diagram = Diagram("T")
    diagram.arrow(from: diagram.box("J", x: 0, y: 0), to: diagram.box("K", x: 1, y: 0), label: "L")
    let words = Wording("zh")
    let text = Figure.grid("T", [figure, bars, Figure(diagram)])
      .altText(stop: "。", name: words.told, told: words.text)
    #expect(!text.contains(#/[a-z]{2}/#), "\(text)")
    #expect(text.hasPrefix("T。T。横轴：A。纵轴：B，对数刻度。折线“C”：2 个值，从 1 到 2。点：2 个值"))
    #expect(text.contains("示意图：J, K；箭头：J → K (L)"))
    #expect(
      Figure(diagram).altText(stop: "。", comma: "、", name: words.told, told: words.text)
        .contains("示意图：J、K；箭头"))
    #expect(Figure("Why?", x: "n").altText == "Why? x: n.")

    let moving = Animation([Figure("甲"), Figure("乙")])
    #expect(
      moving.altText(stop: "。", name: words.told, told: words.text)
        == "依次显示 2 幅图。第一幅：甲。最后一幅：乙。")
    #expect(
      Animation([Figure("A"), Figure("B")]).altText
        == "2 pictures one after the other. The first: A. The last: B.")
  }
}

/// Formulas, code and the targets of links in a text, each in an order of its own.
private struct Kept {
  var formulas: [String] = [], code: [String] = [], links: [String] = []
  var text = ""

  init(_ text: String) {
    for block in Markdown.parse(text) { add(block) }
    (formulas, code, links) = (formulas.sorted(), code.sorted(), links.sorted())
  }

  private mutating func add(_ block: Block) {
    switch block {
    case .heading(_, let inlines), .paragraph(let inlines): add(inlines)
    case .list(_, let items): for item in items { item.forEach { add($0) } }
    case .quote(let blocks): for block in blocks { add(block) }
    case .code(_, let text): code.append(text)
    case .math(let tex): formulas.append(Self.plain(tex))
    case .table(_, let header, let rows): for cell in header + rows.flatMap({ $0 }) { add(cell) }
    case .rule: break
    }
  }

  private mutating func add(_ inlines: [Inline]) {
    for inline in inlines {
      switch inline {
      case .code(let text): code.append(text)
      case .math(let tex): formulas.append(Self.plain(tex))
      case .link(let inner, let target, _):
        links.append(target)
        add(inner)
      case .emphasis(let inner), .strong(let inner), .term(let inner, _): add(inner)
      case .text(let text): self.text += text
      case .lineBreak: break
      }
    }
  }

  /// Words in a formula are translated, spaces are none.
  private static func plain(_ tex: String) -> String {
    tex.replacing(#/\\(?:text|mathrm|operatorname)\{[^}]*\}/#, with: "\\T").filter {
      !$0.isWhitespace
    }
  }
}

/// The texts of a source file that a reader sees.
private struct ReaderTexts {
  private let tokens: [(kind: SwiftLexer.Kind, text: String)]

  init(_ file: URL) {
    let bytes = (try? Data(contentsOf: file)).map(Array.init) ?? []
    tokens = SwiftLexer.tokens(of: bytes).filter { $0.kind != .space && $0.kind != .comment }
      .map { ($0.kind, String(decoding: bytes[$0.range], as: UTF8.self)) }
  }

  static func files(below folder: URL) throws -> [URL] {
    let names = try #require(FileManager.default.enumerator(atPath: folder.path))
    return names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted()
      .map(folder.appendingPathComponent)
  }

  /// Every string of the file, with `%@` for values.
  var literals: [String] {
    tokens.indices.compactMap { tokens[$0].kind == .string ? joined(at: $0).text : nil }
  }

  /// The strings as they are written, with those inside of them.
  var sources: [String] { tokens.filter { $0.kind == .string }.map(\.text) }

  /// What calls say that have texts for a reader as their first arguments, or behind a label.
  var all: [String] {
    var texts: [String] = []
    let first: Set = [
      "claim", "predict", "table", "animation", "Figure", "Diagram", "Axis", "log", "dates",
      "annotate", "grid",
    ]
    let labeled: Set = ["label", "alt", "caption", "otherwise", "answers"]
    for place in tokens.indices.dropLast(2) {
      let next = tokens[place + 1].text
      if first.contains(tokens[place].text), next == "(" {
        texts += argument(at: place + 2)
      } else if labeled.contains(tokens[place].text), next == ":" {
        texts += argument(at: place + 2)
      } else if ["x", "y"].contains(tokens[place].text), next == ":",
        tokens[place + 2].kind == .string
      {
        texts += argument(at: place + 2)
      }
    }
    return texts
  }

  /// The strings of an argument, also of an array or a choice, but of no call within.
  private func argument(at start: Int) -> [String] {
    var (texts, place, calls, depth) = ([String](), start, 0, 0)
    while place < tokens.count {
      switch tokens[place].text {
      case "(", "{": calls += 1
      case ")", "}":
        if calls == 0 { return texts }
        calls -= 1
      case "[": depth += 1
      case "]":
        if depth == 0 { return texts }
        depth -= 1
      case "," where calls == 0 && depth == 0: return texts
      default:
        if tokens[place].kind == .string, calls == 0 {
          let (text, last) = joined(at: place)
          if let text { texts.append(text) }
          place = last
        }
      }
      place += 1
    }
    return texts
  }

  /// A literal and those that `+` adds to it.
  private func joined(at place: Int) -> (text: String?, last: Int) {
    var (text, last) = (StringLiteral.template(of: tokens[place].text), place)
    while last + 2 < tokens.count, tokens[last + 1].text == "+" {
      guard tokens[last + 2].kind == .string else { return (text.map { $0 + "%@" }, last) }
      last += 2
      text = text.flatMap { text in
        StringLiteral.template(of: tokens[last].text).map { text + $0 }
      }
    }
    return (text, last)
  }
}

extension String {
  fileprivate var oneLine: String {
    split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

extension FileManager {
  fileprivate func subfolders(of folder: URL) -> [URL] {
    ((try? contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
      .map(folder.appendingPathComponent)
      .filter { (try? $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true }
  }
}
