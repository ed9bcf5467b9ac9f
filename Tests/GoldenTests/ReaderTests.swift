import Autograd
import Foundation
import GoldenSupport
import TestSupport
import Testing

/// The reader and the comparison themselves: what is wrong must be found, and named.
@Suite struct ReaderTests {
  private func cases(_ text: String) throws -> [GoldenCase] {
    let scratch = Scratch()
    try Data(text.utf8).write(to: scratch["case.json"])
    return try goldenCases(in: scratch.url)
  }

  private func message(_ text: String) -> String {
    do {
      return "read \(try cases(text).count) cases"
    } catch {
      return "\(error)"
    }
  }

  private let cube = """
    {"cases": [{"name": "a cube", "op": "pow", "config": {"list": [1, -2], "none": null},
      "inputs": {"a": {"shape": [2], "data": [2, 3]}, "b": {"shape": [], "data": [3.0]}},
      "outputs": {"output": {"shape": [2], "data": [8, 27]}},
      "cotangents": {"output": {"shape": [2], "data": [1, 0.5]}},
      "gradients": {"a": {"shape": [2], "data": [12, 13.5]}}}]}
    """

  @Test func aCaseIsRead() throws {
    let golden = try #require(try cases(cube).first)
    #expect(golden.title == "case.json: “a cube” (pow)")
    #expect(golden.config[ints: "list"] == [1, -2])
    #expect(golden.config[int: "none"] == nil)
    #expect(try golden.input("b").shape == [])
    #expect(golden.tolerance(.float64) == 1e-9 && golden.tolerance(.float32) == 2e-5)
    #expect(try Registry.differences(golden) == [])
  }

  @Test(arguments: [
    ("[8, 27]", "[8, 28]", "output `output`: at [1] expected 28.0, got 27.0"),
    ("[12, 13.5]", "[-12, 13.5]", "gradient `a`: at [0] expected -12.0, got 12.0"),
    (
      "\"a\": {\"shape\": [2], \"data\": [12", "\"z\": {\"shape\": [2], \"data\": [12",
      "`z`: missing"
    ),
    (
      "{\"output\": {\"shape\": [2], \"data\": [8", "{\"output\": {\"shape\": [2, 1], \"data\": [8",
      "expected shape [2, 1], got [2]"
    ),
    ("[8, 27]", "[8, null]", "at [1] expected nan, got 27.0"),
    ("[1, 0.5]", "[1, 0.25]", "gradient `a`: at [1] expected 13.5, got 6.75"),
  ])
  func aWrongValueIsFoundAndNamed(right: String, wrong: String, words: String) throws {
    let golden = try #require(try cases(cube.replacingOccurrences(of: right, with: wrong)).first)
    let lines = try Registry.differences(golden)
    #expect(lines.count == DType.allCases.count)
    #expect(lines.allSatisfy { $0.hasPrefix("case.json: “a cube” (pow), float") })
    #expect(lines.allSatisfy { $0.contains(words) }, "\(lines)")
  }

  @Test(arguments: [
    ("[2, 3]", "[1e-]", ""), ("[2, 3]", "[NaN]", ""), ("[2, 3]", "[2, 3", ""),
    ("[2], \"data\": [2, 3]", "[4294967296, 4294967296], \"data\": []", "more numbers than"),
    ("[2], \"data\": [2, 3]", "[-2, -1], \"data\": [2, 3]", "a negative size in [-2, -1]"),
  ])
  func whatIsNoGoldenFileIsAnError(right: String, wrong: String, words: String) {
    let text = message(cube.replacingOccurrences(of: right, with: wrong))
    #expect(text.contains("case.json: ") && (words.isEmpty || text.contains(words)), "\(text)")
  }

  @Test func bytesThatAreNoText() throws {
    let scratch = Scratch(), file = scratch["case.json"]
    for bytes in [[0xC3, 0x28], [0xF0, 0x9F, 0x92], [0xFF, 0xFE, 0x00], []] as [[UInt8]] {
      let text = Array("{\"cases\": [], \"source\": \"".utf8) + bytes + Array("\"}".utf8)
      try Data(bytes.isEmpty ? [] : text).write(to: file)
      #expect(throws: GoldenError.self) { try GoldenFile(file) }
    }
  }

  @Test func onlyWholeNumbersArePlaces() throws {
    #expect(try GoldenArray([1.0, 2.0]).indices == [1, 2])
    for wrong in [0.5, 1e300, .nan] {
      #expect(throws: GoldenError.self) { try GoldenArray([wrong]).indices }
    }
  }

  @Test func aCotangentLeftOutCountsAsZero() throws {
    let silent = cube.replacingOccurrences(
      of: "\"cotangents\": {\"output\"", with: "\"unused\": {\"x\""
    )
    .replacingOccurrences(of: "[12, 13.5]", with: "[0, 0]")
    let golden = try #require(try cases(silent).first)
    #expect(golden.cotangents.isEmpty)
    #expect(try Registry.differences(golden) == [])
  }

  @Test func anUnknownOperationFailsByName() throws {
    let other = cube.replacingOccurrences(of: "\"pow\"", with: "\"conv2d\"")
    let golden = try #require(try cases(other).first)
    #expect {
      try Registry.differences(golden)
    } throws: {
      "\($0)" == "case.json: “a cube” (conv2d): no test knows the operation “conv2d”"
    }
  }

  @Test func aBrokenFileIsNamed() {
    let truncated = message(String(cube.dropLast(40)))
    #expect(truncated.contains("case.json: ") && truncated.contains("not valid JSON"))
    let short = message(cube.replacingOccurrences(of: "[2, 3]", with: "[2]"))
    #expect(
      short.hasSuffix("case.json: cases[0].inputs.a.data: 1 numbers for shape [2], which holds 2"))
    let nameless = message(cube.replacingOccurrences(of: "\"name\"", with: "\"title\""))
    #expect(nameless.contains("case.json: cases[0]") && nameless.contains("name"))
    let empty = message(cube.replacingOccurrences(of: "\"outputs\"", with: "\"results\""))
    #expect(empty.hasSuffix("“a cube” has no outputs to compare"))
  }

  @Test func aFolderWithoutFilesIsNamed() {
    let scratch = Scratch(), missing = scratch["none"]
    #expect {
      try goldenCases(in: missing)
    } throws: {
      "\($0)" == "\(missing.path): no golden files (*.json) in this folder"
    }
  }

  @Test func aCasesOwnToleranceHolds() throws {
    let loose = cube.replacingOccurrences(of: "[8, 27]", with: "[8, 27.1]")
      .replacingOccurrences(of: "\"op\"", with: "\"tolerance\": 0.01, \"op\"")
    #expect(try Registry.differences(try #require(try cases(loose).first)) == [])
    let strict = cube.replacingOccurrences(of: "\"op\"", with: "\"tolerance\": 1e-12, \"op\"")
    let golden = try #require(try cases(strict).first)
    #expect(golden.tolerance(.float64) == 1e-12 && golden.tolerance(.float32) == 2e-5)
  }

  @Test func infinitiesAndMissingNumbersCompare() {
    let expected = GoldenArray([.infinity, -.infinity, .nan, 1])
    #expect(expected.difference(from: expected, tolerance: 0) == nil)
    for wrong in [
      [.infinity, .infinity, .nan, 1], [.infinity, -.infinity, 0, 1], [0, -.infinity, .nan, 1],
      [.infinity, -.infinity, .nan, .nan],
    ] as [[Double]] {
      #expect(expected.difference(from: GoldenArray(wrong), tolerance: 1) != nil)
    }
  }
}
