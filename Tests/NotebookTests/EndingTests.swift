import Foundation
import Notebook
import TestSupport
import Testing

/// How a chapter's program ends, and that only a run that ends well changes the pages.
@Suite struct EndingTests {
  let fixture = Program(name: "NotebookFixture")

  /// Runs the fixture well, then so that it fails, and expects the files untouched.
  private func expectUntouched(
    after arguments: [String], status: ClosedRange<Int32>, leftover: Bool = false,
    environment: [String: String] = [:],
    whenStarted: (Process, Scratch) throws -> Void = { _, _ in }
  ) throws -> Program.Outcome {
    let scratch = Scratch()
    #expect(try fixture.run("--output", scratch.path).status == 0)
    let before = try scratch.files()
    let run = try fixture.run(
      ["--output", scratch.path, "--seed", "2"] + arguments, environment: environment,
      whenStarted: { try whenStarted($0, scratch) })
    #expect(status.contains(run.status))
    let after = try scratch.files()
    #expect(after.filter { !$0.key.contains(".run-") } == before)
    #expect(after.keys.contains { $0.contains(".run-") } == leftover)
    if leftover {
      // What a killed run left goes with the next one.
      #expect(try fixture.run("--output", scratch.path).status == 0)
      #expect(try !scratch.files().keys.contains { $0.contains(".run-") })
    }
    return run
  }

  @Test func errorInACell() throws {
    let run = try expectUntouched(after: ["--stop", "error"], status: 1...1)
    #expect(
      run.errors
        == "notebook-fixture: cell 4, “The end”: data.csv:12: column 3: no number\n")
    #expect(run.output.hasSuffix("stopping\n"))
  }

  @Test func trapInACell() throws {
    let run = try expectUntouched(after: ["--stop", "trap"], status: 129...160, leftover: true)
    #expect(run.errors.contains("a trap in a cell"))
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func signalInACell(signal: Int32, status: Int32) throws {
    _ = try expectUntouched(after: ["--stop", "wait"], status: status...status) {
      process, scratch in
      // In its last cell, or on the way there, once it has drawn its figure.
      while try !scratch.files().keys.contains(where: {
        $0.hasPrefix(".run-") && $0.hasSuffix(".png")
      }) {
        usleep(10_000)
      }
      kill(process.processIdentifier, signal)
    }
  }

  @Test func noGnuplot() throws {
    let run = try expectUntouched(
      after: [], status: 1...1, environment: ["PATH": Scratch().path])
    #expect(run.errors.hasPrefix("notebook-fixture: cell 3, “What came of it”: gnuplot is not"))
    #expect(run.errors.count { $0 == "\n" } == 1)
  }

  @Test(arguments: [
    ["--seed", "abc"], ["--format", "pdf"], ["--language", "../zh"], ["--nonsense", "x"],
    ["--stop", "sometime"],
  ])
  func wrongFlags(arguments: [String]) throws {
    let run = try fixture.run(arguments)
    #expect(run.status == 64)
    #expect(run.errors.hasPrefix("notebook-fixture: "))
    #expect(run.errors.hasSuffix(" (see 'notebook-fixture --help')\n"))
    #expect(run.errors.contains(arguments[0]) || run.errors.contains(arguments[1]))
    #expect(run.errors.count { $0 == "\n" } == 1)
    #expect(run.output == "")
  }

  @Test func outputThatCannotBeWritten() throws {
    let scratch = Scratch()
    try Data().write(to: scratch.url.appendingPathComponent("file"))
    for path in [scratch.path + "/file", scratch.path + "/file/x", "/dev/null/x"] {
      let run = try fixture.run("--output", path)
      #expect(run.status == 1)
      #expect(run.errors.hasPrefix("notebook-fixture: cannot write to \(path)/notebook-fixture: "))
      #expect(run.errors.count { $0 == "\n" } == 1)
      #expect(run.output == "", "no work before the check")
    }
  }

  @Test func dataThatIsNotThere() throws {
    let scratch = Scratch()
    let none = scratch.path + "/none"
    let flag = try fixture.run("--output", scratch.path, "--data", none)
    #expect(flag.errors == "notebook-fixture: --data: no folder \(none)\n")
    let variable = try fixture.run("--output", scratch.path, environment: ["UNROLL_DATA": none])
    #expect(variable.errors == "notebook-fixture: UNROLL_DATA: no folder \(none)\n")
    #expect(flag.status == 1 && variable.status == 1)
  }

  @Test func helpAndVersion() throws {
    let help = try fixture.run("--help")
    #expect(help.status == 0)
    for flag in [
      "--seed", "--output", "--data", "--quick", "--step", "--quiet", "--format",
      "--language", "--code", "--stop", "--version",
    ] { #expect(help.output.contains(flag)) }
    let version = try fixture.run("--version")
    #expect(version.output == Book.version + "\n")
  }

  @Test func stepWaitsBetweenCells() throws {
    let scratch = Scratch()
    let run = try fixture.run("--output", scratch.path, "--step", input: "\n\n\n\n\n")
    #expect(run.status == 0)
    #expect(run.errors.count { $0 == "⏎" } == 3, "once between each two of four cells")
  }

  @Test func readerThatGoesAway() throws {
    let scratch = Scratch()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let program = Book.folder.appendingPathComponent("NotebookFixture").path
    process.arguments = ["-c", "'\(program)' --output '\(scratch.path)' | head -n 1 >/dev/null"]
    try process.run()
    process.waitUntilExit()
    // The shell has waited for both ends of the pipe.
    #expect(try !scratch.files().keys.contains { $0.contains(".run-") })
  }
}
