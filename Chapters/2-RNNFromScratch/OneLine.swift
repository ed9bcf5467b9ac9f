import ChapterTools
import Foundation
import Unroll

extension RNNFromScratch {
  /// The library's layer beside the one written here.
  func oneLine(_ page: Page) throws {
    page.prose(
      #"""
      ## The same in one line

      The library's `RNN` is this layer, as one operation over the whole sequence, with its backward
      pass derived as above. With the same weights it is to give the same numbers. `batchFirst` reads
      `[batch, time, feature]`, as data often comes, and an output layer of its own is one more line;
      one optimizer trains both.
      """#)
    let ours = ScratchRNN(inputSize: 1, hiddenSize: 8, dtype: .float64)
    let library = RNN(inputSize: 1, hiddenSize: 8, batchFirst: true, dtype: .float64)
    try library.loadStateDict(
      Dictionary(uniqueKeysWithValues: ours.stateDict().map { ($0 + "_l0", $1) }))
    let sequences = Tensor(.normal([4, 24, 1], dtype: .float64))
    let fromScratch = Tensor.stack(ours(sequences.transposed(0, 1)).states, axis: 1)
    let (output, _) = library(sequences)
    let difference = output.value.largestDifference(from: fromScratch.value)
    page.result("library.max_difference", difference)
    page.claim(
      "It gives the same numbers, to within rounding.", holds: difference < 1e-12, in: .everyRun)

    page.prose("And trained on the differences of logarithms:")
    Generator.default.seed(page.seed)
    let layer = RNN(inputSize: 1, hiddenSize: 8, batchFirst: true)
    let readout = Linear(8, 1)
    let optimizer = Adam(
      layer.parameters() + readout.parameters(), learningRate: 0.01, weightDecay: 1e-3)
    let recipe = AirlineRecipe(), (inputs, targets) = recipe.windows(recipe.training)
    let x = Tensor(inputs), y = Tensor(targets)
    for step in 1...30 {
      optimizer.zeroGrad()
      let (states, _) = layer(x.transposed(0, 1))
      let loss = mseLoss(readout(states.select(axis: 1, index: -1)), y)
      loss.backward()
      optimizer.step()
      if step % 10 == 0 { page.print("step \(step): loss", String(format: "%.4f", loss.item)) }
    }
  }
}
