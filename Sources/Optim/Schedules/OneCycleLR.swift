import Foundation
import NN

/// Up to `maxRate` and down again within `totalSteps` (Smith & Topin 2018), to be stepped after each
/// batch.
///
/// The rate starts at `maxRate / divFactor`, reaches `maxRate` after a share `warmUp` of the steps,
/// and ends at the start's `finalDivFactor`-th part. With `threePhase` it first comes down to the
/// start as fast as it went up.
public final class OneCycleLR: LRScheduler {
  /// How the rate goes from one level to the next.
  public enum Anneal: String, Sendable { case cosine, linear }

  public let totalSteps: Int
  public let anneal: Anneal
  private let phases: [(end: Double, from: Double, to: Double)]

  public init(
    _ optimizer: Optimizer, maxRate: Double, totalSteps: Int, warmUp: Double = 0.3,
    anneal: Anneal = .cosine, divFactor: Double = 25, finalDivFactor: Double = 1e4,
    threePhase: Bool = false
  ) {
    guard totalSteps > 0, (0...1).contains(warmUp) else {
      wrongUse("OneCycleLR: totalSteps \(totalSteps), warmUp \(warmUp)")
    }
    (self.totalSteps, self.anneal) = (totalSteps, anneal)
    let start = maxRate / divFactor, last = Double(totalSteps - 1)
    let top = warmUp * Double(totalSteps) - 1
    phases =
      threePhase
      ? [(top, start, maxRate), (2 * top, maxRate, start), (last, start, start / finalDivFactor)]
      : [(top, start, maxRate), (last, maxRate, start / finalDivFactor)]
    super.init(optimizer)
    apply()
  }

  public override func rate(at step: Int) -> Double {
    guard step < totalSteps else {
      wrongUse("OneCycleLR: step \(step) of \(totalSteps), counted from 0")
    }
    var start = 0.0
    for (place, phase) in phases.enumerated() {
      if Double(step) <= phase.end || place == phases.count - 1 {
        let share = (Double(step) - start) / (phase.end - start)
        let way = anneal == .linear ? share : (1 - cos(Double.pi * share)) / 2
        return phase.from + (phase.to - phase.from) * way
      }
      start = phase.end
    }
    return optimizer.learningRate
  }
}
