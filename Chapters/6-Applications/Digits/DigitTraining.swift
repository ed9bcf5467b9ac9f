import Foundation
import Unroll

/// Adam, and nothing else.
func trainPlainly(
  _ model: some UnaryLayer, on images: LabeledImages, epochs: Int, learningRate: Double = 0.001,
  progress: @escaping (Int, Int) -> Void
) throws {
  let trainer = Trainer(
    model, optimizer: Adam(model.parameters(), learningRate: learningRate),
    loss: CrossEntropyLoss())
  trainer.showsProgress = false
  try trainer.fit(
    images.inputs, images.targets, batchSize: 64, epochs: epochs,
    callbacks: [LambdaCallback(onEpochEnd: { epoch, _ in progress(epoch + 1, epochs) })])
}

/// How an image may be changed and still show the same digit.
let smallChanges = RandomAffine(degrees: 14, scale: 0.85...1.15, shear: 0.2, translate: 0.12)

/// The best recipe: every batch sees its images turned, sized, slanted and shifted a little, the
/// learning rate rises and falls once, gradients are clipped.
///
/// - Returns: the share of the time that changing the images took.
@discardableResult
package func trainByBestRecipe(
  _ model: some UnaryLayer, on images: LabeledImages, epochs: Int,
  progress: @escaping (Int, Int) -> Void
) throws -> Double {
  let optimizer = AdamW(model.parameters(), learningRate: 3e-3, weightDecay: 1e-4)
  let steps = epochs * ((images.count + 63) / 64)
  let cycle = LearningRateScheduler(
    OneCycleLR(optimizer, maxLR: 3e-3, totalSteps: steps), each: .batch)
  let trainer = Trainer(model, optimizer: optimizer, loss: CrossEntropyLoss(), clipNorm: 1)
  trainer.showsProgress = false
  let clock = ContinuousClock()
  var changing = Duration.zero
  let whole = try clock.measure {
    try trainer.fit(
      { generator in
        DataLoader(images, batchSize: 64, shuffle: true, generator: generator).lazy.map { batch in
          var inputs = batch.inputs
          changing += clock.measure { inputs = smallChanges(batch.inputs, generator: generator) }
          return (inputs, batch.targets)
        }
      }, epochs: epochs,
      callbacks: [cycle, LambdaCallback(onEpochEnd: { epoch, _ in progress(epoch + 1, epochs) })])
  }
  return changing / whole
}
