import Foundation
import Optim

/// Something that watches a training run and may step in: stop it, change the learning rate, save.
/// Epochs and batches count from 0. What a callback throws ends the run.
public protocol Callback: AnyObject {
  /// `fit` begins: the moment to forget an earlier run, and to throw where the run lacks what the
  /// callback needs.
  func onTrainBegin(_ session: any TrainingSession) throws
  /// An epoch begins; before its first batch.
  func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) throws
  /// `logs`: the means over the epoch so far.
  func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) throws
  /// Every callback has seen the batch: the moment to save.
  func afterBatch(_ batch: Int, _ session: any TrainingSession) throws
  /// `logs`: what goes into the history; validation's figures carry `val_` before their names.
  func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) throws
  /// Every callback has judged the epoch and the history holds it: the moment to save.
  func afterEpoch(_ epoch: Int, logs: Logs, _ session: any TrainingSession) throws
  /// The run has ended, at its last epoch or because `stopTraining` was set; after an error it is
  /// not called.
  func onTrainEnd(_ session: any TrainingSession) throws
  /// The run has been interrupted after a whole batch and is about to end.
  func onInterrupt(_ session: any TrainingSession) throws

  /// The figures that the callback itself adds to the logs; what is monitored must be among these and
  /// the run's own.
  var figures: [String] { get }

  /// All that the callback must remember to go on where it was, for a checkpoint.
  var memory: CallbackMemory { get set }
  /// Throws `StateError` where a memory, which comes from a file, is none that this callback can go
  /// on from after so many epochs. It is asked before anything is changed.
  func check(_ memory: CallbackMemory, epochs: Int, _ session: any TrainingSession) throws
}

extension Callback {
  public func onTrainBegin(_ session: any TrainingSession) throws {}
  public func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) throws {}
  public func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) throws {}
  public func afterBatch(_ batch: Int, _ session: any TrainingSession) throws {}
  public func onEpochEnd(
    _ epoch: Int, logs: inout Logs, _ session: any TrainingSession
  ) throws {}
  public func afterEpoch(_ epoch: Int, logs: Logs, _ session: any TrainingSession) throws {}
  public func onTrainEnd(_ session: any TrainingSession) throws {}
  public func onInterrupt(_ session: any TrainingSession) throws {}
  public var figures: [String] { [] }
  public var memory: CallbackMemory {
    get { CallbackMemory() }
    set {}
  }
  public func check(
    _ memory: CallbackMemory, epochs: Int, _ session: any TrainingSession
  ) throws {}
}

/// What a callback remembers.
public struct CallbackMemory {
  /// Counts and figures by name.
  public var numbers: [String: Double] = [:]
  /// Arrays by name, such as the best weights so far.
  public var arrays: StateDict = [:]

  /// A memory of these; of nothing if nothing is said.
  public init(numbers: [String: Double] = [:], arrays: StateDict = [:]) {
    self.numbers = numbers
    self.arrays = arrays
  }

  /// A count that is known to be one; 0 if there is none.
  public func count(_ name: String) -> Int {
    guard let number = Int(exactly: numbers[name] ?? 0) else {
      wrongUse("\(name) is \(numbers[name]!), not a whole number")
    }
    return number
  }

  /// Throws where there are other names than these, where a count is none from 0 to its limit, or a
  /// measured figure, `best`, is NaN.
  public func check(counts: [String: Int], optional: [String: Int] = [:]) throws(StateError) {
    let known = Set(counts.keys).union(optional.keys).union(["best"])
    if let name = numbers.keys.filter({ !known.contains($0) }).min() { throw .unexpected([name]) }
    if let name = counts.keys.filter({ numbers[$0] == nil }).min() { throw .missing([name]) }
    for (name, limit) in counts.merging(optional, uniquingKeysWith: { $1 }).sorted(by: <) {
      guard let value = numbers[name] else { continue }
      guard let number = Int(exactly: value), (0...limit).contains(number) else {
        throw .value(name: name, found: value, expected: "a whole number from 0 to \(limit)")
      }
    }
    if let best = numbers["best"], best.isNaN {
      throw .value(name: "best", found: best, expected: "a number")
    }
  }
}

/// A training run, as its callbacks see it.
public protocol TrainingSession: AnyObject {
  /// Set to end the run: with the current epoch, which is cut short if it is set between batches.
  var stopTraining: Bool { get set }
  /// The rate of the optimizer's first group; setting it moves the others in proportion.
  var learningRate: Double { get set }
  /// The model's parameters by path.
  var weights: StateDict { get set }
  /// The names of what is measured after an epoch; empty where they are not known beforehand.
  var figures: [String] { get }
  /// The names of what is measured while an epoch is under way.
  var batchFigures: [String] { get }
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

extension TrainingSession {
  public var figures: [String] { [] }
  public var batchFigures: [String] { [] }
}
