import Foundation
import Unroll

/// Characters in, scores for the next character out, at every step.
package final class WritingModel: Module {
  let embedding: Embedding
  let layer: GRU
  let dropout: Dropout
  let output: Linear

  /// A long text has more to learn than a short one, and is less easily known by heart.
  package init(kinds: Int, isLong: Bool = false) {
    let hiddenSize = isLong ? 256 : 160
    embedding = Embedding(kinds, 48)
    layer = GRU(inputSize: 48, hiddenSize: hiddenSize)
    dropout = Dropout(isLong ? 0.1 : 0.35)
    output = Linear(hiddenSize, kinds)
  }

  /// Ids `[time, batch]`; scores `[time · batch, kinds]`, and the state to go on from.
  package func callAsFunction(_ ids: Indices, _ state: Tensor? = nil) -> (Tensor, state: Tensor) {
    let (states, last) = layer(dropout(embedding(ids)), state)
    let rows = states.reshaped([ids.count, layer.hiddenSize])
    return (output(dropout(rows)), last.detach())
  }

  /// The probability of each character of a text from the second on, after all before it.
  package func probabilities(of ids: [Int]) -> [Double] {
    var found: [Double] = [], state: Tensor?
    for start in stride(from: 0, to: ids.count - 1, by: 500) {
      let end = min(start + 500, ids.count - 1)
      let input = Indices(Array(ids[start..<end])).reshaped([end - start, 1])
      let (scores, last) = noGrad { self(input, state) }
      let losses = crossEntropy(scores, Indices(Array(ids[start + 1...end])), reduction: .none)
      found += losses.value.doubles.map { exp(-$0) }
      state = last
    }
    return found
  }
}

/// The mean of −log₂ p: bits a character.
package func bits(_ probabilities: [Double]) -> Double {
  -probabilities.reduce(0) { $0 + log2(max($1, 1e-300)) } / Double(probabilities.count)
}

/// Trains for about `steps` steps, and keeps the weights of the pass that foresees the validation text
/// best. Gives the bits a character there, pass by pass.
package func train(
  _ model: WritingModel, on text: WritingText, steps: Int,
  each: (_ done: Int, _ total: Int) -> Void
) throws -> [Double] {
  let batches = TextStream(
    text.learned, batchSize: 16, steps: 50, order: .sequential)
  let perPass = max(1, text.learned.count / 800)
  let passes = max(1, steps / perPass)
  let optimizer = AdamW(model.parameters(), learningRate: 0.005, weightDecay: 0.02)
  // One more for the passes whose offset leaves room for a batch more.
  let schedule = OneCycleLR(
    optimizer, maxLR: 0.005, totalSteps: passes * (perPass + 1), warmUp: 0.2)
  var curve: [Double] = [], best = model.stateDict()
  for pass in 0..<passes {
    model.train()
    var state: Tensor?
    for batch in batches {
      optimizer.zeroGrad()
      let (scores, last) = model(batch.inputs, batch.continuesLast ? state : nil)
      crossEntropy(scores, batch.targets.reshaped([batch.targets.count])).backward()
      clipGradNorm(optimizer.parameters, maxNorm: 1)
      optimizer.step()
      schedule.step()
      state = last
    }
    model.eval()
    curve.append(bits(model.probabilities(of: Array(text.validation.prefix(5_000)))))
    if curve[pass] == curve.min() { best = model.stateDict() }
    each(pass + 1, passes)
  }
  try model.loadStateDict(best)
  return curve
}
