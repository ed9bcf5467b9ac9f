import Foundation
import Testing
import Unroll

/// Chapter 6's parts that write and listen, run as a reader runs them.
@Suite struct FurtherFieldsProgramTests {
  @Test func quickPartsTellTheirResultsAndLoadThemAgain() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unroll-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let parts = ["writing", "music", "dna", "video", "speech"]
    let options =
      parts.flatMap { ["--part", $0] } + ["--quick", "--quiet", "--output", folder.path]
    let trained = try run("applications", options)
    #expect(trained.status == 0 && trained.errors == "", "\(trained.errors)")
    let pages = folder.appendingPathComponent("applications")
    let first = try results(in: pages)
    #expect(try #require(first["writing.bits"]) < 4.5)
    #expect(abs(try #require(first["writing.counting.bits"]) - 2.1584) < 1e-3)
    #expect(try #require(first["music.in_key"]) > 0.5)
    #expect(first["music.bigram.in_key"] != nil && first["dna.rule.accuracy"] == 1)
    #expect(try #require(first["dna.accuracy"]) > 0.4)
    #expect(try #require(first["video.accuracy"]) > 0.5)
    #expect(try #require(first["video.best_way.accuracy"]) > 0.9)
    #expect(try #require(first["speech.templates.known.error_rate"]) < 0.1)
    for name in ["writing.together.bits", "speech.error_rate", "speech.noise.error_rate"] {
      #expect(first[name] != nil && first["\(name).sd"] != nil, "\(name)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: pages.path)
    for name in [
      "music.mid", "music.wav", "music-bigram.wav", "speech.wav", "writing-2-quick.safetensors",
      "speech-1-quick.safetensors",
    ] {
      #expect(names.contains(name), "\(name)")
    }
    let wave = try Data(contentsOf: pages.appendingPathComponent("speech.wav"))
    #expect(wave.prefix(4) == Data("RIFF".utf8) && wave.count > 20_000)
    // Kept models give the same numbers again, and in Chinese, of which nothing lacks.
    let loaded = try run("applications", options + ["--load", "--language", "zh"])
    #expect(loaded.status == 0 && loaded.errors == "", "\(loaded.errors)")
    #expect(try results(in: pages) == first)
    // A model of another text is not taken for this one's.
    let text = folder.appendingPathComponent("a.txt")
    try Data(String(repeating: "Another text. ", count: 300).utf8).write(to: text)
    let other = try run(
      "applications",
      ["--text", text.path, "--load", "--quick", "--quiet", "--output", folder.path])
    #expect(other.status == 1 && other.errors.count { $0 == "\n" } == 1)
  }

  @Test(arguments: [
    (["--prefix", ""], 64, "--prefix is empty"),
    (["--acrostic", "  "], 64, "--acrostic has no characters"),
    (["--per-line", "6"], 64, "--per-line is 6, not 5 or 7"),
    (["--temperature", "-1"], 64, "--temperature is -1.0"),
    (["--top-k", "0"], 64, "--top-k is 0"),
    (["--top-p", "1.5"], 64, "--top-p is 1.5"),
    (["--prefix", "x", "--part", "speech"], 64, "--prefix is about the part writing"),
    (["--say", "31a"], 64, "--say takes 1 to 20 digits"),
    (["--say", "12", "--part", "music"], 64, "--say is about the part speech"),
    (["--key", "H"], 64, "--key is a major key"),
    (["--prefix", "ⵣⵣ"], 1, "has none of these characters"),
    (["--text", "SCRATCH/none.txt"], 1, "none.txt: No such file"),
    (["--part", "music", "--load"], 1, "no earlier run has kept"),
  ])
  func whatIsWrongIsSaidInOneLine(arguments: [String], status: Int32, text: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unroll-\(UUID())")
    let filled = arguments.map { $0.replacing("SCRATCH", with: folder.path) }
    let outcome = try run("applications", filled + ["--quick", "--output", folder.path])
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("applications: ") && outcome.errors.contains(text))
    #expect(outcome.errors.count { $0 == "\n" } == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.path), "nothing is left")
  }
}
