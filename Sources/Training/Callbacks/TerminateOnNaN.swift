/// Ends the run as soon as the loss is NaN or infinite, with the parameters as they were before that
/// batch, as Keras' callback. Without it such a batch is an error that `fit` throws.
public final class TerminateOnNaN: Callback {
  /// The epoch and the batch, from 0, after which the run was ended; nil if it was not.
  public private(set) var stopped: (epoch: Int, batch: Int)?
  private var epoch = 0

  /// There is nothing to choose.
  public init() {}

  public func onTrainBegin(_ session: any TrainingSession) { stopped = nil }
  public func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) { self.epoch = epoch }

  public func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) {
    if logs["loss"]?.isFinite == false { terminate(batch, session) }
  }

  /// Also where the loss is finite, but its gradient is not.
  func terminate(_ batch: Int, _ session: any TrainingSession) {
    if stopped == nil {
      session.say("Epoch \(epoch + 1), batch \(batch + 1): invalid loss, terminating training")
      stopped = (epoch, batch)
    }
    session.stopTraining = true
  }

  public var memory: CallbackMemory {
    get { CallbackMemory(numbers: ["epoch": Double(epoch)]) }
    set { epoch = newValue.count("epoch") }
  }

  public func check(
    _ memory: CallbackMemory, epochs: Int, _ session: any TrainingSession
  ) throws {
    try memory.check(counts: ["epoch": epochs])
  }
}
