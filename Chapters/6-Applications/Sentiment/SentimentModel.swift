import Unroll

/// Words in, a score for blame and one for praise out, after the last word.
package final class SentenceReader: Module {
  let embedding: Embedding
  let lstm: LSTM
  let dropout: Dropout
  let output: Linear

  package init(words: Int, embeddingSize: Int, hiddenSize: Int, dropout share: Double = 0) {
    embedding = Embedding(words, embeddingSize)
    lstm = LSTM(inputSize: embeddingSize, hiddenSize: hiddenSize)
    dropout = Dropout(share)
    output = Linear(hiddenSize, 2)
  }

  /// Sentences as numbers `[time, batch]`, padded; scores `[batch, 2]`.
  package func callAsFunction(_ sentences: PaddedBatch<Indices, Indices>) -> Tensor {
    let vectors = dropout(embedding(sentences.inputs))
    let last = lstm(packPaddedSequence(vectors, lengths: sentences.lengths)).state.h_n[0]
    return output(dropout(last))
  }

  /// What it would answer after each word of one sentence: the probability of praise.
  func praiseWordByWord(_ words: [Int]) -> [Double] {
    noGrad {
      let vectors = embedding(Indices(words).reshaped([words.count, 1]))
      let scores = output(lstm(vectors).output.reshaped([words.count, lstm.hiddenSize]))
      return scores.value.softmax(axis: 1).narrow(axis: 1, start: 1, length: 1).doubles
    }
  }

  /// The class of each sentence; dropout lets all pass after `eval()`.
  func predict(_ sentences: LabeledTokens) -> [Int] {
    let batches = DataLoader(sentences, batchSize: 256)
    return noGrad { batches.flatMap { self($0).value.argmax(axis: 1).values } }
  }
}

/// Adam over batches of 64 sentences of like length. With sentences to validate on, the weights of
/// the best epoch are put back.
func train(
  _ model: SentenceReader, on sentences: LabeledTokens, validation: LabeledTokens? = nil,
  epochs: Int, learningRate: Double, progress: (Int, Int) -> Void
) throws {
  let batches = DataLoader(sentences, batchSize: 64, lengths: sentences.lengths, shuffle: true)
  let optimizer = Adam(model.parameters(), learningRate: learningRate)
  var best = (right: -1, weights: model.stateDict())
  for epoch in 0..<epochs {
    for batch in batches {
      optimizer.zeroGrad()
      crossEntropy(model(batch), batch.targets).backward()
      clipGradNorm(optimizer.parameters, maxNorm: 1)
      optimizer.step()
    }
    progress(epoch + 1, epochs)
    guard let validation else { continue }
    model.eval()
    let right = zip(model.predict(validation), validation.labels).count { $0 == $1 }
    model.train()
    if right > best.right { best = (right, model.stateDict()) }
  }
  if validation != nil { try model.loadStateDict(best.weights) }
}
