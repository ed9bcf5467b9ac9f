import Autograd
import Foundation
import Testing

@Suite struct LossTests {
  static let reductions: [Reduction] = [.none, .mean, .sum]

  private static func reduced(_ losses: Plain, _ reduction: Reduction) -> Plain {
    if reduction == .none { return losses }
    let sum = losses.numbers.reduce(0, +)
    return Plain([]) { _ in reduction == .sum ? sum : sum / Double(losses.numbers.count) }
  }

  /// −log p of the classes that are no −100, which do not count in the mean either.
  private static func negative(
    _ logs: Plain, _ target: Indices, _ axis: Int, _ reduction: Reduction
  ) -> Plain {
    var classes = target.values.makeIterator()
    let losses = Plain(target.shape) { place in
      let number = classes.next()!
      var place = place
      place.insert(number, at: axis)
      return number == -100 ? 0 : -logs[place]
    }
    if reduction != .mean { return reduced(losses, reduction) }
    let count = target.values.count { $0 != -100 }
    return reduced(losses, .sum).map { $0 / Double(count) }
  }

  @Test(arguments: reductions, [[], [4], [2, 3], [2, 1, 3]])
  func ofTwoArrays(_ reduction: Reduction, _ shape: [Int]) {
    check(shape, shape) { mseLoss($0[0], $0[1], reduction: reduction) }
    check(shape, shape) { l1Loss($0[0], $0[1], reduction: reduction) }
    check(shape, shape) { smoothL1Loss($0[0], $0[1], beta: 0.7, reduction: reduction) }
    check(shape, shape) {
      smoothL1Loss($0[0], $0[1], beta: 0, reduction: reduction)
    } equals: {
      Self.reduced($0[0].with($0[1]) { abs($0 - $1) }, reduction)
    }
    check(shape, shape) {
      binaryCrossEntropyWithLogits($0[0], $0[1].sigmoid(), reduction: reduction)
    } equals: {
      let losses = $0[0].with($0[1]) { x, y in
        let p = 1 / (1 + exp(-x)), t = 1 / (1 + exp(-y))
        return -(t * log(p) + (1 - t) * log(1 - p))
      }
      return Self.reduced(losses, reduction)
    }
    check(shape, shape, [1]) {
      binaryCrossEntropyWithLogits(
        $0[0], $0[1].sigmoid(), positiveWeight: $0[2].exp(), reduction: reduction)
    }
  }

  @Test(arguments: reductions) func ofClasses(_ reduction: Reduction) {
    let cases: [([Int], Indices)] = [
      ([5], Indices([3], shape: [])), ([3, 4], [1, -100, 3]),
      ([2, 3, 2], Indices([[0, 2], [1, 1]])),
      ([1, 20], [19]), ([2, 3, 1, 2], Indices([0, 1, -100, 2], shape: [2, 1, 2])),
    ]
    for (shape, target) in cases {
      let axis = shape.count == 1 ? 0 : 1
      check(shape) { nllLoss($0[0], target, reduction: reduction) }
      check(shape) {
        crossEntropy($0[0], target, reduction: reduction)
      } equals: {
        let logs = $0[0].along(axis) { x, line in x - log(line.reduce(0) { $0 + exp($1) }) }
        return Self.negative(logs, target, axis, reduction)
      }
      check(shape, shape) {
        crossEntropy($0[0], probabilities: $0[1].softmax(axis: axis), reduction: reduction)
      }
    }
  }

  @Test func whereAllTargetsAreIgnored() {
    let x = Tensor(.ones([2, 3]), requiresGrad: true)
    #expect(crossEntropy(x, [-100, -100]).item.isNaN)
    #expect(crossEntropy(x, [-100, -100], reduction: .sum).item == 0)
    #expect(crossEntropy(x, [-100, -100], reduction: .none).value == .zeros([2]))
  }

  @Test func largeLogits() {
    let x = Tensor([[1000, 0], [-1000, 0]], dtype: .float64, requiresGrad: true)
    let loss = crossEntropy(x, [1, 1])
    #expect(loss.item == 500)
    loss.backward()
    #expect(x.grad!.doubles == [0.5, -0.5, 0, 0])
    let logit = Tensor([1000, -1000], requiresGrad: true)
    #expect(binaryCrossEntropyWithLogits(logit, Tensor([0, 1])).item == 1000)
  }
}
