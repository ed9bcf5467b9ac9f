import Figures
import Foundation
import PlainText

/// How a terminal sets words apart.
enum TerminalStyle: String {
  case title = "1;36"
  case strong = "1"
  case emphasis = "3"
  case dim = "2"
  case code = "33"
  case math = "35"
  case link = "4"
  case keyword = "1;35"
  case type = "36"
  case string = "32"
  case number = "34"
  case comment = "2;3"

  func applied(to text: String) -> String {
    text.isEmpty ? "" : "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
  }
}

/// Swift with its words colored.
enum SwiftColors {
  static func spans(of code: String) -> [(kind: SwiftLexer.Kind, text: String)] {
    let bytes = Array(code.utf8)
    return SwiftLexer.tokens(of: bytes).map { token in
      (token.kind, String(decoding: bytes[token.range], as: UTF8.self))
    }
  }

  static func style(_ kind: SwiftLexer.Kind) -> TerminalStyle? {
    switch kind {
    case .keyword, .attribute: .keyword
    case .type: .type
    case .number: .number
    case .string: .string
    case .comment: .comment
    case .name, .punctuation, .space: nil
    }
  }
}

/// One line on standard error that says how far long work has come, and goes when it is done.
final class WorkProgress {
  var words = Wording.english
  private let width: Int
  private var isShown = false
  private var last = Date.distantPast
  private var start = Date()
  private var work = ""

  init(width: Int) { self.width = width }

  func show(_ work: String, _ done: Int, of total: Int) {
    let now = Date()
    if work != self.work || done <= 1 {
      (self.work, start) = (work, now)
    }
    guard now.timeIntervalSince(last) > 0.1 else { return }
    last = now
    let share = Double(done) / Double(max(total, 1))
    let left = share > 0 ? now.timeIntervalSince(start) * (1 - share) / share : 0
    let rest =
      now.timeIntervalSince(start) > 1 ? " · " + words("%@ s left", plainFormat("%.0f", left)) : ""
    let line = [Span(Visible.text("\(work) \(done)/\(total)\(rest)"))]
    let text = line.pieces(width: max(1, width - 1)).first ?? []
    StandardStreams.note("\r\u{1B}[K\(text.map(\.text).joined())")
    isShown = true
  }

  func clear() {
    guard isShown else { return }
    StandardStreams.note("\r\u{1B}[K")
    isShown = false
  }
}
