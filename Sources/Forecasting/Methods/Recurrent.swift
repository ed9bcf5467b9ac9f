import Foundation
import Autograd
import Exporting
import Optim
import Sequences
import Training

/// Recurrent networks that read a window of the series and say the next `horizon` values at once: a
/// GRU and a linear layer, several of them from different seeds, whose mean is the forecast.
///
/// A window is given as differences from its last value in units of the series' typical step, and so
/// is what follows it: the network learns shapes, not levels. Other series measured beside it are given
/// over the same window, in units of their spread; of them, too, only what was known at the time.
public struct RecurrentForecast: ForecastMethod {
  /// How many values are said at once.
  public var horizon: Int
  /// Values that the network looks back at.
  public var window: Int
  /// Numbers in each network's state.
  public var hiddenSize: Int
  /// Networks in the ensemble.
  public var members: Int
  /// Training steps of each.
  public var steps: Int
  /// Windows in a training step.
  public var batchSize = 64
  /// Of the first network; each further one has the number after.
  public var seed: UInt64
  /// The other series from the first value on, each at least as long as the values; none are needed.
  public var exogenous: [[Double]] = []
  public var name: String {
    let others = exogenous.isEmpty ? "" : ", \(exogenous.count) other columns"
    return "GRU (\(members) networks, \(window) values\(others))"
  }

  /// - Parameters:
  ///   - horizon: how many values are said at once.
  ///   - window: values that the network looks back at.
  ///   - hiddenSize: numbers in its state.
  ///   - members: networks in the ensemble.
  ///   - steps: training steps of each.
  ///   - seed: of the first network.
  public init(
    horizon: Int, window: Int, hiddenSize: Int = 24, members: Int = 3, steps: Int = 300,
    seed: UInt64 = 1
  ) {
    (self.horizon, self.window, self.hiddenSize) = (horizon, window, hiddenSize)
    (self.members, self.steps, self.seed) = (members, steps, seed)
  }

  public func fitted(to values: [Double]) -> (any FittedForecast)? {
    let starts = values.count - window - horizon + 1
    guard starts >= 16, exogenous.allSatisfy({ $0.count >= values.count }) else { return nil }
    let steps = zip(values.dropFirst(), values).map(-)
    let scale = max(mean(steps.map { abs($0) }), 1e-12)
    var targets: [Float] = [], windows: [Float] = []
    for start in 0..<starts {
      let last = values[start + window - 1]
      windows += values[start..<start + window].map { Float(($0 - last) / scale) }
      targets += values[start + window..<start + window + horizon].map {
        Float(($0 - last) / scale)
      }
    }
    // Windows of the size that the network's units like.
    let spread = max(variance(windows.map(Double.init)).squareRoot(), 1e-6)
    let others = exogenous.map { OtherColumn($0, upTo: values.count) }
    let width = 1 + others.count
    var inputs: [Float] = []
    inputs.reserveCapacity(windows.count * width)
    for start in 0..<starts {
      for t in start..<start + window {
        inputs.append(windows[start * window + t - start] / Float(spread))
        inputs += others.map { Float($0[t]) }
      }
    }
    let x = NDArray(inputs, shape: [starts, window, width])
    let y = NDArray(targets.map { $0 / Float(spread) }, shape: [starts, horizon])
    let networks = (0..<members).map { member in
      let generator = Generator(seed: seed &+ UInt64(member))
      let network = DirectForecaster(
        inputSize: width, hiddenSize: hiddenSize, horizon: horizon, generator: generator)
      network.train(x, y, steps: self.steps, batchSize: batchSize, generator: generator)
      return network.stateDict().map { StoredArray($0.key, $0.value) }
    }
    return RecurrentModel(
      window: window, horizon: horizon, hiddenSize: hiddenSize, scale: scale * spread,
      others: others, networks: networks)
  }
}

/// A series beside the one that is forecast, in units of its spread over what was learned from.
struct OtherColumn: Codable, Sendable {
  let values: [Double]
  let mean: Double, size: Double

  init(_ values: [Double], upTo count: Int) {
    let known = values[..<count]
    self.values = values
    mean = Forecasting.mean(known)
    size = max(variance(known).squareRoot(), 1e-12)
  }

  /// The value in a row; after the last one that is known, that one.
  subscript(row: Int) -> Double { (values[min(row, values.count - 1)] - mean) / size }
}

/// Trained networks.
struct RecurrentModel: FittedForecast {
  let window: Int, horizon: Int, hiddenSize: Int
  let scale: Double
  let others: [OtherColumn]
  /// Each network's weights by name.
  let networks: [[StoredArray]]

  private enum CodingKeys: String, CodingKey {
    case window, horizon, hiddenSize, scale, others, networks
  }

  init(
    window: Int, horizon: Int, hiddenSize: Int, scale: Double, others: [OtherColumn],
    networks: [[StoredArray]]
  ) {
    (self.window, self.horizon, self.hiddenSize) = (window, horizon, hiddenSize)
    (self.scale, self.others, self.networks) = (scale, others, networks)
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    window = try fields.decode(Int.self, forKey: .window)
    horizon = try fields.decode(Int.self, forKey: .horizon)
    hiddenSize = try fields.decode(Int.self, forKey: .hiddenSize)
    scale = try fields.decode(Double.self, forKey: .scale)
    others = try fields.decodeIfPresent([OtherColumn].self, forKey: .others) ?? []
    networks = try fields.decode([[StoredArray]].self, forKey: .networks)
    guard (1...100_000).contains(window), (1...100_000).contains(horizon),
      (1...4096).contains(hiddenSize), scale > 0, scale.isFinite, !networks.isEmpty,
      others.allSatisfy({ !$0.values.isEmpty && $0.size > 0 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .networks, in: fields, debugDescription: "sizes of a network that cannot be")
    }
    for weights in networks { _ = try model(weights) }
  }

  private func model(_ weights: [StoredArray]) throws -> DirectForecaster {
    let model = DirectForecaster(
      inputSize: 1 + others.count, hiddenSize: hiddenSize, horizon: horizon,
      generator: Generator(seed: 0))
    var state = StateDict()
    for weight in weights { state[weight.name] = weight.array }
    try model.loadStateDict(state)
    return model
  }

  /// They are its own, or were checked when they were read.
  var models: [DirectForecaster] { networks.map { try! model($0) } }

  func forecast(after history: [Double], horizon asked: Int) -> [Double] {
    let models = models
    var known = history
    // Farther than they learned to look, they go on from their own words; what is not known of the
    // others by then stays as it is last known.
    while known.count < history.count + asked {
      let last = known[known.count - 1]
      let numbers = (known.count - window..<known.count).flatMap { (t: Int) -> [Float] in
        // A history shorter than the window begins with its first value.
        let own = Float((known[max(0, t)] - last) / scale)
        return [own] + others.map { Float($0[max(0, min(t, history.count - 1))]) }
      }
      let x = Tensor(NDArray(numbers, shape: [1, window, 1 + others.count]))
      var sum = [Double](repeating: 0, count: horizon)
      for model in models {
        let y = noGrad { model(x).value.doubles }
        for step in 0..<horizon { sum[step] += y[step] / Double(models.count) }
      }
      known += sum.map { last + scale * $0 }
    }
    return Array(known[history.count..<history.count + asked])
  }
}

/// A window in, the next values out.
final class DirectForecaster: Module, Exportable {
  let gru: GRU
  let output: Linear

  init(inputSize: Int, hiddenSize: Int, horizon: Int, generator: Generator) {
    gru = GRU(inputSize: inputSize, hiddenSize: hiddenSize, batchFirst: true, generator: generator)
    output = Linear(hiddenSize, horizon, generator: generator)
  }

  /// Windows `[batch, window, column]`; the values after each, `[batch, horizon]`.
  func callAsFunction(_ x: Tensor) -> Tensor {
    output(gru(x).h_n.select(axis: 0, index: 0))
  }

  func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue {
    graph.apply(output, graph.select(graph.gru(gru, x).h, axis: 0, index: 0))
  }

  func train(_ x: NDArray, _ y: NDArray, steps: Int, batchSize: Int, generator: Generator) {
    let optimizer = AdamW(parameters(), learningRate: 0.01, weightDecay: 0.01)
    let schedule = OneCycleLR(optimizer, maxLR: 0.01, totalSteps: steps)
    let count = x.shape[0], size = min(batchSize, count)
    var order: [Int] = [], place = 0
    for _ in 0..<steps {
      if place + size > order.count { (order, place) = (generator.permutation(count), 0) }
      let rows = Array(order[place..<place + size])
      place += size
      optimizer.zeroGrad()
      let forecast = self(Tensor(x.examples(rows)))
      l1Loss(forecast, Tensor(y.examples(rows))).backward()
      clipGradNorm(parameters(), maxNorm: 1)
      optimizer.step()
      schedule.step()
    }
  }
}
