import Exercises
import Foundation
import TestSupport
import Testing

/// Programs that misbehave are stopped and told; here they are scripts, which answer as a reader's
/// program does.
struct ChildProgramTests {
  private let scratch = Scratch()

  /// What the first question to a script comes to.
  private func ask(
    _ script: String, arguments: String = "[1]",
    change: (inout ChildProgram.Limits) -> Void = { _ in }
  ) throws -> (answer: String, program: ChildProgram) {
    let file = scratch["program"]
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    var limits = ChildProgram.Limits()
    limits.seconds = 60
    change(&limits)
    let program = try ChildProgram(file, in: scratch.path, limits: limits)
    do {
      let answer = try program.answer(Data(arguments.utf8), to: Question(mistakes: []))
      return (String(decoding: answer, as: UTF8.self), program)
    } catch let stop as Stop { return ("\(stop)", program) }
  }

  @Test func answersAndPrints() throws {
    let long = String(repeating: "9", count: 300_000)
    let (answer, program) = try ask(
      "echo printed; while read line; do echo \"$line\"; done <&3 >&3", arguments: "[\(long)]")
    #expect(answer == "[\(long)]")
    #expect(program.printed == "printed\n")
    #expect(
      String(
        decoding: try program.answer(Data("[2]".utf8), to: Question(mistakes: [])), as: UTF8.self)
        == "[2]")
  }

  @Test func endlessLoops() throws {
    let limit: (inout ChildProgram.Limits) -> Void = { $0.seconds = 0.3 }
    #expect(
      try ask("while :; do :; done", change: limit).answer.hasPrefix("Stopped, since it had not"))
    #expect(try ask("sleep 1000", change: limit).answer.contains("answered after 0.3 seconds"))
    let printing = try ask("while :; do echo on and on; done", change: limit)
    #expect(printing.answer.contains("never ends"))
    #expect(printing.program.printed.utf8.count <= 1 << 16)
    #expect(printing.program.printed.hasPrefix("on and on\non and on\n"))
  }

  @Test func memory() throws {
    let (answer, _) = try ask("x=xxxxxxxx; while :; do x=$x$x; done") { $0.bytes = 64 << 20 }
    #expect(answer.hasPrefix("Stopped, since it had taken more than 64 megabytes of memory"))
  }

  @Test func endings() throws {
    #expect(try ask("exit 0").answer == "The program ended by itself, without an answer.")
    #expect(
      try ask("kill -SEGV $$").answer
        == "The program crashed: does a function call itself without end?")
    #expect(try ask("kill -ILL $$").answer.hasPrefix("The program crashed: has a whole number"))
    #expect(
      try ask("echo 'Chapter1/x.swift:3: Fatal error: your turn'; kill -ILL $$").answer
        == "not begun")
    let (answer, program) = try ask(
      """
      echo mine
      echo 'Swift/ContiguousArrayBuffer.swift:692: Fatal error: Index out of range' >&2
      echo '  2 [ra]  0x00005652 f(x:) + 708 in aa at \(scratch.path)/Chapter1/x.swift:5:13' >&2
      kill -ILL $$
      """)
    #expect(answer == "The program stopped at Chapter1/x.swift:5: Index out of range.")
    #expect(program.printed == "mine")
  }

  /// What it started goes with it.
  @Test func nothingIsLeftRunning() throws {
    let (answer, program) = try ask("sleep 1234 & echo $! >&3; wait")
    let child = try #require(pid_t(answer))
    program.stop()
    var isRunning = true
    for _ in 0..<1000 where isRunning {
      let status = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
      isRunning = status.map { !$0.contains(") Z ") } ?? false
      usleep(10_000)
    }
    #expect(!isRunning)
  }

  @Test func aProgramThatIsNotThere() {
    #expect(throws: WorkbookError.self) {
      try ChildProgram(scratch["nothing"], in: scratch.path)
    }
  }
}
