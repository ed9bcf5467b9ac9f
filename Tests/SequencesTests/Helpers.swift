import Arrays
import Foundation
import Sequences

/// Whether two lists hold the same numbers: equal up to a tolerance relative to 1 or the number, and
/// missing in the same places.
func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { x, y in
      x.isNaN || y.isNaN
        ? x.isNaN && y.isNaN : x == y || abs(x - y) <= tolerance * max(1, abs(x), abs(y))
    }
}

/// Random numbers for property tests.
func draw(_ count: Int, seed: UInt64, in range: ClosedRange<Double> = -10...10) -> [Double] {
  let generator = Generator(seed: seed)
  return (0..<count).map { _ in
    range.lowerBound + generator.uniform() * (range.upperBound - range.lowerBound)
  }
}
