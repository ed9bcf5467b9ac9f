import Optim

/// Lets one of `Optim`'s schedules set the learning rate: a step after each epoch, or after each
/// batch, where the schedule is meant so (`OneCycleLR`).
public final class Schedule: Callback {
  public enum Each: Sendable { case epoch, batch }

  private let scheduler: LRScheduler
  private let each: Each

  public init(_ scheduler: LRScheduler, each: Each = .epoch) {
    (self.scheduler, self.each) = (scheduler, each)
  }

  public var figures: [String] { ["learning_rate"] }

  public func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) {
    if each == .batch { scheduler.step() }
  }

  public func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) {
    logs["learning_rate"] = session.learningRate
    if each == .epoch { scheduler.step() }
  }

  public var memory: CallbackMemory {
    get { CallbackMemory(arrays: scheduler.stateDict()) }
    set {
      do { try scheduler.loadStateDict(newValue.arrays) } catch {
        wrongUse("Schedule: the checkpoint is of another schedule: \(error)")
      }
    }
  }

  public func check(
    _ memory: CallbackMemory, epochs: Int, _ session: any TrainingSession
  ) throws {
    if let name = memory.numbers.keys.min() { throw StateError.unexpected([name]) }
    _ = try scheduler.checked(memory.arrays)
  }
}
