import Foundation
import Notebook
import TestSupport
import Testing

/// The seed that all files of the fixture's folder tell, which must be one run's with `--mark`; nil
/// if there is no folder.
func markOfWholeRun(in scratch: Scratch) throws -> Int? {
  let folder = scratch.url.appendingPathComponent("notebook-fixture")
  guard FileManager.default.fileExists(atPath: folder.path) else { return nil }
  let run = try #require(RunDescription(in: folder))
  let mark = Int(run.seed)
  let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
  #expect(names == Set(run.files + ["run.json", "own.txt", "sub"]).intersection(names))
  #expect(Set(run.files).isSubset(of: names))
  for page in ["chapter.md", "chapter.html", "chapter.ipynb"] {
    let text = try scratch.text("notebook-fixture/\(page)")
    let marks = Set(text.matches(of: #/mark (\d+)\./#).map { Int($0.1) })
    #expect(marks == [mark], "\(page)")
  }
  let results = try JSONDecoder().decode(
    [String: Double].self, from: Data(scratch.text("notebook-fixture/results.json").utf8))
  #expect(results["mark"] == Double(mark))
  #expect(names.contains("01-mark-\(mark).png") && names.contains("01-mark-\(mark).gp"))
  return mark
}

/// How often tests kill: `UNROLL_KILLS=200` for more.
let kills = ProcessInfo.processInfo.environment["UNROLL_KILLS"].flatMap { Int($0) } ?? 20

/// A run that ends at any moment, by a kill, a full disk or Ctrl-C, leaves a whole one's files.
@Suite struct KillTests {
  let fixture = Program(name: "NotebookFixture")

  private func withForeignFiles() throws -> Scratch {
    let scratch = Scratch()
    let sub = scratch.url.appendingPathComponent("notebook-fixture/sub")
    try FileManager.default.createDirectory(at: sub, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: sub.appendingPathComponent("inner.txt"))
    try Data("mine".utf8).write(
      to: sub.deletingLastPathComponent().appendingPathComponent("own.txt"))
    #expect(try fixture.run("--output", scratch.path, "--mark", "--seed", "0").status == 0)
    return scratch
  }

  private func expectForeignFiles(in scratch: Scratch) throws {
    #expect(try scratch.text("notebook-fixture/own.txt") == "mine")
    #expect(try scratch.text("notebook-fixture/sub/inner.txt") == "mine")
  }

  private func markOfRun(in scratch: Scratch) -> Int? {
    RunDescription(in: scratch.url.appendingPathComponent("notebook-fixture")).map { Int($0.seed) }
  }

  @Test func killedWhilePagesAreWritten() throws {
    let scratch = try withForeignFiles()
    var mark = 0
    // Microseconds from the last page written to the program's end, as found by and by.
    var reach = 20_000.0
    for seed in 1...kills {
      let pause = Int(reach * .random(in: 0.5...1.2))
      let run = try fixture.run(
        "--output", scratch.path, "--mark", "--seed", "\(seed)", "--kill-after", "\(pause)")
      reach *= run.status == 0 || markOfRun(in: scratch) == seed ? 0.8 : 1.25
      let now = try #require(try markOfWholeRun(in: scratch))
      #expect(now == mark || now == seed)
      #expect(run.status == 137 || run.status == 0 && now == seed)
      try expectForeignFiles(in: scratch)
      mark = now
    }
    #expect(try fixture.run("--output", scratch.path, "--mark", "--seed", "7").status == 0)
    #expect(try markOfWholeRun(in: scratch) == 7)
    try expectForeignFiles(in: scratch)
    #expect(try !scratch.files().keys.contains { $0.hasPrefix(".") })
  }

  /// A kill between each two steps by which files are moved into place, whether folders can change
  /// places in one or not.
  @Test(arguments: [true, false]) func killedBetweenSteps(exchanges: Bool) async throws {
    for step in 0... {
      let scratch = Scratch()
      let place = scratch.url.appendingPathComponent("chapter")
      try FileManager.default.createDirectory(
        at: place.appendingPathComponent("sub"), withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: place.appendingPathComponent("own.txt"))
      try Data("mine".utf8).write(to: place.appendingPathComponent("sub/inner.txt"))
      try Self.leave(["chapter.md": "1", "01-old.png": "1"], seed: 1, in: scratch.url)

      let path = scratch.path
      let result = await #expect(processExitsWith: .failure, observing: []) {
        [path = path as String, step = step as Int, exchanges = exchanges as Bool] in
        var count = 0
        try Self.leave(
          ["chapter.md": "2", "01-new.png": "2", "model.bin": "2"], seed: 2,
          in: URL(fileURLWithPath: path), exchanges: exchanges
        ) {
          if count == step { kill(getpid(), SIGKILL) }
          count += 1
        }
        // All steps were gone: the test has seen them all.
        exit(3)
      }
      let isOver = result?.exitStatus == .exitCode(3)
      // In two steps there is a moment without the folder.
      if exchanges || FileManager.default.fileExists(atPath: place.path) {
        for name in ["own.txt", "sub/inner.txt"] {
          #expect(try scratch.text("chapter/\(name)") == "mine", "step \(step)")
        }
        let seed = try #require(RunDescription(in: place)?.seed)
        #expect((seed == 2) == (isOver || step > 2))
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: place.path))
          .subtracting(["own.txt", "sub"])
        #expect(
          names
            == (seed == 1
              ? ["chapter.md", "01-old.png", "run.json"]
              : ["chapter.md", "01-new.png", "model.bin", "run.json"]),
          "step \(step)")
        #expect(try scratch.text("chapter/chapter.md") == "\(seed)")
      }

      // The next run finds everything in order, and leaves it so.
      try Self.leave(["chapter.html": "3"], seed: 3, in: scratch.url)
      let names = Set(try FileManager.default.contentsOfDirectory(atPath: place.path))
      // A model is none of the files that runs remove.
      #expect(
        names.subtracting(["model.bin"]) == ["chapter.html", "own.txt", "run.json", "sub"],
        "step \(step)")
      #expect(try scratch.text("chapter/own.txt") == "mine")
      #expect(try scratch.text("chapter/sub/inner.txt") == "mine")
      #expect(
        try Set(FileManager.default.contentsOfDirectory(atPath: scratch.path))
          == ["chapter", "index.html"])
      if isOver { break }
    }
  }

  /// A run that leaves these files.
  private static func leave(
    _ files: [String: String], seed: UInt64, in root: URL, exchanges: Bool = true,
    step: () -> Void = {}
  ) throws {
    let folder = try OutputFolder(for: "chapter", in: root)
    for (name, text) in files {
      try Data(text.utf8).write(to: folder.staging.appendingPathComponent(name))
    }
    let chapter = ChapterDescription(number: 1, slug: "chapter", title: "t", summary: "s")
    try folder.commit(
      RunDescription(chapter: chapter, seed: seed, quick: true, seconds: 1, version: "1"),
      exchanges: exchanges, step: step)
  }

  // MARK: - A full disk

  /// A limit to the size of a file stands for the disk; it meets every file in turn.
  @Test(arguments: [0, 1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 1024])
  func filesThatBecomeTooLarge(blocks: Int) throws {
    let scratch = try withForeignFiles()
    let run = try fixture.run(
      ["--output", scratch.path, "--mark", "--seed", "2", "--quiet"],
      shell: "(ulimit -f \(blocks); exec \"$@\")")
    let mark = try #require(try markOfWholeRun(in: scratch))
    if run.status == 0 {
      #expect(mark == 2 && blocks > 64)
    } else {
      #expect(run.status == 1 && mark == 0)
      let complaint = run.text.split(separator: "\n").filter { $0.hasPrefix("notebook-fixture: ") }
      #expect(complaint.count == 1, "\(run.text)")
      #expect(!run.text.contains("NSCocoa"))
    }
    try expectForeignFiles(in: scratch)
    #expect(try !scratch.files().keys.contains { $0.hasPrefix(".") })
  }

  /// Whether this process may make a small disk of memory.
  static let mounts: Bool = {
    guard getuid() == 0 else { return false }
    let scratch = Scratch()
    defer { try? PageTests.command("/bin/umount", [scratch.path]) }
    return
      (try? PageTests.command("/bin/mount", ["-t", "tmpfs", "-o", "size=1m", "none", scratch.path]))?
      .status == 0
  }()

  @Test(.enabled(if: mounts, "needs to mount a disk"))
  func aFullDisk() throws {
    let scratch = Scratch()
    _ = try PageTests.command(
      "/bin/mount", ["-t", "tmpfs", "-o", "size=700k", "none", scratch.path])
    defer { _ = try? PageTests.command("/bin/umount", [scratch.path]) }
    #expect(try fixture.run("--output", scratch.path, "--mark", "--seed", "1").status == 0)
    var failures = 0
    for kilobytes in stride(from: 8, through: 700, by: 40) {
      let ballast = scratch.url.appendingPathComponent("ballast")
      try? FileManager.default.removeItem(at: ballast)
      guard (try? Data(count: kilobytes * 1024).write(to: ballast)) != nil else { break }
      let run = try fixture.run("--output", scratch.path, "--mark", "--seed", "1")
      if run.status != 0 {
        failures += 1
        #expect(run.status == 1)
        #expect(run.errors.count { $0 == "\n" } == 1, "\(run.errors)")
        #expect(!run.errors.contains("NSCocoa"))
      }
      #expect(try markOfWholeRun(in: scratch) == 1)
      #expect(try !scratch.files().keys.contains { $0.hasPrefix(".") })
    }
    #expect(failures > 3)
  }

  // MARK: - An interruption

  @Test func interruptedAtEveryLine() throws {
    let scratch = try withForeignFiles()
    var mark = 0, interruptions = 0
    for line in stride(from: 1, through: 110, by: max(1, 110 / kills)) {
      let output = Pipe()
      let process = try fixture.start(
        ["--output", scratch.path, "--mark", "--seed", "\(line)"], output: output)
      var lines = 0, sent = false
      while case let data = output.fileHandleForReading.availableData, !data.isEmpty {
        lines += data.count { $0 == UInt8(ascii: "\n") }
        if lines >= line, !sent {
          sent = true
          kill(process.processIdentifier, SIGINT)
        }
      }
      process.waitUntilExit()
      let now = try #require(try markOfWholeRun(in: scratch))
      if process.terminationStatus == 130 {
        interruptions += 1
        #expect(now == mark || now == line)
      } else {
        #expect(process.terminationStatus == 0 && now == line)
      }
      mark = now
      try expectForeignFiles(in: scratch)
    }
    #expect(interruptions > 0)
    // What a run was writing at that very moment, the next one removes.
    #expect(try fixture.run("--output", scratch.path, "--mark").status == 0)
    #expect(try !scratch.files().keys.contains { $0.hasPrefix(".") })
  }
}
