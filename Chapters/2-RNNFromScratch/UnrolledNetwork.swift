import Unroll

/// A layer to be unrolled in the page, where its factor and its length are moved: the data of
/// `Interactive.Component.unrolled`.
package struct UnrolledNetwork: Encodable {
  /// An orthogonal matrix, to be multiplied by the factor.
  let recurrent: [[Double]]
  let input, inputs: [Double]
  let factor = 0.9, size = 1e-3, length = 50

  package init(units: Int = 16, steps: Int = 100, seed: UInt64) {
    let generator = Generator(seed: seed)
    let matrix = Parameter(.zeros([units, units], dtype: .float64))
    Init.orthogonal(matrix, generator: generator)
    recurrent = (0..<units).map { matrix.value[$0].doubles }
    let bound = 1 / Double(units).squareRoot()
    input = (0..<units).map { _ in bound * (2 * generator.uniform() - 1) }
    inputs = NDArray.normal([steps], dtype: .float64, generator: generator).doubles
  }

  /// The norms of the gradient from the last of `length` steps back to the start, as the page shows them.
  package func norms(factor: Double, size: Double, length: Int) -> [Double] {
    let layer = ScratchRNN(inputSize: 1, hiddenSize: input.count, dtype: .float64)
    let zeros = NDArray.zeros([input.count], dtype: .float64)
    layer.weight_ih.value = NDArray(input, shape: [input.count, 1], dtype: .float64)
    layer.weight_hh.value =
      NDArray(recurrent.flatMap { $0 }, shape: [input.count, input.count], dtype: .float64) * factor
    (layer.bias_ih.value, layer.bias_hh.value) = (zeros, zeros)
    return normsBack(
      through: layer,
      reading: inputs[..<length].map { NDArray([size * $0], shape: [1, 1], dtype: .float64) })
  }
}
