/// Sets the learning rate at the start of each epoch, as Keras' callback.
///
///     LearningRateScheduler { epoch, rate in epoch < 10 ? rate : rate * 0.9 }
public final class LearningRateScheduler: Callback {
  private let schedule: (_ epoch: Int, _ learningRate: Double) -> Double

  /// - Parameter schedule: the epoch, from 0, and the rate of the one before, to the new rate.
  public init(_ schedule: @escaping (_ epoch: Int, _ learningRate: Double) -> Double) {
    self.schedule = schedule
  }

  public var figures: [String] { ["learning_rate"] }

  public func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) {
    session.learningRate = schedule(epoch, session.learningRate)
  }

  public func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) {
    logs["learning_rate"] = session.learningRate
  }
}
