import Foundation
import Optim
import TestSupport
import Testing

/// Every kind of optimizer with its equations, under a name.
private func kinds() -> [(
  name: String, make: ([Parameter]) -> Optimizer, reference: any Reference
)] {
  [
    ("SGD", { SGD($0, learningRate: 0.1) }, PlainSGD()),
    (
      "SGD, decay", { SGD($0, learningRate: 0.1, weightDecay: 0.2) }, PlainSGD(decay: 0.2)
    ),
    (
      "SGD, dampened momentum, decay",
      { SGD($0, learningRate: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.1) },
      PlainSGD(momentum: 0.9, dampening: 0.3, decay: 0.1)
    ),
    (
      "SGD, Nesterov", { SGD($0, learningRate: 0.1, momentum: 0.8, nesterov: true) },
      PlainSGD(momentum: 0.8, nesterov: true)
    ),
    ("RMSprop", { RMSprop($0, alpha: 0.9) }, PlainRMSprop()),
    (
      "RMSprop, centered, momentum, decay",
      { RMSprop($0, alpha: 0.9, eps: 0.01, weightDecay: 0.1, momentum: 0.7, centered: true) },
      PlainRMSprop(eps: 0.01, momentum: 0.7, decay: 0.1, centered: true)
    ),
    (
      "RMSprop, momentum", { RMSprop($0, alpha: 0.9, momentum: 0.7) }, PlainRMSprop(momentum: 0.7)
    ),
    ("Adam", { Adam($0, learningRate: 0.01, betas: (0.9, 0.99)) }, PlainAdam()),
    (
      "Adam, decay, AMSGrad",
      {
        Adam($0, learningRate: 0.01, betas: (0.9, 0.99), weightDecay: 0.3, amsgrad: true)
      }, PlainAdam(decay: 0.3, amsgrad: true)
    ),
    (
      "AdamW",
      { AdamW($0, learningRate: 0.01, betas: (0.9, 0.99), weightDecay: 0.3) },
      PlainAdam(decay: 0.3, decoupled: true)
    ),
  ]
}

@Suite struct OptimizerTests {
  /// Sizes around the width of a vector, and one that is no multiple of any.
  @Test(arguments: kinds().indices, [DType.float32, .float64])
  func kernelsAreTheEquations(kind: Int, dtype: DType) {
    for shape in [[], [1], [7], [16], [5, 13], [1003]] {
      let (name, make, plain) = kinds()[kind]
      let g = Generator(seed: 9)
      var reference = plain
      let parameter = Parameter(.normal(shape, dtype: dtype, generator: g))
      let optimizer = make([parameter])
      var expected = parameter.value.asType(.float64)
      for t in 1...100 {
        let gradient = NDArray.normal(shape, dtype: dtype, generator: g)
        parameter.grad = gradient
        optimizer.step()
        expected = reference.step(expected, gradient.asType(.float64), t)
      }
      let difference = parameter.value.asType(.float64).largestDifference(from: expected)
      #expect(difference < (dtype == .float64 ? 1e-11 : 1e-4), "\(name) \(shape)")
    }
  }

  /// Of gradients that do not change, s − a² is nothing but rounding, and no number whose root is NaN.
  @Test(arguments: [DType.float32, .float64])
  func centeredRMSpropOfEqualGradients(dtype: DType) throws {
    let parameter = Parameter(.zeros([300], dtype: dtype))
    let gradient = NDArray((1...300).map { Double($0) / 7 }, dtype: dtype)
    let optimizer = RMSprop([parameter], alpha: 0.9, centered: true)
    for _ in 0..<500 {
      parameter.grad = gradient
      try optimizer.checkedStep()
    }
    #expect(parameter.value.doubles.allSatisfy { $0 < 0 })
  }

  /// A run that is stopped, saved and taken up again gives the same bits as one that is not.
  @Test(arguments: kinds().indices)
  func stateTakenUpAgainGivesTheSameBits(kind: Int) throws {
    func train(
      _ model: Linear, _ optimizer: Optimizer, _ steps: Range<Int>
    ) {
      for step in steps {
        let x = Tensor(.normal([4, 3], generator: Generator(seed: UInt64(step))))
        optimizer.zeroGrad()
        mseLoss(model(x), Tensor(.ones([4, 2]))).backward()
        optimizer.step()
      }
    }
    func start() -> (Linear, Optimizer) {
      let model = Linear(3, 2, generator: Generator(seed: 1))
      return (model, kinds()[kind].make(model.parameters()))
    }
    let (whole, wholeOptimizer) = start()
    train(whole, wholeOptimizer, 0..<20)

    let (first, firstOptimizer) = start()
    firstOptimizer.learningRate = wholeOptimizer.learningRate
    train(first, firstOptimizer, 0..<9)
    let scratch = Scratch(), file = scratch["optimizer.safetensors"]
    try Safetensors(firstOptimizer.stateDict()).write(to: file)

    let (second, secondOptimizer) = start()
    try second.loadStateDict(first.stateDict())
    secondOptimizer.learningRate = 123
    try secondOptimizer.loadStateDict(Safetensors(contentsOf: file).arrays)
    #expect(secondOptimizer.learningRate == wholeOptimizer.learningRate)
    train(second, secondOptimizer, 9..<20)
    #expect(second.stateDict() == whole.stateDict())
    #expect(secondOptimizer.stateDict() == wholeOptimizer.stateDict())
  }

  @Test func aStateThatDoesNotFitChangesNothing() {
    let model = Linear(3, 2)
    let optimizer = Adam(model.parameters())
    for parameter in model.parameters() { parameter.grad = .ones(parameter.shape) }
    optimizer.step()
    let before = optimizer.stateDict()
    func expect(_ error: StateError, _ change: (inout StateDict) -> Void) {
      var state = before
      state["0.step"] = NDArray(7, dtype: .float64)
      change(&state)
      #expect(throws: error) { try optimizer.loadStateDict(state) }
      #expect(optimizer.stateDict() == before)
    }
    expect(.missing(["1.exp_avg"])) { $0["1.exp_avg"] = nil }
    expect(.missing(["learning_rate"])) { $0["learning_rate"] = nil }
    expect(.unexpected(["2.step"])) { $0["2.step"] = NDArray(1) }
    expect(.shape(name: "0.exp_avg_sq", found: [2], expected: [2, 3])) {
      $0["0.exp_avg_sq"] = .zeros([2])
    }
  }

  @Test func parametersWithoutGradientArePassedBy() {
    let model = Sequential(Linear(2, 2), Linear(2, 1))
    model[0].freeze()
    let before = model.stateDict()
    let optimizer = AdamW(model.parameters(), learningRate: 0.1, weightDecay: 0.5)
    model(Tensor(.ones([1, 2]))).sum().backward()
    optimizer.step()
    let after = model.stateDict()
    #expect(after["0.weight"] == before["0.weight"] && after["0.bias"] == before["0.bias"])
    #expect(after["1.weight"] != before["1.weight"] && after["1.bias"] != before["1.bias"])
    optimizer.zeroGrad()
    #expect(model.parameters().allSatisfy { $0.grad == nil })
  }

  @Test func aGradientThatIsAViewIsReadInOrder() {
    let parameter = Parameter(.zeros([2, 3]))
    parameter.grad = NDArray([[1, 4], [2, 5], [3, 6]]).transposed
    SGD([parameter], learningRate: 1).step()
    #expect(parameter.value == NDArray([[-1, -2, -3], [-4, -5, -6]]))
  }

  @Test func aSharedValueIsNotChangedBehindItsOwnersBack() {
    let parameter = Parameter(.ones([3]))
    let copy = parameter.value
    parameter.grad = .ones([3])
    SGD([parameter], learningRate: 1).step()
    #expect(copy == .ones([3]) && parameter.value == .zeros([3]))
  }

  @Test func normAndValueAreClipped() {
    let a = Parameter(.zeros([2])), b = Parameter(.zeros([1])), c = Parameter(.zeros([4]))
    func set() { (a.grad, b.grad) = (NDArray([3, 0]), NDArray([-4])) }
    set()
    #expect(clipGradNorm([a, b, c], maxNorm: 10) == 5)
    #expect(a.grad == NDArray([3, 0]) && b.grad == NDArray([-4]))
    #expect(clipGradNorm([a, b, c], maxNorm: 1) == 5)
    #expect(a.grad!.isClose(to: NDArray([0.6, 0]), relative: 1e-6))
    #expect(b.grad!.isClose(to: NDArray([-0.8]), relative: 1e-6))
    set()
    clipGradValue([a, b, c], limit: 3.5)
    #expect(a.grad == NDArray([3, 0]) && b.grad == NDArray([-3.5]))
    a.grad = NDArray([.nan, 1])
    #expect(clipGradNorm([a, b], maxNorm: 1).isNaN)
    #expect(clipGradNorm([c], maxNorm: 1) == 0)
  }

  @Test func misuseStops() async {
    await #expect(processExitsWith: .failure) { _ = SGD([], learningRate: 1) }
    await #expect(processExitsWith: .failure) {
      _ = SGD([Parameter(.zeros([1]))], learningRate: -1)
    }
    await #expect(processExitsWith: .failure) {
      _ = SGD([Parameter(.zeros([1]))], nesterov: true)
    }
    await #expect(processExitsWith: .failure) {
      _ = Adam([Parameter(.zeros([1]))], betas: (0.9, 1))
    }
  }
}
