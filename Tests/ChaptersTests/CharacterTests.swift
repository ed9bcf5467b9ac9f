import Foundation
import Modules
import TestSupport
import Testing
import Unroll

// What chapter 5 computes itself for its language models.

/// Numbers below `classes` in which nothing can be foreseen.
private func noise(_ count: Int, of classes: Int, seed: UInt64) -> [Int] {
  let generator = Generator(seed: seed)
  return (0..<count).map { _ in Int(generator.uniform() * Double(classes)) }
}

@Suite(.serialized) struct CharacterTests {
  init() { Generator.default.seed(3) }

  /// The text told on with a carried state is the one that reading it all anew each time gives.
  @Test(arguments: [CharacterNetwork.rnn, .gru, .lstm, .deepLSTM])
  func continuation(_ network: CharacterNetwork) {
    let model = CharacterModel(network, classes: 6, hiddenSize: 12)
    var told = [1, 4, 2]
    for _ in 0..<20 {
      let scores = noGrad { model(Indices(told).reshaped([told.count, 1])).0 }
      told.append(scores.value[-1].argmax(axis: 0).values[0])
    }
    #expect(model.continued([1, 4, 2], by: 20) == told)
    #expect(model.continued([1, 4, 2], by: 0) == [1, 4, 2])
    #expect(model.isTraining, "asking leaves the model as it was")
  }

  /// Something that must be learned: after 0 1 2 3 comes 0 again.
  @Test func learnsAndContinuesACycle() {
    let ids = (0..<3_000).map { $0 % 4 }
    let model = CharacterModel(.gru, classes: 4, hiddenSize: 16)
    let run = train(model, on: ids, epochs: 12)
    #expect(run.perplexities.count == 12 && run.steps == 12 * 2)
    #expect(run.perplexities[0] > 2)
    #expect(run.perplexities[11] < 1.5)
    #expect(run.best.perplexity == run.perplexities.min())
    #expect(run.perplexities[run.best.epoch - 1] == run.best.perplexity)
    #expect(model.continued([0, 1, 2, 3, 0], by: 7) == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
  }

  /// All is forgotten after the tenth epoch, and two more don't bring it back.
  @Test func keepsTheBestEpoch() {
    let ids = (0..<3_000).map { $0 % 4 }
    let model = CharacterModel(.gru, classes: 4, hiddenSize: 16)
    var tenth = 0.0
    let run = train(model, on: ids, epochs: 12) { epoch, _ in
      guard epoch == 10 else { return }
      tenth = model.perplexity(ids)
      for parameter in model.parameters() { parameter.value = .zeros(parameter.shape) }
    }
    #expect(run.best.epoch == 10 && run.perplexities[11] > run.best.perplexity)
    #expect(model.perplexity(ids) == tenth)
  }

  @Test func perplexityInOnePieceAndInStretches() {
    let model = CharacterModel(.lstm, classes: 5, hiddenSize: 8)
    let ids = noise(41, of: 5, seed: 1)
    let all = model.probabilities(ids)
    #expect(all.count == 40 && all.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(abs(model.perplexity(ids) - meanPerplexity(of: all)) < 1e-5)
    // Stretches of ten know nothing of each other; the last character is only asked for.
    let parts = stride(from: 0, to: 40, by: 10).flatMap {
      model.probabilities(Array(ids[$0...$0 + 10]))
    }
    #expect(abs(model.perplexity(ids, steps: 10) - meanPerplexity(of: parts)) < 1e-5)
    #expect(abs(meanPerplexity(of: parts) - meanPerplexity(of: all)) > 1e-6)
    // One forecast for each stretch.
    let lasts = stride(from: 0, to: 31, by: 7).map {
      model.probabilities(Array(ids[$0...$0 + 10])).last!
    }
    let outOfView = model.perplexityOutOfView(ids, steps: 10, every: 7)
    #expect(abs(outOfView - meanPerplexity(of: lasts)) < 1e-5)
  }

  /// In noise nothing can be foreseen. The network that reads from both ends is far below the number
  /// of characters there all the same, on text that it has never seen; without the answer in view it
  /// is not. One that reads forward only never is.
  @Test func theCheatIsCaught() {
    let classes = 8
    let learned = noise(3_500, of: classes, seed: 5), unseen = noise(1_500, of: classes, seed: 6)
    let cheat = CharacterModel(.bidirectionalLSTM, classes: classes, hiddenSize: 16)
    _ = train(cheat, on: learned, epochs: 200)
    let even = Double(classes)
    #expect(cheat.perplexity(unseen, steps: 35) < even / 2)
    #expect(cheat.perplexityOutOfView(unseen, steps: 35, every: 10) > even * 0.95)
    let honest = CharacterModel(.rnn, classes: classes, hiddenSize: 16)
    _ = train(honest, on: learned, epochs: 20)
    #expect(honest.perplexity(unseen, steps: 35) > even * 0.95)
  }

  @Test func brakesKeepTheBestWeights() {
    let ids = noise(2_400, of: 4, seed: 8), validation = noise(400, of: 4, seed: 9)
    let model = CharacterModel(.gru, classes: 4, hiddenSize: 24)
    var epochs = 0
    let run = trainWithBrakes(
      model, on: ids, validation: validation, epochs: 40, patience: 3
    ) { epochs = $0 }
    let best = run.validation.indices.min { run.validation[$0] < run.validation[$1] }!
    // Noise can only be learned by heart, so it must have stopped, three epochs after the best.
    #expect(run.validation.count == best + 4 && epochs == best + 4 && epochs < 40)
    #expect(run.perplexities.count == epochs)
    #expect(abs(model.perplexity(validation) - run.validation[best]) < 1e-9)
  }

  @Test func countingByHand() {
    // In 0 1 0 1 0 0: four zeros and two ones; after 0 come 1, 1, 0; after 1 comes 0, twice.
    let ids = [0, 1, 0, 1, 0, 0], classes = 2
    // Witten and Bell: (count + kinds · shorter) / (total + kinds), ending at an even guess.
    let zero = (4 + 2 * 0.5) / 8, one = (2 + 2 * 0.5) / 8
    let single = countingProbabilities(order: 1, ids, on: [1, 0, 1], classes: classes)
    #expect(zip(single, [zero, one]).allSatisfy { abs($0 - $1) < 1e-12 })
    let pairs = countingProbabilities(order: 2, ids, on: [0, 1, 0], classes: classes)
    let expected = [(2 + 2 * one) / (3 + 2), (2 + 1 * zero) / (2 + 1)]
    #expect(zip(pairs, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(abs(meanPerplexity(of: [0.5, 0.125]) - 4) < 1e-12)
  }

  /// With as many kinds as characters a row for every kind would take n² numbers: 8 GB here.
  @Test func countingManyKindsTakesWhatTheTextTakes() {
    func seconds(_ count: Int) -> Double {
      let ids = Generator(seed: 1).permutation(count)
      let clock = ContinuousClock()
      return (0..<3).map { _ in
        clock.measure {
          _ = countingProbabilities(order: 4, ids, on: ids, classes: count)
        } / .seconds(1)
      }.min()!
    }
    // Eightfold text: eightfold time, and somewhat more once the tables outgrow the caches; 64-fold
    // if it were quadratic.
    let ratio = seconds(128_000) / seconds(16_000)
    #expect(ratio < 40, "\(ratio)")
  }

  /// A valid text of 15,000 different letters, with each kind of line ends.
  @Test(arguments: ["\n", "\r", "\r\n"])
  func aTextOfManyKindsIsLearnedByItsMostFrequent(end: String) throws {
    let scratch = Scratch(), folder = scratch.url
    let letters = (0x4E00..<0x4E00 + 15_000).map { String(Unicode.Scalar($0)!) }
    let text = letters.joined() + end + "一一丁"
    try Data(text.utf8).write(to: folder.appendingPathComponent("timemachine.txt"))
    let read = try CharacterText(data: folder)
    #expect(read.classes == CharacterText.mostClasses + 1 && read.all.count == 15_004)
    #expect(read.all.suffix(4) == [read.all[15_000], 1, 1, 2] && read.all[0] == 1)
    #expect(read.all.allSatisfy { $0 < read.classes })
    try Data([0x61, 0xFF]).write(to: folder.appendingPathComponent("timemachine.txt"))
    let error = #expect(throws: CharacterText.TextError.self) { try CharacterText(data: folder) }
    #expect(error?.description.hasPrefix(folder.path) == true)
  }

  @Test(arguments: 1...4)
  func countedProbabilitiesSumToOne(_ order: Int) {
    let ids = noise(300, of: 5, seed: 2)
    let context = [3, 1, 4, 2]
    let sum = (0..<5).map { next in
      countingProbabilities(order: order, ids, on: context + [next], classes: 5).last!
    }.reduce(0, +)
    #expect(abs(sum - 1) < 1e-9)
  }

  /// For an LSTM of 256 on 28 characters by hand: 1120 rows, four gates, forward and twice backward
  /// through the state's matrix; the output layer.
  @Test func operationsByHand() {
    let lstm = 2 * 1120 * (4 * 256 * 3 * 256 + 3 * 256 * 28)
    #expect(trainingOperations(.lstm, classes: 28) == lstm)
    let above = 2 * 1120 * 4 * 256 * (3 * 256 + 3 * 256)
    #expect(trainingOperations(.deepLSTM, classes: 28) == lstm + above)
    #expect(trainingOperations(.gru, classes: 28) < lstm)
  }
}
