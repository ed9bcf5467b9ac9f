import Foundation
import PlainText
import Typeset

/// The help of a command line in another language: the argument parser's text, which knows English alone
/// and counts every character as one column.
package struct HelpText {
  /// So wide that the parser breaks no text into lines.
  package static let unbroken = 100_000

  private let english: String

  /// - Parameter english: what the parser says for `unbroken` columns.
  package init(_ english: String) { self.english = english }

  /// Each part by its translation: headings, texts, and beside each option what it does.
  package func text(in words: Wording, width: Int) -> String {
    var text = ""
    var lines = english.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.first {
      // What is discussed in several paragraphs is one text.
      let block = lines.prefix { $0.firstMatch(of: Self.heading) == nil }
      let whole = block.joined(separator: "\n").trimmingCharacters(in: .newlines)
      if whole.contains("\n"), let told = words.catalog.translation(of: whole) {
        text += String(repeating: "\n", count: block.prefix(while: \.isEmpty).count)
        for line in told.split(separator: "\n", omittingEmptySubsequences: false) {
          text += Self.line(line, words, width) + "\n"
        }
        text += "\n"
        lines = lines.dropFirst(block.count)
      } else {
        text += Self.line(line, words, width) + "\n"
        lines.removeFirst()
      }
    }
    while text.hasSuffix("\n\n") { text.removeLast() }
    return text
  }

  nonisolated(unsafe) private static let heading = #/^([A-Z][A-Z ]+):(?: |$)/#

  private static func line(_ line: Substring, _ words: Wording, _ width: Int) -> String {
    let margin = line.prefix { $0 == " " }
    let rest = line.dropFirst(margin.count)
    if let heading = rest.firstMatch(of: heading) {
      // The usage is made of names, a heading alone of words.
      let name = words.told("\(heading.1):")
      let said = rest[heading.range.upperBound...]
      let isUsage = heading.1 == "USAGE"
      return said.isEmpty
        ? name
        : lines(
          name + (name.last?.columns == 2 ? "" : " ")
            + (isUsage ? String(said) : words.told(String(said))),
          behind: "", width)
    }
    guard let option = rest.firstMatch(of: #/^(\S.*?)  +(?=\S)/#), margin.count == 2 else {
      // What an option with a long name does, or a paragraph.
      return lines(words.told(String(rest)), behind: String(margin), width)
    }
    let column = line.distance(from: line.startIndex, to: option.range.upperBound)
    return lines(
      words.told(String(rest[option.range.upperBound...])),
      behind: String(margin + option.1).padded(to: column, .left), width)
  }

  /// The text in lines behind `lead`, the first, or as many spaces.
  private static func lines(_ text: String, behind lead: String, _ width: Int) -> String {
    var words = Words()
    words.add(text)
    let margin = String(repeating: " ", count: lead.columns)
    return words.lines(width: max(width - lead.columns, 20)).enumerated()
      .map { ($0 == 0 ? lead : margin) + $1.map(\.text).joined() }.joined(separator: "\n")
  }

  /// The columns of the terminal, as the argument parser takes them.
  package static var terminalWidth: Int {
    if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }) {
      return columns
    }
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      ? Int(size.ws_col) : 80
  }
}
