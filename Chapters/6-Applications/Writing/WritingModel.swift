import Foundation
import Unroll

extension NextCharacterNetwork {
  /// A long text has more to learn than a short one, and is less easily known by heart.
  package convenience init(kinds: Int, isLong: Bool = false) {
    self.init(kinds: kinds, hiddenSize: isLong ? 256 : 160, dropout: isLong ? 0.1 : 0.35)
  }
}

/// Trains for about `steps` steps, and keeps the weights of the pass that foresees the validation text
/// best. Gives the bits a character there, pass by pass.
package func train(
  _ model: NextCharacterNetwork, on text: CharacterText, steps: Int,
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
    curve.append(meanBits(model.probabilities(of: Array(text.validation.prefix(5_000)))))
    if curve[pass] == curve.min() { best = model.stateDict() }
    each(pass + 1, passes)
  }
  try model.loadStateDict(best)
  return curve
}
