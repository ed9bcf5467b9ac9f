import Arrays
import Testing

@Suite struct BroadcastTests {
  /// Shapes of two operands and of the result, as NumPy's.
  static let shapes: [([Int], [Int], [Int])] = [
    ([], [], []), ([3], [], [3]), ([], [2, 3], [2, 3]), ([3], [3], [3]), ([2, 3], [3], [2, 3]),
    ([2, 1], [1, 3], [2, 3]), ([2, 3], [2, 1], [2, 3]), ([1], [2, 3], [2, 3]),
    ([1, 1, 1], [2], [1, 1, 2]),
    ([4, 1, 3], [2, 1], [4, 2, 3]), ([5, 1, 1, 2], [3, 4, 1], [5, 3, 4, 2]),
    ([0, 3], [3], [0, 3]),
    ([2, 3, 1], [2, 1, 1], [2, 3, 1]), ([1, 0], [2, 1], [2, 0]),
  ]

  /// The operand's number at a place of the result, found the slow way.
  func number(_ a: NDArray, at place: [Int]) -> Double {
    var result = a
    for (axis, index) in place.suffix(a.rank).enumerated() {
      result = result.select(axis: 0, index: a.shape[axis] == 1 ? 0 : index)
    }
    return result.item
  }

  @Test(arguments: shapes)
  func asNumPy(_ a: [Int], _ b: [Int], _ expected: [Int]) {
    let x = numbers(a, seed: 1), y = numbers(b, seed: 2)
    let places = expected.reduce([[]]) { places, size in
      places.flatMap { place in (0..<size).map { place + [$0] } }
    }
    for (f, plain) in [
      ({ $0 + $1 }, { $0 + $1 }), ({ $0 - $1 }, { $0 - $1 }), ({ $0 * $1 }, { $0 * $1 }),
      ({ $0 / $1 }, { $0 / $1 }), ({ $0.maximum($1) }, { Swift.max($0, $1) }),
      ({ $0 .< $1 }, { $0 < $1 ? 1 : 0 }),
    ] as [((NDArray, NDArray) -> NDArray, (Double, Double) -> Double)] {
      let result = f(x, y)
      #expect(result.shape == expected)
      #expect(result.doubles == places.map { plain(number(x, at: $0), number(y, at: $0)) })
      // The same from operands that do not lie in rows.
      let turned = x.rank == 2 ? x.transposed.copyInRows.transposed : x
      #expect(f(turned, y) == result)
    }
    let chosen = NDArray.where(x .> 0.0, y, x)
    #expect(
      chosen.doubles
        == places.map {
          number(x, at: $0) > 0 ? number(y, at: $0) : number(x, at: $0)
        })
  }

  @Test func comparisonsOfNaN() {
    let a = doubles([.nan, 1, 2]), b = doubles([.nan, 1, 3])
    #expect((a .== b).doubles == [0, 1, 0])
    #expect((a .!= b).doubles == [1, 0, 1])
    #expect((a .<= b).doubles == [0, 1, 1])
    #expect((a .>= 1.0).doubles == [0, 1, 1])
    #expect(a != a)
    #expect(a.maximum(1.5).doubles[0].isNaN && a.minimum(b).doubles[0].isNaN)
    #expect(doubles([1]).maximum(doubles([.nan])).item.isNaN)
  }
}

extension NDArray {
  /// The same numbers in memory of their own.
  fileprivate var copyInRows: NDArray { NDArray(doubles, shape: shape, dtype: dtype) }
  fileprivate func maximum(_ number: Double) -> NDArray { maximum(NDArray(number, dtype: dtype)) }
}
