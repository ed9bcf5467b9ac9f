import FusedLSTM
import GatedRecurrentUnit
import GoldenSupport
import RNNFromScratch
import Testing
import Unroll

// What the chapters build by hand, through PyTorch's golden values.

/// The cases of one layer in one direction with biases: what the chapters' layers can do.
private func plainCases(_ op: String) throws -> [GoldenCase] {
  try goldenCases().filter { golden in
    let parameters = Set(golden.parameters.keys)
    return golden.op == op
      && parameters == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
      && golden.inputs["lengths"] == nil && golden.inputs["input"]?.shape.count == 3
      && golden.config[bool: "batch_first"] != true && golden.config[bool: "coupled"] != true
      && golden.config[string: "nonlinearity"] != "relu"
  }
}

/// A run with the case's weights in the module's parameters.
private func run(_ golden: GoldenCase, _ dtype: DType, _ module: Module) throws -> GoldenRun {
  let run = GoldenRun(golden, dtype)
  for (name, parameter) in module.namedParameters() {
    parameter.value = try #require(golden.parameters["\(name)_l0"]).ndArray(dtype)
    run.watch("\(name)_l0", parameter)
  }
  return run
}

private func sizes(_ golden: GoldenCase) throws -> (input: Int, hidden: Int) {
  let weight = try #require(golden.parameters["weight_ih_l0"]?.shape)
  let state = try #require(golden.parameters["weight_hh_l0"]?.shape)
  return (weight[1], state[1])
}

@Test(arguments: DType.allCases)
func chapter2RNN(_ dtype: DType) throws {
  let cases = try plainCases("RNN")
  #expect(cases.count >= 3)
  for golden in cases {
    let (inputSize, hiddenSize) = try sizes(golden)
    let layer = ScratchRNN(inputSize: inputSize, hiddenSize: hiddenSize, dtype: dtype)
    let run = try run(golden, dtype, layer)
    let start = run.optionalTensor("h_0")?.select(axis: 0, index: 0)
    let (states, last) = layer(try run.tensor("input"), start)
    let outputs = ["output": Tensor.stack(states), "h_n": last.unsqueezed(0)]
    #expect(run.differences(from: outputs) == [])
  }
}

@Test func chapter2GradientsByHand() throws {
  for golden in try plainCases("RNN") where golden.cotangents.keys.contains("output") {
    let (inputSize, hiddenSize) = try sizes(golden)
    let layer = ScratchRNN(inputSize: inputSize, hiddenSize: hiddenSize, dtype: .float64)
    _ = try run(golden, .float64, layer)
    let x = try golden.input("input").ndArray(.float64)
    let above = try #require(golden.cotangents["output"]).ndArray(.float64)
    let (states, _) = layer(Tensor(x))
    (Tensor.stack(states) * Tensor(above)).sum().backward()
    let byHand = backpropagateThroughTime(
      x: x, h: [.zeros(states[0].shape, dtype: .float64)] + states.map(\.value), g: above,
      weight_ih: layer.weight_ih.value, weight_hh: layer.weight_hh.value)
    for (name, parameter) in layer.namedParameters() {
      let hand = try #require(byHand[name])
      #expect(hand.isClose(to: parameter.grad!, relative: 1e-12, absolute: 1e-12))
    }
  }
}

@Test(arguments: DType.allCases)
func chapter4GRU(_ dtype: DType) throws {
  let cases = try plainCases("GRU")
  #expect(cases.count >= 3)
  for golden in cases {
    let (inputSize, hiddenSize) = try sizes(golden)
    let layer = ScratchGRU(inputSize: inputSize, hiddenSize: hiddenSize, dtype: dtype)
    let run = try run(golden, dtype, layer)
    let start = run.optionalTensor("h_0")?.select(axis: 0, index: 0)
    let output = layer(try run.tensor("input"), start)
    let last = output.select(axis: 0, index: -1).unsqueezed(0)
    #expect(run.differences(from: ["output": output, "h_n": last]) == [])
    if start == nil {
      let fused = fusedSteps(Tensor(try run.array("input")), layer).value
      #expect(fused.isClose(to: output.value, relative: 1e-5, absolute: 1e-6))
    }
  }
}

/// The four versions start from zeros and give the outputs only: their values against the golden
/// ones, their gradients against the library's layer, which passes the golden cases whole.
@Test func chapter3LSTMVersions() throws {
  let cases = try plainCases("LSTM").filter { $0.inputs["h_0"] == nil }
  #expect(cases.count >= 3)
  for golden in cases {
    let (inputSize, hiddenSize) = try sizes(golden)
    let weights = LSTMWeights(inputSize: inputSize, hiddenSize: hiddenSize, dtype: .float64)
    _ = try run(golden, .float64, weights)
    let library = LSTM(inputSize: inputSize, hiddenSize: hiddenSize, dtype: .float64)
    for (own, theirs) in zip(weights.parameters(), library.parameters()) {
      theirs.value = own.value
    }
    let x = Tensor(try golden.input("input").ndArray(.float64))
    let expected = try #require(golden.outputs["output"]).ndArray(.float64)
    let above = Tensor(.normal(expected.shape, dtype: .float64, generator: Generator(seed: 1)))
    (library(x).output * above).sum().backward()
    for version in [gateByGate, oneProductPerGate, oneProduct, inputAheadOfTime] {
      weights.zeroGrad()
      let output = version(x, weights)
      #expect(output.value.isClose(to: expected, relative: 1e-9, absolute: 1e-9))
      (output * above).sum().backward()
      for (own, theirs) in zip(weights.parameters(), library.parameters()) {
        #expect(own.grad!.isClose(to: theirs.grad!, relative: 1e-10, absolute: 1e-10))
      }
    }
  }
}

/// By `numpy.linalg.lstsq` over 40 segments.
@Test(arguments: [(1, 0.55), (2, 0.0977380795346762), (3, 0.04300012982366113), (10, 0)])
func chapter2WeightedSines(count: Int, error: Double) {
  #expect(abs(weightedSumError(of: count) - error) < 1e-12)
}
