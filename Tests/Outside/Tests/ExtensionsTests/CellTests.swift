import Extensions
import Foundation
import Testing
import UnrollNN

/// Recurrent cells of another package, alone and stacked, in both directions, padded and packed.
struct CellTests {
  /// Beside the equations in NumPy.
  @Test func minimalGated() throws {
    let cell = MinimalGatedCell(inputSize: 1, hiddenSize: 2, dtype: .float64)
    try cell.loadStateDict([
      "weight_ih": NDArray([[0.5], [-0.3], [0.8], [0.1]]),
      "weight_hh": NDArray([[0.2, -0.1], [0.4, 0.3], [-0.6, 0.5], [0.7, -0.2]]),
      "bias_ih": NDArray([0.1, 0.2, -0.1, 0]), "bias_hh": NDArray([0.05, -0.05, 0.3, 0.1]),
    ])
    let expected = [
      [0.5003753287739299, 0.0912999324017608], [0.09694209941588403, 0.16576106199131801],
      [0.7420505390446175, 0.23141409489618403],
    ]
    var h: Tensor?
    for (number, wanted) in zip([1, -0.5, 2], expected) {
      h = cell(Tensor([number], dtype: .float64), h)
      // The weights above are rounded to single precision.
      for (a, b) in zip(h!.value.doubles, wanted) { #expect(abs(a - b) < 1e-6) }
    }
  }

  @Test func leaky() throws {
    let cell = LeakyCell(inputSize: 1, hiddenSize: 2, dtype: .float64)
    try cell.loadStateDict([
      "weight": NDArray([[0.5], [-0.3]]), "bias": NDArray([0.1, 0.2]),
      "decay": NDArray([0.4, -0.8]),
    ])
    let layer = Recurrent(inputSize: 1) { _, _ in cell }
    let x = Tensor(NDArray([1, -0.5, 2], shape: [3, 1, 1], dtype: .float64))
    let expected = [0.49170914822599476, -0.20775314513449586]
    for (a, b) in zip(layer(x).state[0].value.doubles, expected) { #expect(abs(a - b) < 1e-6) }
  }

  @Test(arguments: [false, true], Merge.allCases)
  func gradients(isPacked: Bool, merge: Merge) throws {
    let layer = MinimalGated(
      inputSize: 2, hiddenSize: 3, numLayers: 2, bidirectional: true, merge: merge,
      dtype: .float64, generator: Generator(seed: 1))
    let x = NDArray.normal([4, 3, 2], dtype: .float64, generator: Generator(seed: 2))
    try gradientCheck(
      { inputs in
        if !isPacked { return layer(inputs[0]).output }
        let packed = layer(packPaddedSequence(inputs[0], lengths: [2, 4, 1]))
        return Tensor.concatenate([
          packed.output.data.sum().reshaped([1]), packed.h_n.reshaped([-1]),
        ])
      }, inputs: [x], parameters: layer.parameters())
  }

  /// What a sequence gives packed with others it gives alone.
  @Test func packedIsAlone() {
    let layer = MinimalGated(
      inputSize: 2, hiddenSize: 3, numLayers: 2, bidirectional: true, dtype: .float64,
      generator: Generator(seed: 1))
    let x = Tensor(.normal([4, 3, 2], dtype: .float64, generator: Generator(seed: 2)))
    let lengths = [2, 4, 1]
    let (output, _) = padPackedSequence(layer(packPaddedSequence(x, lengths: lengths)).output)
    for (sequence, length) in lengths.enumerated() {
      let alone = layer(
        x.select(axis: 1, index: sequence).narrow(axis: 0, start: 0, length: length))
      let packed = output.select(axis: 1, index: sequence).narrow(axis: 0, start: 0, length: length)
      #expect(packed.value.isClose(to: alone.output.value, relative: 1e-12, absolute: 1e-12))
    }
  }

  @Test func namesAreTheFieldsAndTheLayersOwn() {
    let layer = MinimalGated(inputSize: 1, hiddenSize: 2, bidirectional: true)
    #expect(
      layer.namedParameters().map(\.name) == [
        "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_ih_l0_reverse",
        "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse", "gain",
      ])
  }

  /// The fused twin gives what the cell gives step by step: values and every gradient.
  @Test(arguments: [[4], [3, 3, 3], [2, 5, 1, 5]], [false, true])
  func twin(lengths: [Int], bidirectional: Bool) throws {
    let layer = Recurrent(
      inputSize: 2, numLayers: 2, bidirectional: bidirectional, generator: Generator(seed: 1)
    ) { inputSize, _ in
      LeakyCell(inputSize: inputSize, hiddenSize: 3, dtype: .float64, generator: Generator(seed: 3))
    }
    let x = NDArray.normal(
      [lengths.max()!, lengths.count, 2], dtype: .float64, generator: Generator(seed: 2))
    let start = NDArray.normal(
      [bidirectional ? 4 : 2, lengths.count, 3], dtype: .float64, generator: Generator(seed: 4))
    func results(fused: Bool) -> [NDArray] {
      layer.isFused = fused
      layer.zeroGrad()
      let (input, h) = (Tensor(x, requiresGrad: true), Tensor(start, requiresGrad: true))
      let (output, state) = layer(packPaddedSequence(input, lengths: lengths), [h])
      ((output.data * output.data).sum() + (state[0] * state[0]).sum() * 0.5).backward()
      return [output.data.value, state[0].value, input.grad!, h.grad!]
        + layer.parameters().map { $0.grad! }
    }
    for (fused, plain) in zip(results(fused: true), results(fused: false)) {
      #expect(fused.isClose(to: plain, relative: 1e-11, absolute: 1e-11))
    }
    layer.isFused = true
    try gradientCheck(
      { layer(packPaddedSequence($0[0], lengths: lengths)).output.data }, inputs: [x],
      parameters: layer.parameters())
  }
}
