import Foundation
import TestSupport
import Testing

import Figures

/// What goes wrong is one line that says so, and leaves nothing behind.
@Suite struct ErrorTests {
  static var line: Figure {
    var figure = Figure("A line")
    figure.line(y: (0..<20_000).map { Double($0 % 7) })
    return figure
  }

  /// Draws with a stand-in for gnuplot, and returns the error's line.
  func failure(of gnuplot: String, folder: Folder = Folder()) throws -> String {
    let programs = Folder()
    try programs.program("gnuplot", gnuplot)
    let before = folder.names
    let error = #expect(throws: FigureError.self) {
      try Self.line.write(to: folder.url, name: "line", path: programs.url.path)
    }
    #expect(folder.names == before)
    let line = try #require(error).description
    #expect(!line.contains("\n"))
    return line
  }

  @Test func noGnuplot() throws {
    let folder = Folder()
    let trap = Folder()
    try FileManager.default.createDirectory(
      at: trap.url.appendingPathComponent("gnuplot"), withIntermediateDirectories: true)
    for path in ["", folder.url.path + "/none:", trap.url.path] {
      #expect(throws: FigureError.gnuplotNotFound) {
        try Self.line.write(to: folder.url, name: "line", path: path)
      }
    }
    #expect(FigureError.gnuplotNotFound.description.contains("apt-get install gnuplot-nox"))
    #expect(folder.names == [])
  }

  @Test func gnuplotDies() throws {
    #expect(
      try failure(of: "exit 3")
        == "figure 'A line': gnuplot failed: it ended with status 3 before all was drawn")
    #expect(
      try failure(of: "echo cannot load libpango >&2; exit 127")
        == "figure 'A line': gnuplot failed: it ended with status 127 before all was drawn: "
        + "cannot load libpango")
    #expect(
      try failure(of: "read line; kill -9 $$")
        == "figure 'A line': gnuplot failed: it ended by signal 9 before all was drawn")
    #expect(
      try failure(of: "cat >/dev/null; kill -11 $$").contains("it ended by signal 11"))
  }

  @Test func gnuplotIsNoProgram() throws {
    let programs = Folder()
    try programs.program("gnuplot", "")
    try Data([0x7F, 0x45, 0x4C, 0x46]).write(to: programs.url.appendingPathComponent("gnuplot"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: programs.url.appendingPathComponent("gnuplot").path)
    let error = #expect(throws: FigureError.self) {
      try Self.line.write(to: Folder().url, name: "line", path: programs.url.path)
    }
    let line = try #require(error).description
    #expect(line.contains("Exec format error"))
  }

  @Test func gnuplotRefusesACommand() throws {
    #expect(
      try failure(
        of: """
          cat >/dev/null
          printf '\\n\\nplot sinn(x)\\n        ^\\n         line 3: undefined function: sinn\\n\\n' >&2
          """)
        == "figure 'A line': gnuplot failed: line 3: undefined function: sinn")
    // And the real one, whose answer to a bad command is a status of 0.
    var figure = Self.line
    figure.y.format = "%z"
    let folder = Folder()
    let error = #expect(throws: FigureError.self) {
      try figure.write(to: folder.url, name: "line")
    }
    #expect(try #require(error).description.contains("Bad format character"))
    #expect(folder.names == [])
  }

  @Test func noWholePicture() throws {
    #expect(try failure(of: "cat >/dev/null").contains("line.png: gnuplot left no whole picture"))
    let steal = #"name=$(sed -n "s/^set output '\(.*\)'/\1/p"); "#
    #expect(try failure(of: steal + #": >"$name""#).contains("the file is empty"))
    #expect(
      try failure(of: steal + #"echo GIF89a >"$name""#).contains("does not begin as a PNG does"))

    // Half of a real one.
    let folder = Folder()
    try Self.line.write(to: folder.url, name: "line")
    let picture = folder.url.appendingPathComponent("line.png").path
    #expect(
      try failure(of: steal + #"head -c 5000 '\#(picture)' >"$name""#, folder: folder)
        .contains("it is cut off after 5000 bytes"))
    // The one from before is still there, and whole.
    #expect(try Data(contentsOf: URL(fileURLWithPath: picture)).count > 5000)

    // One of another size.
    var small = Self.line
    small.size = .init(width: 300, height: 200)
    try small.write(to: folder.url, name: "small")
    let other = folder.url.appendingPathComponent("small.png").path
    #expect(
      try failure(of: steal + #"cat '\#(other)' >"$name""#)
        .contains("it is 300 × 200 pixels instead of 1500 × 900"))
  }

  @Test func warningsOfLibrariesDoNotMatter() throws {
    let programs = Folder()
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    try programs.program(
      "gnuplot",
      "echo 'Fontconfig error: No writable cache' >&2; PATH='\(path)'; exec gnuplot -d")
    let folder = Folder()
    try Self.line.write(to: folder.url, name: "line", path: programs.url.path)
    #expect(folder.names == ["line.gp", "line.png"])
  }

  @Test func noPlaceToWrite() throws {
    let folder = Folder()
    let file = folder.url.appendingPathComponent("file")
    try Data().write(to: file)
    let below = file.appendingPathComponent("folder")
    let error = #expect(throws: FigureError.self) { try Self.line.write(to: below, name: "line") }
    #expect(error?.description == "cannot write \(below.path): Not a directory")
    #expect(throws: FigureError.self) { try Self.line.write(to: file, name: "line") }
    // A folder where the picture should go.
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("line.png/in it"), withIntermediateDirectories: true)
    #expect(throws: FigureError.self) { try Self.line.write(to: folder.url, name: "line") }
    #expect(folder.names.allSatisfy { !$0.hasPrefix(".") })
  }

  @Test func nothingToDraw() throws {
    func failure(_ build: (inout Figure) -> Void) -> String {
      var figure = Figure("Empty\none")
      build(&figure)
      let error = #expect(throws: FigureError.self) {
        try figure.write(to: Folder().url, name: "empty")
      }
      return error?.description ?? ""
    }
    #expect(failure { _ in } == "figure 'Empty one': it has no number to draw")
    #expect(
      failure { $0.line(y: [Double](), label: "loss") }
        == "figure 'Empty one': line 'loss' has no number to draw")
    #expect(
      failure {
        $0.line(y: [1, 2])
        $0.points(x: [1, 2], y: [Double.nan, .infinity])
      } == "figure 'Empty one': points (number 2) has no number to draw")
    #expect(
      failure {
        $0.y.scale = .log
        $0.line(y: [0, -1], label: "loss")
      } == "figure 'Empty one': line 'loss' has no number to draw")
    for build: (inout Figure) -> Void in [
      { $0.heatmap([]) }, { $0.heatmap([[], []]) }, { $0.heatmap([[.nan]]) },
      { $0.histogram([Double]()) }, { $0.bars([], [Double]()) }, { $0.bars(["a"], [Double.nan]) },
      { $0.surface(x: [Double](), y: [Double](), z: []) }, { $0.pictures([], width: 28) },
      { $0.fillBetween(x: [Double](), low: [Double](), high: [Double]()) },
      { $0 = Figure(Diagram("Empty")) }, { $0 = .grid("Empty", []) },
      { $0 = .grid("Whole", [$0]) }, { $0.errorBars(x: [1], y: [Double.nan], errors: [1]) },
      { $0.impulses(x: [Int](), y: [Int]()) }, { $0.texts([], x: [Int](), y: [Int]()) },
    ] {
      #expect(failure(build).hasSuffix("no number to draw"))
    }
  }

  @Test func noFont() throws {
    var figure = Self.line
    figure.x.label = "plane 15: \u{F1234}"
    let error = #expect(throws: FigureError.self) {
      try figure.write(to: Folder().url, name: "line")
    }
    #expect(
      try #require(error).description.hasPrefix(
        "figure 'A line': no font here has the characters '\u{F1234}' "))
  }

  @Test func noChineseFont() throws {
    let programs = Folder()
    try programs.program("fc-list", "exit 0")
    try programs.program("gnuplot", "exit 1")
    var figure = Self.line
    figure.title = "靜夜思"
    let error = #expect(throws: FigureError.self) {
      try figure.write(to: Folder().url, name: "line", path: programs.url.path)
    }
    #expect(
      try #require(error).description.hasSuffix(
        "(on Debian and Ubuntu: apt-get install fonts-wqy-microhei)"))
  }

  /// gnuplot would draw on without a letter.
  @Test func noFontAtAll() async {
    await #expect(processExitsWith: .success) {
      let programs = Folder()
      try programs.program("fc-list", "exit 0")
      try programs.program("gnuplot", "exit 1")
      do {
        try ErrorTests.line.write(to: Folder().url, name: "line", path: programs.url.path)
        exit(1)
      } catch {
        let line =
          "figure 'A line': no font here has the characters 'a' "
          + "(on Debian and Ubuntu: apt-get install fonts-dejavu-core)"
        if "\(error)" != line { exit(2) }
      }
    }
  }

  @Test func gnuplotWithoutCairo() throws {
    let line = try failure(
      of: "cat >/dev/null; echo '         line 9: unknown or ambiguous terminal type' >&2")
    #expect(line.hasSuffix("terminal type (on Debian and Ubuntu the package gnuplot-nox has it)"))
  }

  @Test func gnuplotOfLongAgo() throws {
    func said(_ version: String) throws -> String {
      try failure(
        of: """
          [ "$1" = --version ] && { echo 'gnuplot \(version) patchlevel 8'; exit; }
          cat >/dev/null; echo '         line 9: unrecognized option' >&2
          """)
    }
    #expect(
      try said("5.2").hasSuffix(
        "line 9: unrecognized option (here is gnuplot 5.2 patchlevel 8; figures need gnuplot 5.4 or "
          + "later)"))
    #expect(try said("5.4").hasSuffix("line 9: unrecognized option"))
    #expect(try said("6.0").hasSuffix("line 9: unrecognized option"))
    #expect(try said("10.0").hasSuffix("line 9: unrecognized option"))
  }

  @Test func lengthsThatDiffer() async {
    await #expect(processExitsWith: .failure) {
      var figure = Figure("Lengths")
      figure.line(x: [1, 2, 3], y: [1, 2])
    }
    await #expect(processExitsWith: .failure) {
      var figure = Figure("Lengths")
      figure.bars(["a", "b"], [1])
    }
    await #expect(processExitsWith: .failure) {
      var figure = Figure("Lengths")
      figure.bars(["a", "b"], [1, 2])
      figure.bars(["a", "c"], [1, 2])
    }
    await #expect(processExitsWith: .failure) {
      var figure = Figure("Lengths")
      figure.heatmap([[1, 2], [3]])
    }
    await #expect(processExitsWith: .failure) {
      var figure = Figure("Lengths")
      figure.pictures([[1, 2, 3]], width: 2)
    }
  }

  @Test func namesThatAreNoFileNames() async {
    await #expect(processExitsWith: .failure) {
      try ErrorTests.line.write(to: Folder().url, name: "a/b")
    }
  }

  @Test func theSentenceNamesBothLengths() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var figure = Figure("Lengths")
      figure.line(x: [1, 2, 3], y: [1, 2])
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("Figure.line: x has 3, y has 2 values; they must be as many"))
  }
}
