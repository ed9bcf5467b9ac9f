import Optim

extension Twin {
  static let layers: [Twin] = [
    products, rnn, relu, lstm, projected, gru, again, gated, characters, stepped,
  ]

  /// Matrices, vectors and batches, of sizes around every choice that the kernel makes.
  private static let products = Twin("gemm", ulps: 64, scaled: true, ownShapes: true) { i in
    let sizes = [
      (1, 1, 1), (2, 3, 4), (3, 5, 0), (0, 2, 3), (1, 40, 30), (17, 33, 9), (4, 20, 3), (96, 1, 5),
      (40, 1, 33), (3, 33, 65), (33, 3, 65), (5, 70, 300), (8, 8, 100), (13, 34, 90),
    ]
    return sizes.flatMap { m, n, k in
      let (a, b) = (i.array([m, k]), i.array([k, n]))
      return [
        a.matmul(b), i.array([k, m]).transposed.matmul(b), a.matmul(i.array([n, k]).transposed),
        i.array([k]).matmul(b), a.matmul(i.array([k])),
        i.array([2, m, k]).matmul(i.array([2, k, n])),
      ]
        + i.valueAndGradients([i.array([3, m, k]), i.array([n, k]), i.array([n])]) {
          $0[0].linear($0[1], $0[2])
        }
    }
  }

  private static let passes = [
    "sequence_saved_bytes", "sequence_scratch_bytes", "sequence_schedule", "sequence_forward",
    "sequence_backward",
  ]
  private static let lengths = [[4], [3, 3, 3], [2, 5, 1, 5], [1, 1]]

  private static let rnn = recurrent("RNN", "rnn_tanh") { i, both, g in
    let layer = RNN(
      inputSize: 3, hiddenSize: 5, numLayers: 2, bidirectional: both, dtype: i.dtype, generator: g)
    return results(i, layer, 1) { (layer($0, $1?[0]).output.data, [layer($0, $1?[0]).h_n]) }
  }
  private static let relu = recurrent("RNN, relu", "rnn_relu") { i, both, g in
    let layer = RNN(
      inputSize: 3, hiddenSize: 17, nonlinearity: .relu, bias: false, bidirectional: both,
      dtype: i.dtype, generator: g)
    return results(i, layer, 1) { (layer($0, $1?[0]).output.data, [layer($0, $1?[0]).h_n]) }
  }
  private static let lstm = recurrent("LSTM", "lstm") { i, both, g in
    let layer = LSTM(
      inputSize: 2, hiddenSize: 9, numLayers: 2, bidirectional: both, dtype: i.dtype, generator: g)
    return results(i, layer, 2) {
      let (output, state) = layer($0, $1.map { ($0[0], $0[1]) })
      return (output.data, [state.h_n, state.c_n])
    }
  }
  private static let projected = recurrent("LSTM, projected", "lstm") { i, both, g in
    let layer = LSTM(
      inputSize: 2, hiddenSize: 9, bidirectional: both, projSize: 4, dtype: i.dtype, generator: g)
    return results(i, layer, 0) {
      let (output, state) = layer($0)
      _ = $1
      return (output.data, [state.h_n, state.c_n])
    }
  }
  private static let gru = recurrent("GRU", "gru") { i, both, g in
    let layer = GRU(inputSize: 11, hiddenSize: 6, bidirectional: both, dtype: i.dtype, generator: g)
    return results(i, layer, 1) { (layer($0, $1?[0]).output.data, [layer($0, $1?[0]).h_n]) }
  }

  private static let again = recurrent("LSTM, checkpointing", "lstm") { i, both, g in
    let layer = LSTM(
      inputSize: 2, hiddenSize: 9, numLayers: 2, bidirectional: both, checkpointing: true,
      dtype: i.dtype, generator: g)
    return results(i, layer, 2) {
      let (output, state) = layer($0, $1.map { ($0[0], $0[1]) })
      return (output.data, [state.h_n, state.c_n])
    }
  }
  /// The general path, by way of a cell that needs all of it.
  private static let gated = Twin(
    "gated",
    [
      "packed_bytes", "pack_operand", "packed_product", "peephole_forward", "peephole_backward",
    ], ulps: 400, scaled: true, ownShapes: true
  ) { i in
    let g = Generator(seed: 3)
    let layer = Recurrent(inputSize: 2, numLayers: 2) { size, layer in
      DepthGatedLSTMCell(
        inputSize: size, hiddenSize: 9, hasLayerBelow: layer > 0, dtype: i.dtype, generator: g)
    }
    return results(i, layer, 2) {
      let (output, state) = layer($0, $1)
      return (output.data, state)
    }
  }
  /// The general path on characters in one-hot form, with and without a kernel for the arithmetic.
  private static let characters = Twin(
    "gated, characters", ["mostly_zeros", "sparse_product", "sparse_gradient"], ulps: 400,
    scaled: true, ownShapes: true
  ) { i in
    let g = Generator(seed: 3)
    let x = Tensor(
      NDArray.oneHot(Indices((0..<21).map { $0 * 5 % 12 }, shape: [7, 3]), classes: 12)
        .asType(i.dtype))
    func results<Cell: RecurrentCell>(_ cell: Cell) -> [NDArray] {
      let layer = Recurrent(inputSize: 12) { _, _ in cell }
      let output = layer(x).output
      output.backward(i.array(output.shape))
      return [output.value] + layer.parameters().map { $0.grad! }
    }
    return results(
      CoupledLSTMCell(
        inputSize: 12, hiddenSize: 9, peephole: true, dtype: i.dtype, generator: g))
      + results(
        ClockworkRNNCell(
          inputSize: 12, hiddenSize: 8, periods: [1, 2], bias: false, dtype: i.dtype,
          generator: g))
  }
  /// One step after the other, from packed weights.
  private static let stepped = Twin(
    "stepper", ["sequence_packed_bytes", "sequence_pack"], ulps: 400, scaled: true, ownShapes: true
  ) { i in
    let layer = LSTM(
      inputSize: 3, hiddenSize: 20, numLayers: 2, dtype: i.dtype, generator: Generator(seed: 3))
    return [1, 5, 33].flatMap { batch in
      let stepper = layer.stepper(batch: batch)
      return (0..<3).map { _ in stepper(i.array([batch, 3])) } + stepper.state.map(\.value)
    }
  }

  private static func recurrent(
    _ name: String, _ kernel: String,
    _ body: @escaping @Sendable (Inputs, Bool, Generator) -> [NDArray]
  ) -> Twin {
    Twin(name, [kernel] + passes, ulps: 400, scaled: true, ownShapes: true) { i in
      [false, true].flatMap { body(i, $0, Generator(seed: 3)) }
    }
  }

  /// A layer's outputs, last states and all gradients, with `parts` of a state to begin from and without.
  private static func results(
    _ i: Inputs, _ layer: Module & Directed, _ parts: Int,
    _ run: (PackedSequence, [Tensor]?) -> (Tensor, [Tensor])
  ) -> [NDArray] {
    lengths.flatMap { lengths in
      (parts == 0 ? [false] : [false, true]).flatMap { withState in
        let padded = Tensor(
          i.array([lengths.max()!, lengths.count, layer.features]), requiresGrad: true)
        let state = (0..<parts).map { _ in
          Tensor(i.array([layer.directions, lengths.count, layer.size]), requiresGrad: true)
        }
        layer.zeroGrad()
        let (output, last) = run(
          packPaddedSequence(padded, lengths: lengths), withState ? state : nil)
        var loss = (output * Tensor(i.array(output.shape))).sum()
        for part in last { loss = loss + (part * Tensor(i.array(part.shape))).sum() }
        loss.backward()
        let leaves = [padded] + (withState ? state : []) + layer.parameters()
        return [output.value] + last.map(\.value) + leaves.map { $0.grad! }
      }
    }
  }
}

/// What the inputs of a recurrent layer hang on.
private protocol Directed {
  var directions: Int { get }
  var features: Int { get }
  var size: Int { get }
}
extension RecurrentLayer: Directed {
  var directions: Int { numLayers * (bidirectional ? 2 : 1) }
  var features: Int { cells[0][0].inputSize }
  var size: Int { cells[0][0].stateSizes[0] }
}
