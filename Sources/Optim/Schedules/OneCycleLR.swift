import Foundation
import NN

/// Up to `maxLR` and down again within `totalSteps` (Smith & Topin 2018), to be stepped after each
/// batch.
///
/// The rate starts at `maxLR / divFactor`, reaches `maxLR` after a share `warmUp` of the steps,
/// and ends at the start's `finalDivFactor`-th part. With `threePhase` it first comes down to the
/// start as fast as it went up. A phase that takes no step begins at its end.
public final class OneCycleLR: LRScheduler {
  /// How the rate goes from one level to the next.
  public enum Anneal: String, Sendable {
    /// `cosine`: along half a wave, slow at both ends, PyTorch's default; `linear`: in a straight
    /// line.
    case cosine, linear
  }

  /// The steps of the whole cycle, the rate of step 0 among them; one more stops the program.
  public let totalSteps: Int
  /// How the rate goes from one level to the next.
  public let anneal: Anneal
  private let phases: [(end: Double, from: Double, to: Double)]

  /// - Parameters:
  ///   - optimizer: whose rate is set.
  ///   - maxLR: the highest rate, for all groups.
  ///   - totalSteps: batches of the whole run (epochs · batches an epoch); positive.
  ///   - warmUp: the share of the steps that goes up, PyTorch's `pct_start`.
  ///   - anneal: the form of the ways up and down.
  ///   - divFactor: `maxLR` by the rate at the start.
  ///   - finalDivFactor: the rate at the start by that at the end.
  ///   - threePhase: whether a phase down to the start comes before the last; a `warmUp` that
  ///     leaves no room for it (above about ½) stops the program.
  public init(
    _ optimizer: Optimizer, maxLR: Double, totalSteps: Int, warmUp: Double = 0.3,
    anneal: Anneal = .cosine, divFactor: Double = 25, finalDivFactor: Double = 1e4,
    threePhase: Bool = false
  ) {
    checkOptions("OneCycleLR", [("maxLR", maxLR)])
    guard totalSteps > 0, (0...1).contains(warmUp) else {
      wrongUse("OneCycleLR: totalSteps \(totalSteps), warmUp \(warmUp)")
    }
    for (name, factor) in [("divFactor", divFactor), ("finalDivFactor", finalDivFactor)] {
      guard factor > 0, factor < .infinity else {
        wrongUse("OneCycleLR: \(name) \(factor) is not a positive number")
      }
    }
    (self.totalSteps, self.anneal) = (totalSteps, anneal)
    let start = maxLR / divFactor, last = Double(totalSteps - 1)
    let top = warmUp * Double(totalSteps) - 1
    if threePhase, 2 * top > last {
      wrongUse("OneCycleLR: no room for three phases after warmUp \(warmUp) of \(totalSteps) steps")
    }
    phases =
      threePhase
      ? [(top, start, maxLR), (2 * top, maxLR, start), (last, start, start / finalDivFactor)]
      : [(top, start, maxLR), (last, maxLR, start / finalDivFactor)]
    super.init(optimizer)
  }

  public override func rate(at step: Int) -> Double {
    guard accepts(step) else {
      wrongUse("OneCycleLR: step \(step) of \(totalSteps)")
    }
    var start = 0.0
    for (place, phase) in phases.enumerated() {
      if Double(step) <= phase.end || place == phases.count - 1 {
        let length = phase.end - start
        let share = length > 1e-9 ? min(1, (Double(step) - start) / length) : 1
        let way = anneal == .linear ? share : (1 - cos(Double.pi * share)) / 2
        return phase.from + (phase.to - phase.from) * way
      }
      start = phase.end
    }
    return optimizer.learningRate
  }

  /// After the last of the steps, too, which leaves the rate where it ended.
  public override func accepts(_ step: Int) -> Bool { (0...totalSteps).contains(step) }
}
