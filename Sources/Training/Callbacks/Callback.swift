import Foundation
import Optim

/// Something that watches a training run and may step in: stop it, change the learning rate, save.
/// Epochs and batches count from 0. What a callback throws ends the run.
public protocol Callback: AnyObject {
  func onTrainBegin(_ session: any TrainingSession) throws
  func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) throws
  /// `logs`: the means over the epoch so far.
  func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) throws
  /// `logs`: what goes into the history; validation's figures carry `val_` before their names.
  func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) throws
  /// Every callback has judged the epoch and the history holds it: the moment to save.
  func afterEpoch(_ epoch: Int, logs: Logs, _ session: any TrainingSession) throws
  func onTrainEnd(_ session: any TrainingSession) throws
  /// The run has been interrupted after a whole batch and is about to end.
  func onInterrupt(_ session: any TrainingSession) throws

  /// All that the callback must remember to go on where it was, for a checkpoint.
  var memory: CallbackMemory { get set }
}

extension Callback {
  public func onTrainBegin(_ session: any TrainingSession) throws {}
  public func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) throws {}
  public func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) throws {}
  public func onEpochEnd(
    _ epoch: Int, logs: inout Logs, _ session: any TrainingSession
  ) throws {}
  public func afterEpoch(_ epoch: Int, logs: Logs, _ session: any TrainingSession) throws {}
  public func onTrainEnd(_ session: any TrainingSession) throws {}
  public func onInterrupt(_ session: any TrainingSession) throws {}
  public var memory: CallbackMemory {
    get { CallbackMemory() }
    set {}
  }
}

/// What a callback remembers.
public struct CallbackMemory {
  public var numbers: [String: Double] = [:]
  public var arrays: StateDict = [:]

  public init(numbers: [String: Double] = [:], arrays: StateDict = [:]) {
    self.numbers = numbers
    self.arrays = arrays
  }
}

/// A training run, as its callbacks see it.
public protocol TrainingSession: AnyObject {
  /// Set to end the run after the current epoch.
  var stopTraining: Bool { get set }
  var learningRate: Double { get set }
  /// The model's parameters by path.
  var weights: StateDict { get set }
  /// Which way the named figure gets better; nil if the run does not know it.
  func direction(of figure: String) -> Direction?
  /// Writes the parameters alone, as safetensors.
  func saveWeights(to file: URL) throws
  /// Writes all that is needed to go on with the same bits.
  func saveCheckpoint(to file: URL) throws
  /// Goes on from a checkpoint, as soon as every callback has begun.
  func restoreCheckpoint(from file: URL) throws
  /// Says a line to whoever watches the run.
  func say(_ line: String)
}
