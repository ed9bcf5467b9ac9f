import Figures
import Foundation
import PlainText
@_exported import Typeset

/// What a chapter tells its story on. Everything told is shown in the terminal at once and kept,
/// cell by cell, for the pages that are written when the chapter has ended.
///
/// A page belongs to the thread that tells the story.
public final class Page: @unchecked Sendable {
  /// What the program was called with.
  public let options: CommonOptions
  /// The folder with real data sets, if one was given.
  public let data: URL?
  /// Whether cells show the code that belongs to them; a page for people with data has none.
  public var showsCode = true

  let terminal: Terminal
  /// The parts that are told, if not the whole chapter; its figures carry the name.
  let part: String?
  private let place: OutputPlace
  package private(set) var record: Record
  private var sources: [String: SourceFile?] = [:]
  private var names = CellNames()
  var language: PageLanguage
  private var notes: Set<String> = []
  private var figureCount = 0
  /// The number of the figure that stands for the chapter in the index; nil for the last one.
  private(set) var thumbnail: Int?
  let variants = FigureVariants()
  private var isSourceMissed = false

  /// The seed that was asked for; the default generator has been given it already.
  public var seed: UInt64 { options.seed }
  /// Whether less training and smaller sizes will do.
  public var quick: Bool { options.quick }
  /// A folder for files of the chapter's own, such as checkpoints; they are kept beside the pages.
  public var folder: URL { place.open().staging }

  init(
    _ chapter: ChapterDescription, in book: Book, part: String?, options: CommonOptions, data: URL?,
    place: OutputPlace, terminal: Terminal
  ) {
    self.part = part
    self.options = options
    self.data = data
    self.place = place
    self.terminal = terminal
    record = Record(chapter: chapter, language: options.language)
    language = PageLanguage(options.language, of: book, words: record.words)
    terminal.words = words
  }

  // MARK: - Cells

  /// Begins a cell with its prose: Markdown, with formulas between `$`.
  public func prose(_ text: String, file: String = #filePath, line: Int = #line) {
    _ = place.open(source: file)
    readWords(beside: file)
    if options.step, !record.cells.isEmpty { terminal.waitForEnter() }
    let mark = mark(file: file, line: line)
    if let written = mark?.text, written.trimmingEnds != text.trimmingEnds { noteChange(file) }
    let id = mark?.id ?? ""
    let translation = language.prose(id, of: file, mark?.parts, in: text)
    let told = translation ?? text
    begin(
      CellRecord(
        id: names.unique(id.isEmpty ? "cell-\(record.cells.count + 1)" : id),
        isTranslated: translation != nil, prose: Markdown.parse(told), markdown: told,
        code: showsCode ? mark?.code ?? "" : ""))
  }

  /// Shows the declaration called `name` from a file of the chapter's folder, or from this one.
  public func show(
    _ name: String, in other: String? = nil, file: String = #filePath, line: Int = #line
  ) {
    _ = place.open(source: file)
    readWords(beside: file)
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    let path = other.map { folder.appendingPathComponent($0).path } ?? file
    let id = record.cells.last?.id ?? "cell"
    if let source = source(path) {
      guard let code = source.declaration(name) else {
        fatalError("page.show: there is no declaration of \(name) in \(path)")
      }
      begin(
        CellRecord(id: names.unique("\(id)-\(name.slug)"), code: code, file: other.map(Self.shown)))
    }
    let mark = mark(file: file, line: line)
    begin(CellRecord(id: names.unique("\(id)-code"), code: showsCode ? mark?.code ?? "" : ""))
  }

  /// `Shared/Fit.swift` for `../Shared/Fit.swift`.
  private static func shown(_ path: String) -> String {
    path.split(separator: "/").filter { $0 != ".." && $0 != "." }.joined(separator: "/")
  }

  private func begin(_ cell: CellRecord) {
    record.cells.append(cell)
    terminal.begin(cell)
  }

  private func add(_ output: OutputRecord) {
    if record.cells.isEmpty { record.cells.append(CellRecord(id: names.unique("start"))) }
    record.cells[record.cells.count - 1].outputs.append(output)
  }

  /// The current cell in words, for an error's message.
  var whereabouts: String {
    guard !record.cells.isEmpty else { return "before the first cell" }
    let count = record.cells.count { !$0.prose.isEmpty }
    guard let title = record.cells.compactMap(\.prose.title).last else { return "cell \(count)" }
    return "cell \(count), “\(title)”"
  }

  // MARK: - Output

  /// Prints as Swift's `print` does.
  public func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
    let text = printed(items.map { "\($0)" }, separator) + terminator
    write(text)
    terminal.output(text)
  }

  /// What is printed, in the page's language: whole, else line by line, else what it is called, which
  /// stands before data.
  private func printed(_ items: [String], _ separator: String) -> String {
    let text = items.joined(separator: separator)
    if words.language == "en" { return text }
    if let found = words.translation(of: text) { return found }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { words.told(String($0)) }.joined(separator: "\n")
    guard lines == text, items.count > 1,
      let name = words.translation(of: items[0].trimmingCharacters(in: .whitespaces))
    else { return lines }
    return ([name] + items.dropFirst()).joined(separator: separator)
  }

  /// Adds to what the cell printed last, so that successive lines stand in one block.
  private func write(_ text: String) {
    let last = record.cells.indices.last
    if let last, case .text(var printed)? = record.cells[last].outputs.last {
      record.cells[last].outputs.removeLast()
      printed.append(text)
      record.cells[last].outputs.append(.text(printed))
    } else {
      add(.text(OutputText(text)))
    }
  }

  /// A table. A column's floating-point numbers all get the decimals that show `digits`
  /// significant ones of the smallest; numbers stand at the right unless `alignments` says else. A
  /// column of words most of which have no translation is taken for data, and stays as it is.
  public func table(
    _ headers: [String], _ rows: [[any CustomStringConvertible]], caption: String? = nil,
    digits: Int = 4, alignments: [Alignment]? = nil
  ) {
    var table = TableRecord(
      headers: headers, rows: rows, caption: caption, digits: digits, alignments: alignments)
    if words.language != "en" {
      table.headers = table.headers.map { told($0) }
      for column in table.headers.indices {
        let told = words.column(table.rows.map { $0[column] })
        for (row, text) in told.enumerated() { table.rows[row][column] = text }
      }
      table.caption = table.caption.map { told($0) }
    }
    add(.table(table))
    terminal.output(table)
  }

  /// Draws the figure into the chapter's folder. `alt` says in words what it shows; the figure that
  /// `standsForChapter` is the chapter's picture in the index, by default the last one.
  public func figure(
    _ figure: Figure, alt: String? = nil, standsForChapter: Bool = false, file: String = #filePath
  ) throws {
    try draw(figure, alt: alt, standsForChapter: standsForChapter, interactive: nil, file: file)
  }

  /// Figures one after the other in one picture that moves, below a title: a network while it learns. A
  /// reader can hold it in the HTML page, and where little motion is asked for, or none can be, it is the
  /// last figure.
  public func animation(
    _ title: String, _ animation: Animation, alt: String? = nil, file: String = #filePath
  ) throws {
    guard let last = animation.aligned.last else { throw FigureError.noFrames(animation: title) }
    let said = animation.altText(
      stop: words.stop, comma: words.rowComma, name: words.told, told: words.text)
    let drawn = try draw(
      last, title: title, alt: alt.map { told($0) } ?? told(title) + words.stop + said,
      standsForChapter: false, interactive: nil, file: file)
    var animation = animation
    if drawn.isTold { animation.frames = animation.frames.map { told($0) } }
    variants.animate(
      animation, as: drawn.name, number: figureCount, isForNarrow: options.format.contains(.html),
      in: place.open().staging)
  }

  /// Lets the reader of the HTML page move through what the figure shows at one moment; every other
  /// reading, and a page without scripts, has the figure.
  public func interactive(
    _ interactive: Interactive, alt: String? = nil, file: String = #filePath
  ) throws {
    let known = record.interactives.map(\.component)
    let component = interactive.component
    if known.contains(where: { $0.name == component.name && $0 != component }) {
      fatalError("page.interactive: two components are called '\(component.name)'")
    }
    try draw(
      interactive.fallback, alt: alt, standsForChapter: false,
      interactive: InteractiveRecord(component: component, json: interactive.json()), file: file)
  }

  /// Gives the name of the files, and whether the figure is in the page's language.
  @discardableResult
  private func draw(
    _ figure: Figure, title: String? = nil, alt: String?, standsForChapter: Bool,
    interactive: InteractiveRecord?, file: String
  ) throws -> (name: String, isTold: Bool) {
    let output = place.open(source: file)
    figureCount += 1
    // Files keep their English names.
    let slug = (title ?? figure.title).slug
    let mark = (part.map { "\($0)-" } ?? "") + String(format: "%02d-", figureCount)
    let name = mark + (slug.isEmpty ? "figure" : slug)
    let alt = title == nil ? told(figure, alt) : alt ?? ""
    let (files, figure, isTold) = try write(figure, as: name, in: output.staging)
    let drawn = FigureRecord(
      number: figureCount, title: Visible.text(title.map { told($0) } ?? figure.title),
      alt: Visible.text(alt), file: files.png.lastPathComponent,
      png: PalettePNG.smaller(try Data(contentsOf: files.png)), width: figure.size.width / 2,
      height: figure.size.height / 2, readableWidth: (figure.narrow ?? figure).readableWidth,
      interactive: interactive)
    if standsForChapter { thumbnail = figureCount }
    if options.format.contains(.html) {
      variants.draw(
        figure, number: figureCount, keptDark: standsForChapter ? FigureVariants.dark(name) : nil,
        in: output.staging)
    }
    add(.figure(drawn))
    terminal.output(drawn, in: options.step ? output.staging : output.url)
    return (name, isTold)
  }

  /// Draws the figure in the page's language, or as it is where no font has that language's characters.
  private func write(
    _ figure: Figure, as name: String, in folder: URL
  ) throws -> (FigureFiles, Figure, isTold: Bool) {
    let inWords = told(figure)
    do {
      return (try inWords.write(to: folder, name: name), inWords, true)
    } catch {
      guard case .noFont = error, words.language != "en" else { throw error }
      note(
        "no font here has the characters of '\(words.language)': figures are in English "
          + "(Chinese on Debian and Ubuntu: apt-get install fonts-wqy-microhei)")
      return (try figure.write(to: folder, name: name), figure, false)
    }
  }

  /// A number that the chapter measured: printed with `digits` significant ones, and kept in full
  /// under its dotted name in `results.json`.
  public func result(
    _ name: String, _ value: some BinaryFloatingPoint, unit: String = "", digits: Int = 5
  ) {
    let value = Double(value)
    result(name, value: value, text: Numbers.text(value, digits: digits), unit: unit)
  }

  /// A count that the chapter took.
  public func result(_ name: String, _ value: some BinaryInteger, unit: String = "") {
    result(name, value: Double(value), text: "\(value)", unit: unit)
  }

  private func result(_ name: String, value: Double, text: String, unit: String) {
    if !record.results.add(value, as: name) {
      fatalError("page.result: \(name) has been given twice")
    }
    let line = "\(name) = \(text)\(unit.isEmpty ? "" : " \(words.told(unit))")\n"
    write(line)
    terminal.result(line)
  }

  /// Waits for the figures' other pictures, and puts them where they belong.
  func finishFigures() throws {
    let drawn = try variants.finished()
    for (cell, outputs) in record.cells.map(\.outputs).enumerated() {
      for (place, output) in outputs.enumerated() {
        guard case .figure(var figure) = output else { continue }
        figure.narrow = drawn.narrow[figure.number]
        figure.moving = drawn.moving[figure.number]
        record.cells[cell].outputs[place] = .figure(figure)
      }
    }
  }

  func add(_ question: QuestionRecord) {
    add(.question(question))
    terminal.output(question)
  }

  func add(_ reveal: RevealRecord) {
    add(.reveal(reveal))
    terminal.output(reveal)
  }

  func add(_ claim: ClaimRecord) {
    add(.claim(claim))
    terminal.output(claim)
  }

  /// How far long work has come, on the terminal only: never on a page.
  public func progress(_ work: String, _ done: Int, of total: Int) {
    terminal.progress(words.told(work), done, of: total)
  }

  // MARK: - Source

  private func mark(file: String, line: Int) -> SourceFile.Mark? {
    guard let source = source(file) else { return nil }
    guard let mark = source.mark(at: line) else {
      noteChange(file)
      return nil
    }
    return mark
  }

  private func source(_ path: String) -> SourceFile? {
    if let known = sources[path] { return known }
    let source = try? SourceFile(at: URL(fileURLWithPath: path))
    if source == nil, !isSourceMissed {
      isSourceMissed = true
      terminal.note("the source \(path) is not there, so the page goes without its code")
    }
    sources[path] = .some(source)
    return source
  }

  private func noteChange(_ path: String) {
    note("\(path) has changed since this program was built; the code shown may be another's")
  }

  // MARK: - Language

  func tell(in words: Wording) { (record.words, terminal.words) = (words, words) }

  /// Says what had no translation, when all is told.
  func noteMissingTranslations() {
    let count = record.cells.count { !$0.prose.isEmpty }
    // A page that is English throughout says so.
    if language.isUntold(cells: count) { (record.language, record.words) = ("en", .english) }
    for text in language.notes(cells: count) { note(text) }
  }

  func note(_ text: String) {
    if notes.insert(text).inserted { terminal.note(text) }
  }
}

extension String {
  var trimmingEnds: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
