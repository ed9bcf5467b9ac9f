import ChapterTools
import Unroll

/// Reads a sequence of symbols and answers at its end: two layers of a cell, and an output layer on
/// the last state.
final class OrderReader<Cell: RecurrentCell>: Module, UnaryLayer {
  let layers: Recurrent<Cell>
  let output: Linear

  init(cell: (_ inputSize: Int, _ layer: Int) -> Cell) {
    layers = Recurrent(inputSize: TemporalOrder.symbols, numLayers: 2, cell: cell)
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
  var runs: [OrderRun] = []
  var milliseconds = 0.0

  /// The steps after which each seed had solved the task, in order; `Int.max` where it never did.
  var solvedAfter: [Int] { runs.map { $0.solvedAfter ?? .max }.sorted() }

  /// In how many pairs of one run of each this one solved the task sooner; as soon counts half.
  func pairsSooner(than other: Variant) -> Double {
    solvedAfter.flatMap { own in
      other.solvedAfter.map { own < $0 ? 1 : own == $0 ? 0.5 : 0 }
    }.reduce(0, +)
  }
}

/// How a reader with one seed did.
struct OrderRun {
  /// The steps after which 99 of 100 unseen sequences were answered right; nil if they never were.
  var solvedAfter: Int?
  /// The share of unseen sequences answered right at the end.
  var accuracy = 0.0
}

/// Trains every variant with several seeds on the same sequences until it has solved the task, each with
/// the number of units that comes nearest to `budget` parameters.
func compareVariants(
  _ page: Page, budget: Int, task: TemporalOrder, steps: Int, seeds: Int
) throws -> [Variant] {
  typealias Training = @Sendable (_ seed: UInt64, _ progress: (Int) -> Void) -> OrderRun
  var results: [Variant] = []
  var trainings: [Training] = []
  var work: [() -> Void] = []

  func add<Cell: RecurrentCell>(
    _ name: String, _ title: String, multipleOf unit: Int = 1,
    cell: @escaping @Sendable (_ inputSize: Int, _ hidden: Int, _ layer: Int) -> Cell
  ) {
    @Sendable func model(_ hidden: Int) -> OrderReader<Cell> {
      let reader = OrderReader { inputSize, layer in cell(inputSize, hidden, layer) }
      if let gated = reader.layers as? any ForgetGated { Init.forgetGateBias(gated, 1) }
      return reader
    }
    let sizes = Array(stride(from: 4, through: 80, by: unit))
    let distances = sizes.map { abs(model($0).parameterCount - budget) }
    let hidden = sizes[distances.indices.min { distances[$0] < distances[$1] }!]
    trainings.append { seed, progress in
      train(model(hidden), task: task, steps: steps, seed: seed, progress: progress)
    }
    let timed = model(hidden), (x, answers) = task.batch(32)
    work.append { crossEntropy(timed(Tensor(x)), answers).backward() }
    results.append(
      Variant(
        name: name, title: title, hiddenSize: hidden, parameters: timed.parameterCount))
  }

  add("lstm", "LSTM") { x, h, _ in LSTMCell(inputSize: x, hiddenSize: h) }
  add("peephole", "peephole") { x, h, _ in PeepholeLSTMCell(inputSize: x, hiddenSize: h) }
  add("coupled", "coupled gates") { x, h, _ in CoupledLSTMCell(inputSize: x, hiddenSize: h) }
  add("depth_gated", "depth-gated") { x, h, layer in
    DepthGatedLSTMCell(inputSize: x, hiddenSize: h, hasLayerBelow: layer > 0)
  }
  add("gru", "GRU") { x, h, _ in GRUCell(inputSize: x, hiddenSize: h) }
  add("clockwork", "clockwork RNN", multipleOf: 4) { x, h, _ in
    ClockworkRNNCell(inputSize: x, hiddenSize: h, periods: [1, 4, 16, 32])
  }
  add("rnn", "plain RNN") { x, h, _ in RNNCell(inputSize: x, hiddenSize: h) }
  // All are one piece of work, so that no core waits at the end of each variant.
  let all = trainings, first = page.seed
  let runs = try overSeeds(
    page, "variants", first: 0, count: all.count * seeds
  ) { place, progress in
    let (seed, variant) = Int(place).quotientAndRemainder(dividingBy: all.count)
    return Generator.withDefault(seed: first &+ UInt64(seed)) {
      all[variant](first &+ UInt64(seed)) { progress($0, steps) }
    }
  }
  for (place, run) in runs.enumerated() { results[place % all.count].runs.append(run) }
  for (place, seconds) in interleavedSeconds(work, rounds: page.quick ? 3 : 9).enumerated() {
    results[place].milliseconds = seconds.quartiles.middle * 1000
  }
  return results
}

private func train<Cell: RecurrentCell>(
  _ reader: OrderReader<Cell>, task: TemporalOrder, steps: Int, seed: UInt64,
  progress: (Int) -> Void
) -> OrderRun {
  let parameters = reader.parameters()
  let optimizer = Adam(parameters, learningRate: 0.005)
  let sequences = Generator(seed: seed)
  let unseen = task.batch(500, generator: Generator(seed: seed &+ 1_000_000))
  var run = OrderRun()
  for step in 1...steps {
    let (x, answers) = task.batch(32, generator: sequences)
    optimizer.zeroGrad()
    crossEntropy(reader(Tensor(x)), answers).backward()
    clipGradNorm(parameters, maxNorm: 1)
    optimizer.step()
    guard step % 25 == 0 || step == steps else { continue }
    progress(step)
    let said = noGrad { reader(Tensor(unseen.inputs)).value.argmax(axis: 1).values }
    run.accuracy = Double(zip(said, unseen.targets.values).count { $0 == $1 }) / 500
    if run.accuracy >= 0.99 {
      run.solvedAfter = step
      break
    }
  }
  return run
}
