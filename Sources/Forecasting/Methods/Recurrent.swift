import Foundation
import Autograd
import NN
import Optim
import Sequences
import Training

/// Recurrent networks that read a window of the series and say the next `horizon` values at once: a
/// GRU and a linear layer, several of them from different seeds, whose mean is the forecast.
///
/// A window is given as differences from its last value in units of the series' typical step, and so
/// is what follows it: the network learns shapes, not levels.
public struct RecurrentForecast: ForecastMethod {
  public var horizon: Int
  /// Values that the network looks back at.
  public var window: Int
  public var hiddenSize: Int
  /// Networks in the ensemble.
  public var members: Int
  /// Training steps of each.
  public var steps: Int
  public var batchSize = 64
  public var seed: UInt64
  public var name: String { "GRU (\(members) networks, \(window) values)" }

  public init(
    horizon: Int, window: Int, hiddenSize: Int = 24, members: Int = 3, steps: Int = 300,
    seed: UInt64 = 1
  ) {
    (self.horizon, self.window, self.hiddenSize) = (horizon, window, hiddenSize)
    (self.members, self.steps, self.seed) = (members, steps, seed)
  }

  public func fitted(to values: [Double]) -> (any FittedForecast)? {
    let starts = values.count - window - horizon + 1
    guard starts >= 16 else { return nil }
    let steps = zip(values.dropFirst(), values).map(-)
    let scale = max(mean(steps.map { abs($0) }), 1e-12)
    var inputs: [Float] = [], targets: [Float] = []
    for start in 0..<starts {
      let last = values[start + window - 1]
      inputs += values[start..<start + window].map { Float(($0 - last) / scale) }
      targets += values[start + window..<start + window + horizon].map {
        Float(($0 - last) / scale)
      }
    }
    // Windows of the size that the network's units like.
    let spread = max(variance(inputs.map(Double.init)).squareRoot(), 1e-6)
    let x = NDArray(inputs.map { $0 / Float(spread) }, shape: [starts, window, 1])
    let y = NDArray(targets.map { $0 / Float(spread) }, shape: [starts, horizon])
    let networks = (0..<members).map { member in
      let generator = Generator(seed: seed &+ UInt64(member))
      let network = DirectForecaster(hiddenSize: hiddenSize, horizon: horizon, generator: generator)
      network.train(x, y, steps: self.steps, batchSize: batchSize, generator: generator)
      return network.stateDict().map { StoredArray($0.key, $0.value) }
    }
    return RecurrentModel(
      window: window, horizon: horizon, hiddenSize: hiddenSize, scale: scale * spread,
      networks: networks)
  }
}

/// Trained networks.
struct RecurrentModel: FittedForecast {
  let window: Int, horizon: Int, hiddenSize: Int
  let scale: Double
  /// Each network's weights by name.
  let networks: [[StoredArray]]

  private enum CodingKeys: String, CodingKey { case window, horizon, hiddenSize, scale, networks }

  init(window: Int, horizon: Int, hiddenSize: Int, scale: Double, networks: [[StoredArray]]) {
    (self.window, self.horizon, self.hiddenSize) = (window, horizon, hiddenSize)
    (self.scale, self.networks) = (scale, networks)
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    window = try fields.decode(Int.self, forKey: .window)
    horizon = try fields.decode(Int.self, forKey: .horizon)
    hiddenSize = try fields.decode(Int.self, forKey: .hiddenSize)
    scale = try fields.decode(Double.self, forKey: .scale)
    networks = try fields.decode([[StoredArray]].self, forKey: .networks)
    guard (1...100_000).contains(window), (1...100_000).contains(horizon),
      (1...4096).contains(hiddenSize), scale > 0, scale.isFinite, !networks.isEmpty
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .networks, in: fields, debugDescription: "sizes of a network that cannot be")
    }
    for weights in networks { _ = try model(weights) }
  }

  private func model(_ weights: [StoredArray]) throws -> DirectForecaster {
    let model = DirectForecaster(
      hiddenSize: hiddenSize, horizon: horizon, generator: Generator(seed: 0))
    var state = StateDict()
    for weight in weights { state[weight.name] = weight.array }
    try model.loadStateDict(state)
    return model
  }

  func forecast(after history: [Double], horizon asked: Int) -> [Double] {
    // They are its own, or were checked when they were read.
    let models = networks.map { try! model($0) }
    var known = history
    // Farther than they learned to look, they go on from their own words.
    while known.count < history.count + asked {
      let last = known[known.count - 1]
      let x = Tensor(
        NDArray(known.suffix(window).map { Float(($0 - last) / scale) }, shape: [1, window, 1]))
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
final class DirectForecaster: Module {
  let gru: GRU
  let output: Linear

  init(hiddenSize: Int, horizon: Int, generator: Generator) {
    gru = GRU(inputSize: 1, hiddenSize: hiddenSize, batchFirst: true, generator: generator)
    output = Linear(hiddenSize, horizon, generator: generator)
  }

  /// Windows `[batch, window, 1]`; the values after each, `[batch, horizon]`.
  func callAsFunction(_ x: Tensor) -> Tensor {
    output(gru(x).h_n.select(axis: 0, index: 0))
  }

  func train(_ x: NDArray, _ y: NDArray, steps: Int, batchSize: Int, generator: Generator) {
    let optimizer = AdamW(parameters(), learningRate: 0.01, weightDecay: 0.01)
    let schedule = OneCycleLR(optimizer, maxLR: 0.01, totalSteps: steps + 1)
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
