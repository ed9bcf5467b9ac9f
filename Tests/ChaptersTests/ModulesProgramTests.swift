import Foundation
import TestSupport
import Testing
import Unroll

/// Chapter 5's program, run as a reader runs it.
@Suite struct ModulesProgramTests {
  @Test func quickPartsTellTheirResults() throws {
    let scratch = Scratch(), folder = scratch["pages"]
    let parts = ["constructor", "packing", "words", "sine"].flatMap { ["--part", $0] }
    let (status, errors) = try run(
      "modules", parts + ["--quick", "--quiet", "--output", folder.path])
    #expect(status == 0 && errors == "", "\(errors)")
    let pages = folder.appendingPathComponent("modules")
    let results = try results(in: pages)
    #expect(results["parameters.lstm_to_rnn"] == 4)
    #expect(results["parameters.gru_to_rnn"] == 3)
    #expect(results["parameters.formula_mismatches"] == 0)
    #expect(try #require(results["packing.packed.alone_mse"]) < 0.3)
    // After 40 of the 200 passes.
    #expect(try #require(results["ngram.accuracy"]) > 0.95)
    #expect(try #require(results["ngram.loss"]) < 0.3)
    #expect(try #require(results["sine.one_step_mse"]) < 0.02)
    #expect(results["sine.recursive100_mse"] != nil)
    #expect(results["sine.resumed_parameters_differing"] == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: pages.path)
    #expect(names.count { $0.hasSuffix(".png") && !$0.hasSuffix("-dark.png") } == 10)
    for name in ["chapter.html", "chapter.md", "chapter.ipynb", "sine.onnx", "sine.safetensors"] {
      #expect(names.contains(name))
    }
    #expect(!names.contains("sine.checkpoint"), "a run that ended needs no checkpoint")
  }

  @Test func aPartAloneLeavesTheOtherPartsFiles() throws {
    let scratch = Scratch(), folder = scratch["pages"]
    let pages = folder.appendingPathComponent("modules")
    func files() throws -> [String: Data] {
      let names = try FileManager.default.contentsOfDirectory(atPath: pages.path)
      return try Dictionary(
        uniqueKeysWithValues: names.map {
          ($0, try Data(contentsOf: pages.appendingPathComponent($0)))
        })
    }
    for parts in [["packing", "constructor"], ["packing"]] {
      let options = parts.flatMap { ["--part", $0] } + ["--quick", "--quiet"]
      let before = parts.count == 1 ? try files() : [:]
      let outcome = try run("modules", options + ["--output", folder.path])
      #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
      let after = try files()
      for (name, data) in before { #expect(after[name] == data, "\(name)") }
    }
    let names = try files().keys
    #expect(names.contains("chapter-packing.html") && names.contains("results-packing.json"))
    let index = try String(contentsOf: folder.appendingPathComponent("index.html"), encoding: .utf8)
    for link in index.matches(of: #/(?:href|src)="modules\/([^"]+)"/#) {
      #expect(names.contains(String(link.1)))
    }
    #expect(index.contains("constructor-packing alone") && index.contains("packing alone</a>"))
  }

  @Test(arguments: [
    (["--part", "nope"], 64, "Please provide one of the following: constructor, packing"),
    (["--part", "sine", "--full"], 64, "the part characters"),
    (["--peer", "/bin/true", "--part", "words"], 64, "the part characters"),
    (["--data", "SCRATCH/none"], 1, "no folder SCRATCH/none"),
    (["--peer", "SCRATCH/python"], 1, "import torch"),
  ])
  func whatIsWrongIsSaidInOneLine(arguments: [String], status: Int32, text: String) throws {
    // A path below a folder that isn't there until the program makes it.
    let scratch = Scratch(), folder = scratch["pages"]
    func filled(_ text: String) -> String { text.replacing("SCRATCH", with: folder.path) }
    let outcome = try run("modules", arguments.map(filled) + ["--output", folder.path])
    #expect(outcome.status == status)
    #expect(outcome.errors.hasPrefix("modules: ") && outcome.errors.contains(filled(text)))
    #expect(outcome.errors.count { $0 == "\n" } == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.path), "nothing is left")
  }
}
