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
  package func template(in language: String = "en") throws -> String {
    let words = words(in: language)
    var lines = try task()
    lines.replaceSubrange(body(in: lines), with: ["  fatalError(\"your turn\")"])
    let comment = comment(above: lines)
    var text = comment.map(String.init)
    if let told = words.cell("task") { text = Self.commented(told) }
    text += words.told(code: lines[comment.endIndex...].map(String.init))
    return """
      import Workbook

      // \(words("%@. Chapter %@, some %@ minutes.", words.told(title), "\(chapter)", "\(minutes)"))
      //
      \(text.joined(separator: "\n").trimmingCharacters(in: .newlines))

      // \(words("`unroll check` asks this program, and says what is right."))
      @main enum Program {
        static func main() { answer(\(function)) }
      }

      """
  }

  /// The comment that says what to write, as it stands in the file.
  private func comment(above lines: [Substring]) -> ArraySlice<Substring> {
    let start = lines.firstIndex { !$0.isEmpty } ?? lines.endIndex
    return lines[start...].prefix { $0.hasPrefix("//") }
  }

  private static func commented(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "//" : "// \($0)" }
  }

  /// The task alone, without the marks of a comment.
  package func taskText(in language: String = "en") throws -> String {
    if let told = words(in: language).cell("task") { return told }
    return try comment(above: task()).map { $0.dropFirst($0.hasPrefix("// ") ? 3 : 2) }
      .joined(separator: "\n")
  }

  /// The function as it can be written.
  package func solution(in language: String = "en") throws -> String {
    let lines = try task(), body = body(in: lines)
    let start = lines[..<body.lowerBound].lastIndex { $0.hasPrefix("func \(function)(") }!
    return words(in: language).told(code: lines[start...body.upperBound].map(String.init))
      .joined(separator: "\n")
  }
}
