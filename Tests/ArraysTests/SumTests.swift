import Arrays
import Testing

/// Sums of millions of Floats, which must not drift: every one is within a millionth.
@Suite(.serialized) struct SumTests {
  private func isClose(_ found: NDArray, _ expected: [Double], _ relative: Double = 1e-6) -> Bool {
    found.count == expected.count
      && zip(found.doubles, expected).allSatisfy { abs($0 - $1) <= relative * abs($1) }
  }

  @Test func ofTenMillions() {
    let tenth = Double(Float(0.1))
    let a = NDArray.full([10_000_000], 0.1)
    #expect(isClose(a.sum(), [1e7 * tenth]) && isClose(a.mean(), [tenth]))
    for (shape, axes) in [
      ([2_500_000, 4], [0]), ([4, 2_500_000], [1]), ([2, 1_000_000, 5], [1]),
      ([1_000_000, 2, 5], [0, 2]), ([3_333_333, 3], [0]), ([10_000, 1000], [0]),
      ([1000, 10_000], [0]), ([10_000, 1000], [0, 1]), ([1, 10_000_000], [0]),
    ] {
      let b = NDArray.full(shape, 0.1)
      let n = axes.reduce(1.0) { $0 * Double(shape[$1]) }
      let sum = b.sum(axes: axes)
      #expect(isClose(sum, Array(repeating: n * tenth, count: sum.count)), "\(shape) \(axes)")
      #expect(isClose(b.mean(axes: axes), Array(repeating: tenth, count: sum.count)))
    }
  }

  /// Numbers of both signs, along any axes, beside the sums in Double.
  @Test func asInDouble() {
    for shape in [[300, 7, 211], [5, 3000, 1], [2, 3, 40_000], [1200, 33, 2], [1, 17, 1]] {
      let a = numbers(shape).asType(.float32), wide = a.asType(.float64)
      for axes: [Int]? in [nil, [0], [1], [2], [0, 1], [1, 2], [0, 2]] {
        #expect(isClose(a.sum(axes: axes), wide.sum(axes: axes).doubles, 1e-7))
        #expect(isClose(a.mean(axes: axes), wide.mean(axes: axes).doubles, 1e-7), "\(shape)")
        let variance = a.variance(axes: axes, correction: 0)
        let exact = wide.variance(axes: axes, correction: 0)
        #expect(isClose(variance, exact.doubles, 1e-7))
      }
    }
    #expect(NDArray([3e38, 3e38, 3e38]).mean().item == Double(Float(3e38)))
  }

  @Test func varianceFarFromZero() {
    let a = NDArray.uniform([1_000_000], in: 10_000...10_001, generator: Generator(seed: 3))
    let x = a.doubles
    let mean = x.reduce(0, +) / 1e6
    let squares = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(isClose(a.variance(), [squares / 999_999]))
    #expect(abs(a.variance().item - 1.0 / 12) < 1e-3)
    for axes in [[0], [1], [0, 1]] {
      let b = a.reshaped([1000, 1000])
      #expect(isClose(b.variance(axes: axes), b.asType(.float64).variance(axes: axes).doubles))
      let centered = b.centered(axes: axes), exact = b.asType(.float64).centered(axes: axes)
      #expect(isClose(centered, exact.doubles))
    }
    let c = a.reshaped([10, 1000, 100]), exact = c.asType(.float64).centered(axes: [0, 2])
    #expect(c.centered(axes: [0, 2]).shape == [10, 1000, 100])
    #expect(isClose(c.centered(axes: [0, 2]), exact.doubles))
  }

  /// The exponentials' sums too: softmax and its kin of a million equal numbers.
  @Test func ofExponentials() {
    let a = NDArray.full([1_000_000], 0.3)
    #expect(isClose(a.softmax(), Array(repeating: 1e-6, count: 1_000_000)))
    #expect(isClose(a.reshaped([1_000_000, 1]).softmax(axis: 0)[0], [1e-6]))
    let exact = Double(Float(0.3)) + 13.815510557964274
    #expect(isClose(a.logSumExp(axis: 0), [exact]))
    #expect(isClose(a.reshaped([500_000, 2]).logSumExp(axis: 0)[1], [exact - 0.6931471805599453]))
  }

  /// Products that add up many terms, in every layout and for every shape that is computed its own way.
  @Test func longInnerSizes() {
    for (m, n, k) in [
      (1, 1, 1_000_000), (3, 2, 300_000), (8, 8, 100_000), (2, 40, 100_000), (40, 3, 100_000),
      (13, 40, 100_000), (1, 20, 1000), (20, 20, 500), (5, 6, 4097), (300, 1, 10_000),
    ] {
      let exact = Double(Float(0.3)) * Double(Float(0.7)) * Double(k)
      let a = NDArray.full([m, k], 0.3), b = NDArray.full([k, n], 0.7)
      let turnedA = NDArray.full([k, m], 0.3).transposed
      let turnedB = NDArray.full([n, k], 0.7).transposed
      for (x, y) in [(a, b), (turnedA, b), (a, turnedB), (turnedA, turnedB)] {
        #expect(isClose(x.matmul(y), Array(repeating: exact, count: m * n)), "\(m) × \(k) × \(n)")
      }
    }
  }

  /// Slices and numbers added back to one place a hundred thousand times.
  @Test func ofSlicesTakenOften() {
    let count = 100_000, exact = Double(Float(0.1)) * Double(count)
    let places = Indices(Array(repeating: 1, count: count) + [0, 2, 2], shape: [count + 3])
    var rows = NDArray.zeros([3, 5])
    rows.addTaken(.full([count + 3, 5], 0.1), at: places, axis: 0)
    #expect(isClose(rows[1], Array(repeating: exact, count: 5)))
    #expect(rows[0] == .full([5], 0.1) && rows[2] == .full([5], 0.2))
    var columns = NDArray.ones([2, 3])
    columns.addTaken(.full([2, count + 3], 0.1), at: places, axis: 1)
    #expect(isClose(columns.select(axis: 1, index: 1), [exact + 1, exact + 1]))
    var numbers = NDArray.zeros([3])
    numbers.addGathered(.full([count + 3], 0.1), at: places, axis: 0)
    #expect(isClose(numbers, [Double(Float(0.1)), exact, 2 * Double(Float(0.1))]))
  }
}
