import Foundation
import PlainText
import TestSupport
import Testing

/// Programs that others start.
@Suite struct ChildProcessTests {
  private let scratch = Scratch()

  private func run(
    _ script: String, complains: Bool, environment: [String: String]? = nil
  ) throws -> (status: Int32, text: String) {
    try scratch.program("it", script)
    let (status, output) = try ChildProcess.output(
      of: scratch["it"].path, ["a b", "c"], environment: environment, complains: complains)
    return (status, String(decoding: output, as: UTF8.self))
  }

  @Test func whatItPrintsAndHowItEnds() throws {
    let script = #"echo "$#: $1, $2"; echo wrong >&2; read nothing || echo end; exit 3"#
    #expect(try run(script, complains: false) == (3, "2: a b, c\nend\n"))
    #expect(try run(script, complains: true) == (3, "2: a b, c\nwrong\nend\n"))
    #expect(try run("kill -9 $$", complains: true) == (137, ""))
    let told = try run("echo $WIND", complains: true, environment: ["WIND": "north"])
    #expect(told == (0, "north\n"))
  }

  @Test func muchIsReadWhileItIsPrinted() throws {
    let (status, text) = try run("head -c 3000000 /dev/zero | tr '\\0' x", complains: false)
    #expect(status == 0 && text.utf8.count == 3_000_000)
  }

  /// By a signal that the thread which starts it may hold back.
  @Test func itIsEndedByWhoStartedIt() throws {
    try scratch.program("it", "exec sleep 1000")
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    let (status, _) = try ChildProcess.output(
      of: scratch["it"].path, [], complains: false, signals: signals
    ) { $0.send(SIGTERM) }
    #expect(status == 128 + SIGTERM)
  }

  @Test func whyItIsNotStarted() {
    let error = #expect(throws: ChildProcess.Failure.self) {
      try ChildProcess(scratch["none"].path, [])
    }
    #expect(error?.number == ENOENT && error?.reason == "No such file or directory")
  }
}

/// Where texts in other languages are found.
@Suite struct TextFilesTests {
  @Test func filesBesideSources() throws {
    let scratch = Scratch()
    for folder in ["b", "a/c"] {
      try FileManager.default.createDirectory(
        at: scratch[folder], withIntermediateDirectories: true)
    }
    for name in [
      "Z.zh.md", "X.zh.md", "X.zh-Hant.md", "X.swift", "README.md", "v.1.md", "b/A.zh.md",
      "a/c/A.zh.md", "a/B.fr.md",
    ] { try Data("text of \(name)".utf8).write(to: scratch[name]) }
    let source = scratch["X.swift"].path
    #expect(TextFiles.beside(source, in: "zh").path == scratch["X.zh.md"].path)
    #expect(TextFiles.text(of: TextFiles.beside(source, in: "zh")) == "text of X.zh.md")
    #expect(TextFiles.text(of: TextFiles.beside(source, in: "fr")) == nil)
    #expect(
      TextFiles.below(scratch.url, in: "zh").map(\.path)
        == ["X.zh.md", "Z.zh.md", "b/A.zh.md", "a/c/A.zh.md"].map { scratch[$0].path })
    #expect(TextFiles.languages(in: scratch.url) == ["zh", "zh-Hant"])
    #expect(TextFiles.languages(in: scratch.url, beside: "X.swift") == ["zh", "zh-Hant"])
    #expect(TextFiles.languages(in: scratch.url, beside: "Z.swift") == ["zh"])
    #expect(TextFiles.languages(in: scratch["none"]) == [])
  }
}
