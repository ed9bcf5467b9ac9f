import Foundation
import NN
import Sequences
import TestSupport
import Testing
import TextModels
import Training

@Suite struct TextClassifierTests {
  /// Whether x comes before y, with more other letters around and between them than runs have: a
  /// matter of order alone.
  private func order(_ count: Int, seed: UInt64) -> LabeledTexts {
    var generator = Generator(seed: seed)
    let labels = (0..<count).map { $0 % 2 }
    let texts = labels.map { label in
      var letters = (0..<20).map { _ in "abcd".randomElement(using: &generator)! }
      letters[Int.random(in: 5..<7, using: &generator)] = label == 0 ? "x" : "y"
      letters[Int.random(in: 13..<15, using: &generator)] = label == 0 ? "y" : "x"
      return String(letters)
    }
    return LabeledTexts(texts, labels: labels, classes: ["x first", "y first"])
  }

  /// Words that tell the class, among others that do not.
  private func topics(_ count: Int, seed: UInt64) -> LabeledTexts {
    var generator = Generator(seed: seed)
    let telling = [
      ["ball", "goal", "team"], ["bread", "salt", "oven"], ["山", "水", "月"],
    ]
    let labels = (0..<count).map { $0 % 3 }
    let texts = labels.map { label in
      (["the", "of", "it", "und", "é"].shuffled(using: &generator).prefix(4)
        + telling[label].shuffled(using: &generator).prefix(2))
        .shuffled(using: &generator).joined(separator: " ")
    }
    return LabeledTexts(texts, labels: labels, classes: ["sports", "kitchen", "詩"])
  }

  private func quick(seed: UInt64 = 1) -> TextClassifier {
    TextClassifier(validatedFolds: 1, budget: 20_000, seed: seed)
  }

  @Test func whatIsAMatterOfOrderIsLeftToNetworks() throws {
    var classifier = TextClassifier(validatedFolds: 1, budget: 150_000)
    classifier.hiddenSize = 24
    let model = try classifier.fitted(to: order(500, seed: 1))
    let test = order(200, seed: 2)
    let evaluation = model.evaluate(test)
    let network = try #require(model.judges.firstIndex { $0.isNetwork })
    #expect(evaluation.ofEach[network].accuracy > 0.95, "\(evaluation.ofEach[network].accuracy)")
    #expect(evaluation.accuracy > 0.95 && evaluation.accuracyInterval.contains(evaluation.accuracy))
    #expect(evaluation.majority.accuracy == 0.5)
    for (place, judge) in model.judges.enumerated() where judge.isNaiveBayes {
      #expect(evaluation.ofEach[place].accuracy < 0.75 && judge.share < model.judges[network].share)
    }
  }

  @Test func whatWordsTellIsCounted() throws {
    let model = try quick().fitted(to: topics(60, seed: 1))
    #expect(
      model.predict(["goal of it, the BALL", "山 und 月", "oven salt"]) == [
        "sports", "詩", "kitchen",
      ])
    let rows = model.predictProbabilities(["cafe\u{301} ball", "caf\u{E9} ball", "?", "👩‍👩‍👧"])
    #expect(rows[0] == rows[1])
    for row in rows { #expect(abs(row.reduce(0, +) - 1) < 1e-9 && row.allSatisfy { $0 > 0 }) }
    #expect(model.predictProbabilities([]) == [])
    #expect(model.predict([String(repeating: "goal ball ", count: 10_000)]) == ["sports"])
    #expect(abs(model.judges.reduce(0) { $0 + $1.share } - 1) < 1e-9)
  }

  @Test func theSameSeedGivesTheSameFile() throws {
    let texts = topics(45, seed: 1), scratch = Scratch()
    var files: [Data] = []
    for (threads, seed) in [(1, 1), (3, 1), (3, 2)] as [(Int, UInt64)] {
      var classifier = quick(seed: seed)
      classifier.validatedFolds = 2
      classifier.threads = threads
      try classifier.fitted(to: texts).write(to: scratch["a"])
      files.append(try Data(contentsOf: scratch["a"]))
    }
    #expect(files[0] == files[1] && files[1] != files[2])
  }

  @Test func whereNothingIsToldNothingIsKnown() throws {
    var generator = Generator(seed: 1)
    let texts = (0..<300).map { _ in
      String((0..<8).map { _ in "abcdef".randomElement(using: &generator)! })
    }
    let random = LabeledTexts(
      texts, labels: texts.map { _ in Int.random(in: 0..<2, using: &generator) },
      classes: ["a", "b"])
    var classifier = quick()
    classifier.validatedFolds = nil
    let model = try classifier.fitted(to: random)
    #expect(abs(Double(model.right) / Double(model.validated) - 0.5) < 0.1)
    let probabilities = model.predictProbabilities(["fedcba", "aaaaaaaa"])
    #expect(probabilities.joined().allSatisfy { $0 > 0.1 }, "\(probabilities)")
    try model.check()
  }

  @Test func copiesAndEmptyTextsAreNoError() throws {
    let same = LabeledTexts(
      (0..<20).map { $0 < 10 ? "same" : "other" }, labels: (0..<20).map { $0 / 10 },
      classes: ["a", "b"])
    let empty = LabeledTexts(
      (0..<20).map { _ in "" }, labels: (0..<20).map { $0 / 10 }, classes: ["a", "b"])
    for texts in [same, empty] {
      var classifier = quick()
      classifier.validatedFolds = nil
      let row = try classifier.fitted(to: texts).predictProbabilities(["same"])[0]
      #expect(abs(row[0] + row[1] - 1) < 1e-9)
    }
  }

  @Test func aClassOfOneTextIsNoError() throws {
    let texts = topics(40, seed: 1)
    let more = LabeledTexts(
      texts.texts + ["unlike all"], labels: texts.labels + [3], classes: texts.classes + ["lone"])
    #expect(try quick().fitted(to: more).predict(["ball goal"]) == ["sports"])
  }

  @Test func whatNothingCanBeLearnedFromIsSaid() {
    func refused(_ texts: LabeledTexts) -> String {
      do {
        _ = try quick().fitted(to: texts)
        return ""
      } catch { return "\(error)" }
    }
    let nine = (1...12).map { "text \($0)" }
    #expect(
      refused(LabeledTexts(nine, labels: nine.map { _ in 0 }, classes: ["a"]))
        == "one class only, a: there is nothing to tell apart")
    #expect(
      refused(LabeledTexts(nine, labels: nine.map { _ in 0 }, classes: ["a", "b"]))
        == "the class b has no text")
    #expect(
      refused(LabeledTexts(["a", "b"], labels: [0, 1], classes: ["a", "b"]))
        == "2 texts are too few to learn from; 10 are the least")
  }

  // MARK: Saved

  @Test func whatWasSavedSaysTheSame() throws {
    let scratch = Scratch(), model = try quick().fitted(to: topics(60, seed: 1))
    try model.write(to: scratch["a.safetensors"])
    let again = try TextClassifierModel(contentsOf: scratch["a.safetensors"])
    let texts = topics(20, seed: 9)
    #expect(again.predictProbabilities(texts.texts) == model.predictProbabilities(texts.texts))
    #expect(again.evaluate(texts).matrix == model.evaluate(texts).matrix)
  }

  @Test func anotherFileIsRefused() throws {
    struct Other: SavedModel {
      static let kind = "another.kind", version = 1
      var number = 1
    }
    let scratch = Scratch()
    try Other().write(to: scratch["a"])
    #expect(
      throws: SavedModelError(
        file: "a", problem: "holds a another.kind, not a unroll.text-classifier")
    ) { try TextClassifierModel(contentsOf: scratch["a"]) }
  }

  /// Cut short, bytes changed, numbers changed: refused, or read as a model that can be asked.
  @Test func damageIsRefusedOrHarmless() throws {
    let scratch = Scratch(), model = try quick().fitted(to: topics(20, seed: 1))
    try model.write(to: scratch["a"])
    let whole = try Data(contentsOf: scratch["a"])
    var generator = Generator(seed: 4), refused = 0
    func ask(_ data: Data) throws {
      try data.write(to: scratch["b"])
      do {
        let model = try TextClassifierModel(contentsOf: scratch["b"])
        #expect(model.predictProbabilities(["ball 山", "oven"]).count == 2)
      } catch { refused += 1 }
    }
    for _ in 0..<30 { try ask(whole.prefix(Int.random(in: 0..<whole.count, using: &generator))) }
    #expect(refused == 30)
    // The header, in which all but the weights stands.
    let header = whole.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    for _ in 0..<100 {
      var data = whole
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = 8 + Int.random(in: 0..<header, using: &generator)
        data[place] = "0123456789-.eE[]{},\"a".utf8.randomElement(using: &generator)!
      }
      try ask(data)
    }
    let text = String(decoding: whole[8..<8 + header], as: UTF8.self)
    let names = [
      "classes", "counts", "right", "validated", "weight", "share", "limit", "embeddingSize",
      "hiddenSize", "bias", "keys", "place", "form", "features", "method",
    ].joined(separator: "|")
    // Within the header the model's JSON is a string, so that its quotes are escaped.
    let numbers = text.matches(
      of: try Regex(
        #"(\\"(?:\#(names))\\":)(\[?)([^,\]}]+)"#,
        as: (Substring, Substring, Substring, Substring).self))
    #expect(numbers.count > 20)
    for match in numbers.prefix(60) {
      for value in ["-1", "7", "99999999", "1e30", "[]"] {
        let changed = text.replacingCharacters(
          in: match.range, with: "\(match.1)\(match.2)\(value)")
        let count = UInt64(changed.utf8.count)
        let size = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        try ask(Data(size) + Data(changed.utf8) + whole[(8 + header)...])
      }
    }
    #expect(refused > 200, "\(refused)")
  }
}
