import Autograd
import Testing

@Suite struct LossTests {
  static let reductions: [Reduction] = [.none, .mean, .sum]

  @Test(arguments: reductions, [[], [4], [2, 3], [2, 1, 3]])
  func ofTwoArrays(_ reduction: Reduction, _ shape: [Int]) {
    check(shape, shape) { mseLoss($0[0], $0[1], reduction: reduction) }
    check(shape, shape) { l1Loss($0[0], $0[1], reduction: reduction) }
    check(shape, shape) { smoothL1Loss($0[0], $0[1], beta: 0.7, reduction: reduction) }
    check(shape, shape) {
      smoothL1Loss($0[0], $0[1], beta: 0, reduction: reduction)
    } equals: {
      let d = ($0[0] - $0[1]).abs()
      return reduction == .none ? d : reduction == .sum ? d.sum() : d.mean()
    }
    check(shape, shape) {
      binaryCrossEntropyWithLogits($0[0], $0[1].sigmoid(), reduction: reduction)
    } equals: {
      let p = $0[0].sigmoid(), t = $0[1].sigmoid()
      let d = -(t * p.log() + (1 - t) * (1 - p).log())
      return reduction == .none ? d : reduction == .sum ? d.sum() : d.mean()
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
        nllLoss(Tensor($0[0]).logSoftmax(axis: axis), target, reduction: reduction).value
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
