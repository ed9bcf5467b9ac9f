import Unroll

/// One set of GRU weights in PyTorch's layout, the rows of r, z, n one below the other, and the step
/// written as its equations.
package final class ScratchGRU: Module {
  package let weight_ih: Parameter  // [3·hidden, input]
  package let weight_hh: Parameter  // [3·hidden, hidden]
  package let bias_ih: Parameter  // [3·hidden]
  package let bias_hh: Parameter  // [3·hidden]
  let hiddenSize: Int
  /// Where the reset gate acts: on the product W h (PyTorch, Keras' default), or on h before the
  /// product (Cho et al. 2014).
  var resetAfter = true

  package init(inputSize: Int, hiddenSize: Int, dtype: DType = .float32) {
    let bound = 1 / Double(hiddenSize).squareRoot()
    func draw(_ shape: [Int]) -> Parameter {
      Parameter(.uniform(shape, in: -bound...bound, dtype: dtype))
    }
    weight_ih = draw([3 * hiddenSize, inputSize])
    weight_hh = draw([3 * hiddenSize, hiddenSize])
    bias_ih = draw([3 * hiddenSize])
    bias_hh = draw([3 * hiddenSize])
    self.hiddenSize = hiddenSize
  }

  /// The rows of gate k of a weight or a bias.
  private func rows(_ k: Int, of parameter: Parameter) -> Tensor {
    parameter.narrow(axis: 0, start: k * hiddenSize, length: hiddenSize)
  }

  /// One step: x `[batch, input]`, h `[batch, hidden]`.
  func step(_ x: Tensor, _ h: Tensor) -> Tensor {
    func fromInput(_ k: Int) -> Tensor { x.linear(rows(k, of: weight_ih), rows(k, of: bias_ih)) }
    func fromState(_ k: Int, _ h: Tensor) -> Tensor {
      h.linear(rows(k, of: weight_hh), rows(k, of: bias_hh))
    }
    let r = (fromInput(0) + fromState(0, h)).sigmoid()
    let z = (fromInput(1) + fromState(1, h)).sigmoid()
    let n = (fromInput(2) + (resetAfter ? r * fromState(2, h) : fromState(2, r * h))).tanh()
    return (1 - z) * n + z * h
  }

  package func callAsFunction(_ x: Tensor, _ start: Tensor? = nil) -> Tensor {
    var h = start ?? .zeros([x.shape[1], hiddenSize], dtype: x.dtype)
    return Tensor.stack(
      (0..<x.shape[0]).map { t in
        h = step(x[t], h)
        return h
      })
  }
}

/// The same numbers with one product for the input's share of all steps and one a step for the
/// state's, as version 4 of chapter 3.
package func fusedSteps(_ x: Tensor, _ w: ScratchGRU) -> Tensor {
  let fromInput = x.linear(w.weight_ih, w.bias_ih)  // [time, batch, 3·hidden]
  var h = Tensor.zeros([x.shape[1], w.hiddenSize], dtype: x.dtype)
  return Tensor.stack(
    (0..<x.shape[0]).map { t in
      let i = fromInput[t].chunk(3, axis: 1)
      let s = h.linear(w.weight_hh, w.bias_hh).chunk(3, axis: 1)
      let r = (i[0] + s[0]).sigmoid()
      let z = (i[1] + s[1]).sigmoid()
      let n = (i[2] + r * s[2]).tanh()
      h = (1 - z) * n + z * h
      return h
    })
}
