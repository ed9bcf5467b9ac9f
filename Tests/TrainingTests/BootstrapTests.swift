import Foundation
import Testing
import Training

@Suite struct BootstrapTests {
  /// The standard error of a mean is σ/√n; nine tenths of a normal lie within 1.645 of it.
  @Test func theMeanVariesAsItsStandardErrorSays() {
    let values = (0..<400).map { sin(Double($0 * $0)) }
    let mean = values.reduce(0, +) / 400
    let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 400).squareRoot()
    let means = bootstrap(400) { drawn in drawn.reduce(0) { $0 + values[$1] } / 400 }
    #expect(means.count == 2000 && means == means.sorted())
    let interval = means.interval(0.9), half = 1.645 * spread / 20
    #expect(abs(interval.upperBound - (mean + half)) < 0.15 * half)
    #expect(abs(interval.lowerBound - (mean - half)) < 0.15 * half)
  }

  /// Of a slow wave a block of one period has the mean of the whole, single values have not.
  @Test func blocksKeepNeighborsTogether() {
    let wave = (0..<120).map { sin(Double($0) * 2 * .pi / 12) }
    func range(_ length: Int) -> Double {
      let interval = bootstrap(120, blockLength: length) { drawn in
        drawn.reduce(0) { $0 + wave[$1] } / 120
      }.interval(0.9)
      return interval.upperBound - interval.lowerBound
    }
    #expect(range(1) > 0.15)
    #expect(range(12) < 1e-12)
  }

  @Test func drawnPlacesAreOfTheData() {
    for (count, length) in [(1, 1), (5, 3), (7, 20)] {
      let sizes = bootstrap(count, blockLength: length, samples: 50) { drawn in
        #expect(drawn.allSatisfy { (0..<count).contains($0) })
        return Double(drawn.count)
      }
      #expect(Set(sizes) == [Double(count)])
    }
    #expect([1.0, 2, 3, 4].interval(0.5) == 2...3)
  }
}
