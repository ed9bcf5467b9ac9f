import Arrays
import Exporting
import Foundation
import Sequences

/// The recurrent networks of a forecast as one module that takes the series' own values and gives its
/// own values, scaling and all: what goes to other servers.
///
///     let model = try Forecaster(horizon: 12).networksAlone.fitted(to: passengers)
///     let network = ForecastNetwork(model)!
///     try network.exportONNX(to: file)            // window [batch, window] → forecast [batch, 12]
///     try network.exportPyTorch(to: folder)
public final class ForecastNetwork: Module, ExportableModel {
  /// How many values it looks at, and how many it says.
  public let window: Int, horizon: Int
  let ensembles: [ForecastEnsemble]
  /// Each ensemble's share of the forecast; together 1.
  private let shares: [Double]

  /// - Returns: nil where the forecast has no networks of the series' own values.
  public init?(_ model: ForecastModel) {
    let found = model.members.compactMap { member in
      ForecastEnsemble(member.fitted).map { (ensemble: $0, weight: member.weight) }
    }
    guard let horizon = found.map(\.ensemble.horizon).min() else { return nil }
    let whole = found.reduce(0) { $0 + $1.weight }
    ensembles = found.map(\.ensemble)
    shares = found.map { $0.weight / whole }
    window = ensembles.map(\.window).max()!
    self.horizon = horizon
  }

  public func export(to graph: any ModelGraph) {
    let window = graph.input("window", ["batch", .size(window)])
    let forecasts = zip(ensembles, shares).map { ensemble, share in
      let own = graph.narrow(
        window, axis: 1, start: self.window - ensemble.window, length: ensemble.window)
      let all = graph.apply(ensemble, ensemble.window == self.window ? window : own)
      let near =
        ensemble.horizon == horizon
        ? all : graph.narrow(all, axis: 1, start: 0, length: horizon)
      return share == 1 ? near : graph.multiply(near, share)
    }
    graph.output("forecast", forecasts.dropFirst().reduce(forecasts[0]) { graph.add($0, $1) })
  }
}

/// Networks of one recipe, whose mean is given.
final class ForecastEnsemble: Module, Exportable {
  let networks: [DirectForecaster]
  let window: Int, horizon: Int
  private let scale: Double
  private let transform: BoxCox?

  init?(_ fitted: any FittedForecast) {
    var (fitted, transform) = (fitted, BoxCox?.none)
    if let outer = fitted as? TransformedModel {
      (fitted, transform) = (outer.inner.fitted, outer.transform)
    }
    guard let model = fitted as? RecurrentModel, model.others.isEmpty else { return nil }
    networks = model.models
    (window, horizon, scale) = (model.window, model.horizon, model.scale)
    self.transform = transform
  }

  func export(_ input: GraphValue, to graph: any ModelGraph) -> GraphValue {
    let values = transform.map { $0.export(input, to: graph) } ?? input
    // Differences from the last value, in units of the typical step.
    let last = graph.narrow(values, axis: 1, start: window - 1, length: 1)
    let scaled = graph.divide(graph.subtract(values, last), scale)
    let x = graph.unsqueezed(scaled, 2)
    let said = networks.map { graph.apply($0, x) }
    let sum = said.dropFirst().reduce(said[0]) { graph.add($0, $1) }
    let forecast = graph.add(last, graph.multiply(sum, scale / Double(networks.count)))
    return transform.map { $0.exportInverse(forecast, to: graph) } ?? forecast
  }
}

extension BoxCox {
  /// (xᵏ − 1)/k, the logarithm for k = 0.
  fileprivate func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue {
    let log = graph.log(x)
    if lambda == 0 { return log }
    return graph.divide(graph.subtract(graph.exp(graph.multiply(log, lambda)), 1), lambda)
  }

  fileprivate func exportInverse(_ y: GraphValue, to graph: any ModelGraph) -> GraphValue {
    if lambda == 0 { return graph.exp(y) }
    return graph.exp(graph.divide(graph.log(graph.add(graph.multiply(y, lambda), 1)), lambda))
  }
}

extension Forecaster {
  /// The same forecaster with recurrent networks alone, which see nothing but the series' own values, so
  /// that `ForecastNetwork` can take them out; of several windows, on the series' scale and the
  /// logarithm's, the ones that do best on the past are chosen, as ever.
  public var networksAlone: Forecaster {
    var alone = self
    alone.exogenous = []
    alone.onlyNetworks = true
    return alone
  }

  /// - Throws: `ForecastError` where there are too few values for any network.
  func networkCandidates(
    for values: [Double], of count: Int, seasons: [Int]
  ) throws -> [any ForecastMethod] {
    let members = max(1, networks)
    var windows = [window(for: values)]
    if let season = seasons.first(where: { $0 > windows[0] && $0 <= 200 }) {
      windows.append(season)
    }
    // As many windows to learn from as a network takes, before the first origin.
    let learned = origins(values.count, longest: seasons.last ?? 1)[0]
    windows = windows.filter { learned >= $0 + horizon + 15 }
    guard !windows.isEmpty else {
      throw ForecastError.tooFewForNetworks(count, horizon: horizon)
    }
    let plain: [any ForecastMethod] = windows.map {
      RecurrentForecast(horizon: horizon, window: $0, members: members, seed: seed)
    }
    return values.allSatisfy { $0 > 0 } ? plain + plain.map { Transformed(.log, $0) } : plain
  }

  /// How far a network looks back where nothing else is known.
  func window(for values: [Double]) -> Int {
    max(4, min(max(horizon, 8), 64, values.count / 6))
  }
}
