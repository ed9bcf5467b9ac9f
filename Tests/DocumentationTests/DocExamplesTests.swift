import Foundation
import Notebook
import TestSupport
import Testing

/// Every example of the documentation compiles against the modules as they are.
@Suite struct DocExamplesTests {
  static let checkout = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func examplesCompile() throws {
    let examples = try DocExample.all(in: Self.checkout)
    #expect(examples.count > 30)
    let unknown = Set(Self.settings.keys).subtracting(examples.map(\.file))
    #expect(unknown == [], "these files have no example any more")
    let functions = examples.enumerated().map { number, example in
      example.function(number, setting: Self.settings[example.file] ?? "")
    }
    let errors = try Self.typecheck(Self.preamble + functions.joined())
    #expect(errors == "", "\(errors)")
  }

  /// The compiler is asked, so a wrong example is found.
  @Test func aWrongExampleIsNamed() throws {
    let examples = DocExample.comments(
      of: """
        /// A thing.
        ///
        ///     let a = NDArray([1, 2])
        ///     a.nothingOfThisName()
        ///
        /// - Parameter x: goes on
        ///     further in, which is no code.
        struct Thing {}
        ///     h′ = tanh(x)
        """, file: "Thing.swift")
    #expect(examples.map(\.code) == ["let a = NDArray([1, 2])\na.nothingOfThisName()"])
    let errors = try Self.typecheck(
      "import Unroll\n" + examples.map { $0.function(0, setting: "") }.joined())
    #expect(errors.contains("Thing.swift:4:3: error: value of type 'NDArray' has no member"))
  }

  /// The pieces of an article are one program, and an error stands on the article's own line.
  @Test func anArticleIsOneProgram() throws {
    let examples = DocExample.article(
      """
      # Steps

      ```swift
      import Unroll
      let a = NDArray([1, 2])
      ```
      Run it:
      ```
      swift run
      ```
      ```swift
      a.nothingOfThisName()
      ```
      """, file: "Steps.md")
    #expect(examples.count == 1)
    let errors = try Self.typecheck(
      "import Unroll\n" + examples.map { $0.function(0, setting: "") }.joined())
    #expect(errors.contains("Steps.md:12:3: error: value of type 'NDArray' has no member"))
    #expect(DocExample.article("# Only words\n", file: "Words.md").isEmpty)
  }

  /// What the compiler says of a file that uses the package.
  static func typecheck(_ source: String) throws -> String {
    let scratch = Scratch(), folder = scratch.url
    let file = folder.appendingPathComponent("Examples.swift")
    try Data(source.utf8).write(to: file)
    var arguments = [
      "swiftc", "-typecheck", "-suppress-warnings", "-swift-version", "6", "-parse-as-library",
      "-module-cache-path", folder.path, "-I", Book.folder.appendingPathComponent("Modules").path,
      "-Xcc", "-I\(checkout.path)/Sources/CZlib",
    ]
    for module in ["CKernels", "CGnuplot"] {
      let map = Book.folder.appendingPathComponent("\(module).build/module.modulemap").path
      if FileManager.default.fileExists(atPath: map) {
        arguments += ["-Xcc", "-fmodule-map-file=\(map)"]
      }
      arguments += ["-Xcc", "-I\(checkout.path)/Sources/\(module)/include"]
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments + [file.path]
    let output = Pipe()
    process.standardError = output
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? "" : text
  }
}
