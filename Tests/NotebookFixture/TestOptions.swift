import ArgumentParser
import Figures
import Foundation
import Notebook

/// What tests ask of the fixture beside its story. It stands apart as the pages show that.
struct TestOptions: ParsableArguments {
  @Flag(help: "Let every file tell the seed.") var mark = false
  @Option(help: "Kill the program so many microseconds after its pages were written.")
  var killAfter: UInt32?
  @Flag(help: "Start a program that never ends, and tell its process on standard error.")
  var child = false
  @Flag(help: "Ask a question and answer it.") var ask = false

  func prepare(_ page: Page) throws {
    if mark {
      page.print("mark \(page.seed).")
      page.result("mark", page.seed)
      var figure = Figure("mark \(page.seed).", x: "x", y: "y")
      figure.line(y: [0, 1])
      try page.figure(figure)
    }
    if ask {
      let guess = page.predict("Which?", answers: ["one", "two", "three"])
      page.reveal(guess, right: 1, "It was so.")
    }
    if let killAfter {
      let last = page.folder.appendingPathComponent("results.json").path
      Thread.detachNewThread {
        while access(last, F_OK) != 0 { usleep(200) }
        usleep(killAfter)
        kill(getpid(), SIGKILL)
      }
    }
    if child {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "trap '' TERM INT; while :; do sleep 1; done"]
      try process.run()
      StandardStreams.note("child \(process.processIdentifier)\n")
    }
  }
}
