import Foundation
import TestSupport
import Testing
import Unroll

/// `applications write`, run as a user runs it.
@Suite struct WriteCommandTests {
  private let scratch = Scratch()

  private func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: scratch[name])
    return scratch[name].path
  }

  private func story() throws -> String { try file("story.txt", Generated.story.utf8) }

  private func write(_ arguments: [String]) throws -> (status: Int32, errors: String) {
    try run("applications", ["write"] + arguments + ["--output", scratch.path, "--quiet"])
  }

  private var folder: URL { scratch["write"] }

  private var written: String? {
    try? String(contentsOf: folder.appendingPathComponent("written.txt"), encoding: .utf8)
  }

  @Test func aTextBecomesAWriter() throws {
    let text = try story(), saved = scratch["story.writer"].path
    let first = try write([
      "--text", text, "--steps", "60", "--save", saved, "--prompt", "The ", "--length", "90",
      "--export-onnx", scratch["writer.onnx"].path, "--export-pytorch", scratch["torch"].path,
    ])
    #expect(try scratch.text("torch/model.py").contains("class NextCharacterNetwork(nn.Module)"))
    #expect(try scratch.text("torch/tokens.json").contains(#""characters":["#))
    #expect(try Data(contentsOf: scratch["writer.onnx"]).count > 10_000)
    #expect(first.status == 0 && first.errors == "", "\(first.errors)")
    let middle = try #require(written)
    #expect(middle.hasPrefix("The ") && middle.count == 94)
    let results = try results(in: folder)
    let bits = try #require(results["write.bits_per_character"])
    let counting = try #require(results["write.counting.bits_per_character"])
    #expect(bits > 1 && bits < counting && counting < 3)
    #expect(results["write.steps"] == 60)
    let page = try String(
      contentsOf: folder.appendingPathComponent("chapter.html"), encoding: .utf8)
    for part in ["temperature 0.5", "temperature 0.8", "temperature 1.0", "bits a character"] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(!page.contains("TextWriter"), "the page shows no code")
    #expect(
      FileManager.default.fileExists(
        atPath: folder.appendingPathComponent("01-learning-to-write.png").path))
    #expect(!scratch.names.contains { $0.hasSuffix(".checkpoint") }, "\(scratch.names)")

    // What was saved writes the same, without the text.
    try FileManager.default.removeItem(atPath: text)
    let manner = ["--temperature", "0.8", "--prompt", "The ", "--length", "90"]
    let again = try write(["--load", saved] + manner)
    #expect(again.status == 0 && again.errors == "", "\(again.errors)")
    #expect(written == middle)
    // Always the likeliest, whatever the seed; and of the prompt something is not known.
    let greedy = ["--load", saved, "--temperature", "0", "--prompt", "水The "]
    for seed in ["1", "2"] {
      #expect(try write(greedy + ["--seed", seed]).status == 0)
      #expect(written?.hasPrefix("水The ") == true)
    }
    #expect(try write(["--load", saved, "--top-k", "1", "--prompt", "水The "]).status == 0)
    let likeliest = written
    #expect(try write(greedy).status == 0)
    #expect(written == likeliest && likeliest?.count == 405)
  }

  /// Ctrl-C, a request to end, a kill: the same command goes on, and ends with the same bits.
  @Test(.timeLimit(.minutes(10))) func killedRunsGoOnToTheSameBits() throws {
    let text = try story()
    func arguments(_ saved: URL) -> [String] {
      ["--text", text, "--steps", "400", "--length", "50", "--save", saved.path]
    }
    let whole = scratch["whole.writer"], saved = scratch["saved.writer"]
    #expect(try write(arguments(whole)).status == 0)
    let text1 = written
    try FileManager.default.removeItem(at: folder)

    for (signal, status) in [(SIGINT, 130), (SIGKILL, SIGKILL), (SIGTERM, 143)] {
      let before = checkpoint.map(\.date)
      let process = Process(), errors = Pipe()
      process.executableURL = Book.folder.appendingPathComponent("applications")
      process.arguments = ["write"] + arguments(saved) + ["--output", scratch.path, "--quiet"]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = errors
      try process.run()
      // The first step's checkpoint says that there is something to go on from.
      while process.isRunning, checkpoint == nil || checkpoint?.date == before { usleep(2_000) }
      kill(process.processIdentifier, signal)
      let said = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == status, "\(said)")
      if signal != SIGKILL {
        #expect(said.contains("interrupted after") && said.count { $0 == "\n" } == 1, "\(said)")
        #expect(said.contains(try #require(checkpoint).url.lastPathComponent))
      }
      #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
    // Another text does not go on from there, nor another seed; what is kept stays.
    let kept = try #require(checkpoint).url
    #expect(try write(["--text", text, "--steps", "20", "--seed", "2"]).status == 0)
    #expect(checkpoint?.url == kept)

    let last = try write(arguments(saved))
    #expect(last.status == 0 && last.errors == "", "\(last.errors)")
    #expect(try Data(contentsOf: saved) == Data(contentsOf: whole))
    #expect(written == text1 && checkpoint == nil)
  }

  /// The checkpoint in the output folder, and when it was written.
  private var checkpoint: (url: URL, date: Date)? {
    guard let name = scratch.names.first(where: { $0.hasSuffix(".checkpoint") }),
      let attributes = try? FileManager.default.attributesOfItem(atPath: scratch[name].path)
    else { return nil }
    return (scratch[name], attributes[.modificationDate] as! Date)
  }

  @Test func whatIsWrongIsSaidInOneLineAndLeavesNothing() throws {
    let text = try story()
    let other = try file("other.writer", "no model".utf8)
    var forecast = StateDict()
    forecast["a"] = .zeros([2])
    try Safetensors(
      forecast, metadata: ["kind": "unroll.forecast", "version": "1", "model": "{}"]
    ).write(to: scratch["forecast"])
    let names = scratch.names.count
    for (arguments, status, message) in [
      ([], 64, "--text FILE"),
      (["--text", "/nowhere.txt"], 1, "nowhere.txt: No such file"),
      (["--text", scratch.path], 1, "directory"),
      (["--text", try file("empty", [])], 1, "empty: is empty"),
      (["--text", try file("short", "A few words.".utf8)], 1, "short: 12 characters; 2000 are"),
      (["--text", try file("binary", [0x7F, 0x45, 0x4C, 0x46, 0, 1])], 1, "binary: is no text"),
      (["--text", try file("latin", [65, 10, 0xE9, 65])], 1, "latin, line 2: is not UTF-8 here"),
      (["--text", try file("one", [UInt8](repeating: 97, count: 3_000))], 1, "fewer than two"),
      (["--text", text, "--minutes", "0"], 64, "--minutes is 0.0"),
      (["--text", text, "--minutes", "nan"], 64, "--minutes is nan"),
      (["--text", text, "--minutes", "soon"], 64, "'soon' is invalid"),
      (["--text", text, "--steps", "-5"], 64, "--steps is -5"),
      (["--text", text, "--steps", "5", "--minutes", "1"], 64, "go not together"),
      (["--text", text, "--length", "0"], 64, "--length is 0"),
      (["--text", text, "--length", "-3"], 64, "--length is -3"),
      (["--text", text, "--temperature", "-1"], 64, "--temperature is -1.0"),
      (["--text", text, "--top-k", "0"], 64, "--top-k is 0"),
      (["--text", text, "--top-p", "1.5"], 64, "--top-p is 1.5"),
      (["--text", text, "--prompt", ""], 64, "--prompt is empty"),
      (["--text", text, "--prompt", "水火"], 1, "none of the characters of '水火'"),
      (["--text", text, "--save", "/dev/null/x"], 1, "cannot write to /dev/null/x"),
      (["--text", text, "--save", text], 1, "it is the text to learn from"),
      (["--load", other], 1, "other.writer"),
      (["--load", scratch["forecast"].path], 1, "holds a unroll.forecast"),
      (["--load", "/nowhere.writer"], 1, "nowhere.writer"),
      (["--load", other, "--text", text], 64, "--text go not together"),
      (["--load", other, "--minutes", "1"], 64, "--minutes go not together"),
      (["--load", other, "--save", "x"], 64, "--save go not together"),
    ] as [([String], Int32, String)] {
      let outcome = try write(arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
    }
    // The five bad texts that were made, and no more.
    #expect(scratch.names.count == names + 5, "\(scratch.names)")
  }
}
