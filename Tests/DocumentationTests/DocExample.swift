import Foundation
import Notebook

/// A piece of Swift that the documentation shows: an indented block of a `///` comment, a fenced one
/// of the README, or all of an article's.
struct DocExample {
  /// The file, from the checkout's root, and the line of the code's beginning.
  let file: String
  let line: Int
  let code: String

  static func all(in checkout: URL) throws -> [DocExample] {
    var examples: [DocExample] = []
    for folder in ["Sources", "Chapters"] {
      let url = checkout.appendingPathComponent(folder)
      let names = FileManager.default.enumerator(atPath: url.path)!.compactMap { $0 as? String }
      for name in names.sorted() {
        let isArticle = name.contains(".docc/") && name.hasSuffix(".md")
        guard isArticle || name.hasSuffix(".swift") else { continue }
        let text = try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
        let file = "\(folder)/\(name)"
        examples += isArticle ? article(text, file: file) : comments(of: text, file: file)
      }
    }
    let readMe = checkout.appendingPathComponent("README.md")
    return examples + fences(of: try String(contentsOf: readMe, encoding: .utf8), file: "README.md")
  }

  /// The blocks that stand four spaces further in than the comment's text, under an empty line.
  static func comments(of text: String, file: String) -> [DocExample] {
    var examples: [DocExample] = []
    var code: [String] = []
    var start = 0
    var isAfterBlank = true
    func end() {
      while code.last == "" { code.removeLast() }
      let example = DocExample(file: file, line: start, code: code.joined(separator: "\n"))
      if !code.isEmpty, !example.isFormula { examples.append(example) }
      code = []
    }
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = line.drop { $0 == " " }
      let isComment = line.hasPrefix("///")
      let words = line.dropFirst(3)
      let isBlank = words.allSatisfy { $0 == " " }
      if isComment, words.hasPrefix("     "), isAfterBlank || !code.isEmpty {
        if code.isEmpty { start = index + 1 }
        code.append(String(words.dropFirst(5)))
      } else if isComment, isBlank, !code.isEmpty {
        code.append("")
      } else {
        end()
        isAfterBlank = !isComment || isBlank
      }
    }
    end()
    return examples
  }

  /// The fenced blocks of an article, which are one program told in steps. Empty lines stand for the
  /// prose between, so that the code keeps its lines.
  static func article(_ text: String, file: String) -> [DocExample] {
    var isCode = false
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line.hasPrefix("```") {
        isCode = line == "```swift"
        return ""
      }
      return isCode && !line.hasPrefix("import ") ? String(line) : ""
    }
    if lines.allSatisfy(\.isEmpty) { return [] }
    return [DocExample(file: file, line: 1, code: lines.joined(separator: "\n"))]
  }

  private static func fences(of text: String, file: String) -> [DocExample] {
    var examples: [DocExample] = []
    var start: Int?
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if let first = start, line == "```" {
        let code = lines[first..<index].map { $0.hasPrefix("import ") ? "" : $0 }
        examples.append(
          DocExample(file: file, line: first + 1, code: code.joined(separator: "\n")))
        start = nil
      } else if line == "```swift" {
        start = index + 1
      }
    }
    return examples
  }

  /// A formula, or a text in another language, has letters and signs that Swift's do without.
  private var isFormula: Bool {
    let bytes = Array(code.utf8)
    let swift = SwiftLexer.tokens(of: bytes).filter { $0.kind != .string && $0.kind != .comment }
      .map { String(decoding: bytes[$0.range], as: UTF8.self) }.joined()
    return swift.unicodeScalars.contains { !$0.isASCII && $0 != "…" }
  }

  /// A function of its own around the code, which a `…` leaves out.
  func function(_ number: Int, setting: String) -> String {
    let body = code.replacing("…", with: "").replacing("@main ", with: "")
    return """
      func example\(number)() \(body.contains("await ") ? "async " : "")throws {
      \(setting)
      #sourceLocation(file: "\(file)", line: \(line))
      \(body)
      #sourceLocation()
      }

      """
  }
}
