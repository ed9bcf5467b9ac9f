import Foundation
import Notebook
import TestSupport
import Testing
import ThisBook

/// The program that runs all chapters, copied beside chapters that only pretend.
@Suite struct BookTests {
  let scratch: Scratch
  let unroll: Program
  var output: String { scratch.path + "/out" }

  init() throws {
    scratch = Scratch()
    unroll = Program(name: "unroll", folder: scratch.url)
    try FileManager.default.copyItem(
      at: Book.folder.appendingPathComponent("unroll"),
      to: scratch.url.appendingPathComponent("unroll"))
    for number in Book.unroll.programs.indices {
      try pretend(number, "echo told by \(Book.unroll.programs[number]) \"$@\"; \(Self.run)")
    }
  }

  /// Leaves what a chapter leaves: a picture, a page and what was run.
  private static let run = """
    mkdir -p "$out/$name"; echo p > "$out/$name/1.png"; echo h > "$out/$name/chapter.html"
    cat > "$out/$name/run.json" <<END
    {"chapter": $chapter, "seed": 7, "quick": true, "seconds": 83.2, "version": "0.1.0",
     "thumbnail": "1.png", "files": ["1.png", "chapter.html"]}
    END
    """

  private func pretend(_ place: Int, _ body: String) throws {
    let name = Book.unroll.programs[place]
    let url = scratch.url.appendingPathComponent(name)
    let chapter = """
      {"number": \(place + 1), "slug": "\(name)", "title": "T\(place + 1) & <i>", "summary": "S.",
       "languages": [\(place == 0 ? "\"zh\"" : "")]}
      """
    // The fifth chapter has options of its own.
    let own = """
      {"kind": "option", "shouldDisplay": true, "names": [{"kind": "long", "name": "part"}]},
      {"kind": "flag", "shouldDisplay": true, "names": [{"kind": "long", "name": "full"}]},
      """
    let options = """
      {"command": {"arguments": [\(place == 4 ? own : "")
      {"kind": "option", "shouldDisplay": true, "names": [{"kind": "long", "name": "code"}]},
      {"kind": "option", "shouldDisplay": true, "names": [{"kind": "long", "name": "seed"}]}]}}
      """
    try Data(
      """
      #!/bin/sh
      name=\(name); out='\(output)'; chapter='\(chapter)'
      if [ "$1" = --describe ]; then echo "$chapter"; exit; fi
      if [ "$1" = --experimental-dump-help ]; then echo '\(options)'; exit; fi
      \(body)

      """.utf8
    ).write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
  }

  @Test func listNamesTheChapters() throws {
    let run = try unroll.run("list")
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == Book.unroll.programs.count)
    for (index, name) in Book.unroll.programs.enumerated() {
      #expect(lines[index] == "\(index + 1)  \(name): T\(index + 1) & <i>. S.")
    }
  }

  @Test func runsAllAndWritesTheIndex() throws {
    let run = try unroll.run("--output", output, "--seed", "7", "--quick")
    #expect(run.status == 0)
    for name in Book.unroll.programs {
      #expect(run.output.contains("told by \(name) --seed 7 --language en --format md,html,ipynb"))
    }
    #expect(run.output.hasSuffix("Figures and pages: \(output)/index.html\n"))
    let index = try scratch.text("out/index.html")
    for name in Book.unroll.programs {
      #expect(index.contains("<a href=\"\(name)/chapter.html\">"))
      #expect(index.contains("<img src=\"\(name)/1.png\""))
    }
    for fact in ["T1 &amp; &lt;i&gt;", "1 min 23 s", "seed 7", "quick", Book.version] {
      #expect(index.contains(fact))
    }
  }

  @Test func runsSome() throws {
    let last = Book.unroll.programs.count
    let run = try unroll.run("--output", output, "\(last)", Book.unroll.programs[0])
    #expect(run.status == 0)
    let told = run.output.split(separator: "\n").filter { $0.hasPrefix("told by") }
    #expect(
      told.map { $0.split(separator: " ")[2] } == [
        Book.unroll.programs[last - 1][...], Book.unroll.programs[0][...],
      ])
  }

  @Test func aFailingChapterDoesNotStopTheOthers() throws {
    try pretend(0, "echo oh no >&2; exit 3")
    let run = try unroll.run("--output", output)
    #expect(run.status == 1)
    #expect(run.errors.contains("unroll: \(Book.unroll.programs[0]) ended with status 3\n"))
    #expect(run.errors.hasSuffix("unroll: failed: \(Book.unroll.programs[0])\n"))
    for name in Book.unroll.programs.dropFirst() { #expect(run.output.contains("told by \(name)")) }
    #expect(try scratch.text("out/index.html").contains("<ol class=\"chapters\">"))
  }

  @Test func aChapterThatIsNotBuiltFails() throws {
    try FileManager.default.removeItem(
      at: scratch.url.appendingPathComponent(Book.unroll.programs[0]))
    let run = try unroll.run("--output", output)
    #expect(run.status == 1)
    #expect(run.errors.contains("\(Book.unroll.programs[0]): No such file or directory"))
  }

  @Test func interruptionStopsAll() throws {
    try pretend(
      0, "trap 'echo cleared; exit 130' INT; touch \"$out/started\"; while :; do sleep 0.1; done")
    let started = scratch.url.appendingPathComponent("out/started")
    let run = try unroll.run("--output", output) { process in
      try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
      while !FileManager.default.fileExists(atPath: started.path) { usleep(10_000) }
      kill(process.processIdentifier, SIGINT)
    }
    #expect(run.status == 130)
    #expect(run.output.contains("cleared"))
    #expect(!run.output.contains("told by"))
  }

  @Test func whatIsNoChapter() throws {
    for arguments in [["99"], ["nonsense"], ["list"]] {
      let run = try unroll.run(arguments + ["0"])
      #expect(run.status == 64)
      #expect(run.errors.hasSuffix(" (see 'unroll --help')\n"))
      #expect(run.errors.count { $0 == "\n" } == 1)
    }
  }

  @Test(arguments: [
    (["modles"], "did you mean 'modules'?"), (["fused-lstn"], "did you mean 'fused-lstm'?"),
    (["lst"], "did you mean 'list'?"), (["download", "airlines"], "there are "),
    (["download", "pollutoin"], "did you mean "),
    (["modules", "--prt", "x"], "did you mean '--part'?"),
    (["--quik"], "did you mean '--quick'?"),
    (["--seed", "-3"], "'-3' is no seed; one is a whole number"),
    (["--seed=-3"], "'-3' is no seed"), (["--seed", "1e3"], "'1e3' is no seed"),
    (["--output", ""], "--output needs the name of a folder"),
    (["--output="], "Missing value for '--output"),
    (["--data", ""], "--data needs the name of a folder"),
    (["--format", ""], "names no page format"), (["--cod", "all"], "did you mean '--code'?"),
    (["--code", "some"], "Please provide one of 'none'"),
    (["--language", "fr"], "there is no prose in 'fr', only in 'en', 'zh'"),
    (["--language", "zh", "modules"], "these chapters have no prose in 'zh'"),
    (["1", "--part", "x"], "'--part' is an option of modules, which isn't run here"),
    (["--part"], "Missing value for '--part'"), (["5", "--", "--part"], "Missing value for"),
    (["list", "--full"], "'--full' is an option of modules"),
    (["list", "--", "-x"], "'-x' is for"),
  ])
  func whatIsWrongIsSaidWithWhatMayBeMeant(arguments: [String], part: String) throws {
    let run = try unroll.run(arguments)
    #expect(run.status == 64 && run.output == "")
    #expect(run.errors.contains(part), "\(run.errors)")
    #expect(run.errors.count { $0 == "\n" } == 1)
  }

  @Test(arguments: [
    (["5", "--part", "words", "--full"], "--part words --full"),
    (["--part=words", "5"], "--part=words"), (["5", "--", "--part", "words"], "--part words"),
    (["--", "5", "--full"], "--full"), (["5", "--", "--part", "1"], "--part 1"),
    (["5", "--", "--anything", "goes"], "--anything goes"),
  ])
  func aChaptersOwnOptionsArePassedOn(arguments: [String], passed: String) throws {
    let run = try unroll.run(["--output", output, "--quick"] + arguments)
    #expect(run.status == 0)
    let told = run.output.split(separator: "\n").filter { $0.hasPrefix("told by") }
    #expect(told.count == 1 && told[0].hasPrefix("told by \(Book.unroll.programs[4]) "))
    #expect(told[0].hasSuffix(" --quick " + passed))
  }

  /// They are `unroll`'s own, so that they are read once and stand beside `list` too.
  @Test func commonOptionsAreHandedOnOnce() throws {
    #expect(try unroll.run("list", "--code", "all", "--format", "md", "--quiet").status == 0)
    let run = try unroll.run("--output", output, "--code", "all", "5")
    #expect(run.status == 0 && run.output.contains(" --code all --output "), "\(run.output)")
    #expect(run.output.matches(of: /--code/).count == 1)
  }

  @Test func optionsGoToTheChaptersThatHaveThem() throws {
    let run = try unroll.run("--output", output, "--full")
    let told = run.output.split(separator: "\n").filter { $0.hasPrefix("told by") }
    #expect(told.map { $0.hasSuffix("--full") } == Book.unroll.programs.indices.map { $0 == 4 })
  }

  @Test func aLanguageGoesToTheChaptersThatHaveIt() throws {
    let run = try unroll.run("--output", output, "--language", "zh")
    #expect(run.status == 0)
    let told = run.output.split(separator: "\n").filter { $0.hasPrefix("told by") }
    #expect(
      told.map { $0.contains("--language zh") } == Book.unroll.programs.indices.map { $0 == 0 })
    #expect(run.errors.count { $0 == "\n" } == Book.unroll.programs.count - 1)
    #expect(
      run.errors.contains(
        "注意：\(Book.unroll.programs[1]) 没有“zh”的正文：以英文显示\n"))
  }

  @Test func languagesAreOfferedWhereThereAreSome() throws {
    #expect(try unroll.run("--help").output.contains("The language of the prose: en, zh."))
    try pretend(0, "exit 1")
    let script = scratch.url.appendingPathComponent(Book.unroll.programs[0])
    let text = try String(contentsOf: script, encoding: .utf8)
    try Data(text.replacing("[\"zh\"]", with: "[]").utf8).write(to: script)
    #expect(try !unroll.run("--help").output.contains("--language"))
  }

  /// Says nothing and ends neither by itself nor when asked to.
  @Test func aChapterThatDoesNotEndIsEnded() throws {
    try pretend(
      0, "trap '' INT TERM; touch \"$out/started\"; while :; do sleep 0.1; done; sleep 99")
    let started = scratch.url.appendingPathComponent("out/started")
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    let run = try unroll.run("--output", output) { process in
      while !FileManager.default.fileExists(atPath: started.path) { usleep(10_000) }
      kill(process.processIdentifier, SIGTERM)
    }
    #expect(run.status == 143)
    let running = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { process in
      let line = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/cmdline"))
      return line?.range(of: Data(scratch.path.utf8)) != nil
    }
    #expect(running == [])
  }

  @Test func namesOfPrograms() {
    #expect(programName("RNNFromScratch") == "rnn-from-scratch")
    #expect(programName("FusedLSTM") == "fused-lstm")
    #expect(programName("SequenceData") == "sequence-data")
    #expect(programName("GRU") == "gru")
  }
}
