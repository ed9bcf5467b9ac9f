import Unroll

/// ‖∂L/∂hₜ‖ for a loss on the last state alone, from the last step back to the first, relative to the
/// last. Wₕₕ is an orthogonal matrix times `factor`.
func gradientNorms(factor: Double, inputScale: Double, steps: Int) -> [Double] {
  let size = 32
  let layer = ScratchRNN(inputSize: 1, hiddenSize: size, dtype: .float64)
  Init.orthogonal(layer.weight_hh, gain: factor)
  layer.bias_ih.value = .zeros([size], dtype: .float64)
  layer.bias_hh.value = .zeros([size], dtype: .float64)
  let inputs = (0..<steps).map { _ in
    NDArray.normal([1, 1], standardDeviation: inputScale, dtype: .float64)
  }
  return normsBack(through: layer, reading: inputs)
}

/// The norms for a layer and its inputs, `[1, 1]` each.
func normsBack(through layer: ScratchRNN, reading inputs: [NDArray]) -> [Double] {
  // Zeros added to every state: their gradient is the gradient of the state.
  let probes = (0...inputs.count).map { _ in
    Tensor(.zeros([1, layer.hiddenSize], dtype: .float64), requiresGrad: true)
  }
  var h = probes[0] + 0
  for (x, probe) in zip(inputs, probes.dropFirst()) { h = layer.step(Tensor(x), h) + probe }
  h.sum().backward()
  let norms = probes.reversed().map { ($0.grad! * $0.grad!).sum().item.squareRoot() }
  return norms.map { $0 / norms[0] }
}
