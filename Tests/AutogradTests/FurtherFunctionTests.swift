import Autograd
import Testing

/// Gradients by central differences of what `functions.json` holds PyTorch's values of.
struct FurtherFunctionTests {
  @Test(arguments: [[], [5], [2, 3]]) func `activation functions`(_ shape: [Int]) {
    check(shape) { $0[0].erf() }
    check(shape) { $0[0].gelu() }
    check(shape) { $0[0].silu() }
    check(shape) { $0[0].elu(alpha: 0.7) }
    check(shape) { $0[0].leakyReLU(negativeSlope: 0.2) }
  }

  @Test func `along and over axes`() {
    check([2, 3, 4]) { $0[0].cumulativeSum(axis: 1) }
    check([3, 5]) { $0[0].topK(2, axis: 1).values }
    check([5, 3]) { $0[0].topK(2, axis: 0, largest: false).values }
    check([2, 3], [3, 4]) { einsum("ij,jk->k", $0[0], $0[1]) }
    check([3, 3]) { einsum("ii->", $0[0]) }
  }

  @Test func losses() {
    check([2, 3], [2, 3]) { huberLoss($0[0], $0[1], delta: 0.5) }
    check([5, 2, 3]) {
      ctcLoss(
        $0[0].logSoftmax(axis: 2), Indices([[1, 2], [1, 1]]), inputLengths: [5, 4],
        targetLengths: [2, 1])
    }
  }

  /// Where the target is all but certain, loss and gradient in Float are those in Double.
  @Test func `an alignment that is nearly certain`() {
    let path = [0, 1, 1, 0, 2]
    let logits = NDArray.oneHot(Indices(path, shape: [5, 1]), classes: 3) * 16.0
    func results(_ dtype: DType) -> [Double] {
      let x = Tensor(logits.asType(dtype), requiresGrad: true)
      let loss = ctcLoss(x.logSoftmax(axis: 2), Indices([[1, 2]]), reduction: .sum)
      loss.backward()
      return [loss.item] + x.grad!.doubles
    }
    for (found, exact) in zip(results(.float32), results(.float64)) {
      #expect(abs(found - exact) <= 2e-6 * abs(exact) + 1e-14, "\(found), right \(exact)")
    }
  }

  /// A long running sum of Floats keeps its digits, and its gradient too.
  @Test func `a cumulative sum of a million numbers`() {
    let x = Tensor(.full([1_000_000], 0.1), requiresGrad: true)
    let total = x.cumulativeSum(axis: 0)
    let last = total.value.select(axis: 0, index: -1).item
    #expect(abs(last / (1_000_000 * Double(Float(0.1))) - 1) < 1e-6)
    total.select(axis: 0, index: 999_999).backward()
    #expect(x.grad == .ones([1_000_000]))
  }

  @Test func `empty arrays and NaN`() {
    #expect(NDArray.zeros([0, 3]).cumulativeSum(axis: 0).shape == [0, 3])
    #expect(NDArray.zeros([2, 0]).cumulativeSum(axis: 1).shape == [2, 0])
    #expect(NDArray([1, .nan, 3, 2]).topKPlaces(3).values == [1, 2, 3])
    #expect(NDArray([1, .nan, 3, 2]).topKPlaces(3, largest: false).values == [0, 3, 2])
    #expect(NDArray.zeros([2, 0]).topKPlaces(0).shape == [2, 0])
    // The tail where 1 + erf x would be rounding alone.
    let tail = Tensor([-6]).gelu().item
    #expect(abs(tail / -5.919525870226207e-9 - 1) < 1e-5)
  }
}
