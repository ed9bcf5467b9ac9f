import Unroll

/// Reads a spectrogram in both directions and says at every 32 ms which digit it hears: class 0 is
/// the blank, class d + 1 the digit d.
package final class Recognizer: Module {
  let layer: GRU
  let output: Linear
  package static let bands = 24

  package init(hiddenSize: Int = 48) {
    layer = GRU(inputSize: 2 * Self.bands, hiddenSize: hiddenSize, bidirectional: true)
    output = Linear(2 * hiddenSize, 11)
  }

  /// Pictures `[time, 24]`; log-probabilities `[steps, batch, 11]`, two rows of a picture a step, and
  /// the steps of each.
  package func callAsFunction(_ pictures: [NDArray]) -> (Tensor, lengths: [Int]) {
    let halves = pictures.map { picture in
      let steps = picture.shape[0] / 2
      return Tensor(picture.narrow(axis: 0, start: 0, length: 2 * steps))
        .reshaped([steps, 2 * Self.bands])
    }
    let lengths = halves.map { $0.shape[0] }
    let packed = packPaddedSequence(padSequence(halves), lengths: lengths)
    let (states, _) = padPackedSequence(layer(packed).output)
    return (output(states).logSoftmax(axis: 2), lengths)
  }

  /// Log-probabilities `[steps, 11]` of each picture.
  package func heard(in pictures: [NDArray]) -> [NDArray] {
    stride(from: 0, to: pictures.count, by: 50).flatMap { start -> [NDArray] in
      let some = Array(pictures[start..<min(start + 50, pictures.count)])
      let (logP, lengths) = noGrad { self(some) }
      return lengths.enumerated().map { place, length in
        logP.value.select(axis: 1, index: place).narrow(axis: 0, start: 0, length: length)
      }
    }
  }
}

/// Trains without being told when a digit is said: the CTC loss sums over all ways that it may be.
package func train(
  _ model: Recognizer, on set: SpeechSet, epochs: Int, each: (_ done: Int, _ total: Int) -> Void
) {
  let batchSize = 16, perEpoch = set.pictures.count / batchSize
  let optimizer = Adam(model.parameters(), learningRate: 0.006)
  let schedule = OneCycleLR(optimizer, maxLR: 0.006, totalSteps: epochs * perEpoch)
  for epoch in 0..<epochs {
    let order = Generator.default.permutation(set.pictures.count)
    for batch in 0..<perEpoch {
      let places = Array(order[batch * batchSize..<(batch + 1) * batchSize])
      let labels = places.map { set.utterances[$0].digits.map { $0 + 1 } }
      let longest = labels.map(\.count).max()!
      let targets = Indices(labels.map { $0 + Array(repeating: 0, count: longest - $0.count) })
      optimizer.zeroGrad()
      let (logP, lengths) = model(places.map { set.pictures[$0] })
      let loss = ctcLoss(
        logP, targets, inputLengths: lengths, targetLengths: labels.map(\.count))
      loss.backward()
      clipGradNorm(optimizer.parameters, maxNorm: 1)
      optimizer.step()
      schedule.step()
      each(epoch * perEpoch + batch + 1, epochs * perEpoch)
    }
  }
}

/// Digits by the likeliest class of every step.
package func greedyDigits(_ logP: NDArray) -> [Int] {
  ctcGreedyDecode(logP.unsqueezed(1))[0].map { $0 - 1 }
}

/// Digits by the best eight beginnings.
package func beamDigits(_ logP: NDArray) -> [Int] {
  (ctcBeamDecode(logP, width: 8).first?.labels ?? []).map { $0 - 1 }
}
