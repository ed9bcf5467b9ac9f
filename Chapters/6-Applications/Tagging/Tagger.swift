import Unroll

/// Words as the network reads them: by a number for each word that it knows, and by their
/// characters.
package struct WordReader: Sendable {
  package let words, characters: Vocabulary

  package init(_ sentences: [TaggedSentence]) {
    words = Vocabulary(
      counting: sentences.flatMap(\.words).map { $0.lowercased() }, minimumFrequency: 3)
    characters = Vocabulary(
      counting: sentences.flatMap(\.words).flatMap { $0.map(String.init) })
  }
}

/// A tagger for words (Lample et al. 2016): each word is its vector and what an LSTM makes of its
/// characters from both ends; an LSTM reads the sentence so from both ends, and gives every tag a
/// score at every word. What becomes of the scores is the question: each word's best tag for itself,
/// or the best sequence, by a conditional random field.
package final class Tagger: Module {
  let reader: WordReader
  let word, character: Embedding
  let spelling, context: LSTM
  let dropout = Dropout(0.5)
  let output: Linear
  package let crf: LinearChainCRF?

  package init(_ reader: WordReader, crf hasCRF: Bool) {
    self.reader = reader
    word = Embedding(reader.words.count, 24)
    character = Embedding(reader.characters.count, 12)
    spelling = LSTM(inputSize: 12, hiddenSize: 16, bidirectional: true)
    context = LSTM(inputSize: 24 + 2 * 16, hiddenSize: 40, bidirectional: true)
    output = Linear(2 * 40, Sentences.tags.count)
    crf = hasCRF ? LinearChainCRF(Sentences.tags.count) : nil
  }

  /// Scores of all tags `[time, batch, tags]`; what lies beyond a sentence's end means nothing.
  package func scores(_ sentences: [[String]]) -> Tensor {
    // Each different word is spelled once.
    let known = Array(Set(sentences.joined())).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(known, known.indices))
    let spelled = known.map { reader.characters.encode($0.map(String.init)) }
    let letters = packPaddedSequence(
      character(padSequence(spelled)), lengths: spelled.map(\.count))
    let ends = spelling(letters).state.h_n  // [2, words, 16]
    let spellings = Tensor.concatenate([ends[0], ends[1]], axis: 1)

    let lengths = sentences.map(\.count)
    let numbers = padSequence(sentences.map { $0.map { number($0) } })
    let rows = padSequence(sentences.map { $0.map { places[$0]! } })
    let read = Tensor.concatenate([word(numbers), spellings.take(rows)], axis: 2)
    let packed = context(packPaddedSequence(dropout(read), lengths: lengths)).output
    return output(dropout(padPackedSequence(packed).output))
  }

  /// The number of a word. In training every other word with a capital counts as unknown, since in
  /// the test most of these will be, and one in ten of the others: then spelling and neighbors have
  /// to do.
  private func number(_ word: String) -> Int {
    let hidden = isTraining ? (word.first!.isUppercase ? 0.5 : 0.1) : 0
    let isHidden = hidden > 0 && Generator.default.uniform() < hidden
    return isHidden ? 0 : reader.words.number(of: word.lowercased())!
  }

  /// The loss of sentences: per word without the CRF, per sentence with it.
  package func loss(_ sentences: [TaggedSentence]) -> Tensor {
    let scores = scores(sentences.map(\.words))
    let tags = sentences.map { $0.tags.map { Sentences.tags.firstIndex(of: $0)! } }
    if let crf {
      return crf.loss(scores, padSequence(tags), lengths: tags.map(\.count))
    }
    let flat = padSequence(tags, value: -100)
    return crossEntropy(
      scores.reshaped([flat.count, Sentences.tags.count]), flat.reshaped([flat.count]))
  }

  /// The tags of sentences.
  package func tags(_ sentences: [[String]]) -> [[String]] {
    inEvaluation {
      var found = sentences.map { _ in [String]() }
      for batch in lengthBuckets(sentences.map(\.count), batchSize: 64) {
        let scores = scores(batch.map { sentences[$0] })
        let lengths = batch.map { sentences[$0].count }
        let best =
          crf?.decode(scores, lengths: lengths).map(\.tags)
          ?? {
            let places = scores.argmax(axis: 2).values
            return lengths.enumerated().map { row, length in
              (0..<length).map { places[$0 * lengths.count + row] }
            }
          }()
        for (place, tags) in zip(batch, best) { found[place] = tags.map { Sentences.tags[$0] } }
      }
      return found
    }
  }
}

extension LinearChainCRF {
  /// Tells it what it had to find out: nothing continues that has not begun.
  package func forbidImpossible() {
    let pairs = Sentences.tags.flatMap { from in
      Sentences.tags.map { impossibleSteps([from, $0]) > impossibleSteps([from]) ? -100.0 : 0 }
    }
    let starts = Sentences.tags.map { -100.0 * Double(impossibleSteps([$0])) }
    transitions.value = transitions.value + NDArray(pairs, shape: [tags, tags])
    start_transitions.value = start_transitions.value + NDArray(starts)
  }
}

/// The same network with either end.
final class TaggerPair: Module {
  let plain, withCRF: Tagger

  init(_ reader: WordReader) {
    plain = Tagger(reader, crf: false)
    withCRF = Tagger(reader, crf: true)
  }

  var taggers: [Tagger] { [plain, withCRF] }

  /// How well both do, and the second once more with impossible pairs ruled out.
  func scores(_ data: TaggingData) throws -> [TaggingScore] {
    let learned = stateDict()
    var scores = taggers.map { tagger in TaggingScore(data) { tagger.tags($0) } }
    withCRF.crf!.forbidImpossible()
    scores.append(TaggingScore(data) { withCRF.tags($0) })
    try loadStateDict(learned)
    return scores
  }
}

/// Adam over batches of similar length, the rate falling to nothing.
package func train(
  _ model: Tagger, on sentences: [TaggedSentence], epochs: Int,
  each: (_ done: Int, _ total: Int) -> Void
) {
  let batchSize = 32
  let total = epochs * ((sentences.count + batchSize - 1) / batchSize)
  let optimizer = Adam(model.parameters(), learningRate: 0.01)
  let schedule = OneCycleLR(optimizer, maxLR: 0.01, totalSteps: total, warmUp: 0.1)
  var done = 0
  for _ in 0..<epochs {
    let lengths = sentences.map(\.words.count)
    for places in lengthBuckets(lengths, batchSize: batchSize, generator: .default) {
      optimizer.zeroGrad()
      model.loss(places.map { sentences[$0] }).backward()
      clipGradNorm(optimizer.parameters, maxNorm: 5)
      optimizer.step()
      done += 1
      if done < total { schedule.step() }
      each(done, total)
    }
  }
}
