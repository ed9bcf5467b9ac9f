import Foundation
import TestSupport
import Testing
import Training

/// What callbacks watch, and what a NaN does to them.
@Suite struct FigureTests {
  @Test func aFirstNaNIsNoBest() {
    let stopping = EarlyStopping(patience: 3, mode: .min)
    #expect(stopping.judge(.nan, epoch: 0) == .wait)
    #expect(stopping.judge(5, epoch: 1) == .improved)
    #expect(stopping.best == 5 && stopping.bestEpoch == 1 && stopping.wait == 0)
    #expect(stopping.judge(.nan, epoch: 2) == .wait)
    #expect(stopping.judge(4, epoch: 3) == .improved)
    // All NaN: it ends as a run does that does not get better.
    let lost = EarlyStopping(patience: 2)
    #expect((0..<3).map { lost.judge(.nan, epoch: $0) } == [.wait, .stop, .stop])

    let saving = ModelCheckpoint(URL(fileURLWithPath: "x"), saveBestOnly: true, mode: .max)
    #expect([.nan, 1, .nan, 2, 1].map { saving.judge($0) } == [false, true, false, true, false])
    let plateau = ReduceLROnPlateau(factor: 0.5, patience: 2, mode: .min)
    #expect([.nan, 3, 2, 1].map { plateau.judge($0, learningRate: 1) } == [1, 1, 1, 1])
  }

  /// The message, and that no epoch was begun.
  private func refusal(
    _ callbacks: [any Callback], validation: Bool = true
  ) -> String {
    final class Watch: Callback {
      var epochs = 0
      func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) { epochs += 1 }
    }
    let task = Task(), watch = Watch()
    do {
      try task.trainer.fit(
        task.x, task.y, batchSize: 16, validationData: validation ? (task.x, task.y) : nil,
        callbacks: callbacks + [watch])
      return "accepted"
    } catch {
      #expect(error is TrainingError)
      #expect(watch.epochs == 0)
      return "\(error)"
    }
  }

  @Test func whatIsNotMeasuredIsRefusedBeforeTheFirstEpoch() {
    #expect(
      refusal([EarlyStopping(monitor: "val_los")])
        == "EarlyStopping: monitors val_los, which is not measured; did you mean val_loss? "
        + "There are loss, mae, val_loss, val_mae")
    #expect(
      refusal([EarlyStopping(monitor: "accuracy", mode: .max)])
        == "EarlyStopping: monitors accuracy, which is not measured; there are "
        + "loss, mae, val_loss, val_mae")
    #expect(
      refusal([ReduceLROnPlateau()], validation: false)
        == "ReduceLROnPlateau: monitors val_loss, which is not measured; there are "
        + "loss, mae, learning_rate")
    #expect(
      refusal([ModelCheckpoint(URL(fileURLWithPath: "x"), monitor: "maee", saveBestOnly: true)])
        .contains("did you mean mae?"))
    // Validation is measured at the end of an epoch, not after so many batches.
    #expect(
      refusal([
        ModelCheckpoint(URL(fileURLWithPath: "x"), saveBestOnly: true, saveFreq: .batches(2))
      ])
        == "ModelCheckpoint: monitors val_loss, which is not measured; there are loss, mae")
    #expect(
      refusal([ModelCheckpoint(URL(fileURLWithPath: "/tmp/{val_los:.2f}"))])
        == "/tmp/{val_los:.2f}: no figure {val_los}; did you mean val_loss? "
        + "There are epoch, loss, mae, val_loss, val_mae")
    #expect(
      refusal([
        LearningRateScheduler { _, rate in rate }, EarlyStopping(monitor: "learning_rate"),
      ]) == "EarlyStopping: is more or less of learning_rate better? Pass mode: .min or .max")
  }

  @Test func aCallbacksOwnFigureIsMeasured() throws {
    final class Own: Callback {
      var figures: [String] { ["bleu"] }
      func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) {
        logs["bleu"] = Double(epoch)
      }
    }
    let stopping = EarlyStopping(monitor: "bleu", mode: .max)
    try Task().fit(epochs: 3, [Own(), stopping])
    #expect(stopping.best == 2)
  }

  @Test func numbersOfAPathAreFilledInWhateverTheyAre() throws {
    let scratch = Scratch()
    let model = Linear(1, 1)
    let trainer = Trainer<NDArray, NDArray>(
      model, optimizer: SGD(model.parameters(), learningRate: 0),
      loss: MSELoss(), metrics: [Odd()], forward: { model(Tensor($0)) })
    let x = NDArray.zeros([4, 1])
    try trainer.fit(
      x, x, callbacks: [ModelCheckpoint(scratch["w-{odd:d}-{odd:.1f}"])])
    #expect(scratch.names == ["w-nan-nan"])
    for format in ["%sf", "9999f", "n", ".f%d"] {
      let error = #expect(throws: TrainingError.self) {
        try trainer.fit(
          x, x, callbacks: [ModelCheckpoint(scratch["{loss:\(format)}"])])
      }
      #expect("\(error!)".contains("the format :\(format) is none of"))
    }
  }

  // MARK: Losses that are not finite

  /// A trainer whose loss is not finite in its second batch of the second epoch.
  private func diverging() -> Trainer<NDArray, NDArray> {
    let model = Linear(1, 1, generator: Generator(seed: 1))
    var batches = 0
    return Trainer(
      model, optimizer: Adam(model.parameters()),
      loss: { output, target in
        batches += 1
        return mseLoss(output, Tensor(target)) * (batches == 6 ? .nan : 1)
      }, forward: { model(Tensor($0)) })
  }

  @Test func aLossThatIsNaNEndsTheRunWithAnError() throws {
    let x = NDArray.ones([8, 1]), trainer = diverging()
    let error = #expect(throws: TrainingError.self) {
      try trainer.fit(x, x, batchSize: 2, epochs: 5)
    }
    let words = "\(error!)"
    #expect(words.hasPrefix("epoch 2, batch 2, loss nan: Adam: step 6 with learning rate 0.001"))
    #expect(words.contains("parameter 0 of shape [1, 1]: its gradient has nan at [0, 0]"))
    #expect(trainer.model.stateDict().values.allSatisfy { $0.doubles.allSatisfy(\.isFinite) })
  }

  @Test func orItEndsInPeace() throws {
    let x = NDArray.ones([8, 1]), trainer = diverging(), watch = TerminateOnNaN()
    let history = try trainer.fit(x, x, batchSize: 2, epochs: 5, callbacks: [watch])
    #expect(history.epochs == [0, 1] && history["loss"]![1].isNaN && history["loss"]![0].isFinite)
    #expect(watch.stopped?.epoch == 1 && watch.stopped?.batch == 1)
    #expect(trainer.model.stateDict().values.allSatisfy { $0.doubles.allSatisfy(\.isFinite) })
    #expect(trainer.optimizer.stateDict()["0.step"]!.item == 5)
  }
}

/// Always NaN.
private struct Odd: Metric {
  let name = "odd", direction = Direction.up
  var sums = [0.0]
  mutating func update(_ predictions: NDArray, _ targets: Targets) {}
  var value: Double { .nan }
}
