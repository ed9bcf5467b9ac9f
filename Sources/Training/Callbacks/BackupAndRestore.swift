import Foundation

/// Keeps a file from which an interrupted run goes on: written after epochs and on Ctrl-C, read when
/// `fit` is called and it is there, removed when the run has ended. After Keras' callback of this
/// name; here a run that goes on gives the same bits as one that was never interrupted.
///
///     try trainer.fit(x, y, epochs: 500, callbacks: [BackupAndRestore(file)])
///
/// While `fit` runs with it, the first Ctrl-C lets the current batch end, writes the file and throws
/// `TrainingInterrupted`; a second one ends the program at once.
public final class BackupAndRestore: Callback {
  /// The checkpoint's file.
  public let file: URL
  /// How many epochs apart the file is written, where `everySeconds` is nil.
  public let everyEpochs: Int
  /// How many seconds apart the file is written, in the midst of epochs too; nil: after epochs.
  public let everySeconds: Double?
  /// Whether the file is removed when the run has come to its end.
  public let deleteCheckpoint: Bool
  private var lastWritten: ContinuousClock.Instant?

  /// - Parameters:
  ///   - file: where the checkpoint goes; gone on from if it is there.
  ///   - everyEpochs: how many epochs apart the file is written.
  ///   - everySeconds: where given, the file is written after the first batch, so that a place that
  ///     cannot be written to is noticed, and then so many seconds apart: for epochs that take
  ///     hours, or no time at all.
  ///   - deleteCheckpoint: whether the file goes when the run has come to its end.
  public init(
    _ file: URL, everyEpochs: Int = 1, everySeconds: Double? = nil, deleteCheckpoint: Bool = true
  ) {
    guard everyEpochs > 0, everySeconds ?? 0 >= 0 else {
      wrongUse(
        "BackupAndRestore: everyEpochs \(everyEpochs) is not positive, or everySeconds "
          + (everySeconds.map { "\($0)" } ?? "nil") + " negative")
    }
    self.file = file
    self.everyEpochs = everyEpochs
    self.everySeconds = everySeconds
    self.deleteCheckpoint = deleteCheckpoint
  }

  public func onTrainBegin(_ session: any TrainingSession) throws {
    lastWritten = nil
    if FileManager.default.fileExists(atPath: file.path) {
      try session.restoreCheckpoint(from: file)
    }
  }

  public func afterBatch(_ batch: Int, _ session: any TrainingSession) throws {
    guard let everySeconds else { return }
    let now = ContinuousClock.now
    if let lastWritten, (now - lastWritten) / .seconds(1) < everySeconds { return }
    try session.saveCheckpoint(to: file)
    lastWritten = now
  }

  public func afterEpoch(_ epoch: Int, logs: Logs, _ session: any TrainingSession) throws {
    if everySeconds == nil, (epoch + 1) % everyEpochs == 0 { try session.saveCheckpoint(to: file) }
  }

  public func onInterrupt(_ session: any TrainingSession) throws {
    try session.saveCheckpoint(to: file)
  }

  public func onTrainEnd(_ session: any TrainingSession) throws {
    if deleteCheckpoint { try? FileManager.default.removeItem(at: file) }
  }
}

/// A run was interrupted; where to go on from.
public struct TrainingInterrupted: Error, CustomStringConvertible {
  /// Epochs and batches done, from 0.
  public let epoch, batch: Int
  /// The file of the run's `BackupAndRestore`, to go on from; nil without one.
  public let checkpoint: URL?
  /// What interrupted it: `SIGINT` for Ctrl-C, or `SIGTERM`.
  public let signal: Int32

  public var description: String {
    "interrupted in epoch \(epoch + 1) after \(batch) batches"
      + (checkpoint.map { "; run again to go on from \($0.path)" } ?? "")
  }
}
