import Foundation
import Unroll

/// What came of training a character model.
package struct CharacterRun {
  package var perplexities: [Double] = []
  /// The epoch, from 1, of the lowest perplexity, and that perplexity.
  package var best = (epoch: 0, perplexity: Double.infinity)
  package var steps = 0
  package var seconds = 0.0
}

/// Plain gradient descent with a rate of 1 over batches of 32 stretches of 35 characters, cut in
/// the same places every time, the state carried from batch to batch, the gradients' norm at most
/// 1. The weights of the best epoch are kept.
package func train(
  _ model: CharacterModel, on ids: [Int], epochs: Int, each: (Int, Double) -> Void = { _, _ in }
) -> CharacterRun {
  let batches = TextStream(
    ids, batchSize: 32, steps: 35, order: .sequential, randomOffset: false)
  let optimizer = SGD(model.parameters(), learningRate: 1)
  let clock = ContinuousClock()
  var run = CharacterRun(), weights = model.stateDict()
  for epoch in 1...epochs {
    var pass = (loss: 0.0, steps: 0)
    run.seconds += clock.measure { pass = passOver(batches, model, optimizer) } / .seconds(1)
    run.steps += pass.steps
    let perplexity = exp(pass.loss)
    run.perplexities.append(perplexity)
    if perplexity < run.best.perplexity {
      run.best = (epoch, perplexity)
      weights = model.stateDict()
    }
    each(epoch, perplexity)
  }
  try? model.loadStateDict(weights)
  return run
}

/// The same with brakes: dropout, Adam with weight decay, and an end when the perplexity on text
/// held back no longer falls. The best weights are put back. `learningRate` is asked for each
/// epoch's, from 1.
package func trainWithBrakes(
  _ model: CharacterModel, on ids: [Int], validation: [Int], epochs: Int, patience: Int = 10,
  learningRate: (Int) -> Double = { _ in 0.002 },
  each: (Int) -> Void
) -> (perplexities: [Double], validation: [Double]) {
  let batches = TextStream(ids, batchSize: 32, steps: 35, order: .sequential)
  let optimizer = AdamW(model.parameters(), learningRate: learningRate(1), weightDecay: 0.05)
  var best = (loss: Double.infinity, epoch: 0, weights: model.stateDict())
  var training: [Double] = [], judged: [Double] = []
  for epoch in 1...epochs {
    optimizer.learningRate = learningRate(epoch)
    training.append(exp(passOver(batches, model, optimizer).loss))
    judged.append(model.perplexity(validation))
    each(epoch)
    if judged[epoch - 1] < best.loss { best = (judged[epoch - 1], epoch, model.stateDict()) }
    if epoch - best.epoch >= patience { break }
  }
  try? model.loadStateDict(best.weights)
  return (training, judged)
}

/// What counting does: the probabilities of the characters of `test`, from the second on, by how
/// often each followed the `order` − 1 before it in `ids`, mixed with the shorter contexts (Witten
/// & Bell 1991).
package func countingProbabilities(order: Int, _ ids: [Int], on test: [Int], classes: Int)
  -> [Double]
{
  let counts = NGramCounts(ids, order: order, classes: classes)
  return Array(counts.probabilities(of: test).dropFirst())
}

/// e to the mean of −log p.
package func meanPerplexity(of probabilities: [Double]) -> Double {
  exp(-probabilities.reduce(0) { $0 + log($1) } / Double(probabilities.count))
}

/// One pass over the text, the state carried from batch to batch: each step clips the gradients'
/// norm to 1. Gives the mean loss of the steps, in nats, and how many there were.
private func passOver(
  _ batches: TextStream, _ model: CharacterModel, _ optimizer: Optimizer
) -> (loss: Double, steps: Int) {
  var total = 0.0, steps = 0
  var state: [Tensor]?
  for batch in batches {
    optimizer.zeroGrad()
    let (scores, last) = model(batch.inputs, batch.continuesLast ? state : nil)
    let loss = crossEntropy(scores, batch.targets.reshaped([batch.targets.values.count]))
    loss.backward()
    clipGradNorm(optimizer.parameters, maxNorm: 1)
    optimizer.step()
    state = last
    total += loss.item
    steps += 1
  }
  return (total / Double(steps), steps)
}
