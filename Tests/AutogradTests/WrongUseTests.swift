import Autograd
import Testing

/// Wrong use ends the program with a sentence that names the operation and both shapes.
@Suite struct WrongUseTests {
  @Test func backwardTwice() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let w = Tensor([1, 2], requiresGrad: true)
      let loss = (w * w).sum()
      loss.backward()
      loss.backward()
    }
    #expect(
      said(result).contains("backward: the history of 'sum' was let go by an earlier backward()"))
  }

  @Test func backwardThroughAWalkedPart() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let w = Tensor([1, 2], requiresGrad: true)
      let shared = w.tanh()
      shared.sum().backward()
      (shared * 2).sum().backward()
    }
    #expect(said(result).contains("the history of 'tanh' was let go"))
  }

  @Test func backwardFromManyNumbers() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { (Tensor([1, 2], requiresGrad: true) * 2).backward() }
    #expect(said(result).contains("backward: the tensor's shape is [2], not one number"))
  }

  @Test func backwardWithAnotherShape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { (Tensor([1, 2], requiresGrad: true) * 2).backward(.zeros([3])) }
    #expect(said(result).contains("a gradient of shape [3] for a tensor of shape [2]"))
  }

  @Test func backwardFromNothing() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { Tensor([1, 2]).sum().backward() }
    #expect(said(result).contains("backward: nothing here requires a gradient"))
  }

  @Test func mixedTypes() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor([1, 2]) + Tensor([1, 2], dtype: .float64) }
    #expect(said(result).contains("add: float32 [2] and float64 [2] are of different types"))
  }

  @Test func linearSizes() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]).linear(.zeros([4, 5]), .zeros([4])) }
    #expect(said(result).contains("linear: input [2, 3], weight [4, 5], bias [4]"))
  }

  @Test func wordsBeyondTheTable() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([5, 3]).embedding([1, 7]) }
    #expect(said(result).contains("embedding: index 7 is not in 0..<5, shape [5, 3]"))
  }

  @Test func masks() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]).maskedFill(.zeros([4]), 1) }
    #expect(said(result).contains("maskedFill: [4] and [2, 3]: sizes 4 and 3 differ"))
  }

  @Test func lossShapes() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = mseLoss(.zeros([2, 1]), .zeros([2])) }
    #expect(said(result).contains("mseLoss: input [2, 1] and target [2]"))
  }

  @Test func labelShapes() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = crossEntropy(.zeros([2, 3]), [0, 1, 2]) }
    #expect(said(result).contains("crossEntropy: input [2, 3] and target [3]"))
  }

  @Test func labelOutOfRange() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = crossEntropy(.zeros([2, 3]), [0, 3]) }
    #expect(said(result).contains("crossEntropy: class 3 is not in 0..<3, input shape [2, 3]"))
  }

  @Test func normalizedShape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]).layerNorm([4]) }
    #expect(said(result).contains("layerNorm: [2, 3] does not end in [4]"))
  }
}
