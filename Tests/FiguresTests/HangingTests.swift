import Figures
import Foundation
import TestSupport
import Testing

/// Programs that do not answer, ends by a signal, disks that are full.
@Suite struct HangingTests {
  /// A gnuplot that never ends, nor does the program it starts; both leave their numbers.
  static let hanging = #"echo $$ > pids; sleep 10000 & echo $! >> pids; wait"#

  static var line: Figure {
    var figure = Figure("A line")
    figure.line(y: (0..<2000).map { Double($0 * 37 % 101) })
    return figure
  }

  /// Waits until a process has ended; one that nobody has collected yet counts as such.
  func awaitEnd(_ pid: String) async throws {
    while let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      !stat.contains(") Z ")
    {
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  func pids(in folder: Folder) throws -> [Substring] {
    try String(contentsOf: folder.url.appendingPathComponent("pids"), encoding: .utf8)
      .split(separator: "\n")
  }

  @Test(.timeLimit(.minutes(5))) func gnuplotIsStoppedWithItsChildren() async throws {
    let (programs, folder) = (Folder(), Folder())
    try programs.program("gnuplot", Self.hanging)
    let error = #expect(throws: FigureError.self) {
      try Self.line.write(to: folder.url, name: "line", path: programs.url.path, seconds: 1)
    }
    #expect(
      error?.description
        == "figure 'A line': gnuplot did not end within 1 s and was stopped "
        + "(UNROLL_GNUPLOT_SECONDS sets the limit)")
    #expect(folder.names == ["pids"])
    for pid in try pids(in: folder) { try await awaitEnd(String(pid)) }
  }

  @Test func fontListIsStopped() throws {
    let (programs, folder) = (Folder(), Folder())
    try programs.program("gnuplot", "exit 1")
    try programs.program("fc-list", "sleep 10000")
    var figure = Self.line
    figure.title = "\u{10A00}"  // a character that no other test has asked for
    let error = #expect(throws: FigureError.self) {
      try figure.write(to: folder.url, name: "line", path: programs.url.path, seconds: 0.5)
    }
    #expect(error?.description.contains("fc-list did not end within 0.5 s") == true)
    #expect(folder.names == [])
  }

  @Test func theLimitIsANumber() async {
    await #expect(processExitsWith: .success) {
      for value in ["soon", "-1", "0", "nan", "inf"] {
        setenv("UNROLL_GNUPLOT_SECONDS", value, 1)
        do {
          try HangingTests.line.write(to: Folder().url, name: "line")
          exit(1)
        } catch {
          let line = "UNROLL_GNUPLOT_SECONDS is '\(value)'; it must be a number of seconds above 0"
          if "\(error)" != line { exit(2) }
        }
      }
    }
  }

  /// The child does not outlive a program that is killed.
  @Test(.timeLimit(.minutes(5))) func nothingStaysBehind() async throws {
    let (programs, folder) = (Folder(), Folder())
    try programs.program("gnuplot", "echo $$ > started; mv started pids; exec sleep 10000")
    let (path, output) = (programs.url.path, folder.url.path)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, output = output as String] in
      Thread.detachNewThread {
        _ = try? HangingTests.line.write(
          to: URL(fileURLWithPath: output), name: "line", path: path, seconds: 1000)
      }
      while !FileManager.default.fileExists(atPath: output + "/pids") { usleep(1000) }
      kill(getpid(), SIGKILL)
    }
    for pid in try pids(in: folder) { try await awaitEnd(String(pid)) }
  }

  /// What a program that is interrupted calls.
  @Test(.timeLimit(.minutes(5))) func allAreStopped() async throws {
    let (programs, folder) = (Folder(), Folder())
    try programs.program(
      "gnuplot", "sleep 10000 & echo $$ > started; echo $! >> started; mv started pids; wait")
    let (path, output) = (programs.url.path, folder.url.path)
    await #expect(processExitsWith: .success) {
      [path = path as String, output = output as String] in
      Thread.detachNewThread {
        while !FileManager.default.fileExists(atPath: output + "/pids") { usleep(1000) }
        Figure.stopDrawing()
      }
      for _ in 0..<2 {
        do {
          try HangingTests.line.write(
            to: URL(fileURLWithPath: output), name: "line", path: path, seconds: 1000)
          exit(1)
        } catch {}
      }
    }
    for pid in try pids(in: folder) { try await awaitEnd(String(pid)) }
    #expect(folder.names == ["pids"])
  }

  /// A limit to the size of files stands for a full disk: gnuplot says as little of it.
  @Test(arguments: [(64 << 10, 30_000, "line.gp"), (20 << 10, 300, "line.png")])
  func fullDisk(_ limit: Int, _ rows: Int, _ file: String) async throws {
    let folder = Folder()
    let output = folder.url.path
    await #expect(processExitsWith: .success) {
      [limit = limit as Int, rows = rows as Int, file = file as String, output = output as String]
      in
      signal(SIGXFSZ, SIG_IGN)
      var most = rlimit(rlim_cur: rlim_t(limit), rlim_max: rlim_t(limit))
      setrlimit(__rlimit_resource_t(1), &most)  // RLIMIT_FSIZE
      // In no order, so that all of it is sent.
      let numbers = (0..<rows).map { Double($0 * 7919 % 10_007) }
      var figure = Figure("A line")
      figure.line(x: numbers, y: numbers.reversed())
      do {
        try figure.write(to: URL(fileURLWithPath: output), name: "line")
        exit(1)
      } catch {
        if "\(error)" == "cannot write \(output)/\(file): File too large" { exit(0) }
        FileHandle.standardError.write(Data("\(error)\n".utf8))
        exit(2)
      }
    }
    #expect(folder.names == [])
  }
}
