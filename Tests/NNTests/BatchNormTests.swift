import Foundation
import NN
import Testing

/// PyTorch's values are in Tests/Golden (`layers`).
@Suite struct BatchNormTests {
  @Test func gradientsAreRight() throws {
    for shape in [[4, 3], [2, 3, 3]] {
      let norm = BatchNorm1d(3, dtype: .float64)
      Init.normal(norm.weight!, generator: Generator(seed: 3))
      try gradientCheck(
        { norm($0[0]).tanh() }, inputs: [random(shape)], parameters: norm.parameters())
      norm.eval()
      try gradientCheck(
        { norm($0[0]).tanh() }, inputs: [random(shape)], parameters: norm.parameters())
    }
  }

  /// What is remembered goes where the parameters go, and no optimizer sees it.
  @Test func buffersAreInTheStateAndInFiles() throws {
    let model = Sequential(Linear(2, 3), BatchNorm1d(3))
    for _ in 0..<3 { _ = model(Tensor(.normal([8, 2], generator: Generator(seed: 1)))) }
    let names = [
      "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
      "1.num_batches_tracked",
    ]
    #expect(Set(model.stateDict().keys) == Set(names))
    #expect(model.parameters().count == 4)
    #expect(model.namedBuffers().map(\.name) == Array(names[4...]))
    #expect(model.stateDict()["1.num_batches_tracked"]!.item == 3)

    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
    defer { try? FileManager.default.removeItem(at: file) }
    try model.save(to: file)
    let other = Sequential(Linear(2, 3), BatchNorm1d(3))
    try other.load(from: file)
    #expect(other.stateDict() == model.stateDict())
    var lacking = model.stateDict()
    lacking["1.running_mean"] = nil
    #expect(throws: StateError.missing(["1.running_mean"])) { try other.loadStateDict(lacking) }
    lacking["1.running_mean"] = .zeros([4])
    #expect(
      throws: StateError.shape(name: "1.running_mean", found: [4], expected: [3])
    ) { try other.loadStateDict(lacking) }
  }

  @Test func evaluationUsesWhatIsRemembered() {
    let norm = BatchNorm1d(2, eps: 0, dtype: .float64)
    norm.running_mean!.value = NDArray([1, -1], dtype: .float64)
    norm.running_var!.value = NDArray([4, 0.25], dtype: .float64)
    norm.eval()
    let x = Tensor([[3, 0], [1, -1]], dtype: .float64)
    #expect(norm(x).value == NDArray([[1, 2], [0, 0]], dtype: .float64))
    #expect(norm.running_mean!.value == NDArray([1, -1], dtype: .float64))
  }

  /// One NaN would stay in a running mean for ever.
  @Test func aBatchThatIsNotFiniteIsPassedOver() {
    let norm = BatchNorm1d(1)
    _ = norm(Tensor([[1], [.nan]]))
    #expect(norm.running_mean!.value == .zeros([1]))
    #expect(norm.num_batches_tracked!.value.item == 0)
  }

  @Test func wrongUseStops() async {
    await #expect(processExitsWith: .failure) { _ = BatchNorm1d(3)(Tensor(.zeros([1, 3]))) }
    await #expect(processExitsWith: .failure) { _ = BatchNorm1d(3)(Tensor(.zeros([4, 2]))) }
    await #expect(processExitsWith: .failure) { _ = BatchNorm1d(3)(Tensor(.zeros([3]))) }
    await #expect(processExitsWith: .failure) { _ = BatchNorm1d(3, momentum: 2) }
  }

  @Test func aModelPrintsAsItsSummary() {
    let model = Sequential(Linear(2, 3), Tanh(), BatchNorm1d(3))
    #expect("\(model)" == model.summary())
    #expect("\(model)".contains("2: BatchNorm1d"))
  }
}
