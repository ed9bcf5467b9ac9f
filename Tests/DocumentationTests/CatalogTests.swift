import Foundation
import Testing

/// The pages of the reference documentation: each library target has one, and what they link to is
/// there.
@Suite struct CatalogTests {
  static let targets = [
    "Arrays", "Autograd", "NN", "Optim", "Sequences", "Datasets", "Training", "Forecasting",
    "TextModels", "Exporting", "ONNX", "PyTorch", "Figures", "Notebook", "Unroll",
  ]
  static let sources = DocExamplesTests.checkout.appendingPathComponent("Sources")

  @Test(arguments: targets) func linksAreDeclared(target: String) throws {
    let pages = try Self.files(of: target, ending: ".md").filter { $0.name.contains(".docc/") }
    let first = pages.first { $0.name == "\(target).docc/\(target).md" }
    #expect(first?.text.hasPrefix("# ``\(target)``\n") == true, "\(target) has no page")
    var declared: [String: Set<String>] = [:]
    for page in pages {
      let prose = page.text.split(separator: "\n").filter { !$0.hasPrefix("```") }
        .joined(separator: "\n")
      for match in prose.matches(of: #/``([^`]+)``/#) where match.1 != target {
        // ``/NN/LSTM`` is another target's; ``Trainer`` and ``Tensor/backward(…)`` are this one's.
        let isElsewhere = match.1.hasPrefix("/")
        var path = match.1.split(separator: "/").map { String($0.prefix { $0 != "(" }) }
        let owner = isElsewhere ? path.removeFirst() : target
        if declared[owner] == nil { declared[owner] = try Self.declared(in: owner) }
        for name in path {
          #expect(declared[owner]!.contains(name), "\(page.name): \(owner) declares no \(name)")
        }
      }
      for match in prose.matches(of: #/<doc:(\w+)>/#) {
        let name = "\(target).docc/\(match.1).md"
        #expect(pages.contains { $0.name == name }, "\(page.name): there is no \(name)")
      }
    }
  }

  /// The names behind `class`, `func` and the like.
  private static func declared(in target: String) throws -> Set<String> {
    let kinds: Set = ["class", "struct", "enum", "protocol", "typealias", "func", "var", "let"]
    var names: Set<String> = []
    for file in try files(of: target, ending: ".swift") {
      let words = file.text.utf8.split { byte in
        let isLetter = (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F || byte >= 0x80
        return !isLetter && !(0x30...0x39).contains(byte)
      }.map { String(decoding: $0, as: UTF8.self) }
      for (word, next) in zip(words, words.dropFirst()) where kinds.contains(word) {
        names.insert(next)
      }
    }
    return names
  }

  private static func files(
    of target: String, ending: String
  ) throws -> [(name: String, text: String)] {
    let folder = sources.appendingPathComponent(target)
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return try (names ?? []).filter { $0.hasSuffix(ending) }.sorted().map { name in
      let file = folder.appendingPathComponent(name)
      return (name, try String(contentsOf: file, encoding: .utf8))
    }
  }
}
