import Foundation
import PlainText

/// A reader's package: a file an exercise, in a folder a chapter, and what is right so far.
package struct WorkbookFolder: Sendable {
  package let url: URL
  package var path: String { url.path }

  private static let mark = "// A workbook of unroll, laid by `unroll start`."

  /// The workbook in a folder that has one.
  package init(_ path: String) throws {
    url = URL(fileURLWithPath: path, isDirectory: true)
    guard Self.isWorkbook(url) else {
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      throw WorkbookError(
        "\(path) is no workbook" + (isThere ? "" : ", and is not there")
          + "; 'unroll start \(path)' lays one" + (isThere ? " in a new or empty folder" : ""))
    }
  }

  package static func isWorkbook(_ url: URL) -> Bool {
    let manifest = url.appendingPathComponent("Package.swift")
    return (try? String(contentsOf: manifest, encoding: .utf8))?.contains(mark) == true
  }

  package func file(of exercise: Exercise) -> URL {
    url.appendingPathComponent("Chapter\(exercise.chapter)/\(exercise.id).swift")
  }

  /// Whether the reader has changed the file of an exercise, in whatever language it was laid.
  package func isBegun(_ exercise: Exercise) throws -> Bool {
    guard let text = try? String(contentsOf: file(of: exercise), encoding: .utf8) else {
      return false
    }
    return try !(["en"] + ExerciseWords.languages).contains {
      try text == exercise.template(in: $0)
    }
  }

  // MARK: - Laying one

  /// Lays a workbook: whole, or not at all. One that is there gets the files that it lacks, and the way
  /// to this package as it is now; nothing of the reader's is touched.
  ///
  /// - Parameters:
  ///   - address: where the package is to be had, if not from the checkout of this program.
  ///   - language: of the comments.
  /// - Returns: how many exercises were added.
  @discardableResult
  package static func start(
    _ path: String, from address: String? = nil, language: String = "en"
  ) throws -> (folder: WorkbookFolder, added: Int) {
    let url = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
    let files = try texts(from: address, in: language)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) {
      guard isFolder.boolValue else { throw WorkbookError("\(path) is a file") }
      if isWorkbook(url) { return try complete(url, with: files) }
      let names = try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
      guard names.isEmpty else {
        throw WorkbookError(
          "\(path) holds something else (\(names.prefix(3).joined(separator: ", "))"
            + "\(names.count > 3 ? ", …" : "")): name a new or empty folder")
      }
    }
    // Beside its place first, then moved there as a whole.
    let parent = url.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    let staging = parent.appendingPathComponent(".\(url.lastPathComponent)-\(getpid())")
    try? FileManager.default.removeItem(at: staging)
    do {
      for (name, text) in files { try write(text, to: staging.appendingPathComponent(name)) }
      guard rename(staging.path, url.path) == 0 else {
        throw WorkbookError(path, errno: errno)
      }
    } catch {
      try? FileManager.default.removeItem(at: staging)
      throw error
    }
    return (try WorkbookFolder(url.path), Exercise.all.count)
  }

  private static func complete(_ url: URL, with files: [String: String]) throws -> (
    WorkbookFolder, Int
  ) {
    var added = 0
    for (name, text) in files {
      let file = url.appendingPathComponent(name)
      let isThere = FileManager.default.fileExists(atPath: file.path)
      if name != "Package.swift", isThere { continue }
      if name == "Package.swift", try String(contentsOf: file, encoding: .utf8) == text { continue }
      try write(text, to: file)
      added += name.hasPrefix("Chapter") ? 1 : 0
    }
    return (try WorkbookFolder(url.path), added)
  }

  private static func write(_ text: String, to file: URL) throws {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file, options: .atomic)
  }

  // MARK: - Texts

  /// The checkout that this program was built from.
  package static let checkout = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func texts(from address: String?, in language: String) throws -> [String: String] {
    if address == nil,
      !FileManager.default.fileExists(atPath: checkout.appendingPathComponent("Package.swift").path)
    {
      throw WorkbookError("the checkout of unroll is no longer at \(checkout.path)")
    }
    var files = [
      "Package.swift": manifest(from: address), ".gitignore": ".build/\nPackage.resolved\n",
      "README.md": readMe(in: language),
    ]
    for exercise in Exercise.all {
      files["Chapter\(exercise.chapter)/\(exercise.id).swift"] = try exercise.template(in: language)
    }
    return files
  }

  static func manifest(from address: String?) -> String {
    var name = "unroll"
    var dependency = #"name: "unroll", path: \#(quoted(checkout.path))"#
    if let address {
      name = String(address.split(separator: "/").last ?? "unroll")
      if name.hasSuffix(".git") { name.removeLast(4) }
      dependency = #"url: \#(quoted(address)), branch: "main""#
    }
    let chapters = Dictionary(grouping: Exercise.all, by: \.chapter).sorted { $0.key < $1.key }
      .map { chapter, exercises in
        "  \(chapter): [\n"
          + exercises.map { "    \(quoted($0.id)),\n" }.joined() + "  ],\n"
      }
    return """
      // swift-tools-version: 6.1
      \(mark)
      import PackageDescription

      // A program an exercise, so that one that does not compile is in no other's way.
      let exercises = [
      \(chapters.joined())]

      let source = \(quoted(name))

      let package = Package(
        name: "workbook",
        dependencies: [.package(\(dependency))],
        targets: exercises.flatMap { chapter, names in
          names.map { name in
            .executableTarget(
              name: name, dependencies: [.product(name: "Workbook", package: source)],
              path: "Chapter\\(chapter)",
              exclude: names.filter { $0 != name }.map { "\\($0).swift" },
              sources: ["\\(name).swift"])
          }
        }
      )

      """
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// The file that says how to go on.
  private static func readMe(in language: String) -> String {
    let words = ExerciseWords(in: language)
    let program = Bundle.main.executableURL?.path ?? words.told("the program of that name")
    return TextCatalog.filled(words.cell("read-me") ?? readMe, with: [program]) + "\n"
  }

  private static let readMe = """
    # Workbook

    A file an exercise. Its comment says what to write; put your code where it says
    `fatalError("your turn")`. Then, in this folder:

        unroll check . rnn-step      # is it right? without a name: all that you have begun
        unroll hint . rnn-step       # a nudge; again for the next one
        unroll solution . rnn-step   # asks first
        unroll status .

    `unroll` is %@. What is right is kept in
    `progress.json`.
    """
}
