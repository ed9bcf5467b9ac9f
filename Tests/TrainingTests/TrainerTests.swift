import Foundation
import TestSupport
import Testing

import Training

@Suite struct TrainerTests {
  @Test func fitLearnsAndKeepsAHistory() throws {
    let task = Task(dropout: 0)
    let history = try task.fit(epochs: 60)
    #expect(history.names == ["loss", "mae", "val_loss", "val_mae"])
    #expect(history.epochs == Array(0..<60))
    #expect(history["val_loss"]!.last! < 0.05 * history["val_loss"]![0])
    // What evaluation says is what the prediction is worth.
    let predicted = task.trainer.predict(task.x, batchSize: 7)
    let mse = MeanSquaredError()(predicted, task.y)
    #expect(abs(task.trainer.evaluate(task.x, task.y)["loss"]! - mse) < 1e-6)
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    let (first, second) = (Task(), Task())
    #expect(try first.fit(epochs: 5) == second.fit(epochs: 5))
    #expect(first.model.stateDict() == second.model.stateDict())
  }

  /// One batch of everything, no shuffling: then the trainer must do what its five lines do by hand.
  @Test func aStepIsTheTextbookLoop() throws {
    let (task, twin) = (Task(dropout: 0), Task(dropout: 0))
    try task.trainer.fit(task.x, task.y, batchSize: 40, epochs: 3, shuffle: false)
    let optimizer = Adam(twin.model.parameters(), learningRate: 0.02)
    for _ in 0..<3 {
      optimizer.zeroGrad()
      mseLoss(twin.model(Tensor(twin.x)), Tensor(twin.y)).backward()
      optimizer.step()
    }
    #expect(task.model.stateDict() == twin.model.stateDict())
  }

  @Test func everySampleIsSeenOnceAnEpoch() throws {
    var seen: [Double] = []
    let model = Linear(1, 1)
    let trainer = Trainer<NDArray, NDArray>(
      model, optimizer: SGD(model.parameters(), learningRate: 0),
      loss: MSELoss(),
      forward: { x in
        seen += x.doubles
        return model(Tensor(x))
      })
    trainer.showsProgress = false
    let x = NDArray.arange(23).reshaped([23, 1])
    try trainer.fit(x, x, batchSize: 5, epochs: 2)
    #expect(seen.count == 46)
    #expect(seen[..<23].sorted() == x.doubles && seen[23...].sorted() == x.doubles)
    #expect(Array(seen[..<23]) != Array(seen[23...]))
  }

  @Test func lossesOfUnequalBatchesCountBySamples() throws {
    let model = Linear(1, 1)
    let trainer = Trainer<NDArray, NDArray>(
      model, optimizer: SGD(model.parameters(), learningRate: 0),
      loss: MSELoss(), forward: { model(Tensor($0)) })
    let x = NDArray.normal([10, 1], generator: Generator(seed: 1))
    let logs = trainer.evaluate(x, x * 3, batchSize: 7)
    let all = MeanSquaredError()(model(Tensor(x)).value, x * 3)
    #expect(abs(logs["loss"]! - all) < 1e-5)
  }

  @Test func validationSplitTakesTheEnd() throws {
    let model = Linear(1, 1)
    var validated: [Double] = []
    let trainer = Trainer<NDArray, NDArray>(
      model, optimizer: SGD(model.parameters(), learningRate: 0),
      loss: MSELoss(),
      forward: { x in
        if !model.isTraining { validated += x.doubles }
        return model(Tensor(x))
      })
    let x = NDArray.arange(10).reshaped([10, 1])
    let history = try trainer.fit(x, x, epochs: 1, validationSplit: 0.2)
    #expect(validated == [8, 9])
    #expect(history.names.contains("val_loss"))
  }

  @Test func dropoutRestsInEvaluationAndWorksAgainAfter() throws {
    let task = Task(dropout: 0.5)
    #expect(task.trainer.predict(task.x) == task.trainer.predict(task.x))
    #expect(task.model.isTraining)
  }

  /// A part that is not to learn, whose dropout is to rest.
  @Test func aPartInEvaluationStaysInIt() throws {
    let resting = Dropout(0.5), working = Dropout(0.5)
    let model = Sequential(Linear(1, 4), resting, working, Linear(4, 1))
    resting.eval()
    let trainer = Trainer(model, optimizer: SGD(model.parameters()), loss: MSELoss())
    trainer.showsProgress = false
    let x = NDArray.arange(8).reshaped([8, 1])
    try trainer.fit(x, x, validationData: (x, x))
    _ = trainer.evaluate(x, x)
    _ = trainer.predict(x)
    _ = model.summary(Tensor(x))
    #expect(model.isTraining && working.isTraining && !resting.isTraining)
    // A model that evaluates as a whole is set to training as a whole.
    model.eval()
    try trainer.fit(x, x)
    #expect(model.isTraining && working.isTraining && resting.isTraining)
  }

  @Test func batchesArePredicted() throws {
    let task = Task(dropout: 0.5)
    let whole = task.trainer.predict(task.x)
    let batches = [
      task.x.narrow(axis: 0, start: 0, length: 30), task.x.narrow(axis: 0, start: 30, length: 10),
    ]
    #expect(task.trainer.predict(batches) == whole)
    #expect(task.trainer.predict(batches.map { (inputs: $0, targets: $0) }) == whole)
  }

  /// What forward carries over must be there at the next batch and gone at the next epoch.
  @Test func stateIsCarriedFromBatchToBatch() throws {
    var found: [Int] = []
    let model = Linear(1, 1)
    let trainer = Trainer<NDArray, NDArray>(
      model, optimizer: SGD(model.parameters(), learningRate: 0),
      loss: MSELoss(),
      carrying: { x, carried in
        found.append(carried.count)
        carried.append(x)
        return model(Tensor(x))
      })
    let x = NDArray.zeros([6, 1])
    try trainer.fit(x, x, batchSize: 2, epochs: 2)
    #expect(found == [0, 1, 2, 0, 1, 2])
  }

  @Test func gradientsAreClippedBeforeTheStep() throws {
    let model = Linear(1, 1, bias: false)
    let before = model.weight.value.item
    let trainer = Trainer<NDArray, NDArray>(
      model, optimizer: SGD(model.parameters(), learningRate: 1),
      loss: MSELoss(), clipNorm: 0.25, forward: { model(Tensor($0)) })
    try trainer.fit(NDArray([[1.0]]), NDArray([[1000.0]]))
    #expect(abs(model.weight.value.item - before - 0.25) < 1e-5)
  }

  @Test func classesAndLoadersServeToo() throws {
    let generator = Generator(seed: 2)
    let x = NDArray.normal([60, 2], generator: generator)
    let labels = Indices((0..<60).map { x[$0, 0].item > x[$0, 1].item ? 1 : 0 })
    let model = Linear(2, 2, generator: generator)
    let trainer = Trainer<NDArray, Indices>(
      model, optimizer: Adam(model.parameters(), learningRate: 0.1),
      loss: CrossEntropyLoss(), metrics: [Accuracy(), F1Score(), Perplexity()],
      generator: generator, forward: { model(Tensor($0)) })
    let set = ArrayDataset(x, labels)
    let history = try trainer.fit(
      { DataLoader(set, batchSize: 8, shuffle: true, generator: $0) }, epochs: 20,
      validation: [(x, labels)])
    #expect(history["val_accuracy"]!.last! > 0.95)
    #expect(history["val_perplexity"]!.last! < 1.3)
  }

  @Test func earlyStoppingEndsTheRunAndRestoresTheBest() throws {
    let task = Task(dropout: 0)
    // A rate of this size soon makes things worse.
    task.trainer.optimizer.learningRate = 0.9
    let stopping = EarlyStopping(patience: 4, restoreBestWeights: true)
    let history = try task.fit(epochs: 200, [stopping])
    #expect(history.epochs.count < 200)
    #expect(stopping.stoppedEpoch == history.epochs.last)
    let best = history["val_loss"]!.min()!
    #expect(stopping.best == best)
    #expect(abs(task.trainer.evaluate(task.x, task.y, batchSize: 16)["loss"]! - best) < 1e-9)
  }

  @Test func ratesFollowPlateausAndSchedules() throws {
    let task = Task()
    let history = try task.fit(
      epochs: 4, [LearningRateScheduler { epoch, rate in epoch == 0 ? 0.08 : rate / 2 }])
    #expect(history["learning_rate"] == [0.08, 0.04, 0.02, 0.01])
    let other = Task()
    let plateau = try other.fit(
      epochs: 3, [ReduceLROnPlateau(factor: 0.5, patience: 1, minDelta: 100)])
    #expect(plateau["learning_rate"] == [0.02, 0.02, 0.01])
    let third = Task()
    let steps = StepLR(third.trainer.optimizer, stepSize: 1, gamma: 0.1)
    let scheduled = try third.fit(epochs: 3, [LearningRateScheduler(steps)])
    #expect(
      zip(scheduled["learning_rate"]!, [0.02, 0.002, 0.0002]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func csvLogIsTheHistory() throws {
    let scratch = Scratch(), file = scratch["log.csv"]
    let history = try Task().fit(epochs: 3, [CSVLogger(file)])
    #expect(try String(contentsOf: file, encoding: .utf8) == history.csv)
    // Appended to, it grows by the next run's rows.
    try Task().fit(epochs: 2, [CSVLogger(file, append: true)])
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines[0] == "epoch,loss,mae,val_loss,val_mae")
  }

  /// Names with separators, quotes and line ends in them, as Python's csv module writes them.
  @Test(arguments: ["a,b", "a\nb", "a\rb", "a\r\nb", "say \"a\"", "\"", "\"\u{301}", "a;b"])
  func namesInACSVLogAreReadBack(name: String) throws {
    let scratch = Scratch(), file = scratch["log.csv"]
    final class Rename: Callback {
      let name: String
      init(_ name: String) { self.name = name }
      func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) {
        logs[name] = Double(epoch) + 0.5
      }
    }
    try Task().fit(epochs: 2, [Rename(name), CSVLogger(file)])
    try Task().fit(epochs: 1, [Rename(name), CSVLogger(file, append: true)])
    let text = try String(contentsOf: file, encoding: .utf8)
    let plain = !name.utf8.contains { "\"\r\n,".utf8.contains($0) }
    let doubled = name.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    let header = "epoch,loss,mae,val_loss,val_mae," + (plain ? name : "\"\(doubled)\"") + "\n"
    #expect(text.utf8.starts(with: header.utf8))
    // The second run knew the column again.
    #expect(text.utf8.count { $0 == UInt8(ascii: "\n") } == header.utf8.count { $0 == 10 } + 3)
    #expect(text.hasSuffix(",0.5\n"))
  }
}
