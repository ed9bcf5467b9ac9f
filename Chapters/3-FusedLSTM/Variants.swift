import ChapterTools
import Unroll

/// Reads a sequence of symbols and answers at its end: two layers of a cell, and an output layer on
/// the last state.
final class OrderReader<Cell: RecurrentCell>: Module, UnaryLayer {
  let layers: Recurrent<Cell>
  let output: Linear

  init(cell: (_ inputSize: Int, _ layer: Int) -> Cell) {
    layers = Recurrent(inputSize: TemporalOrder.symbols, numLayers: 2, cell: cell)
    layers.isFused = false  // as cells, all of them
    output = Linear(layers.cells[0][0].stateSizes[0], TemporalOrder.classes)
  }

  /// `[time, batch, 6]` gives a score for each answer, `[batch, 4]`.
  func forward(_ x: Tensor) -> Tensor {
    output(layers(x).output.select(axis: 0, index: -1))
  }
}

/// One row of the comparison.
struct Variant {
  let name, title: String
  let hiddenSize, parameters: Int
  let accuracy, milliseconds: Double
}

/// Trains every variant on the same sequences, each with the largest number of units that keeps it
/// within `budget` parameters.
func compareVariants(
  budget: Int, task: TemporalOrder, steps: Int, seed: UInt64, progress: (Int, Int) -> Void
) -> [Variant] {
  var results: [Variant] = []

  func run<Cell: RecurrentCell>(
    _ name: String, _ title: String, cell: (_ inputSize: Int, _ hidden: Int, _ layer: Int) -> Cell
  ) {
    progress(results.count, 7)
    func model(_ hidden: Int) -> OrderReader<Cell> {
      OrderReader { inputSize, layer in cell(inputSize, hidden, layer) }
    }
    var hidden = 4
    while model(hidden + 4).parameterCount <= budget { hidden += 4 }
    Generator.default.seed(seed)
    let reader = model(hidden)
    if let gated = reader.layers as? any ForgetGated { Init.forgetGateBias(gated, 1) }
    let parameters = reader.parameters()
    let optimizer = Adam(parameters, learningRate: 0.005)
    let sequences = Generator(seed: seed)
    let clock = ContinuousClock()
    var times: [Double] = []
    for _ in 0..<steps {
      let (x, answers) = task.batch(32, generator: sequences)
      let time = clock.measure {
        optimizer.zeroGrad()
        crossEntropy(reader(Tensor(x)), answers).backward()
        clipGradNorm(parameters, maxNorm: 1)
        optimizer.step()
      }
      times.append(time / .seconds(1) * 1000)
    }
    let (x, answers) = task.batch(1000, generator: sequences)
    let said = noGrad { reader(Tensor(x)).value.argmax(axis: 1).values }
    let right = zip(said, answers.values).count { $0 == $1 }
    results.append(
      Variant(
        name: name, title: title, hiddenSize: hidden, parameters: reader.parameterCount,
        accuracy: Double(right) / 1000, milliseconds: times.sorted()[times.count / 2]))
  }

  run("lstm", "LSTM") { x, h, _ in LSTMCell(inputSize: x, hiddenSize: h) }
  run("peephole", "peephole") { x, h, _ in PeepholeLSTMCell(inputSize: x, hiddenSize: h) }
  run("coupled", "coupled gates") { x, h, _ in CoupledLSTMCell(inputSize: x, hiddenSize: h) }
  run("depth_gated", "depth-gated") { x, h, layer in
    DepthGatedLSTMCell(inputSize: x, hiddenSize: h, hasLayerBelow: layer > 0)
  }
  run("gru", "GRU") { x, h, _ in GRUCell(inputSize: x, hiddenSize: h) }
  run("clockwork", "clockwork RNN") { x, h, _ in
    ClockworkRNNCell(inputSize: x, hiddenSize: h, periods: [1, 4, 16, 32])
  }
  run("rnn", "plain RNN") { x, h, _ in RNNCell(inputSize: x, hiddenSize: h) }
  return results
}
