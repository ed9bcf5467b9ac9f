import Foundation
import UnrollChapter

/// Seconds for each piece of work, one number a round: they take turns, so that a slow moment of the
/// machine meets all of them, and a round's numbers can be held beside each other. A run of
/// each before all rounds does not count, and neither does one before each that is timed: the work before
/// has left its own arrays in the caches.
public func interleavedSeconds(_ works: [() -> Void], rounds: Int) -> [[Double]] {
  let clock = ContinuousClock()
  var seconds = [[Double]](repeating: [], count: works.count)
  for round in 0...rounds {
    for (k, work) in works.enumerated() {
      work()
      guard round > 0 else { continue }
      seconds[k].append(clock.measure(work) / .seconds(1))
    }
  }
  return seconds
}

extension [Double] {
  /// A quarter of the numbers lie below the first, half of them below the second, a quarter above the
  /// third.
  public var quartiles: (low: Double, middle: Double, high: Double) {
    let sorted = sorted()
    return (sorted[count / 4], sorted[count / 2], sorted[count * 3 / 4])
  }

  /// From the first quartile to the third, in two digits.
  public var middleHalf: String { "\(quartiles.low.twoDigits)–\(quartiles.high.twoDigits)" }
}

extension Double {
  /// Two digits: more of a time is noise.
  public var twoDigits: String { String(format: self < 99.5 ? "%.2g" : "%.0f", self) }
}
