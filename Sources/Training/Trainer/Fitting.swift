import Foundation
import Optim

extension Trainer {
  /// Trains on batches that the caller puts together.
  ///
  ///     try trainer.fit({ DataLoader(set, batchSize: 32, shuffle: true, generator: $0) }, epochs: 9)
  ///
  /// - Parameters:
  ///   - batches: the batches of an epoch. Its order may be drawn from the generator handed over
  ///     and from no other, so that an interrupted epoch can be taken up again.
  ///   - epochs: how many there are in all; a run that goes on from a checkpoint takes what is
  ///     left.
  ///   - validation: measured after each epoch.
  ///   - callbacks: asked in their order.
  /// - Throws: what callbacks throw, and `TrainingInterrupted` (see `BackupAndRestore`).
  @discardableResult
  public func fit<Batches: Sequence>(
    _ batches: (Generator) -> Batches, epochs: Int = 1, validation: (some Sequence<Batch>)?,
    callbacks: [any Callback] = []
  ) throws -> History where Batches.Element == Batch {
    let run = TrainingRun(self, epochs: epochs, callbacks: callbacks)
    return try run.run(batches, validation: validation)
  }

  /// Trains on batches that the caller puts together, without validation.
  @discardableResult
  public func fit<Batches: Sequence>(
    _ batches: (Generator) -> Batches, epochs: Int = 1, callbacks: [any Callback] = []
  ) throws -> History where Batches.Element == Batch {
    try fit(batches, epochs: epochs, validation: [Batch]?.none, callbacks: callbacks)
  }
}

// MARK: - Padded batches

extension Trainer {
  /// Trains on sequences of unequal length, as a loader pads them: a batch is the model's input as it
  /// is, with its lengths, and brings its targets.
  ///
  ///     let reading = Trainer(model, optimizer: optimizer, loss: CrossEntropyLoss()) {
  ///       (batch: PaddedBatch<Indices, Indices>) in model(batch.inputs, batch.lengths)
  ///     }
  ///     try reading.fit({ DataLoader(reviews, batchSize: 32, shuffle: true, generator: $0) })
  @discardableResult
  public func fit<Inputs, Batches: Sequence>(
    _ batches: (Generator) -> Batches, epochs: Int = 1, validation: (some Sequence<Input>)?,
    callbacks: [any Callback] = []
  ) throws -> History where Input == PaddedBatch<Inputs, Target>, Batches.Element == Input {
    try fit(
      { PaddedPairs(batches: batches($0)) }, epochs: epochs,
      validation: validation.map { PaddedPairs(batches: $0) }, callbacks: callbacks)
  }

  /// The same without validation.
  @discardableResult
  public func fit<Inputs, Batches: Sequence>(
    _ batches: (Generator) -> Batches, epochs: Int = 1, callbacks: [any Callback] = []
  ) throws -> History where Input == PaddedBatch<Inputs, Target>, Batches.Element == Input {
    try fit(batches, epochs: epochs, validation: [Input]?.none, callbacks: callbacks)
  }

  /// The loss and the metrics over padded batches.
  public func evaluate<Inputs>(_ batches: some Sequence<Input>) -> Logs
  where Input == PaddedBatch<Inputs, Target> {
    evaluate(PaddedPairs(batches: batches))
  }
}

/// Padded batches, each beside its targets.
private struct PaddedPairs<Batches: Sequence, Inputs, Targets>: Sequence
where Batches.Element == PaddedBatch<Inputs, Targets> {
  let batches: Batches

  var underestimatedCount: Int { batches.underestimatedCount }

  func makeIterator() -> AnyIterator<(inputs: Batches.Element, targets: Targets)> {
    var iterator = batches.makeIterator()
    return AnyIterator { iterator.next().map { (inputs: $0, targets: $0.targets) } }
  }
}

/// One call of `fit`.
final class TrainingRun<Input, Target>: TrainingSession {
  private let trainer: Trainer<Input, Target>
  private let epochs: Int
  private let callbacks: [any Callback]
  private var line: EpochProgress
  private var history = History()
  var stopTraining = false

  // Where the run stands.
  private var epoch = 0
  private var batch = 0
  private var epochSeed: UInt64?
  private var lossSum = 0.0
  private var sampleCount = 0.0
  private var carried: [NDArray] = []
  /// What the run shall go on from, found fit for it.
  private var awaited: (checkpoint: Checkpoint, file: URL)?
  private var hasValidation = false

  init(_ trainer: Trainer<Input, Target>, epochs: Int, callbacks: [any Callback]) {
    (self.trainer, self.epochs, self.callbacks) = (trainer, epochs, callbacks)
    line = EpochProgress(total: epochs)
    if !trainer.showsProgress { line = EpochProgress(total: epochs, isShown: false) }
  }

  func run<Batches: Sequence>(
    _ batches: (Generator) -> Batches, validation: (some Sequence<Trainer<Input, Target>.Batch>)?
  ) throws -> History where Batches.Element == Trainer<Input, Target>.Batch {
    let backup = callbacks.lazy.compactMap { $0 as? BackupAndRestore }.first
    let watch = backup == nil ? nil : InterruptWatch()
    defer { line.clear() }

    hasValidation = validation != nil
    // A file is read before the other callbacks begin, so that one that is refused changes nothing.
    for callback in callbacks where callback is BackupAndRestore {
      try callback.onTrainBegin(self)
    }
    if let awaited { try checkBatches(awaited, batches) }
    // A part that was set to evaluation on purpose stays in it (see `Trainer`).
    if !trainer.model.isTraining { trainer.model.train() }
    beginEpoch()
    for callback in callbacks where !(callback is BackupAndRestore) {
      try callback.onTrainBegin(self)
    }
    if let awaited {
      try checkBatches(awaited, batches)
      try takeUp(awaited.checkpoint)
    }

    // An epoch that was cut short may still have to be ended.
    while epoch < epochs && (!stopTraining || batch > 0) {
      if epochSeed == nil {
        epochSeed = trainer.generator.next()
        for callback in callbacks { try callback.onEpochBegin(epoch, self) }
      }
      let source = batches(Generator(seed: epochSeed!))
      let count = Double(Swift.max(1, source.underestimatedCount))
      for next in source.dropFirst(batch) {
        if stopTraining { break }
        let (loss, refused) = trainer.step(next, carried: &carried)
        if let refused, !callbacks.contains(where: { $0 is TerminateOnNaN }) {
          throw TrainingError.diverged(epoch: epoch, batch: batch, loss: loss, refused)
        }
        let samples = Double(trainer.sampleCount(next.targets))
        lossSum += loss * samples
        sampleCount += samples
        batch += 1
        if !callbacks.isEmpty {
          let logs = soFar
          for callback in callbacks { try callback.onBatchEnd(batch - 1, logs: logs, self) }
          if refused != nil {
            for case let callback as TerminateOnNaN in callbacks {
              callback.terminate(batch - 1, self)
            }
          }
        }
        for callback in callbacks { try callback.afterBatch(batch - 1, self) }
        line.show(Double(epoch) + Swift.min(1, Double(batch) / count), epoch: epoch) { soFar }
        if let signal = watch?.signal {
          for callback in callbacks { try callback.onInterrupt(self) }
          throw TrainingInterrupted(
            epoch: epoch, batch: batch, checkpoint: backup?.file, signal: signal)
        }
        if stopTraining { break }
      }
      guard batch > 0 else { wrongUse("fit: epoch \(epoch + 1) has no batches") }
      try endEpoch(validation.map { trainer.evaluate($0) })
    }
    for callback in callbacks { try callback.onTrainEnd(self) }
    return history
  }

  /// The figures over the batches of the epoch done so far.
  private var soFar: Logs {
    trainer.figures(lossSum: lossSum, sampleCount: sampleCount, trainer.metrics)
  }

  private func endEpoch(_ validation: Logs?) throws {
    var logs = soFar
    if let validation {
      for name in validation.names { logs["val_\(name)"] = validation[name] }
    }
    for callback in callbacks { try callback.onEpochEnd(epoch, logs: &logs, self) }
    history.append(logs, epoch: epoch)
    epoch += 1
    beginEpoch()
    for callback in callbacks { try callback.afterEpoch(epoch - 1, logs: logs, self) }
  }

  private func beginEpoch() {
    (batch, epochSeed, lossSum, sampleCount, carried) = (0, nil, 0, 0, [])
    for place in trainer.metrics.indices { trainer.metrics[place].reset() }
  }

  // MARK: What callbacks see

  var learningRate: Double {
    get { trainer.optimizer.learningRate }
    set { trainer.optimizer.learningRate = newValue }
  }

  var weights: StateDict {
    get { trainer.model.stateDict() }
    set {
      do { try trainer.model.loadStateDict(newValue) } catch {
        wrongUse("fit: weights that are not the model's: \(error)")
      }
    }
  }

  var batchFigures: [String] { ["loss"] + trainer.metrics.map(\.name) }

  var figures: [String] {
    let own = batchFigures
    let all = own + (hasValidation ? own.map { "val_\($0)" } : []) + callbacks.flatMap(\.figures)
    return all.enumerated().filter { all.firstIndex(of: $1) == $0 }.map(\.element)
  }

  func direction(of figure: String) -> Direction? {
    let name = figure.hasPrefix("val_") ? String(figure.dropFirst(4)) : figure
    return name == "loss" ? .down : trainer.metrics.first { $0.name == name }?.direction
  }

  func say(_ text: String) { line.say(text) }

  // MARK: Checkpoints

  func saveWeights(to file: URL) throws { try trainer.model.save(to: file) }

  func saveCheckpoint(to file: URL) throws {
    let place = Checkpoint.Place(
      epoch: epoch, batch: batch, epochSeed: epochSeed, lossSum: lossSum,
      sampleCount: sampleCount, metricSums: trainer.metrics.map(\.sums),
      stopTraining: stopTraining, history: history, generator: trainer.generator.savedState,
      defaultGenerator: Generator.default.savedState)
    try Checkpoint(
      model: trainer.model.stateDict(), optimizer: trainer.optimizer.stateDict(),
      carried: carried, callbacks: callbacks.map(\.memory), place: place
    ).write(to: file)
  }

  func restoreCheckpoint(from file: URL) throws {
    let checkpoint = try Checkpoint(contentsOf: file)
    let place = checkpoint.place
    func refuse(_ reason: String) -> TrainingError { .notACheckpoint(file, reason) }
    guard checkpoint.callbacks.count == callbacks.count,
      place.metricSums.count == trainer.metrics.count
    else { throw refuse("of a run with other metrics or callbacks") }

    // All is judged before anything is changed.
    for (metric, sums) in zip(trainer.metrics, place.metricSums) where !metric.accepts(sums) {
      throw refuse("\(sums) are no sums of the metric \(metric.name)")
    }
    for (callback, memory) in zip(callbacks, checkpoint.callbacks) {
      do { try callback.check(memory, epochs: place.epoch + 1, self) } catch {
        throw refuse("\(type(of: callback)): \(error)")
      }
    }
    do {
      try trainer.model.check(checkpoint.model)
      _ = try trainer.optimizer.checked(checkpoint.optimizer)
    } catch {
      throw refuse("\(error)")
    }
    awaited = (checkpoint, file)
  }

  /// Whether the epoch that goes on has the batches that the checkpoint says are done.
  private func checkBatches<Batches: Sequence>(
    _ awaited: (checkpoint: Checkpoint, file: URL), _ batches: (Generator) -> Batches
  ) throws {
    let place = awaited.checkpoint.place
    guard place.batch > 0, let seed = place.epochSeed else { return }
    // Walked, not counted: a sequence need not know its length.
    var found = 0
    for _ in batches(Generator(seed: seed)).prefix(place.batch) { found += 1 }
    if found < place.batch {
      throw TrainingError.notACheckpoint(
        awaited.file, "batch \(place.batch) of an epoch that has \(found)")
    }
  }

  private func takeUp(_ checkpoint: Checkpoint) throws {
    let place = checkpoint.place
    // Both have been checked.
    try trainer.model.loadStateDict(checkpoint.model)
    try trainer.optimizer.loadStateDict(checkpoint.optimizer)
    (epoch, batch, epochSeed) = (place.epoch, place.batch, place.epochSeed)
    (lossSum, sampleCount, carried) = (place.lossSum, place.sampleCount, checkpoint.carried)
    (stopTraining, history) = (place.stopTraining, place.history)
    for (number, sums) in place.metricSums.enumerated() { trainer.metrics[number].sums = sums }
    for (callback, memory) in zip(callbacks, checkpoint.callbacks) { callback.memory = memory }
    Generator.default.savedState = place.defaultGenerator
    trainer.generator.savedState = place.generator
  }
}
