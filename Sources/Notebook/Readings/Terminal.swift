import Foundation
import Synchronization

/// The story as it is told in a terminal.
package final class Terminal: @unchecked Sendable {
  private let width: Int
  private let isColored: Bool
  private let isQuiet: Bool
  private let write: (String) -> Void
  private var progressLine: ProgressLine?
  /// Whether the last thing written was a blank line, so that never two follow each other.
  private var isAfterBlank = true
  private var isAtLineStart = true

  package init(
    width: Int, colors: Bool, quiet: Bool = false, progress: Bool = false,
    write: @escaping (String) -> Void
  ) {
    self.width = max(20, width)
    isColored = colors
    isQuiet = quiet
    progressLine = progress ? ProgressLine(width: width) : nil
    self.write = write
  }

  /// The terminal, file or pipe on standard output.
  package static func standard(quiet: Bool) -> Terminal {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let environment = ProcessInfo.processInfo.environment
    let colors =
      isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    var size = winsize()
    let columns =
      ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      ? Int(size.ws_col) : environment["COLUMNS"].flatMap { Int($0) } ?? 80
    let progress = isatty(STDERR_FILENO) == 1 && !quiet
    return Terminal(width: min(columns, 96), colors: colors, quiet: quiet, progress: progress) {
      StandardStreams.write($0)
    }
  }

  // MARK: - Telling

  func title(_ chapter: ChapterDescription) {
    let title = "\(chapter.number)  \(chapter.title)"
    tell(style(title, .title), style(String(repeating: "━", count: title.columns), .dim))
    tell("")
    wrap([.emphasis([.text(chapter.summary)])]).forEach { tell($0) }
  }

  func begin(_ cell: CellRecord) {
    blank()
    for block in cell.prose {
      lines(of: block).forEach { tell($0) }
      blank()
    }
    guard !cell.code.isEmpty else { return }
    if let file = cell.file { tell(style("  ┌ \(file)", .dim)) }
    let gutter = style("  │ ", .dim)
    for line in code(cell.code) { tell((gutter + line).trimmingTrailingSpace) }
    blank()
  }

  func output(_ text: String) {
    guard !isQuiet else { return }
    endProgress()
    let text = Visible.text(text)
    guard let last = text.last else { return }
    write(text)
    isAtLineStart = last == "\n"
    isAfterBlank = text == "\n" && isAtLineStart || text.hasSuffix("\n\n")
  }

  func result(_ line: String) {
    endProgress()
    if !isAtLineStart { write("\n") }
    write(Visible.text(line))
    isAtLineStart = true
    isAfterBlank = false
  }

  func output(_ table: TableRecord) {
    blank()
    if let caption = table.caption { tell(style(caption, .emphasis)) }
    lines(of: table.headers, table.rows, table.alignments).forEach { tell($0) }
    blank()
  }

  func output(_ figure: FigureRecord, in folder: URL) {
    let path = Self.brief(folder.appendingPathComponent(figure.file))
    blank()
    tell(style("▸ Figure \(figure.number): \(figure.title)", .strong), style("  \(path)", .dim))
    blank()
  }

  func end(folder: URL, files: [String], figures: Int) {
    blank()
    let drawn = figures == 0 ? [] : [figures == 1 ? "1 figure" : "\(figures) figures"]
    tell("In \(Self.brief(folder)): \((drawn + files).joined(separator: ", "))")
  }

  /// Something the reader of the terminal should know, but not a part of the story.
  func note(_ text: String) {
    endProgress()
    StandardStreams.note("note: \(Visible.text(text))\n")
  }

  func waitForEnter() {
    endProgress()
    StandardStreams.note(style("⏎ ", .dim))
    _ = readLine()
    isAfterBlank = isatty(STDIN_FILENO) == 1
  }

  func progress(_ work: String, _ done: Int, of total: Int) {
    progressLine?.show(work, done, of: total)
  }

  func endProgress() { progressLine?.clear() }

  // MARK: - Lines

  private func tell(_ lines: String...) {
    guard !isQuiet else { return }
    endProgress()
    for line in lines {
      write((isAtLineStart ? "" : "\n") + line + "\n")
      isAtLineStart = true
      isAfterBlank = line.isEmpty
    }
  }

  private func blank() {
    if !isAfterBlank { tell("") }
  }

  private static func brief(_ url: URL) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    let path = url.standardizedFileURL.path
    return Visible.text(path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path)
  }

  private func style(_ text: String, _ style: TerminalStyle) -> String {
    isColored ? style.applied(to: text) : text
  }

  private func lines(of block: Block) -> [String] {
    switch block {
    case .heading(let level, let inlines):
      let title = inlines.plain
      let under = level <= 2 ? [style(String(repeating: "─", count: title.columns), .dim)] : []
      return [style(title, level <= 2 ? .title : .strong)] + under
    case .paragraph(let inlines): return wrap(inlines)
    case .list(let start, let items):
      return items.enumerated().flatMap { index, item in
        let mark = start.map { "\($0 + index). " } ?? "• "
        let text = item.map { lines(of: $0) }.joined(separator: item.count > 1 ? [""] : [])
        return text.enumerated().map { line, text in
          (line == 0 ? mark : String(repeating: " ", count: mark.columns)) + text
        }
      }
    case .quote(let blocks):
      return blocks.map { lines(of: $0) }.joined(separator: [""]).map { style("▏ ", .dim) + $0 }
    case .code(let language, let code):
      return self.code(code, language: language).map { "    " + $0 }
    case .math(let tex): return UnicodeMath.lines(tex).map { "    " + style($0, .math) }
    case .table(let alignments, let header, let rows):
      return lines(of: header.map(\.plain), rows.map { $0.map(\.plain) }, alignments)
    case .rule: return [style(String(repeating: "─", count: width / 2), .dim)]
    }
  }

  private func code(_ text: String, language: String = "swift") -> [Substring] {
    let isSwift = isColored && language == "swift"
    return (isSwift ? SwiftColors.terminal(text) : Visible.text(text))
      .split(separator: "\n", omittingEmptySubsequences: false)
  }

  private func lines(
    of headers: [String], _ rows: [[String]], _ alignments: [Alignment]
  ) -> [String] {
    let rows = ([headers] + rows).map { $0.map { $0.replacing("\n", with: " ") } }
    let widths = headers.indices.map { column in rows.map { $0[column].columns }.max() ?? 0 }
    var lines = rows.map { row in
      zip(row, zip(widths, alignments)).map { $0.padded(to: $1.0, $1.1) }
        .joined(separator: "  ").trimmingTrailingSpace
    }
    lines[0] = style(lines[0], .strong)
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    lines.insert(style(rule, .dim), at: 1)
    return lines
  }

  /// Words in lines no wider than the terminal. Chinese, which has no spaces, breaks anywhere.
  private func wrap(_ inlines: [Inline]) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in words(of: inlines, style: nil) {
      let space = word.hasSpace && used > 0 ? 1 : 0
      if used + space + word.text.columns > width - 2, used > 0 {
        lines.append(line)
        (line, used) = ("", 0)
      } else if space == 1 {
        line += " "
        used += 1
      }
      line += word.style.map { style(word.text, $0) } ?? word.text
      used += word.text.columns
    }
    return used > 0 ? lines + [line] : lines
  }

  private struct Word {
    var text: String
    var style: TerminalStyle?
    /// Whether a space stands before it.
    var hasSpace: Bool
  }

  private func words(of inlines: [Inline], style: TerminalStyle?) -> [Word] {
    var words: [Word] = []
    var hasSpace = false
    func add(_ text: String, _ style: TerminalStyle?, breaks: Bool = true) {
      var word = Word(text: "", style: style, hasSpace: hasSpace)
      for character in text {
        if character.isWhitespace, breaks {
          if !word.text.isEmpty { words.append(word) }
          word = Word(text: "", style: style, hasSpace: true)
        } else if character.columns == 2 {
          if !word.text.isEmpty { words.append(word) }
          words.append(
            Word(
              text: String(character), style: style, hasSpace: word.text.isEmpty && word.hasSpace))
          word = Word(text: "", style: style, hasSpace: false)
        } else {
          word.text.append(character)
        }
      }
      hasSpace = word.text.isEmpty && word.hasSpace
      if !word.text.isEmpty { words.append(word) }
    }
    for inline in inlines {
      switch inline {
      case .text(let text): add(text, style)
      case .code(let code): add(code, .code)
      case .math(let tex): add(UnicodeMath.text(tex), .math)
      case .emphasis(let inner), .strong(let inner):
        let isStrong = if case .strong = inline { true } else { false }
        var nested = self.words(of: inner, style: isStrong ? .strong : .emphasis)
        if !nested.isEmpty { nested[0].hasSpace = hasSpace }
        hasSpace = false
        words += nested
      case .link(let inner, let target):
        add(inner.plain, .link)
        if target.contains("://"), inner.plain != target {
          hasSpace = true
          add("(\(target))", .dim)
        }
      }
    }
    return words
  }
}
