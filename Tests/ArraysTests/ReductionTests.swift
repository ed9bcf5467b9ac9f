import Arrays
import Foundation
import Testing

@Suite struct ReductionTests {
  static let axes: [[Int]?] = [
    nil, [], [0], [1], [2], [-1], [0, 1], [0, 2], [1, 2], [0, 1, 2], [2, 0],
  ]

  /// Each group of numbers that a reduction along the axes takes together, found one by one.
  func groups(_ a: NDArray, _ axes: [Int]?) -> [[Double]] {
    let reduced = Set((axes ?? Array(0..<a.rank)).map { $0 < 0 ? $0 + a.rank : $0 })
    var result: [[Double]] = [], places: [[Int]: Int] = [:]
    for i in 0..<a.shape[0] {
      for j in 0..<a.shape[1] {
        for k in 0..<a.shape[2] {
          let key = [i, j, k].enumerated().filter { !reduced.contains($0.offset) }.map(\.element)
          let place = places[key] ?? result.count
          if place == result.count { (places[key], result) = (place, result + [[]]) }
          result[place].append(a[i, j, k].item)
        }
      }
    }
    return result
  }

  @Test(arguments: axes)
  func alongAnyAxes(_ axes: [Int]?) {
    for a in [numbers([2, 3, 4]), numbers([4, 3, 2]).transposed(0, 2), numbers([3, 1, 40])] {
      let groups = groups(a, axes)
      func check(_ found: NDArray, _ f: ([Double]) -> Double) {
        let expected = NDArray(groups.map(f), shape: found.shape, dtype: .float64)
        #expect(found.isClose(to: expected, relative: 1e-13, absolute: 1e-13))
      }
      check(a.sum(axes: axes)) { $0.reduce(0, +) }
      check(a.mean(axes: axes)) { $0.reduce(0, +) / Double($0.count) }
      check(a.max(axes: axes)) { $0.max()! }
      check(a.min(axes: axes)) { $0.min()! }
      check(a.variance(axes: axes, correction: 0)) { group in
        let mean = group.reduce(0, +) / Double(group.count)
        return group.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(group.count)
      }
      check(a.std(axes: axes, correction: 0)) { group in
        let mean = group.reduce(0, +) / Double(group.count)
        let squares = group.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        return (squares / Double(group.count)).squareRoot()
      }
      check(a.logSumExp(axes: axes)) { log($0.map { exp($0) }.reduce(0, +)) }
      let kept = a.sum(axes: axes, keepDims: true).shape
      #expect(kept.count == 3)
      #expect(kept.filter { $0 != 1 } == a.sum(axes: axes).shape.filter { $0 != 1 })
    }
  }

  @Test func extremes() {
    let a = NDArray([[1, 5, 5], [.nan, 9, 2]], dtype: .float64)
    #expect(a.max(axis: 1).doubles[0] == 5)
    #expect(a.max(axis: 1).doubles[1].isNaN && a.min(axis: 1).doubles[1].isNaN)
    #expect(a.argmax(axis: 1).values == [1, 0])
    #expect(a.argmax(axis: 0).values == [1, 1, 0])
    #expect(doubles([-.infinity, -.infinity]).argmax(axis: 0).values == [0])
    #expect(a.argmin(axis: 1).values == [0, 0] && a.argmin(axis: 0).values == [1, 0, 1])
    #expect(a.argmax() == 3 && a.argmin() == 3)
    let b = NDArray([[3, -1, 7], [7, -1, 0]], dtype: .float64)
    #expect(b.argmax() == 2 && b.argmin() == 1)
    #expect(b.transposed(0, 1).argmax() == 1 && b.transposed(0, 1).argmin() == 2)
    #expect(b.argmax(axis: 1, keepDims: true) == Indices([[2], [0]]))
    #expect(b.argmin(axis: -2, keepDims: true) == Indices([[0, 0, 1]]))
    #expect(NDArray(5).argmax() == 0 && NDArray(5).argmin() == 0)
    #expect(doubles([-.infinity, -2]).max().item == -2)
  }

  @Test(arguments: [1, 2, 15, 16, 17, 33, 100, 1003]) func extremesOfEveryLength(_ count: Int) {
    for dtype in DType.allCases {
      var values = numbers([count]).asType(dtype).doubles
      let a = NDArray(values, dtype: dtype)
      #expect(a.max().item == values.max() && a.min().item == values.min())
      #expect(a.argmax() == values.firstIndex(of: values.max()!))
      #expect(a.argmin() == values.firstIndex(of: values.min()!))
      for place in Set([0, count / 2, count - 1]) {
        let before = values[place]
        values[place] = .nan
        let b = NDArray(values, dtype: dtype)
        #expect(b.max().item.isNaN && b.min().item.isNaN)
        #expect(b.argmax() == place && b.argmin() == place)
        values[place] = before
      }
    }
  }

  @Test func logSumExpOfInfinities() {
    let low = doubles([-.infinity, -.infinity]), high = doubles([.infinity, 0])
    #expect(low.logSumExp(axis: 0).item == -.infinity)
    #expect(high.logSumExp(axis: 0).item == .infinity)
    #expect(doubles([1000, 1000]).logSumExp(axis: 0).item == 1000 + 0.693147180559945309)
  }

  @Test(
    arguments: [DType.float32, .float64], [[3, 40], [2, 5, 7], [1, 16], [4, 1], [3, 19, 20]])
  func softmaxSumsToOne(_ dtype: DType, _ shape: [Int]) {
    let a = (numbers(shape) * 30).asType(dtype)
    for axis in shape.indices {
      let p = a.softmax(axis: axis)
      #expect(p.sum(axis: axis).isClose(to: .ones(p.sum(axis: axis).shape, dtype: dtype)))
      let wide = a.asType(.float64)
      let e = (wide - wide.max(axis: axis, keepDims: true)).exp()
      let exact = e / e.sum(axis: axis, keepDims: true)
      #expect(p.asType(.float64).isClose(to: exact, relative: 1e-6, absolute: 1e-44))
      let logP = a.logSoftmax(axis: axis)
      #expect(logP.isClose(to: a - a.logSumExp(axis: axis, keepDims: true), absolute: 2e-5))
    }
  }

  @Test func sumsKeepTheirDigits() {
    #expect(NDArray.full([1_000_000], 0.1).sum().item.distance(to: 100_000.00149) < 0.02)
  }
}
