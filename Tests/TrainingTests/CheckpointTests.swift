import Foundation
import TestSupport
import Testing
import Training

@Suite struct CheckpointTests {
  /// Callbacks with something to remember, so that a resumed run would go astray without it.
  private func judges() -> [any Callback] {
    [
      EarlyStopping(patience: 50, restoreBestWeights: true),
      ReduceLROnPlateau(factor: 0.5, patience: 2, minDelta: 0.01),
    ]
  }

  /// A run that dies in the middle of an epoch and is started again, in a fresh model with other
  /// weights and another seed, must end with the same bits as one that never died.
  @Test(arguments: [(0, 1), (4, 0), (4, 2), (9, 1)])
  func aCrashedRunGoesOnToTheSameBits(epoch: Int, batch: Int) throws {
    let whole = Task()
    let expected = try whole.fit(epochs: 12, judges() + [Idle(), Idle()])

    let scratch = Scratch(), file = scratch["run.safetensors"]
    let first = Task()
    #expect(throws: Crash.Happened.self) {
      try first.fit(
        epochs: 12, judges() + [BackupAndRestore(file), Crash(epoch: epoch, batch: batch)])
    }
    // Before the first epoch's end there is nothing to go on from: the run begins again.
    let second = Task(seed: epoch == 0 ? 5 : 99)
    let history = try second.fit(epochs: 12, judges() + [BackupAndRestore(file), Idle()])
    #expect(history == expected)
    #expect(second.model.stateDict() == whole.model.stateDict())
    #expect(scratch.names.isEmpty, "the checkpoint goes when the run has ended")
  }

  /// The same for Ctrl-C, which is noticed after the batch; in a process of its own, because a signal
  /// is for all.
  @Test func controlCKeepsAWholeCheckpointAndGoesOnToTheSameBits() async {
    await #expect(processExitsWith: .success) {
      let whole = Task()
      let callbacks: () -> [any Callback] = {
        [EarlyStopping(patience: 50), ReduceLROnPlateau(factor: 0.5, patience: 2, minDelta: 0.01)]
      }
      let expected = try whole.fit(epochs: 8, callbacks() + [Idle(), Idle()])

      let scratch = Scratch(), file = scratch["run.safetensors"]
      let first = Task()
      var interrupted: TrainingInterrupted?
      do {
        try first.fit(
          epochs: 8, callbacks() + [BackupAndRestore(file), ControlC(epoch: 3, batch: 1)])
      } catch let error as TrainingInterrupted {
        interrupted = error
      }
      guard let interrupted, (interrupted.epoch, interrupted.batch) == (3, 2),
        "\(interrupted)".contains("epoch 4 after 2 batches"),
        "\(interrupted)".contains(file.path), scratch.names == ["run.safetensors"]
      else { exit(1) }

      // It stands in the middle of an epoch; the run goes on there, not at the epoch's start.
      let second = Task(seed: 99)
      let history = try second.fit(epochs: 8, callbacks() + [BackupAndRestore(file), Idle()])
      guard history == expected, second.model.stateDict() == whole.model.stateDict() else {
        exit(2)
      }
      exit(0)
    }
  }

  /// Ctrl-C at the very batch after which a callback ends the epoch, and with it the run: what is left to
  /// do is to measure it.
  @Test func interruptedAtTheBatchThatEndsTheRun() async {
    await #expect(processExitsWith: .success) {
      final class Last: Callback {
        func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) {
          if batch == 1 { session.stopTraining = true }
        }
      }
      let whole = Task()
      let expected = try whole.fit(epochs: 4, [Last(), Idle(), Idle()])
      let scratch = Scratch(), file = scratch["run.safetensors"]
      do {
        try Task().fit(
          epochs: 4, [Last(), BackupAndRestore(file), ControlC(epoch: 0, batch: 1)])
        exit(1)
      } catch let stop as TrainingInterrupted where stop.signal == SIGINT {}
      let second = Task(seed: 99)
      let history = try second.fit(epochs: 4, [Last(), BackupAndRestore(file), Idle()])
      guard history == expected, history.epochs == [0],
        second.model.stateDict() == whole.model.stateDict()
      else { exit(2) }
      exit(0)
    }
  }

  /// Written between batches, by time: a run that crashes goes on from its last batch.
  @Test func backedUpBetweenBatches() throws {
    let whole = Task()
    let expected = try whole.fit(epochs: 3, judges() + [Idle(), Idle()])
    let scratch = Scratch(), file = scratch["run.safetensors"]
    #expect(throws: Crash.Happened.self) {
      try Task().fit(
        epochs: 3,
        judges() + [BackupAndRestore(file, everySeconds: 0), Crash(epoch: 1, batch: 2)])
    }
    let kept = try Safetensors(contentsOf: file).metadata["unroll.training"]!
    #expect(kept.contains(#""batch":2"#) && kept.contains(#""epoch":1"#))
    let second = Task(seed: 99)
    let history = try second.fit(
      epochs: 3, judges() + [BackupAndRestore(file, everySeconds: 1e9), Idle()])
    #expect(history == expected && second.model.stateDict() == whole.model.stateDict())

    // The first batch at once, and then no more for so long.
    #expect(throws: Crash.Happened.self) {
      try Task().fit(
        epochs: 3, [BackupAndRestore(file, everySeconds: 1e9), Crash(epoch: 2, batch: 0)])
    }
    let first = try Safetensors(contentsOf: file).metadata["unroll.training"]!
    #expect(first.contains(#""batch":1"#) && first.contains(#""epoch":0"#))
  }

  /// After `fit`, and during one that keeps no checkpoint, Ctrl-C ends the program as ever.
  @Test(.timeLimit(.minutes(5))) func controlCIsLeftAloneOtherwise() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      let scratch = Scratch()
      try Task().fit(epochs: 1, [BackupAndRestore(scratch["run"])])
      kill(getpid(), SIGINT)
      while true { pause() }
    }
    await #expect(processExitsWith: .signal(SIGINT)) {
      try Task().fit(epochs: 2, [ControlC(epoch: 0, batch: 0)])
      while true { pause() }
    }
  }

  @Test func aCarriedStateIsKeptToo() throws {
    /// The prediction depends on what all batches before left behind.
    func trainer() -> Trainer<NDArray, NDArray> {
      let model = Linear(1, 1, generator: Generator(seed: 3))
      return Trainer(
        model, optimizer: SGD(model.parameters(), learningRate: 0.1),
        loss: MSELoss(), generator: Generator(seed: 4),
        carrying: { x, carried in
          let memory = (carried.first ?? .zeros([1])) + x.sum(axis: 0)
          carried = [memory]
          return model(Tensor(x) + Tensor(memory))
        })
    }
    let x = NDArray.linspace(-1, 1, count: 12).reshaped([12, 1])
    let whole = trainer()
    let expected = try whole.fit(x, x, batchSize: 3, epochs: 3, callbacks: [Idle(), Idle()])

    let scratch = Scratch(), file = scratch["run"]
    let stopped = trainer()
    // Saves after the second batch of the second epoch, then dies.
    let saving = ModelCheckpoint(file, saveFreq: .batches(6))
    #expect(throws: Crash.Happened.self) {
      try stopped.fit(
        x, x, batchSize: 3, epochs: 3, callbacks: [saving, Crash(epoch: 1, batch: 1)])
    }
    let resumed = trainer()
    let history = try resumed.fit(
      x, x, batchSize: 3, epochs: 3, callbacks: [BackupAndRestore(file), Idle()])
    #expect(history == expected)
    #expect(resumed.model.stateDict() == whole.model.stateDict())
  }

  @Test func checkpointsAreNamedByEpochAndFigure() throws {
    let scratch = Scratch()
    let history = try Task().fit(
      epochs: 3,
      [ModelCheckpoint(scratch["w-{epoch:02d}-{val_loss:.3f}.safetensors"])])
    let names = history["val_loss"]!.enumerated().map {
      String(format: "w-%02ld-%.3f.safetensors", $0 + 1, $1)
    }
    #expect(scratch.names == names)
    #expect(throws: TrainingError.self) {
      try Task().fit(epochs: 1, [ModelCheckpoint(scratch["{auc}"])])
    }
    #expect(throws: TrainingError.self) {
      try Task().fit(epochs: 1, [ModelCheckpoint(scratch["{val_loss:x}"])])
    }
  }

  @Test func everyNthAndBestOnly() throws {
    let scratch = Scratch()
    try Task().fit(
      epochs: 7,
      [ModelCheckpoint(scratch["{epoch}"], saveFreq: .epochs(3))])
    #expect(scratch.names == ["3", "6"])

    let best = Scratch(), file = best["best.safetensors"]
    let task = Task(dropout: 0)
    let checkpoint = ModelCheckpoint(
      file, saveBestOnly: true, saveWeightsOnly: true)
    let history = try task.fit(epochs: 30, [checkpoint])
    #expect(checkpoint.best == history["val_loss"]!.min())
    // Weights alone are a plain safetensors file that any model of this form loads.
    let other = Task(seed: 77, dropout: 0)
    try other.model.load(from: file)
    let loss = other.trainer.evaluate(task.x, task.y, batchSize: 16)["loss"]!
    #expect(abs(loss - checkpoint.best!) < 1e-9)
  }

  @Test func filesThatAreNoCheckpointsAreRefused() throws {
    let scratch = Scratch()
    let file = scratch["run"]
    func message() -> String {
      let task = Task()
      let before = task.model.stateDict()
      do {
        try task.fit(epochs: 1, [BackupAndRestore(file)])
        return "accepted"
      } catch {
        #expect(task.model.stateDict() == before)
        return "\(error)"
      }
    }
    try Data("nonsense".utf8).write(to: file)
    #expect(message().hasPrefix(file.path))
    try Task().model.save(to: file)
    #expect(
      message()
        == "\(file.path): not a checkpoint to go on from: weights alone, without the run they come from"
    )
    // Of a run with another callback more.
    let saving = ModelCheckpoint(file)
    try Task().fit(epochs: 1, [saving, Idle()])
    #expect(message().hasSuffix("of a run with other metrics or callbacks"))
    // Cut short.
    try Task().fit(epochs: 1, [ModelCheckpoint(file)])
    let whole = try Data(contentsOf: file)
    try whole.prefix(whole.count / 2).write(to: file)
    #expect(message().hasPrefix(file.path))
  }

  @Test func aFolderThatCannotBeWrittenIsOneLine() throws {
    let scratch = Scratch()
    try Data().write(to: scratch["file"])
    #expect(throws: (any Error).self) {
      try Task().fit(epochs: 1, [ModelCheckpoint(scratch["file/run"])])
    }
    #expect(throws: TrainingError.self) {
      try Task().fit(epochs: 1, [CSVLogger(scratch["file/run.csv"])])
    }
  }
}
