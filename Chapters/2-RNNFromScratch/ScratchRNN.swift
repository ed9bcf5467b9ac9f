import Unroll

/// One recurrent layer written as its equation,
///
///     hₜ = tanh(xₜ Wᵢₕᵀ + bᵢₕ + hₜ₋₁ Wₕₕᵀ + bₕₕ)
///
/// with PyTorch's names and shapes, so that weights can be compared and moved.
package final class ScratchRNN: Module {
  package let weight_ih: Parameter  // [hidden, input]
  package let weight_hh: Parameter  // [hidden, hidden]
  package let bias_ih: Parameter  // [hidden]
  package let bias_hh: Parameter  // [hidden]
  let hiddenSize: Int

  /// Weights drawn evenly from ±1/√hidden, as PyTorch does.
  package init(inputSize: Int, hiddenSize: Int, dtype: DType = .float32) {
    let bound = 1 / Double(hiddenSize).squareRoot()
    func draw(_ shape: [Int]) -> Parameter {
      Parameter(.uniform(shape, in: -bound...bound, dtype: dtype))
    }
    weight_ih = draw([hiddenSize, inputSize])
    weight_hh = draw([hiddenSize, hiddenSize])
    bias_ih = draw([hiddenSize])
    bias_hh = draw([hiddenSize])
    self.hiddenSize = hiddenSize
  }

  /// One step in time: x `[batch, input]` and h `[batch, hidden]` give the new h.
  func step(_ x: Tensor, _ h: Tensor) -> Tensor {
    (x.matmul(weight_ih.transposed) + bias_ih + h.matmul(weight_hh.transposed) + bias_hh).tanh()
  }

  /// The same step at every time: x `[time, batch, input]` gives all states and the last one.
  package func callAsFunction(_ x: Tensor, _ start: Tensor? = nil) -> (
    states: [Tensor], last: Tensor
  ) {
    var h = start ?? .zeros([x.shape[1], hiddenSize], dtype: x.dtype)
    var states: [Tensor] = []
    for t in 0..<x.shape[0] {
      h = step(x[t], h)
      states.append(h)
    }
    return (states, h)
  }
}
