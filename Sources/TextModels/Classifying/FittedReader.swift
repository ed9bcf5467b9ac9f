import Autograd
import Foundation
import NN
import Optim
import Sequences
import Training

/// Trained networks, one for each part of the training texts that was left out for validation; their
/// mean log-probabilities are what they say.
public struct FittedReader: Codable, Sendable {
  /// Whether the networks read characters or words.
  public let form: TextForm
  /// The tokens that have a number.
  public let vocabulary: Vocabulary
  /// How many tokens of a text are read.
  public let limit: Int
  /// Numbers in a token's vector, in the GRU's state in each direction, and classes.
  public let embeddingSize, hiddenSize, classes: Int
  /// Each network's weights by name, as `TextReader` has them.
  let networks: [[StoredArray]]

  /// The networks, in evaluation.
  ///
  /// - Throws: `StateError` where the weights are not such a network's.
  public func readers() throws -> [TextReader] {
    try networks.map { weights in
      let reader = TextReader(
        tokens: vocabulary.count, classes: classes, embeddingSize: embeddingSize,
        hiddenSize: hiddenSize, generator: Generator(seed: 0))
      var state = StateDict()
      for weight in weights { state[weight.name] = weight.array }
      try reader.loadStateDict(state)
      reader.eval()
      return reader
    }
  }

  /// The numbers of a text's tokens.
  public func encode(_ text: String) -> [Int] {
    vocabulary.encode(form.tokens(of: text, atMost: limit))
  }

  /// Log-probabilities of each text's classes.
  func scores(_ texts: [String], _ readers: [TextReader]) -> [[Double]] {
    let tokens = texts.map(encode)
    let each = readers.map { $0.logProbabilities(tokens) }
    return texts.indices.map { text in
      (0..<classes).map { label in
        each.reduce(0) { $0 + $1[text][label] } / Double(each.count)
      }
    }
  }

  /// Judged before a network of these sizes is made.
  func check() throws {
    let sizes = [
      "embedding.weight": [vocabulary.count, embeddingSize],
      "gru.weight_hh_l0": [3 * hiddenSize, hiddenSize],
      "output.bias": [classes],
    ]
    guard vocabulary.number(of: .unknown) != nil, (1...100_000).contains(limit),
      (1...4096).contains(embeddingSize), (1...4096).contains(hiddenSize), !networks.isEmpty,
      networks.allSatisfy({ network in
        sizes.allSatisfy { name, shape in
          network.contains { $0.name == name && $0.array.shape == shape }
        } && Set(network.map(\.name)).count == network.count
          && network.allSatisfy { $0.array.dtype == .float32 && $0.array.isAllFinite }
      })
    else { throw SavedModelError(file: "", problem: "is damaged: no network has such weights") }
    _ = try readers()
  }
}

extension NDArray {
  var isAllFinite: Bool { floats.allSatisfy(\.isFinite) }
}

extension TextReader {
  /// Log-probabilities of each text's classes, computed in batches of like lengths.
  func logProbabilities(_ texts: [[Int]]) -> [[Double]] {
    var all = [[Double]](repeating: [], count: texts.count)
    let classes = output.outputSize
    inEvaluation {
      for places in lengthBuckets(texts.map(\.count), batchSize: 128) {
        let batch = LabeledTokens(texts, labels: texts.map { _ in 0 }).batch(places)
        let rows = noGrad {
          self(batch.inputs, lengths: batch.lengths).value.logSoftmax(axis: 1).doubles
        }
        for (row, place) in places.enumerated() {
          all[place] = Array(rows[row * classes..<(row + 1) * classes])
        }
      }
    }
    return all
  }
}

/// How a network is trained on some of the texts and validated on others.
struct ReaderRecipe: Sendable {
  var form: TextForm
  var limit: Int
  var embeddingSize: Int, hiddenSize: Int
  var dropout = 0.3
  /// Tokens that are read in training, at most: what it may cost.
  var budget: Int
  var seed: UInt64

  /// The vocabulary of the training texts: a token that comes once is as unknown as one that never
  /// came, and so the network learns what to make of it.
  func vocabulary(_ texts: [String]) -> Vocabulary {
    Vocabulary(
      counting: texts.lazy.flatMap { form.tokens(of: $0, atMost: limit) }, minimumFrequency: 2,
      maxTokens: 10_000)
  }

  /// - Returns: what was learned after each epoch, until the loss on the validation texts has long been
  ///   higher than it was.
  func trained(
    _ tokens: [[Int]], _ labels: [Int], training: [Int], validation: [Int], vocabularySize: Int,
    classes: Int, progress: (Double) -> Void
  ) -> [TrainedEpoch] {
    let generator = Generator(seed: seed)
    let reader = TextReader(
      tokens: vocabularySize, classes: classes, embeddingSize: embeddingSize,
      hiddenSize: hiddenSize, dropout: dropout, generator: generator)
    // Thousands of words have few examples each: those begin near nothing, and go where they must.
    if form == .words { reader.embedding.weight.value = reader.embedding.weight.value * 0.1 }
    let held = validation.map { tokens[$0] }, truth = validation.map { labels[$0] }

    let cost = training.reduce(0) { $0 + tokens[$1].count }
    let epochs = min(max(budget / max(1, cost), 6), 24)
    // An epoch of more than its share of the budget takes so many of the texts, others every time.
    let size = max(1, min(training.count, training.count * budget / max(1, cost * epochs)))
    let batchSize = size < 400 ? 8 : size < 4000 ? 16 : 32
    let steps = (size + batchSize - 1) / batchSize * epochs
    let optimizer = AdamW(reader.parameters(), learningRate: 0.004, weightDecay: 0.01)
    let schedule = OneCycleLR(optimizer, maxLR: 0.004, totalSteps: max(steps, 4))
    var past: [TrainedEpoch] = []
    for epoch in 0..<epochs {
      let order = generator.permutation(training.count).prefix(size).map { training[$0] }
      let set = LabeledTokens(order.map { tokens[$0] }, labels: order.map { labels[$0] })
      let batches = DataLoader(
        set, batchSize: batchSize, lengths: set.lengths, shuffle: true, generator: generator)
      for (number, batch) in batches.enumerated() {
        optimizer.zeroGrad()
        crossEntropy(reader(batch.inputs, lengths: batch.lengths), batch.targets).backward()
        clipGradNorm(optimizer.parameters, maxNorm: 1)
        optimizer.step()
        schedule.step()
        if number % 8 == 0 {
          let share = Double(number) / Double(batches.count)
          progress((Double(epoch) + share) / Double(epochs))
        }
      }
      let scores = reader.logProbabilities(held)
      past.append(
        TrainedEpoch(
          loss: meanLoss(scores, truth), weights: reader.stateDict(), scores: scores))
      if epoch - past.map(\.loss).leastPlace > max(8, epochs / 2) { break }
    }
    progress(1)
    return past
  }
}

/// A network after an epoch.
struct TrainedEpoch: Sendable {
  /// Of the validation texts.
  let loss: Double
  let weights: StateDict
  /// Log-probabilities of the validation texts.
  let scores: [[Double]]
}

/// The mean of −log p(truth), for rows of log-probabilities.
func meanLoss(_ logProbabilities: [[Double]], _ truth: [Int]) -> Double {
  zip(logProbabilities, truth).reduce(0) { $0 - $1.0[$1.1] } / Double(max(1, truth.count))
}
