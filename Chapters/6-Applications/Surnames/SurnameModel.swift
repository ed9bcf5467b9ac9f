import Unroll

/// Letters in, a score for each language out, after the last letter.
package final class SurnameReader: Module {
  let gru: GRU
  let dropout = Dropout(0.3)
  let output: Linear
  let letters: Int

  /// - Parameter letters: how many letters have a number.
  package init(letters: Int, languages: Int, hiddenSize: Int = 128) {
    self.letters = letters
    gru = GRU(inputSize: letters, hiddenSize: hiddenSize)
    output = Linear(hiddenSize, languages)
  }

  /// Names as numbers `[time, batch]`, padded; scores `[batch, languages]`.
  package func callAsFunction(_ names: PaddedBatch<Indices, Indices>) -> Tensor {
    let oneHot = Tensor(.oneHot(names.inputs, classes: letters))
    return output(dropout(gru(packPaddedSequence(oneHot, lengths: names.lengths)).h_n[0]))
  }

  /// Scores of many names `[names, languages]`.
  func scores(_ names: LabeledTokens) -> NDArray {
    let batches = DataLoader(names, batchSize: 256)
    return noGrad { .concatenate(batches.map { self($0).value }) }
  }
}

/// Over and over through the names, in batches of 32 of like length.
func train(
  _ model: SurnameReader, on names: LabeledTokens, epochs: Int, progress: (Int, Int) -> Void
) {
  let batches = DataLoader(names, batchSize: 32, lengths: names.lengths, shuffle: true)
  let optimizer = AdamW(model.parameters())
  let schedule = OneCycleLR(optimizer, maxLR: 0.004, totalSteps: epochs * batches.count)
  for epoch in 0..<epochs {
    for batch in batches {
      optimizer.zeroGrad()
      crossEntropy(model(batch), batch.targets).backward()
      clipGradNorm(optimizer.parameters, maxNorm: 1)
      optimizer.step()
      schedule.step()
    }
    progress(epoch + 1, epochs)
  }
}
