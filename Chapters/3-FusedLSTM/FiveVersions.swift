import Unroll

/// One set of LSTM weights, in PyTorch's layout: the rows of the four gates i, f, g, o one below the
/// other.
package final class LSTMWeights: Module {
  package let weight_ih: Parameter  // [4·hidden, input]
  package let weight_hh: Parameter  // [4·hidden, hidden]
  package let bias_ih: Parameter  // [4·hidden]
  package let bias_hh: Parameter  // [4·hidden]
  let hiddenSize: Int

  package init(inputSize: Int, hiddenSize: Int, dtype: DType = .float32) {
    let bound = 1 / Double(hiddenSize).squareRoot()
    func draw(_ shape: [Int]) -> Parameter {
      Parameter(.uniform(shape, in: -bound...bound, dtype: dtype))
    }
    weight_ih = draw([4 * hiddenSize, inputSize])
    weight_hh = draw([4 * hiddenSize, hiddenSize])
    bias_ih = draw([4 * hiddenSize])
    bias_hh = draw([4 * hiddenSize])
    self.hiddenSize = hiddenSize
  }

  func zeroState(batch: Int) -> Tensor { .zeros([batch, hiddenSize], dtype: weight_ih.dtype) }
}

/// Version 1: as the equations stand. Each gate has two linear maps and an activation of its own.
package func gateByGate(_ x: Tensor, _ w: LSTMWeights) -> Tensor {
  func gate(_ k: Int) -> (Tensor, Tensor) -> Tensor {
    let W_x = w.weight_ih.narrow(axis: 0, start: k * w.hiddenSize, length: w.hiddenSize)
    let W_h = w.weight_hh.narrow(axis: 0, start: k * w.hiddenSize, length: w.hiddenSize)
    let b_x = w.bias_ih.narrow(axis: 0, start: k * w.hiddenSize, length: w.hiddenSize)
    let b_h = w.bias_hh.narrow(axis: 0, start: k * w.hiddenSize, length: w.hiddenSize)
    return { x, h in x.linear(W_x, b_x) + h.linear(W_h, b_h) }
  }
  let (input, forget, candidate, output) = (gate(0), gate(1), gate(2), gate(3))

  var (h, c) = (w.zeroState(batch: x.shape[1]), w.zeroState(batch: x.shape[1]))
  return Tensor.stack(
    (0..<x.shape[0]).map { t in
      let i = input(x[t], h).sigmoid()
      let f = forget(x[t], h).sigmoid()
      let g = candidate(x[t], h).tanh()
      let o = output(x[t], h).sigmoid()
      c = f * c + i * g
      h = o * c.tanh()
      return h
    })
}

/// Version 2: input and state side by side, so that each gate is one product.
package func oneProductPerGate(_ x: Tensor, _ w: LSTMWeights) -> Tensor {
  // [4·hidden, input + hidden]
  let weight = Tensor.concatenate([w.weight_ih, w.weight_hh], axis: 1)
  let bias = w.bias_ih + w.bias_hh
  func gate(_ k: Int) -> (Tensor) -> Tensor {
    let W = weight.narrow(axis: 0, start: k * w.hiddenSize, length: w.hiddenSize)
    let b = bias.narrow(axis: 0, start: k * w.hiddenSize, length: w.hiddenSize)
    return { xh in xh.linear(W, b) }
  }
  let (input, forget, candidate, output) = (gate(0), gate(1), gate(2), gate(3))

  var (h, c) = (w.zeroState(batch: x.shape[1]), w.zeroState(batch: x.shape[1]))
  return Tensor.stack(
    (0..<x.shape[0]).map { t in
      let xh = Tensor.concatenate([x[t], h], axis: 1)
      let (i, f) = (input(xh).sigmoid(), forget(xh).sigmoid())
      let (g, o) = (candidate(xh).tanh(), output(xh).sigmoid())
      c = f * c + i * g
      h = o * c.tanh()
      return h
    })
}

/// Version 3: all four gates in one product, cut apart afterward.
package func oneProduct(_ x: Tensor, _ w: LSTMWeights) -> Tensor {
  let weight = Tensor.concatenate([w.weight_ih, w.weight_hh], axis: 1)
  let bias = w.bias_ih + w.bias_hh

  var (h, c) = (w.zeroState(batch: x.shape[1]), w.zeroState(batch: x.shape[1]))
  return Tensor.stack(
    (0..<x.shape[0]).map { t in
      let gates = Tensor.concatenate([x[t], h], axis: 1).linear(weight, bias).chunk(4, axis: 1)
      let (i, f) = (gates[0].sigmoid(), gates[1].sigmoid())
      let (g, o) = (gates[2].tanh(), gates[3].sigmoid())
      c = f * c + i * g
      h = o * c.tanh()
      return h
    })
}

/// Version 4: the input's share does not wait for the state, so it is computed for all time steps in
/// one product; only the state's share is left in the loop.
package func inputAheadOfTime(_ x: Tensor, _ w: LSTMWeights) -> Tensor {
  let fromInput = x.linear(w.weight_ih, w.bias_ih + w.bias_hh)  // [time, batch, 4·hidden]
  let W_h = w.weight_hh.transposed

  var (h, c) = (w.zeroState(batch: x.shape[1]), w.zeroState(batch: x.shape[1]))
  return Tensor.stack(
    (0..<x.shape[0]).map { t in
      let gates = (fromInput[t] + h.matmul(W_h)).chunk(4, axis: 1)
      let (i, f) = (gates[0].sigmoid(), gates[1].sigmoid())
      let (g, o) = (gates[2].tanh(), gates[3].sigmoid())
      c = f * c + i * g
      h = o * c.tanh()
      return h
    })
}

/// Version 5: the library's layer, with the same weights.
func wholeSequence(_ weights: LSTMWeights, inputSize: Int) throws -> LSTM {
  let lstm = LSTM(
    inputSize: inputSize, hiddenSize: weights.hiddenSize, dtype: weights.weight_ih.dtype)
  try lstm.loadStateDict(
    Dictionary(uniqueKeysWithValues: weights.stateDict().map { ($0 + "_l0", $1) }))
  return lstm
}
