import Foundation
import Notebook
import TestSupport
import Testing

/// Standard input, output and error that are closed, full or gone.
@Suite struct StreamTests {
  let fixture = Program(name: "NotebookFixture")

  @Test func fullOutputEndsWithALine() throws {
    let reason = "cannot write to standard output: No space left on device\n"
    let scratch = Scratch()
    let run = try fixture.run(["--output", scratch.path], shell: "\"$@\" >/dev/full")
    #expect(run.status == 1 && run.text == "notebook-fixture: \(reason)")
    #expect(try scratch.files().isEmpty, "nothing half-written")
    for question in ["--help", "--version", "--describe"] {
      let run = try fixture.run([question], shell: "\"$@\" >/dev/full")
      #expect(run.status == 1 && run.text == "notebook-fixture: \(reason)", "\(question)")
    }
    for question in ["list", "--help"] {
      let run = try Program(name: "unroll").run([question], shell: "\"$@\" >/dev/full")
      #expect(run.status == 1 && run.text == "unroll: \(reason)", "\(question)")
    }
  }

  @Test func fullErrorIsNoReasonToStop() throws {
    let scratch = Scratch()
    let told = try fixture.run(
      ["--output", scratch.path, "--language", "zh", "--quiet"], shell: "\"$@\" 2>/dev/full")
    #expect(told.status == 0)
    let failed = try fixture.run(
      ["--output", scratch.path, "--stop", "error"], shell: "\"$@\" 2>/dev/full")
    #expect(failed.status == 1)
  }

  @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
  func closedOnesAreNoHindrance(closed: String) throws {
    let scratch = Scratch()
    let run = try fixture.run(
      ["--output", scratch.path, "--language", "zh"], shell: "\"$@\" \(closed)")
    #expect(run.status == 0)
    let page = try scratch.text("notebook-fixture/chapter.html")
    #expect(page.hasPrefix("<!doctype html>") && page.hasSuffix("</html>\n"))
    let wrong = try fixture.run(["--nonsense"], shell: "\"$@\" \(closed)")
    #expect(wrong.status == 64)
  }

  @Test(.timeLimit(.minutes(5))) func whatAnInterruptedRunStartedEnds() async throws {
    let scratch = Scratch()
    var child: pid_t?
    let process = Process(), errors = Pipe()
    process.executableURL = Book.folder.appendingPathComponent("NotebookFixture")
    process.arguments = ["--output", scratch.path, "--child", "--stop", "wait"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
    child = said.firstMatch(of: #/child (\d+)/#).flatMap { pid_t($0.1) }
    let started = try #require(child)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 143)
    // What was killed may wait for somebody to ask for its status.
    func isRunning() -> Bool {
      guard let stat = try? String(contentsOfFile: "/proc/\(started)/stat", encoding: .utf8)
      else { return false }
      return !stat.contains(") Z ")
    }
    defer { if isRunning() { kill(started, SIGKILL) } }
    while isRunning() { try await Task.sleep(for: .milliseconds(5)) }
  }
}
