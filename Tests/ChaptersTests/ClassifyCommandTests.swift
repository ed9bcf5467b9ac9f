import Foundation
import TestSupport
import Testing
import Unroll

/// `applications classify`, run as a user runs it.
@Suite struct ClassifyCommandTests {
  private let scratch = Scratch()

  /// A folder of files, by their paths in it.
  private func folder(_ name: String, _ files: [String: String]) throws -> String {
    for (path, text) in files {
      let file = scratch[name].appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return scratch[name].path
  }

  /// Three classes in three scripts; their words tell them apart.
  private func sayings() throws -> String {
    func lines(_ words: [String], _ end: String = "\n") -> String {
      (0..<25).map { number in
        (0..<4).map { words[(number * (number + 3) + $0 * 5) % words.count] }
          .joined(separator: " ") + " \(number)" + end
      }.joined()
    }
    return try folder(
      "sayings",
      [
        "wine.txt": lines(["red", "dry", "cellar", "grape", "cafe\u{301}", "🍷", "year"]),
        "月.txt": lines(["山", "月", "水", "夜", "風", "雪", "江"], "\r\n"),
        "سوق.txt": lines(["سوق", "خبز", "ملح", "سمك", "تمر", "بيت", "باب"]) + "\n\n",
        "ABOUT.md": "three classes",
      ])
  }

  private func classify(
    _ arguments: [String], input: String? = nil
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = Process(), output = Pipe(), errors = Pipe(), lines = Pipe()
    process.executableURL = Book.folder.appendingPathComponent("applications")
    process.arguments = ["classify"] + arguments + ["--output", scratch.path, "--quiet"]
    process.environment = ProcessInfo.processInfo.environment.merging(["UNROLL_DATA": ""]) { $1 }
    (process.standardOutput, process.standardError) = (output, errors)
    process.standardInput = input == nil ? FileHandle.nullDevice : lines
    try process.run()
    if let input {
      try lines.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try lines.fileHandleForWriting.close()
    }
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: said, as: UTF8.self),
      String(decoding: complained, as: UTF8.self)
    )
  }

  @Test func aFolderBecomesAClassifier() throws {
    let saved = scratch["model.safetensors"].path
    let first = try classify([
      "--train", try sayings(), "--quick", "--save", saved, "--text", "red café", "--text", "-月山",
      "--export-onnx", scratch["classes.onnx"].path, "--export-pytorch", scratch["torch"].path,
    ])
    #expect(try scratch.text("torch/model.py").contains("class TextNetworks(nn.Module)"))
    for name in ["torch/tokens.json", "classes.onnx.tokens.json"] {
      #expect(try scratch.text(name).contains(#""classes":["#))
    }
    #expect(try Data(contentsOf: scratch["classes.onnx"]).count > 10_000)
    #expect(first.status == 0 && first.errors == "", "\(first.errors)")
    let measured = try results(in: scratch["classify"])
    #expect(measured["classify.held_out"] == 15 && measured["classify.texts"] == 75)
    #expect(try #require(measured["classify.accuracy"]) > 0.9)
    #expect(try #require(measured["classify.naive_bayes.accuracy"]) > 0.9)
    #expect(measured["classify.majority.accuracy"] == 1.0 / 3)
    for name in ["accuracy.low", "accuracy.high", "macro_f1", "f1.月", "f1.سوق", "network.accuracy"]
    {
      #expect(measured["classify.\(name)"] != nil, "\(name)")
    }
    let predictions = try scratch.text("classify/predictions.csv").split(separator: "\n")
    #expect(predictions.count == 16)
    #expect(predictions[0] == "class,predicted,p(wine),p(سوق),p(月),text")
    let asked = try scratch.text("classify/classified.csv").split(separator: "\n")
    #expect(asked.count == 3 && asked[1].hasPrefix("wine,") && asked[2].hasPrefix("月,"))
    let page = try scratch.text("classify/chapter.md")
    #expect(page.contains("passed over 1: ABOUT.md") && page.contains("left out 2 empty lines"))
    #expect(!page.contains("TextClassifierModel"), "the page shows no code")
    #expect(scratch.names.contains("classify"))
    #expect(
      FileManager.default.fileExists(
        atPath: scratch["classify/01-class-and-what-was-said.png"].path))

    // What was saved answers line by line, for a line a line, and nothing for nothing.
    let lines = try classify(["--load", saved], input: "red café\r\n\n  \n山月")
    #expect(lines.status == 0 && lines.errors == "")
    let answers = lines.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(answers.count == 5 && answers[1] == "" && answers[2] == "" && answers[4] == "")
    let fields = answers[0].split(separator: "\t")
    #expect(fields.count == 6 && fields[0] == "wine" && answers[3].hasPrefix("月\t"))
    #expect(asked[1].contains(fields[1].dropLast()), "\(asked[1]) \(fields[1])")
    #expect(try classify(["--load", saved]) == (0, "", ""))
    let broken = try classify(["--load", saved], input: "red\n\0")
    #expect(broken.status == 1 && broken.output.hasPrefix("wine\t"))
    #expect(broken.errors == "applications: standard input, line 2: is no UTF-8 text\n")

    // And tells a page of texts of known classes.
    let again = try classify(["--load", saved, "--test", try sayings()])
    #expect(again.status == 0 && again.errors == "", "\(again.errors)")
    #expect(try results(in: scratch["classify"])["classify.held_out"] == 75)
    let unknown = try folder("other", ["beer.txt": "a\nb", "wine.txt": "c"])
    let refused = try classify(["--load", saved, "--test", unknown])
    #expect(refused.status == 1 && refused.errors.contains("beer: is no class that was learned"))
  }

  @Test func linesOfTheInputAreClassifiedAfterLearning() throws {
    let outcome = try classify(["--train", try sayings(), "--quick"], input: "grape cellar\n\n雪\n")
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    let rows = try scratch.text("classify/classified.csv").split(separator: "\n")
    #expect(rows.count == 3 && rows[1].hasPrefix("wine,") && rows[2].hasPrefix("月,"))
  }

  @Test func whatIsLearnedFromIsTakenOutOfTheTest() throws {
    let train = try sayings()
    let test = try folder(
      "test",
      [
        "wine.txt": "red dry 🍷\nred dry 🍷\ncafé", "月.txt": try scratch.text("sayings/月.txt") + "月月",
      ])
    let outcome = try classify(["--train", train, "--test", test, "--quick"])
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    let page = try scratch.text("classify/chapter.md")
    #expect(page.contains("took out of --test what is there word for word in --train: 25"))
    let all = try classify(["--train", train, "--test", train])
    #expect(all.status == 1 && all.errors.contains("all its texts are in --train too"))
  }

  @Test func whatIsWrongIsSaidInOneLineAndLeavesNothing() throws {
    let train = try sayings()
    let one = try folder("one", ["a.txt": "x\ny\n"])
    let few = try folder("few", ["a.txt": "x\ny\n", "b.txt": "z\n"])
    let empty = try folder("empty", ["a.txt": "x\ny\n", "b.txt": "\n \n"])
    let mixed = try folder("mixed", ["a/1.txt": "x", "b.txt": "y"])
    let binary = try folder("binary", ["a.txt": "x\n", "b.txt": "\0\u{1}\u{2}"])
    let none = try folder("none", [".hidden": "x"])
    let model = try folder("model", ["no-model": "text"]) + "/no-model"
    for (arguments, status, text) in [
      ([], 64, "--train FOLDER"), (["--train", train, "--load", model], 64, "go not together"),
      (["--load", model, "--save", model], 64, "go not together"),
      (["--train", train, "--text", ""], 64, "an empty --text"),
      (["--train", train, "--text", "a", "--text", " \n"], 64, "an empty --text"),
      (["--train", train + "/none"], 1, "there is no such folder"),
      (["--train", model], 1, "is no folder"), (["--train", none], 1, "no text files"),
      (["--train", one], 1, "one class only, a"), (["--train", few], 1, "3 texts are too few"),
      (["--train", empty], 1, "b: the class has no text"),
      (["--train", mixed], 1, "folders (a) and text files (b.txt)"),
      (["--train", binary], 1, "b.txt: is no text"),
      (["--train", train, "--test", one], 1, "one class only"),
      (["--train", train, "--save", scratch.path], 1, "it is a folder"),
      (["--train", train, "--save", scratch["nowhere/there"].path], 1, "cannot write"),
      (["--load", scratch["nowhere"].path + "/model"], 1, "No such file"),
      (["--load", model], 1, "no-model"), (["--load", model, "--text", "a"], 1, "no-model"),
    ] as [([String], Int32, String)] {
      let outcome = try classify(arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(text), "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
      #expect(outcome.output == "")
      #expect(!FileManager.default.fileExists(atPath: scratch["classify"].path), "\(arguments)")
    }
  }
}
