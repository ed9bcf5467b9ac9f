import NN
import Testing

@Suite struct LayerTests {
  @Test func linearIsAnAffineMap() {
    let layer = Linear(2, 3, dtype: .float64)
    layer.weight.value = NDArray([[1, 2], [3, 4], [5, 6]], dtype: .float64)
    layer.bias!.value = NDArray([0.5, 0, -0.5], dtype: .float64)
    let input = NDArray([[1, 1], [0, 2]], dtype: .float64)
    #expect(
      layer(Tensor(input)).value == NDArray([[3.5, 7, 10.5], [4.5, 8, 11.5]], dtype: .float64))
    #expect(layer(Tensor(input.reshaped([1, 2, 1, 2]))).shape == [1, 2, 1, 3])
    #expect(layer(Tensor(input[0])).value == NDArray([3.5, 7, 10.5], dtype: .float64))
    #expect(Linear(2, 3, bias: false).bias == nil)
  }

  @Test func everyLayersGradientsAreRight() throws {
    let g = Generator(seed: 3)
    let norm = LayerNorm(4, dtype: .float64)
    Init.normal(norm.weight!, generator: g)
    let model = Sequential(
      Linear(3, 4, dtype: .float64, generator: g), Tanh(), norm, Sigmoid(),
      Linear(4, 4, bias: false, dtype: .float64, generator: g), Softplus(), LogSoftmax(),
      Flatten(), Softmax())
    try gradientCheck(
      { model($0[0]) }, inputs: [random([2, 2, 3])], parameters: model.parameters())

    let embedding = Embedding(4, 3, paddingIndex: 1, dtype: .float64, generator: g)
    let words = Indices([[0, 3], [3, 2]])
    try gradientCheck(
      { _ in embedding(words).tanh() }, inputs: [], parameters: embedding.parameters())
  }

  @Test func aPaddingRowStaysZero() {
    let embedding = Embedding(5, 2, paddingIndex: 0)
    #expect(embedding(Indices([0, 0])).value == .zeros([2, 2]))
    embedding(Indices([0, 1, 1])).sum().backward()
    #expect(embedding.weight.grad == NDArray([[0, 0], [2, 2], [0, 0], [0, 0], [0, 0]]))
  }

  @Test func dropoutActsInTrainingAlone() {
    let layer = Dropout(0.25, generator: Generator(seed: 1))
    let ones = Tensor(.ones([10_000]))
    let output = layer(ones).value.doubles
    #expect(Set(output) == [0, Double(Float(1) / Float(0.75))])
    #expect(abs(output.reduce(0, +) / 10_000 - 1) < 0.03)
    #expect(layer(ones).value != NDArray(output))
    let again = Dropout(0.25, generator: Generator(seed: 1))
    #expect(again(ones).value == NDArray(output))
    layer.eval()
    #expect(layer(ones).value == ones.value)
  }

  @Test func layerNormHasMeanZeroAndVarianceOne() {
    let layer = LayerNorm([2, 3], dtype: .float64)
    let output = layer(Tensor(random([4, 2, 3]) * 7.0 + 3.0)).value
    for sample in 0..<4 {
      let numbers = output[sample].doubles
      #expect(abs(numbers.reduce(0, +)) < 1e-12)
      #expect(abs(numbers.reduce(0) { $0 + $1 * $1 } / 6 - 1) < 1e-4)
    }
    #expect(LayerNorm(3, bias: false).bias == nil)
    #expect(LayerNorm(3, elementwiseAffine: false).parameters().isEmpty)
  }

  @Test func lossesAreTheFunctions() {
    let x = Tensor([[1, 2], [3, 4]]), y = Tensor([[1, 1], [1, 1]])
    #expect(MSELoss()(x, y).item == 3.5)
    #expect(MSELoss(reduction: .sum)(x, y).item == 14)
    #expect(L1Loss(reduction: .none)(x, y).value == NDArray([[0, 1], [2, 3]]))
    #expect(SmoothL1Loss()(x, y).item == (0 + 0.5 + 1.5 + 2.5) / 4)
    #expect(
      BCEWithLogitsLoss()(x, y).item == binaryCrossEntropyWithLogits(x, y).item)
    let classes: Indices = [1, -1]
    #expect(
      CrossEntropyLoss(ignoreIndex: -1)(x, classes).item
        == crossEntropy(Tensor([[1, 2]]), [1]).item)
    #expect(NLLLoss(reduction: .sum)(x, [1, 0]).item == -5)
  }

  @Test func masksTakePaddingOutOfALoss() throws {
    let mask = NDArray([[1, 1], [1, 0]])
    let x = Tensor(NDArray([[[1, 2], [3, 4]], [[5, 6], [.nan, 1e30]]]), requiresGrad: true)
    #expect(x.sum(where: mask).item == 21)
    let mean = x.mean(where: mask)
    #expect(mean.item == 3.5)
    mean.backward()
    let sixth = Double(Float(1) / 6)
    #expect(x.grad!.doubles == [sixth, sixth, sixth, sixth, sixth, sixth, 0, 0])
    #expect(Tensor([[1, 2], [3, 4]]).mean(where: mask).item == 2)
  }

  @Test func misuseStopsWithTheSizes() async {
    let linear = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(3, 2)(Tensor(.zeros([5, 4])))
    }
    expectWords("Linear: input [5, 4], expected 3 features", linear)
    let sizes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(0, 2)
    }
    expectWords("Linear: inputSize 0 is not positive", sizes)
    let word = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Embedding(3, 2)([1, 3])
    }
    expectWords("Embedding: index 3 is not in 0..<3", word)
    let share = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Dropout(1.5)
    }
    expectWords("Dropout: probability 1.5 is not in 0...1", share)
    let mask = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor(.zeros([2, 3])).mean(where: .ones([3]))
    }
    expectWords("mean(where:): mask [3] for [2, 3]", mask)
  }
}
