import Optim

extension Workload {
  static let recurrent = [
    series("sin_cos", goal: 30, hidden: 32, steps: 10) {
      let rnn = RNN(inputSize: 1, hiddenSize: 32)
      return (rnn, { rnn($0).output })
    },
    series("airline_rnn", goal: 60, hidden: 10, steps: 99) {
      let rnn = RNN(inputSize: 1, hiddenSize: 10, numLayers: 2)
      return (rnn, { rnn($0).output })
    },
    series("airline_lstm", goal: 15, hidden: 5, steps: 99) {
      let lstm = LSTM(inputSize: 1, hiddenSize: 5, numLayers: 2)
      return (lstm, { lstm($0).output })
    },
    series("airline_gru", goal: 150, hidden: 5, steps: 99) {
      let gru = GRU(inputSize: 1, hiddenSize: 5, numLayers: 2)
      return (gru, { gru($0).output })
    },
    kerasSine,
    characters("charlm_rnn", goal: 2, gates: 1) {
      let rnn = RNN(inputSize: 28, hiddenSize: 256)
      return (rnn, { rnn($0).output })
    },
    characters("charlm_gru", goal: 2.2, gates: 3) {
      let gru = GRU(inputSize: 28, hiddenSize: 256)
      return (gru, { gru($0).output })
    },
    characters("charlm_lstm", goal: 1.5, gates: 4) {
      let lstm = LSTM(inputSize: 28, hiddenSize: 256)
      return (lstm, { lstm($0).output })
    },
    characters("charlm_deep_lstm", goal: 2, gates: 4, layers: 2) {
      let lstm = LSTM(inputSize: 28, hiddenSize: 256, numLayers: 2)
      return (lstm, { lstm($0).output })
    },
    characters("charlm_bi_lstm", goal: 1.5, gates: 4, layers: 2, directions: 2) {
      let lstm = LSTM(inputSize: 28, hiddenSize: 256, numLayers: 2, bidirectional: true)
      return (lstm, { lstm($0).output })
    },
    mnistRows,
    generate,
    generateBatch,
    characters("charlm_checkpoint", goal: 1.5, gates: 4) {
      let lstm = LSTM(inputSize: 28, hiddenSize: 256, checkpointing: true)
      return (lstm, { lstm($0).output })
    },
    long("long_1k", steps: 1_000),
    long("long_10k", steps: 10_000),
    long("long_100k", steps: 100_000),
    variant("charlm_peephole") { PeepholeLSTMCell(inputSize: 28, hiddenSize: 256) },
    variant("charlm_coupled") { CoupledLSTMCell(inputSize: 28, hiddenSize: 256) },
    variant("charlm_clockwork") {
      ClockworkRNNCell(inputSize: 28, hiddenSize: 256, periods: [1, 2, 4, 8])
    },
    variant("charlm_layer_norm") { WrittenLSTMCell(inputSize: 28, hiddenSize: 256, norm: true) },
    variant("charlm_written") { WrittenLSTMCell(inputSize: 28, hiddenSize: 256, norm: false) },
    characters("charlm_depth_gated", goal: 1, gates: 4, layers: 2) {
      let layer = Recurrent(inputSize: 28, numLayers: 2) { size, layer in
        DepthGatedLSTMCell(inputSize: size, hiddenSize: 256, hasLayerBelow: layer > 0)
      }
      return (layer, { layer($0).output })
    },
  ]

  /// The character model of a cell by the general fused path: how far behind `charlm_lstm` it is.
  private static func variant<Cell: RecurrentCell>(
    _ name: String, cell: @escaping @Sendable () -> Cell
  ) -> Workload {
    var workload = characters(name, goal: 1, gates: 4) {
      let layer = Recurrent(inputSize: 28) { _, _ in cell() }
      return (layer, { layer($0).output })
    }
    workload.floor = nil
    return workload
  }

  /// One long sequence, batch of one.
  private static func long(_ name: String, steps: Int) -> Workload {
    series(name, goal: 2, hidden: 32, steps: steps) {
      let lstm = LSTM(inputSize: 1, hiddenSize: 32)
      return (lstm, { lstm($0).output })
    }
  }

  /// The products of one layer and direction: forward, and backward for each weight and for the
  /// state before; for the input only where something learns below it. There is no state before the
  /// first step.
  private static func operations(
    steps: Int, batch: Int, gates: Int, input: Int, hidden: Int, learnsBelow: Bool = false
  ) -> Double {
    let recurrent = (steps - 1) * 3 * hidden, fromBelow = steps * (learnsBelow ? 3 : 2) * input
    return 2 * Double(batch * gates * hidden) * Double(recurrent + fromBelow)
  }

  /// A series in, its next values out, a batch of one.
  private static func series(
    _ name: String, goal: Double, hidden: Int, steps: Int,
    layer make: @escaping @Sendable () -> (Module, (Tensor) -> Tensor)
  ) -> Workload {
    Workload(name: name, goal: goal) {
      let (layer, output) = make(), head = Linear(hidden, 1)
      let x = Tensor(.normal([steps, 1, 1])), y = Tensor(.normal([steps, 1, 1]))
      return training(Adam(parameters(layer, head), learningRate: 0.01)) {
        mseLoss(head(output(x)), y)
      }
    }
  }

  private static let kerasSine = Workload(
    name: "keras_sine",
    floor: .operations(
      operations(steps: 10, batch: 32, gates: 4, input: 1, hidden: 50)
        + operations(
          steps: 10, batch: 32, gates: 4, input: 50, hidden: 100, learnsBelow: true)),
    goal: 3
  ) {
    let lower = LSTM(inputSize: 1, hiddenSize: 50), upper = LSTM(inputSize: 50, hiddenSize: 100)
    let head = Linear(100, 1)
    let x = Tensor(.normal([10, 32, 1])), y = Tensor(.normal([32, 1]))
    return training(RMSprop(parameters(lower, upper, head), learningRate: 0.001)) {
      mseLoss(head(upper(lower(x).output).output.select(axis: 0, index: 9)), y)
    }
  }

  /// 32 texts of 35 characters out of 28: the next character at every place.
  private static func characters(
    _ name: String, goal: Double, gates: Int, layers: Int = 1, directions: Int = 1,
    layer make: @escaping @Sendable () -> (Module, (Tensor) -> Tensor)
  ) -> Workload {
    let rows = 35 * 32, size = 256 * directions
    var work = 6 * Double(rows * size * 28)  // the output layer
    for layer in 0..<layers {
      work +=
        Double(directions)
        * operations(
          steps: 35, batch: 32, gates: gates, input: layer == 0 ? 0 : size, hidden: 256,
          learnsBelow: layer > 0)
    }
    return Workload(name: name, floor: .operations(work), goal: goal) {
      let (layer, output) = make(), head = Linear(size, 28)
      let x = Tensor(.oneHot(Indices(randomClasses(rows, of: 28), shape: [35, 32]), classes: 28))
      let y = Indices(randomClasses(rows, of: 28))
      let all = parameters(layer, head)
      return training(SGD(all, learningRate: 1), clipped: all) {
        crossEntropy(head(output(x).reshaped([rows, size])), y)
      }
    }
  }

  private static func randomClasses(_ count: Int, of classes: Int) -> [Int] {
    (0..<count).map { _ in Int.random(in: 0..<classes) }
  }

  private static let mnistRows = Workload(
    name: "mnist_rows",
    floor: .operations(operations(steps: 28, batch: 64, gates: 4, input: 28, hidden: 128)),
    goal: 1.5
  ) {
    let lstm = LSTM(inputSize: 28, hiddenSize: 128), head = Linear(128, 10)
    let x = Tensor(.uniform([28, 64, 28], in: 0...1)), y = Indices(randomClasses(64, of: 10))
    return training(Adam(parameters(lstm, head), learningRate: 0.001)) {
      crossEntropy(head(lstm(x).output.select(axis: 0, index: 27)), y)
    }
  }

  /// The same for 32 texts at once.
  private static let generateBatch = Workload(
    name: "generate_200_of_32",
    floor: .operations(200 * 32 * 2 * Double(1024 * 256 + 256 * 28)), goal: 2
  ) {
    generation(of: 32)
  }

  /// 200 characters, each the likeliest after the one before, of so many texts.
  private static func generation(of texts: Int) -> () -> Void {
    let lstm = LSTM(inputSize: 28, hiddenSize: 256), head = Linear(256, 28)
    return {
      noGrad {
        let stepper = lstm.stepper(batch: texts)
        var characters = Indices((0..<texts).map { $0 % 28 })
        for _ in 0..<200 {
          let h = stepper(.oneHot(characters, classes: 28))
          characters = head(Tensor(h)).value.argmax(axis: -1)
        }
      }
    }
  }

  /// 200 characters, each the likeliest after the one before.
  private static let generate = Workload(
    name: "generate_200", floor: .reading(numbers: 1024 * 256 + 256 * 28, times: 200), goal: 15
  ) {
    generation(of: 1)
  }
}

/// An LSTM as a user would write one down, and with layer norm inside (Ba, Kiros & Hinton 2016): no more
/// than its equations.
private final class WrittenLSTMCell: CellWeights, GatedCell {
  let norms: [LayerNorm]

  init(inputSize: Int, hiddenSize: Int, norm: Bool) {
    norms =
      norm ? [LayerNorm(4 * hiddenSize), LayerNorm(4 * hiddenSize), LayerNorm(hiddenSize)] : []
    super.init(gates: 4, inputSize: inputSize, hiddenSize: hiddenSize)
  }

  var stateSizes: [Int] { [hiddenSize, hiddenSize] }

  func step(
    fromInput: Tensor, fromState: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?
  ) -> [Tensor] {
    let sums =
      norms.isEmpty ? fromInput + fromState : norms[0](fromInput) + norms[1](fromState)
    let parts = sums.chunk(4, axis: -1)
    let (i, f, g, o) = (parts[0].sigmoid(), parts[1].sigmoid(), parts[2].tanh(), parts[3].sigmoid())
    let c = f * state[1] + i * g
    return [o * (norms.isEmpty ? c : norms[2](c)).tanh(), c]
  }
}
