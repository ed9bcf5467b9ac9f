import UnrollNN

/// Leaky integration, a recurrence without a nonlinearity:
///
///     u = W x + b
///     h′ = a ⊙ h + (1 − a) ⊙ u,   a = σ(decay)
///
/// It has a fused twin, the whole sequence as one operation.
public final class LeakyCell: Module, RecurrentCell {
  public let inputSize, hiddenSize: Int
  /// `[hidden, input]`, `[hidden]`, `[hidden]`.
  public let weight, bias, decay: Parameter

  public init(
    inputSize: Int, hiddenSize: Int, dtype: DType = .float32, generator: Generator = .default
  ) {
    (self.inputSize, self.hiddenSize) = (inputSize, hiddenSize)
    func drawn(_ shape: Int...) -> Parameter {
      Parameter(.uniform(shape, in: -0.5...0.5, dtype: dtype, generator: generator))
    }
    (weight, bias, decay) = (drawn(hiddenSize, inputSize), drawn(hiddenSize), drawn(hiddenSize))
  }

  public var stateSizes: [Int] { [hiddenSize] }
  public var dtype: DType { weight.dtype }

  public func step(_ x: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?) -> [Tensor] {
    let a = decay.sigmoid()
    return [a * state[0] + (1 - a) * x.linear(weight, bias)]
  }

  public func sequence(
    _ input: Tensor, batchSizes: [Int], state: [Tensor]?, reverse: Bool
  ) -> (output: Tensor, state: [Tensor])? {
    let turned = reverse ? turnedRows(batchSizes) : nil
    func turn(_ rows: NDArray) -> NDArray { turned.map { rows.take($0) } ?? rows }
    let first = state?[0] ?? .zeros([batchSizes[0], hiddenSize], dtype: dtype)
    let run = LeakyRun(
      x: turn(input.value), weight: weight.value, bias: bias.value, a: decay.value.sigmoid(),
      first: first.value.reshaped([batchSizes[0], hiddenSize]), batchSizes: batchSizes)
    let results = Tensor.outputs(
      "leaky", of: [input, weight, bias, decay, first],
      values: [turn(run.output), run.last.reshaped(first.shape)]
    ) { dy in
      let gradients = run.gradients(
        output: dy[0].map(turn), last: dy[1]?.reshaped(run.last.shape))
      return [turn(gradients.x)] + gradients.parameters + [gradients.first.reshaped(first.shape)]
    }
    return (results[0], [results[1]])
  }
}

/// The recurrence and its gradient by hand, over packed rows.
private struct LeakyRun {
  let x, weight, bias, a, first: NDArray
  let batchSizes: [Int]
  /// W x + b of all rows, the states after every step, and each sequence's last.
  let u, output, last: NDArray

  init(
    x: NDArray, weight: NDArray, bias: NDArray, a: NDArray, first: NDArray, batchSizes: [Int]
  ) {
    (self.x, self.weight, self.bias, self.a) = (x, weight, bias, a)
    (self.first, self.batchSizes) = (first, batchSizes)
    u = x.matmul(weight.transposed) + bias
    var state = first
    var outputs: [NDArray] = []
    for (step, u) in u.split(batchSizes).enumerated() {
      let going = batchSizes[step]
      let h = a * state.narrow(axis: 0, start: 0, length: going) + (1.0 - a) * u
      state.write(h, to: { $0.narrow(axis: 0, start: 0, length: going) })
      outputs.append(h)
    }
    (output, last) = (.concatenate(outputs), state)
  }

  func gradients(
    output dy: NDArray?, last dLast: NDArray?
  ) -> (x: NDArray, parameters: [NDArray], first: NDArray) {
    let arriving = (dy ?? .zeros(output.shape, dtype: output.dtype)).split(batchSizes)
    let (us, states) = (u.split(batchSizes), output.split(batchSizes))
    var dh = dLast ?? .zeros(last.shape, dtype: last.dtype)
    var da = NDArray.zeros(a.shape, dtype: a.dtype)
    var du: [NDArray] = []
    for step in batchSizes.indices.reversed() {
      let going = batchSizes[step]
      func part(_ rows: NDArray) -> NDArray { rows.narrow(axis: 0, start: 0, length: going) }
      let here = part(dh) + arriving[step]
      let before = step == 0 ? first : states[step - 1]
      du.insert(here * (1.0 - a), at: 0)
      da += (here * (part(before) - us[step])).sum(axis: 0)
      dh.write(here * a, to: part)
    }
    let dU = NDArray.concatenate(du)
    return (
      dU.matmul(weight),
      [dU.transposed.matmul(x), dU.sum(axis: 0), da * a * (1.0 - a)], dh
    )
  }
}
