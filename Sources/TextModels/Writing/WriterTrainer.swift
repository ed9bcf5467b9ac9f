import Arrays
import Autograd
import Foundation
import NN
import Optim
import Sequences
import Training

/// Learns to write from a text, for so many minutes or steps.
///
///     let trainer = WriterTrainer(.minutes(3))
///     let writer = try trainer.fitted(to: text, checkpoint: file)
///
/// The network is measured by the text to choose by every few steps; its best weights are kept, and
/// learning ends early when it only gets worse. That text also chooses how far back counting looks, and
/// what share counts have in what is foreseen. The text held out then says what all this is worth.
///
/// With a checkpoint a run that was interrupted, by Ctrl-C or by a power cut, goes on where it
/// was, to the same bits. A checkpoint of another text, seed or length is refused.
public struct WriterTrainer: Sendable {
  /// How long it may learn.
  public var length: WriterLength
  /// Nil: what suits the text's length.
  public var recipe: WriterRecipe?
  /// Where weights, dropout and the order of the text come from: the same seed, the same writer, if
  /// the length is in steps.
  public var seed: UInt64

  /// - Parameters:
  ///   - length: how long it may learn, in minutes or in steps.
  ///   - recipe: the network's size and how it learns; nil: what suits the text's length.
  ///   - seed: where weights, dropout and the order of the text come from.
  public init(_ length: WriterLength = .minutes(3), recipe: WriterRecipe? = nil, seed: UInt64 = 1) {
    (self.length, self.recipe, self.seed) = (length, recipe, seed)
  }

  /// Learns.
  ///
  /// - Parameters:
  ///   - text: what is learned from, chosen by and held out.
  ///   - checkpoint: where the run stands, written every ten seconds and on Ctrl-C, read if it is
  ///     there.
  ///   - deleteCheckpoint: whether it goes when all is done.
  ///   - progress: what is being done, and how far it has come, from 0 to 1.
  /// - Throws: `TrainingInterrupted` after Ctrl-C; what is wrong with the checkpoint.
  public func fitted(
    to text: CharacterText, checkpoint: URL? = nil, deleteCheckpoint: Bool = true,
    progress: @escaping (String, Double) -> Void = { _, _ in }
  ) throws -> TextWriter {
    checkLength()
    let recipe = recipe ?? WriterRecipe(characters: text.learned.count)
    let writer = try Generator.withDefault(seed: seed) {
      let network = NextCharacterNetwork(kinds: text.vocabulary.count, recipe)
      let learned = try learn(network, text, recipe, checkpoint, progress)
      progress("counting", 0)
      return judged(network, text, recipe, learned)
    }
    if let checkpoint, deleteCheckpoint { try? FileManager.default.removeItem(at: checkpoint) }
    return writer
  }

  /// Tells runs apart: 16 hexadecimal digits of the text, the recipe, the length and the seed.
  public func mark(of text: CharacterText) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a, by words
    func add(_ number: Int) {
      hash = (hash ^ UInt64(truncatingIfNeeded: number)) &* 0x100_0000_01B3
    }
    func add(_ text: String) { for byte in text.utf8 { add(Int(byte)) } }
    let recipe = recipe ?? WriterRecipe(characters: text.learned.count)
    add("\(recipe) \(length) \(seed)")
    for token in text.vocabulary.tokens { add(token + "\n") }
    for part in [text.learned, text.validation, text.heldOut] {
      add(part.count)
      for id in part { add(id) }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func checkLength() {
    switch length {
    case .minutes(let minutes) where !(minutes > 0 && minutes < .infinity):
      wrongUse("WriterTrainer: \(minutes) minutes")
    case .steps(let steps) where steps < 1: wrongUse("WriterTrainer: \(steps) steps")
    default: break
    }
  }

  // MARK: The network

  private func learn(
    _ network: NextCharacterNetwork, _ text: CharacterText, _ recipe: WriterRecipe,
    _ checkpoint: URL?, _ progress: @escaping (String, Double) -> Void
  ) throws -> (curve: [WriterPoint], steps: Int, bestStep: Int) {
    let characters = text.learned.count
    let optimizer = AdamW(
      network.parameters(), learningRate: recipe.learningRate, weightDecay: recipe.weightDecay)
    let trainer = Trainer<Indices, Indices>(
      network, optimizer: optimizer, loss: { crossEntropy($0, $1) }, clipNorm: 1,
      carrying: { ids, carried in
        // A checkpoint that someone has changed may bring a state of any shape.
        let shape = [1, ids.shape[1], recipe.hiddenSize]
        let (scores, state) = network(ids, carried.first { $0.shape == shape }.map { Tensor($0) })
        carried = [state.value]
        return scores
      })
    trainer.showsProgress = false
    // So much of the mark as a Double holds.
    let mark = Double(UInt64(mark(of: text), radix: 16)! >> 11)
    let schedule = WriterSchedule(
      length, round: recipe.round, mostSteps: recipe.mostSteps(characters: characters),
      learningRate: recipe.learningRate, mark: mark, progress: { progress("learning", $0) })
    let best = EarlyStopping(
      patience: recipe.patience(characters: characters), restoreBestWeights: true)
    var callbacks: [any Callback] = [schedule, best]
    if let checkpoint {
      callbacks.append(BackupAndRestore(checkpoint, everySeconds: 10, deleteCheckpoint: false))
    }
    let history = try trainer.fit(
      { _ in
        WriterBatches(
          ids: text.learned, batchSize: recipe.batchSize, stretch: recipe.stretch,
          steps: schedule.roundStart..<schedule.roundStart + recipe.round)
      }, epochs: .max, validation: validation(text, recipe), callbacks: callbacks)
    network.eval()
    guard let training = history["loss"], let validation = history["val_loss"] else {
      throw TrainingError.notACheckpoint(checkpoint ?? URL(fileURLWithPath: "."), "no losses in it")
    }
    let curve = history.epochs.map { round in
      WriterPoint(
        step: min((round + 1) * recipe.round, schedule.steps),
        training: training[round] / log(2), validation: validation[round] / log(2))
    }
    return (curve, schedule.steps, curve[min(best.bestEpoch, curve.count - 1)].step)
  }

  /// The beginning of the text to choose by, in as many rows as are read at once: enough to choose.
  private func validation(
    _ text: CharacterText, _ recipe: WriterRecipe
  ) -> [(inputs: Indices, targets: Indices)] {
    let ids = Array(text.validation.prefix(10_000))
    let rows = max(1, min(recipe.batchSize, ids.count / 100))
    let length = (ids.count - 1) / rows
    let ring = WriterBatches(
      ids: Array(ids.prefix(rows * length + 1)), batchSize: rows, stretch: length, steps: 0..<1)
    return Array(ring)
  }

  // MARK: Counting, and both together

  private func judged(
    _ network: NextCharacterNetwork, _ text: CharacterText, _ recipe: WriterRecipe,
    _ learned: (curve: [WriterPoint], steps: Int, bestStep: Int)
  ) -> TextWriter {
    let kinds = text.vocabulary.count
    let counts = NGramCounts(text.learned, order: 8, classes: kinds)
    let choosing = Array(text.validation.prefix(30_000))
    let order = counts.bestOrder(for: choosing)
    // What writes may count less than all (`TextWriter.counted`).
    let own = TextWriter.counted(of: text)
    let kept =
      own.count == text.learned.count ? counts : NGramCounts(own, order: order, classes: kinds)
    func foreseen(_ ids: [Int]) -> (network: [Double], counting: [Double]) {
      (
        network.probabilities(of: ids, rows: max(1, min(32, ids.count / 500))),
        Array(kept.probabilities(of: ids, order: order).dropFirst())
      )
    }
    func together(_ part: (network: [Double], counting: [Double]), _ share: Double) -> Double {
      meanBits(zip(part.network, part.counting).map { (1 - share) * $0 + share * $1 })
    }
    let known = foreseen(choosing)
    let shares = (0...10).map { Double($0) / 10 }.map { ($0, together(known, $0)) }
    let share = shares.min { $0.1 < $1.1 }!.0
    let heldOut = foreseen(text.heldOut)
    let unknown = text.heldOut.count { $0 == text.vocabulary.number(of: .unknown) }
    let scores = WriterScores(
      bitsPerCharacter: together(heldOut, share), network: meanBits(heldOut.network),
      counting: meanBits(Array(counts.probabilities(of: text.heldOut, order: order).dropFirst())),
      countingOrder: order, countingShare: share, steps: learned.steps,
      bestStep: learned.bestStep, unknownShare: Double(unknown) / Double(text.heldOut.count))
    return TextWriter(network, text, recipe: recipe, scores: scores, curve: learned.curve)
  }
}
