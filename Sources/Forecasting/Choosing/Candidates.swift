import Sequences

extension Forecaster {
  /// The methods that are tried on values with these seasons: simple ones, classical ones, and
  /// recurrent networks; where all values are positive, on the scale of their logarithms as well.
  public func candidates(for values: [Double], seasons: [Int]) -> [any ForecastMethod] {
    let season = seasons.first ?? 1
    let simple: [any ForecastMethod] =
      [LastValue()] + seasons.map { SeasonalNaive(season: $0) } + [Drift(), MeanOfAll()]
    var scaled: [any ForecastMethod] = []
    if season <= 24 {
      scaled.append(ExponentialSmoothing(season: season))
      if season > 1 {
        scaled += [(0, 1), (1, 1), (1, 0)].map {
          ARIMA(season: season, order: $0.0, seasonalOrder: $0.1)
        }
      } else {
        scaled += (0...2).map { ARIMA(order: $0) }
      }
    }
    for order in [0, 1] {
      scaled.append(Autoregression(season: season, order: order))
      if season > 1 {
        scaled.append(Autoregression(season: season, order: order, seasonalOrder: 1))
      }
    }
    if !exogenous.isEmpty {
      let reach = season > 1 && season <= 48 ? season + 1 : 12
      scaled += [3, reach].map {
        DirectRegression(horizon: horizon, lags: $0, exogenous: exogenous)
      }
    }
    var networks: [any ForecastMethod] = []
    if self.networks > 0 {
      let network = RecurrentForecast(
        horizon: min(horizon, 48), window: window(for: values), members: self.networks, seed: seed)
      networks.append(network)
      if !exogenous.isEmpty {
        var informed = network
        informed.exogenous = exogenous
        networks.append(informed)
      }
    }
    if seasons.isEmpty {
      scaled += [Theta()] + networks
    } else {
      let inner: [any ForecastMethod] =
        [
          ExponentialSmoothing(), Theta(), ARIMA(order: 1), ARIMA(order: 0),
          Autoregression(order: 1), Autoregression(),
        ] + networks
      scaled += inner.map { Decomposed(seasons: seasons, $0) }
      // A network that sees a whole season finds it by itself.
      if season <= 48, let network = networks.first as? RecurrentForecast {
        var whole = network
        whole.window = max(network.window, season)
        scaled.append(whole)
      }
    }
    let isPositive = values.allSatisfy { $0 > 0 }
    return simple + own + scaled + (isPositive ? scaled.map { Transformed(.log, $0) } : [])
  }
}
