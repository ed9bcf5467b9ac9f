import Optim

/// Sets the learning rate: from a function of the epoch, as Keras' callback, or by one of `Optim`'s
/// schedules.
///
///     LearningRateScheduler { epoch, rate in epoch < 10 ? rate : rate * 0.9 }
///     LearningRateScheduler(StepLR(optimizer, stepSize: 30))
///     LearningRateScheduler(OneCycleLR(optimizer, maxLR: 0.1, totalSteps: 900), each: .batch)
public final class LearningRateScheduler: Callback {
  /// How often a schedule takes a step.
  public enum Each: Sendable {
    /// After every epoch, or after every batch.
    case epoch, batch
  }

  private enum Source {
    case function((_ epoch: Int, _ learningRate: Double) -> Double)
    case scheduler(LRScheduler, Each)
  }
  private let source: Source

  /// - Parameter schedule: the epoch, from 0, and the rate of the one before, to the new rate, which
  ///   is set at the start of the epoch.
  public init(_ schedule: @escaping (_ epoch: Int, _ learningRate: Double) -> Double) {
    source = .function(schedule)
  }

  /// - Parameters:
  ///   - scheduler: of the trainer's optimizer.
  ///   - each: whether it takes a step after each epoch, or after each batch, where it is meant so
  ///     (`OneCycleLR`).
  public init(_ scheduler: LRScheduler, each: Each = .epoch) {
    source = .scheduler(scheduler, each)
  }

  public var figures: [String] { ["learning_rate"] }

  public func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) {
    if case .function(let schedule) = source {
      session.learningRate = schedule(epoch, session.learningRate)
    }
  }

  public func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) {
    if case .scheduler(let scheduler, .batch) = source { scheduler.step() }
  }

  public func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) {
    logs["learning_rate"] = session.learningRate
    if case .scheduler(let scheduler, .epoch) = source { scheduler.step() }
  }

  /// What the schedule remembers; a function remembers nothing.
  public var memory: CallbackMemory {
    get {
      guard case .scheduler(let scheduler, _) = source else { return CallbackMemory() }
      return CallbackMemory(arrays: scheduler.stateDict())
    }
    set {
      guard case .scheduler(let scheduler, _) = source else { return }
      do { try scheduler.loadStateDict(newValue.arrays) } catch {
        wrongUse("LearningRateScheduler: the checkpoint is of another schedule: \(error)")
      }
    }
  }

  public func check(
    _ memory: CallbackMemory, epochs: Int, _ session: any TrainingSession
  ) throws {
    guard case .scheduler(let scheduler, _) = source else { return }
    if let name = memory.numbers.keys.min() { throw StateError.unexpected([name]) }
    _ = try scheduler.checked(memory.arrays)
  }
}
