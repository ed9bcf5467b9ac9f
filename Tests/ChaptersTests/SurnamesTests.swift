import Applications
import Foundation
import Testing
import Unroll

/// Chapter 6's surnames: the data, the network, and names that are asked about.
@Suite struct SurnamesTests {
  @Test func `pieces of three letters with the ends marked`() {
    #expect(letterTriples("Lee") == ["^Le", "Lee", "ee$"])
    #expect(letterTriples("O") == ["^O$"])
    #expect(letterTriples("").isEmpty)
  }

  @Test func `made-up names of 18 languages, none in both parts`() throws {
    let data = try SurnameData(data: nil, quick: false)
    #expect(data.languages.count == 18 && !data.isReal)
    func written(_ names: [(name: String, language: Int)]) -> [String] {
      names.map { "\($0.language) \($0.name)" }
    }
    let learned = Set(written(data.training)), held = written(data.test)
    #expect(learned.count == data.training.count, "no name twice")
    #expect(held.allSatisfy { !learned.contains($0) })
    #expect(data.training.count == 4 * data.test.count || data.training.count > 4_000)
    // As uneven as collections are.
    let counts = (0..<18).map { language in data.training.count { $0.language == language } }
    #expect((counts.min() ?? 0) >= 10 && (counts.max() ?? 0) > 1_500)
    #expect(written(try SurnameData(data: nil, quick: false).test) == held)
  }

  @Test func `padding does not change what a name scores`() {
    let model = SurnameReader(letters: 9, languages: 4, hiddenSize: 6)
    model.eval()
    let names = LabeledTokens([[1, 2, 3, 4, 5], [6, 7]], labels: [0, 0])
    let together = noGrad { model(names.batch([0, 1])).value }
    let alone = noGrad { model(names.batch([1])).value }
    #expect(together.shape == [2, 4])
    #expect((together[1] - alone[0]).abs().max().item < 1e-6)
  }

  @Test(arguments: [
    (["--name", ""], 64, "--name needs a name"),
    (["--name", " \n"], 64, "--name needs a name"),
    (["--name", "Petrov", "--part", "digits"], 64, "--name is about the part surnames"),
    (["--name", "山田"], 1, "not one of its letters"),
    (["--load", "--part", "surnames"], 1, "no earlier run has kept surnames-1.safetensors"),
  ])
  func whatIsWrongIsSaidInOneLine(arguments: [String], status: Int32, text: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unroll-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try run("applications", arguments + ["--quiet", "--output", folder.path])
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
    #expect(outcome.errors.count { $0 == "\n" } == 1)
    let left = folder.appendingPathComponent("applications/results.json")
    #expect(!FileManager.default.fileExists(atPath: left.path))
  }
}
