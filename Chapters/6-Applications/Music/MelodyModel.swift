import Unroll

/// Tones in, scores for the next tone out. It is told neither the key nor where the bars begin.
package final class MelodyModel: Module {
  let embedding: Embedding
  let layer: LSTM
  let output: Linear

  package init(hiddenSize: Int = 96) {
    embedding = Embedding(ToneCode.count, 32)
    layer = LSTM(inputSize: 32, hiddenSize: hiddenSize)
    output = Linear(hiddenSize, ToneCode.count)
  }

  /// Tones `[time, batch]`; scores `[time, batch, tones]`, and the state to go on from.
  package func callAsFunction(
    _ tones: Indices, _ state: (Tensor, Tensor)? = nil
  ) -> (Tensor, state: (Tensor, Tensor)) {
    let (states, last) = layer(embedding(tones), state)
    return (output(states), (last.h_n, last.c_n))
  }
}

/// Melodies one under the other, `[time, batch]`, and what comes next: −100, which the loss passes
/// over, where a shorter one has ended.
package func batch(_ melodies: [[Int]]) -> (inputs: Indices, targets: Indices) {
  let steps = melodies.map(\.count).max()! - 1
  func cut(_ shift: Int, _ padding: Int) -> Indices {
    Indices(
      (0..<steps).flatMap { time in
        melodies.map { $0.indices.contains(time + 1) ? $0[time + shift] : padding }
      }, shape: [steps, melodies.count])
  }
  return (cut(0, 0), cut(1, -100))
}

/// Trains on melodies that are made as they are needed: none comes twice.
package func train(
  _ model: MelodyModel, steps: Int, each: (_ done: Int, _ total: Int) -> Void
) {
  let optimizer = Adam(model.parameters(), learningRate: 0.01)
  let schedule = OneCycleLR(optimizer, maxLR: 0.01, totalSteps: steps)
  for step in 1...steps {
    let (inputs, targets) = batch(
      (0..<32).map { _ in Melody(generator: .default).tones.map(ToneCode.number) })
    optimizer.zeroGrad()
    let scores = model(inputs).0.reshaped([inputs.count, ToneCode.count])
    let loss = crossEntropy(scores, targets.reshaped([targets.count]))
    loss.backward()
    clipGradNorm(optimizer.parameters, maxNorm: 1)
    optimizer.step()
    schedule.step()
    each(step, steps)
  }
}

/// A melody continued to eight bars (or just past them): `next` gives the probabilities of what
/// follows the tones so far.
package func continued(
  _ given: [Tone], generator: Generator, next: ([Int]) -> [Double]
) -> [Tone] {
  var tones = given
  var length = given.reduce(0) { $0 + $1.duration }
  while length < Double(Melody.bars) * Melody.beats {
    var left = generator.uniform()
    let probabilities = next(tones.map(ToneCode.number))
    let number =
      probabilities.firstIndex {
        left -= $0
        return left < 0
      } ?? probabilities.indices.max { probabilities[$0] < probabilities[$1] }!
    tones.append(ToneCode.tone(number))
    length += tones.last!.duration
  }
  return tones
}

extension MelodyModel {
  /// The probabilities of what follows, each call reading one tone more.
  package func reader() -> ([Int]) -> [Double] {
    var state: (Tensor, Tensor)?, read = 0
    return { numbers in
      let new = Array(numbers[read...])
      read = numbers.count
      let (scores, last) = noGrad { self(Indices(new).reshaped([new.count, 1]), state) }
      state = last
      return scores.value[-1].reshaped([ToneCode.count]).softmax().doubles
    }
  }
}

/// How many of a continuation's tones belong to the key, and how many keep within their bar, as all
/// of the grammar's do.
package struct MelodyScore: Sendable {
  package private(set) var inKey = 0, inRhythm = 0, count = 0

  package init() {}

  package mutating func add(_ tones: [Tone], after given: Int, key: Int) {
    var beat = 0.0
    for (place, tone) in tones.enumerated() {
      let within = beat.truncatingRemainder(dividingBy: Melody.beats)
      beat += tone.duration
      guard place >= given else { continue }
      count += 1
      if Melody.isInKey(tone.pitch, key) { inKey += 1 }
      if within + tone.duration <= Melody.beats { inRhythm += 1 }
    }
  }

  package var keyShare: Double { Double(inKey) / Double(max(1, count)) }
  package var rhythmShare: Double { Double(inRhythm) / Double(max(1, count)) }
}
