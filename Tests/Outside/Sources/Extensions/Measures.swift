import Foundation
import UnrollNN

/// The share of predictions that lie within `tolerance` of their target, both of one shape.
public struct HitRate: Metric {
  public let name = "hit_rate"
  public let direction = Direction.up
  public var sums = [0.0, 0.0]
  public let tolerance: Double

  public init(tolerance: Double) { self.tolerance = tolerance }

  public mutating func update(_ predictions: NDArray, _ targets: Targets) {
    guard case .values(let truth) = targets else { fatalError("HitRate: wants numbers") }
    sums[0] += ((predictions - truth).abs() .<= tolerance).sum().item
    sums[1] += Double(truth.count)
  }

  public var value: Double { sums[0] / sums[1] }
}

/// The mean of log cosh(prediction − target): a square near 0, a distance far from it.
public struct LogCoshLoss: TrainerLoss {
  public init() {}
  public func ofBatch(_ predictions: Tensor, _ targets: NDArray) -> Tensor {
    let x = predictions - Tensor(targets)
    return (x + (x * -2).softplus() - log(2)).mean()
  }
}

/// Ends training when a figure has been good enough for some epochs in a row.
public final class StopAtTarget: Callback {
  public let target: Double
  public let epochs: Int
  public private(set) var reached = 0
  private var monitor: Monitor

  public init(monitor: String, target: Double, epochs: Int = 1) {
    (self.monitor, self.target, self.epochs) = (Monitor(monitor), target, epochs)
  }

  public func onTrainBegin(_ session: any TrainingSession) throws {
    reached = 0
    try monitor.settle(for: "StopAtTarget", among: session.figures, session)
  }

  public func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) throws {
    let value = try monitor.value(in: logs, for: "StopAtTarget")
    reached = monitor.isImprovement(value, over: target) ? reached + 1 : 0
    logs["reached"] = Double(reached)
    if reached == epochs { session.stopTraining = true }
  }

  public var figures: [String] { ["reached"] }

  public var memory: CallbackMemory {
    get { CallbackMemory(numbers: ["reached": Double(reached)]) }
    set { reached = newValue.count("reached") }
  }

  public func check(_ memory: CallbackMemory, epochs: Int, _ session: any TrainingSession) throws {
    try memory.check(counts: ["reached": epochs])
  }
}

/// Divides each feature by its largest distance from 0, which stays where it is.
public struct MaxAbsScaler: Scaler {
  public let offset, scale: [Double]
  public let constantFeatures: [Int]

  public init(offset: [Double], scale: [Double], constantFeatures: [Int]) {
    (self.offset, self.scale, self.constantFeatures) = (offset, scale, constantFeatures)
  }

  public static func fit(_ values: [Double], settings: Void) -> (offset: Double, scale: Double) {
    (0, values.map { abs($0) }.max()!)
  }
}

/// Brings the smallest number of each feature to 0 and the one that `share` of them do not exceed
/// to 1.
public struct ShareScaler: Scaler {
  public let offset, scale: [Double]
  public let constantFeatures: [Int]

  public init(offset: [Double], scale: [Double], constantFeatures: [Int]) {
    (self.offset, self.scale, self.constantFeatures) = (offset, scale, constantFeatures)
  }

  public init(fittedTo array: NDArray, share: Double) {
    self.init(fittedTo: array, settings: share)
  }

  public static func fit(
    _ values: [Double], settings share: Double
  ) -> (offset: Double, scale: Double) {
    let sorted = values.sorted()
    return (sorted[0], sorted[Int(share * Double(sorted.count - 1))] - sorted[0])
  }
}
