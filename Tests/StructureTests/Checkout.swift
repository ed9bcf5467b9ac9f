import Foundation

/// The checkout that these tests were built from, as text.
enum Checkout {
  static let url = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: url.appendingPathComponent(path), encoding: .utf8)
  }

  /// Every Swift file below a folder, by its path from the checkout's root.
  static func sources(below folder: String) throws -> [String] {
    let names = FileManager.default.enumerator(atPath: url.appendingPathComponent(folder).path)
    return (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }
      .sorted().map { "\(folder)/\($0)" }
  }

  static func folders(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      at: url.appendingPathComponent(folder), includingPropertiesForKeys: [.isDirectoryKey]
    ).filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
      .map(\.lastPathComponent).sorted()
  }
}

/// What `Package.swift` says of products and targets, read from its text.
struct Manifest {
  struct Target {
    let kind, name: String
    let dependencies: Set<String>
    let path: String
  }

  let targets: [Target]
  /// Executable products and their target.
  let programs: [String: String]

  init() throws {
    let text = try Checkout.text("Package.swift")
    targets = text.calls(of: #/\.(target|executableTarget|testTarget|systemLibrary)\(/#).compactMap
    {
      kind, arguments in
      guard let name = arguments.firstMatch(of: #/^\s*name: "([^"]+)"/#)?.1 else { return nil }
      let list = arguments.firstMatch(of: #/dependencies: \[([^\]]*)\]/#)?.1 ?? ""
      // A product of another package has the name of its module.
      let products = list.replacing(#/, package: "[^"]*"/#, with: "")
      let path = arguments.firstMatch(of: #/ path: "([^"]+)"/#)?.1
      return Target(
        kind: kind, name: String(name),
        dependencies: Set(products.matches(of: #/"([^"]+)"/#).map { String($0.1) }),
        path: path.map(String.init) ?? (kind == "testTarget" ? "Tests/" : "Sources/") + name)
    }
    programs = Dictionary(
      uniqueKeysWithValues: text.matches(
        of: #/\.executable\(name: "([^"]+)", targets: \["([^"]+)"\]\)/#
      ).map { (String($0.1), String($0.2)) })
  }
}

extension String {
  /// What stands between the parentheses of calls, with what the pattern caught of their names.
  func calls(of name: Regex<(Substring, Substring)>) -> [(name: String, arguments: String)] {
    matches(of: name).map { match in
      (
        String(match.1),
        String(self[match.range.upperBound..<closing(after: match.range.upperBound)])
      )
    }
  }

  /// The place of the bracket that closes the one before `start`; text in quotes has none.
  func closing(after start: Index) -> Index {
    var depth = 1, isQuoted = false, place = start
    while place < endIndex {
      switch self[place] {
      case "\\" where isQuoted: place = index(after: place)
      case "\"": isQuoted.toggle()
      case "(", "[", "{": if !isQuoted { depth += 1 }
      case ")", "]", "}": if !isQuoted { depth -= 1 }
      default: break
      }
      if depth == 0 { return place }
      place = index(after: place)
    }
    return endIndex
  }

  /// Without comments, of which those at a line's end are recognized by the space before them.
  var withoutComments: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let trimmed = line.drop { $0 == " " }
      if trimmed.hasPrefix("//") { return "" }
      return line.firstRange(of: " // ").map { String(line[..<$0.lowerBound]) } ?? String(line)
    }.joined(separator: "\n")
  }
}
