import Foundation
import Testing
import Unroll

/// One import brings every name, and none hides another: what the field calls alike is told apart.
@Suite struct NameTests {
  @Test func everyNameIsThereOnce() {
    let optimizer = Adam([Parameter(.zeros([1]))])
    let schedules: [LRScheduler] = [
      StepLR(optimizer, stepSize: 1), MultiStepLR(optimizer, milestones: [1]),
      ExponentialLR(optimizer, gamma: 0.9), CosineAnnealingLR(optimizer, period: 3, minLR: 1e-4),
      LambdaLR(optimizer) { _ in 1 }, OneCycleLR(optimizer, maxLR: 0.1, totalSteps: 3),
    ]
    PlateauLR(optimizer, minLR: 1e-5).step(1)
    let callbacks: [any Callback] = [
      ReduceLROnPlateau(minLR: 1e-5), LearningRateScheduler(schedules[0]),
      LearningRateScheduler { _, rate in rate }, ModelCheckpoint(URL(fileURLWithPath: "x")),
      EarlyStopping(), LambdaCallback(),
    ]
    #expect(callbacks.count == 6)
    #expect(History()["loss"] == nil && Logs()["loss"] == nil)
    #expect(KnownDataset.allCases.count == 6)
    let set: some Dataset = LabeledTokens([[1]], labels: [0], batchFirst: false)
    #expect(set.count == 1)
    let x = Tensor([[0, 0]])
    #expect(x.softmax().value == x.softmax(axis: 1).value)
    #expect(x.logSumExp().value == x.logSumExp(axis: 1).value)
    _ = ONNXGraph("one name")
    _ = Book.none
  }
}
