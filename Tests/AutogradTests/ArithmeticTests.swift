import Autograd
import Foundation
import Testing

@Suite struct ArithmeticTests {
  static let pairs: [([Int], [Int])] = [
    ([], []), ([3], [3]), ([2, 3], [3]), ([3], [2, 3]), ([2, 1], [1, 3]), ([2, 3], []),
    ([], [2, 2]),
    ([1], [3]), ([2, 3, 2], [3, 1]), ([1, 2, 1], [2, 1, 3]), ([0, 2], [2]),
  ]

  @Test(arguments: pairs) func twoOperands(_ a: [Int], _ b: [Int]) {
    check(a, b) {
      $0[0] + $0[1]
    } equals: {
      $0[0].with($0[1], +)
    }
    check(a, b) {
      $0[0] - $0[1]
    } equals: {
      $0[0].with($0[1], -)
    }
    check(a, b) {
      $0[0] * $0[1]
    } equals: {
      $0[0].with($0[1], *)
    }
    check(a, b, from: 0.5) {
      $0[0] / $0[1]
    } equals: {
      $0[0].with($0[1], /)
    }
    check(a, b, from: 0.5) {
      $0[0].pow($0[1])
    } equals: {
      $0[0].with($0[1], Foundation.pow)
    }
    check(a, b) {
      $0[0].maximum($0[1])
    } equals: {
      $0[0].with($0[1]) { $0 > $1 ? $0 : $1 }
    }
    check(a, b) {
      $0[0].minimum($0[1])
    } equals: {
      $0[0].with($0[1]) { $0 < $1 ? $0 : $1 }
    }
    check(a, b) {
      Tensor.where($0[0].value .> $0[1].value, $0[0] * 2, $0[1])
    } equals: {
      $0[0].with($0[1]) { $0 > $1 ? 2 * $0 : $1 }
    }
  }

  @Test(arguments: [[], [1], [3], [2, 3], [2, 1, 3]]) func oneOperand(_ shape: [Int]) {
    check(shape) {
      -$0[0]
    } equals: {
      $0[0].map { -$0 }
    }
    check(shape) {
      $0[0] * 3 - 2 + $0[0] / 4
    } equals: {
      $0[0].map { $0 * 3 - 2 + $0 / 4 }
    }
    check(shape) {
      3 * (2 - $0[0]) + 1
    } equals: {
      $0[0].map { 7 - 3 * $0 }
    }
    check(shape, from: 0.5) {
      2 / $0[0]
    } equals: {
      $0[0].map { 2 / $0 }
    }
    for power in [-2, -1, 0, 1, 2, 3, 1.7] {
      check(shape, from: 0.5) {
        $0[0].pow(power)
      } equals: {
        $0[0].map { Foundation.pow($0, power) }
      }
    }
    check(shape, from: -2, to: -0.5) {
      $0[0].pow(3)
    } equals: {
      $0[0].map { $0 * $0 * $0 }
    }
    check(shape) {
      $0[0] * $0[0]
    } equals: {
      $0[0].map { $0 * $0 }
    }
  }

  @Test func slopesWhereTheyAreSpecial() {
    func slope(_ x: Double, _ f: (Tensor) -> Tensor) -> Double {
      let leaf = Tensor(x, dtype: .float64, requiresGrad: true)
      f(leaf).backward()
      return leaf.grad!.item
    }
    #expect(
      slope(0) { $0.pow(2) } == 0 && slope(0) { $0.pow(0) } == 0 && slope(0) { $0.pow(1) } == 1)
    #expect(slope(0) { Tensor(2, dtype: .float64).pow($0) } > 0.69)
    #expect(slope(2) { Tensor(0, dtype: .float64).pow($0) } == 0)
    #expect(slope(0) { $0.relu() } == 0 && slope(0) { $0.abs() } == 0)
    #expect(slope(1) { $0.clamped(-1, 1) } == 1 && slope(1.1) { $0.clamped(-1, 1) } == 0)
    #expect(slope(3) { $0.maximum(Tensor(3, dtype: .float64)) } == 0.5)
    #expect(slope(100) { $0.softplus() } == 1 && slope(-1000) { $0.sigmoid() } == 0)
  }
}
