import Foundation
import Synchronization

/// The story as it is told in a terminal: no line is longer than the terminal is wide.
package final class Terminal: @unchecked Sendable {
  private let width: Int
  private let isColored: Bool
  private let isQuiet: Bool
  private let code: CodeTelling
  private let write: (String) -> Void
  private var progressLine: WorkProgress?
  /// Whether the last thing written was a blank line, so that never two follow each other.
  private var isAfterBlank = true
  private var isAtLineStart = true
  private var printed: OutputWrap
  /// What it says itself, in the language of what is told.
  package var words = Wording.english {
    didSet { progressLine?.words = words }
  }

  package init(
    width: Int, colors: Bool, quiet: Bool = false, code: CodeTelling = .all,
    progress: Bool = false, write: @escaping (String) -> Void
  ) {
    self.width = max(20, width)
    isColored = colors
    isQuiet = quiet
    self.code = code
    printed = OutputWrap(width: self.width)
    progressLine = progress ? WorkProgress(width: width) : nil
    self.write = write
  }

  /// The terminal, file or pipe on standard output.
  package static func standard(quiet: Bool, code: CodeTelling = .all) -> Terminal {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let environment = ProcessInfo.processInfo.environment
    let colors =
      isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    var size = winsize()
    let columns =
      ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      ? Int(size.ws_col) : environment["COLUMNS"].flatMap { Int($0) } ?? 80
    let progress = isatty(STDERR_FILENO) == 1 && !quiet
    return Terminal(
      width: min(columns, 200), colors: colors, quiet: quiet, code: code, progress: progress
    ) {
      StandardStreams.write($0)
    }
  }

  // MARK: - Telling

  func title(_ chapter: ChapterDescription) {
    let layout = layout(for: [])
    layout.title("\(chapter.number)  \(chapter.title)", rule: "━").forEach { tell($0) }
    tell([])
    layout.paragraph([.emphasis([.text(chapter.summary)])]).forEach { tell($0) }
  }

  package func begin(_ cell: CellRecord) {
    blank()
    let layout = layout(for: cell.prose.formulas)
    for block in cell.prose {
      layout.lines(of: block).forEach { tell($0) }
      blank()
    }
    guard !cell.code.isEmpty, code != .none else { return }
    if let file = cell.file { layout.file(file).forEach { tell($0) } }
    layout.cell(cell.code, shortened: code == .short).forEach { tell($0) }
    blank()
  }

  /// Formulas that are read together have one notation.
  private func layout(for formulas: [String]) -> TerminalLayout {
    TerminalLayout(width: width, math: UnicodeMath(for: formulas), said: words)
  }

  package func output(_ text: String) {
    guard !isQuiet else { return }
    endProgress()
    if isAtLineStart { printed.reset() }
    let text = printed.wrapped(Visible.text(text))
    guard let last = text.last else { return }
    write(text)
    isAtLineStart = last == "\n"
    isAfterBlank = text == "\n" && isAtLineStart || text.hasSuffix("\n\n")
  }

  func result(_ line: String) {
    endProgress()
    if !isAtLineStart { write("\n") }
    let line = Visible.text(line)
    if isQuiet {
      // For programs that read it: one line for each result.
      write(line)
    } else {
      printed.reset()
      write(printed.wrapped(line))
    }
    isAtLineStart = true
    isAfterBlank = false
  }

  package func output(_ table: TableRecord) {
    blank()
    let layout = layout(for: [])
    if let caption = table.caption { layout.words(caption, .emphasis).forEach { tell($0) } }
    TerminalTable(table.headers, table.rows, table.alignments).lines(width: width)
      .forEach { tell($0) }
    blank()
  }

  func output(_ claim: ClaimRecord) {
    blank()
    let layout = layout(for: claim.words.formulas)
    layout.claim(claim).forEach { tell($0) }
    blank()
  }

  func output(_ question: QuestionRecord) {
    blank()
    let blocks = question.blocks(words)
    let layout = layout(for: blocks.formulas)
    blocks.flatMap { layout.lines(of: $0) }.forEach { tell($0) }
    blank()
  }

  func output(_ reveal: RevealRecord) {
    blank()
    let layout = layout(for: reveal.paragraph(words).formulas)
    layout.reveal(reveal).forEach { tell($0) }
    blank()
  }

  func output(_ figure: FigureRecord, in folder: URL) {
    let path = Self.brief(folder.appendingPathComponent(figure.file))
    blank()
    let layout = layout(for: [])
    let number = words("Figure %@", "\(figure.number)")
    layout.words("▸ \(number)\(words.colon)\(figure.title)", .strong).forEach { tell($0) }
    layout.words(path, .dim, indentation: "  ").forEach { tell($0) }
    blank()
  }

  func end(folder: URL, files: [String], figures: Int) {
    blank()
    let drawn =
      figures == 0 ? [] : [figures == 1 ? words("1 figure") : words("%@ figures", "\(figures)")]
    let written = (drawn + files).joined(separator: words.rowComma)
    layout(for: []).words(words("In %@: %@", Self.brief(folder), written)).forEach { tell($0) }
  }

  /// Something the reader of the terminal should know, but not a part of the story.
  func note(_ text: String) {
    endProgress()
    StandardStreams.note(Visible.text(words("note: %@", words.told(text))) + "\n")
  }

  func waitForEnter() {
    endProgress()
    StandardStreams.note(style("⏎ ", .dim))
    _ = readLine()
    isAfterBlank = isatty(STDIN_FILENO) == 1
  }

  /// Waits for one of so many answers, A, B, …; nil for Enter alone and at the end of the input.
  func waitForAnswer(of count: Int) -> Int? {
    endProgress()
    let letters = (0..<count).map { Prediction.letter($0) }
    while true {
      StandardStreams.note(style("\(letters.joined(separator: ", "))? ", .dim))
      let said = readLine()?.trimmingEnds.uppercased()
      isAfterBlank = isatty(STDIN_FILENO) == 1
      guard let said, !said.isEmpty else { return nil }
      if let answer = letters.firstIndex(of: said) { return answer }
    }
  }

  func progress(_ work: String, _ done: Int, of total: Int) {
    progressLine?.show(work, done, of: total)
  }

  func endProgress() { progressLine?.clear() }

  // MARK: - Lines

  private func tell(_ line: [Span]) {
    guard !isQuiet else { return }
    endProgress()
    var line = line
    while let last = line.last {
      line[line.count - 1].text = last.text.trimmingTrailingSpace
      if !line[line.count - 1].text.isEmpty { break }
      line.removeLast()
    }
    let text = line.map { span in span.style.map { style(span.text, $0) } ?? span.text }.joined()
    write((isAtLineStart ? "" : "\n") + text + "\n")
    isAtLineStart = true
    isAfterBlank = line.isEmpty
  }

  private func blank() {
    if !isAfterBlank { tell([]) }
  }

  private static func brief(_ url: URL) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    let path = url.standardizedFileURL.path
    return Visible.text(path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path)
  }

  private func style(_ text: String, _ style: TerminalStyle) -> String {
    isColored ? style.applied(to: text) : text
  }
}
