/// What a run is to do besides, as functions, without a class of its own (Keras' callback of this
/// name). They remember nothing for a checkpoint.
///
///     LambdaCallback(onEpochEnd: { epoch, logs in print(epoch + 1, logs) })
public final class LambdaCallback: Callback {
  private let epochBegin: (_ epoch: Int) throws -> Void
  private let batchEnd: (_ batch: Int, _ logs: Logs) throws -> Void
  private let epochEnd: (_ epoch: Int, _ logs: Logs) throws -> Void

  /// - Parameters:
  ///   - onEpochBegin: called with the epoch, from 0.
  ///   - onBatchEnd: with the batch, from 0, and the means over the epoch so far.
  ///   - onEpochEnd: with the epoch and what goes into the history.
  public init(
    onEpochBegin: @escaping (_ epoch: Int) throws -> Void = { _ in },
    onBatchEnd: @escaping (_ batch: Int, _ logs: Logs) throws -> Void = { _, _ in },
    onEpochEnd: @escaping (_ epoch: Int, _ logs: Logs) throws -> Void = { _, _ in }
  ) {
    (epochBegin, batchEnd, epochEnd) = (onEpochBegin, onBatchEnd, onEpochEnd)
  }

  public func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) throws {
    try epochBegin(epoch)
  }

  public func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) throws {
    try batchEnd(batch, logs)
  }

  public func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) throws {
    try epochEnd(epoch, logs)
  }
}
