import Chapter5
import Extensions
import Foundation
import OwnData
import Testing
import Unroll

/// Programs of another package.
struct ProgramTests {
  /// This package, and the folder that its programs were built in.
  static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let built = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  private func run(
    _ name: String, _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    let process = Process(), pipe = Pipe()
    process.executableURL = Self.built.appendingPathComponent(name)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment
      .merging(["UNROLL_DATA": ""]) { $1 }.merging(environment) { $1 }
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// Called from anywhere, a chapter finds its source and leaves its pages in its own package.
  @Test func pagesLandInThePackageOfTheChapter() throws {
    let plots = Self.package.appendingPathComponent("Plots")
    try? FileManager.default.removeItem(at: plots)
    try withFolder { elsewhere in
      let (status, output) = try run("OwnChapter", ["--count", "5"], in: elsewhere)
      #expect(status == 0, "\(output)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path) == [])
    }
    let pages = plots.appendingPathComponent("own-chapter")
    let text = try String(
      contentsOf: pages.appendingPathComponent("chapter.md"), encoding: .utf8)
    #expect(text.contains("let numbers = (1...count).map"))
    #expect(text.contains("func mean(_ numbers: [Double]) -> Double {"))
    for name in ["chapter.html", "chapter.ipynb", "results.json", "01-spread.png", "01-spread.gp"] {
      #expect(FileManager.default.fileExists(atPath: pages.appendingPathComponent(name).path))
    }
    let html = try String(
      contentsOf: pages.appendingPathComponent("chapter.html"), encoding: .utf8)
    #expect(html.contains(#"data-component="one-by-one""#) && !text.contains("one-by-one\""))
    let index = try String(contentsOf: plots.appendingPathComponent("index.html"), encoding: .utf8)
    #expect(index.contains("Statistics, told"))
    let results = try String(
      contentsOf: pages.appendingPathComponent("results.json"), encoding: .utf8)
    #expect(results.contains("11"))
    // Two folders up lies the checkout that this package is taken from.
    let checkout = Self.package.deletingLastPathComponent().deletingLastPathComponent()
    #expect(
      !FileManager.default.fileExists(
        atPath: checkout.appendingPathComponent("Plots/own-chapter").path))
    try FileManager.default.removeItem(at: plots)
  }

  @Test func orWhereTheyAreWanted() throws {
    try withFolder { folder in
      let (status, output) = try run(
        "OwnChapter", ["--output", "pages", "--format", "md", "--quiet"], in: folder)
      #expect(status == 0, "\(output)")
      let page = folder.appendingPathComponent("pages/own-chapter/chapter.md")
      #expect(FileManager.default.fileExists(atPath: page.path))
    }
  }

  /// A server with a model runs where there is no gnuplot, which only drawing needs.
  @Test func withoutGnuplot() throws {
    try withFolder { folder in
      let model = NextNumber()
      let file = folder.appendingPathComponent("weights.safetensors")
      try model.save(to: file)
      let none = ["PATH": folder.path]
      let (status, output) = try run(
        "Server", [file.path, "1", "2"], in: folder, environment: none)
      #expect(status == 0 && output == "\(model([1, 2]))\n", "\(output)")
      let (drawn, said) = try run(
        "OwnChapter", ["--output", "pages", "--quiet"], in: folder, environment: none)
      #expect(drawn == 1 && said.contains("gnuplot is not in any folder of PATH"), "\(said)")
    }
  }

  /// Chapter 5's models work where they were pasted.
  @Test func chapter5() throws {
    Generator.default.seed(1)
    let words = NGramModel(words: 7)
    #expect(words(Indices([[1, 2], [3, 4]])).shape == [2, 7])
    let model = CharacterModel(.lstm, classes: 4, hiddenSize: 16)
    let text = (0..<1200).map { $0 % 4 }
    let run = train(model, on: text, epochs: 3)
    #expect(run.best.perplexity < 4)
    #expect(model.continued([0, 1], by: 3).count == 5)
    let (x, lengths, y) = MeanReader.batch(3)
    #expect(MeanReader(isPacked: true)(x, lengths).shape == y.shape)
    let sine = SineModel()
    #expect(recursiveForecast(sine, from: (0..<10).map { Double($0) }, steps: 4).count == 4)
  }

  @Test func dataOfItsOwn() throws {
    try withFolder { folder in
      let data = DataFolder(folder)
      let csv = "hour,height\n2024-01-01 00:00,1.5\n2024-01-01 01:00,2.5\n"
      try Data(csv.utf8).write(to: folder.appendingPathComponent("tides.csv"))
      // The file is there, so nobody is asked; its digest is looked at all the same.
      let checksum = Checksum.sha256(
        "26b7002075b4fbe16e8a6be33b6da84a20d4407a33fe83fbc190648211a1e082")
      let series = try data.tides(at: "https://example.org/tides.csv", checksum)
      #expect(series.columns == [[1.5, 2.5]])
      #expect(throws: DownloadError.self) {
        try data.tides(at: "https://example.org/tides.csv", .md5(String(repeating: "0", count: 32)))
      }
      try Data([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]).write(
        to: folder.appendingPathComponent("t10k-images-idx3-ubyte.gz"))
      #expect(try data.clothes().bytes == [7, 9])
    }
  }
}
