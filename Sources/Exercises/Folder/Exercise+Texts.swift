import Foundation

/// The texts that come from an exercise's file: its task with the body left out, and its solution.
extension Exercise {
  /// What is above the checks.
  private func task() throws -> [Substring] {
    guard let text = try? String(contentsOfFile: source, encoding: .utf8),
      let end = text.range(of: "\n// MARK: - Checks\n")
    else { throw WorkbookError("\(source) is not there: has the checkout of unroll moved?") }
    return text[..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("import ") }
  }

  /// The lines of the function's body.
  private func body(in lines: [Substring]) -> Range<Int> {
    guard let name = lines.firstIndex(where: { $0.hasPrefix("func \(function)(") }),
      let start = lines[name...].firstIndex(where: { $0.hasSuffix("{") }),
      let end = lines[start...].firstIndex(of: "}")
    else { fatalError("\(source): there is no func \(function)") }
    return start + 1..<end
  }

  /// The reader's file as it is at first.
  package func template() throws -> String {
    var lines = try task()
    lines.replaceSubrange(body(in: lines), with: ["  fatalError(\"your turn\")"])
    let text = lines.joined(separator: "\n").trimmingCharacters(in: .newlines)
    return """
      import Workbook

      // \(title). Chapter \(chapter), some \(minutes) minutes.
      //
      \(text)

      // `unroll check` asks this program, and says what is right.
      @main enum Program {
        static func main() { answer(\(function)) }
      }

      """
  }

  /// The function as it can be written.
  package func solution() throws -> String {
    let lines = try task(), body = body(in: lines)
    let start = lines[..<body.lowerBound].lastIndex { $0.hasPrefix("func \(function)(") }!
    return lines[start...body.upperBound].joined(separator: "\n")
  }
}
