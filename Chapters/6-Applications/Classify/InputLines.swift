import Foundation
import Unroll

/// The lines of the standard input, as they come.
struct InputLines: Sequence, IteratorProtocol {
  private var rest: [UInt8] = [], number = 0, isAtEnd = false, broken: TextError?
  /// Why there are no more, if not because the input ended.
  private(set) var error: TextError?

  /// Whether there is something to read, or the input has ended; nothing is waited for. A terminal's
  /// lines are not looked for.
  static var areWaiting: Bool {
    if isatty(STDIN_FILENO) == 1 { return false }
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&input, 1, 0) > 0
  }

  /// All whole lines that have come, at least one; nil at the end.
  mutating func next() -> [String]? {
    if let broken {
      error = broken
      return nil
    }
    var lines: [String] = []
    while lines.isEmpty, !isAtEnd {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        error = TextError(file: "standard input", problem: String(cString: strerror(errno)))
        return nil
      }
      isAtEnd = count == 0
      rest += buffer[..<count]
      var start = 0
      while broken == nil,
        let end = rest[start...].firstIndex(of: 10)
          ?? (isAtEnd && start < rest.count ? rest.count : nil)
      {
        number += 1
        if let line = String(validating: rest[start..<end], as: UTF8.self), !line.utf8.contains(0) {
          lines.append(line.trimmingCharacters(in: .whitespacesAndNewlines))
        } else {
          broken = TextError(file: "standard input", line: number, problem: "is no UTF-8 text")
        }
        start = Swift.min(end + 1, rest.count)
      }
      rest.removeFirst(start)
      if broken != nil { break }
    }
    if lines.isEmpty {
      error = broken
      return nil
    }
    return lines
  }

  /// All lines that have something on them.
  static func all() throws -> [String] {
    var input = InputLines(), all: [String] = []
    while let lines = input.next() { all += lines.filter { !$0.isEmpty } }
    if let error = input.error { throw error }
    return all
  }
}

/// A line of classes and probabilities, the likeliest first, for each line of the standard input; for
/// an empty one an empty one.
func answerLines(_ predictor: TextPredictor) throws {
  var input = InputLines()
  while let lines = input.next() {
    let answers = predictor.probabilities(lines.filter { !$0.isEmpty })
    var next = answers.makeIterator()
    let text = lines.map { line in
      line.isEmpty ? "\n" : next.next()!.ranked(predictor.model.classes) + "\n"
    }
    StandardStreams.write(text.joined())
  }
  if let error = input.error { throw error }
}

extension [Double] {
  /// `ham<TAB>0.9731<TAB>spam<TAB>0.0269`.
  fileprivate func ranked(_ classes: [String]) -> String {
    indices.sorted { (self[$1], $0) < (self[$0], $1) }
      .map { "\(classes[$0].onOneLine)\t\(fixed(self[$0], 4))" }.joined(separator: "\t")
  }
}

/// With so many places after the point.
func fixed(_ number: Double, _ places: Int) -> String {
  String(format: "%.\(places)f", number)
}
