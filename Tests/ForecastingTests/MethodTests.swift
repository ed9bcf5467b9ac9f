import Forecasting
import Foundation
import Testing

/// Methods on series whose future is known.
@Suite struct MethodTests {
  private func forecast(
    _ method: any ForecastMethod, _ values: [Double], _ horizon: Int
  ) throws -> [Double] {
    try #require(method.fitted(to: values)).forecast(after: values, horizon: horizon)
  }

  @Test func simpleMethodsSayWhatTheirNamesSay() throws {
    let values = [3.0, 5, 4, 7, 6, 9]
    #expect(try forecast(LastValue(), values, 3) == [9, 9, 9])
    #expect(try forecast(SeasonalNaive(season: 2), values, 5) == [6, 9, 6, 9, 6])
    #expect(try forecast(MeanOfAll(), values, 2) == [34.0 / 6, 34.0 / 6])
    let drift = try forecast(Drift(), values, 2)
    #expect(abs(drift[0] - 10.2) < 1e-12 && abs(drift[1] - 11.4) < 1e-12)
    #expect(SeasonalNaive(season: 7).fitted(to: values) == nil)
    #expect(Drift().fitted(to: [1]) == nil)
  }

  /// A line is what all that know trends go on with.
  @Test func straightLinesGoOn() throws {
    let values = (0..<60).map { 10 + 0.5 * Double($0) }
    let truth = (60..<72).map { 10 + 0.5 * Double($0) }
    let methods: [any ForecastMethod] = [
      Drift(), ExponentialSmoothing(), ARIMA(order: 2), Autoregression(order: 1),
      Transformed(.log, ARIMA(order: 2)),
    ]
    for method in methods {
      for (value, expected) in zip(try forecast(method, values, 12), truth) {
        #expect(abs(value - expected) < 0.5, "\(method.name): \(value), expected \(expected)")
      }
    }
  }

  /// A season that never changes, added or multiplied.
  @Test(arguments: [false, true])
  func seasonsRepeat(isMultiplied: Bool) throws {
    func value(_ t: Int) -> Double {
      let level = 100 + 0.5 * Double(t), course = sin(2 * .pi * Double(t) / 12)
      return isMultiplied ? level * (1 + 0.2 * course) : level + 20 * course
    }
    let values = (0..<96).map(value), truth = (96..<120).map(value)
    let methods: [any ForecastMethod] = [
      ExponentialSmoothing(season: 12), ARIMA(season: 12, order: 1, seasonalOrder: 1),
      Autoregression(season: 12, order: 0, seasonalOrder: 1),
      Decomposed(seasons: [12], ARIMA(order: 1)), Decomposed(seasons: [12], Theta()),
    ]
    for method in methods {
      let own = isMultiplied ? Transformed(.log, method) as any ForecastMethod : method
      let error = zip(try forecast(own, values, 24), truth).map { abs($0 - $1) }.max()!
      #expect(error < 8, "\(own.name): \(error)")
    }
  }

  /// x_t = 0.8 x_{t−1} + a_t falls towards its mean by a fifth at each step.
  @Test func anAutoregressionOfOrderOneIsFound() throws {
    var values = [0.0]
    let shocks = noise(4000)
    for shock in shocks { values.append(0.8 * values.last! + shock) }
    values.append(10)
    for method in [ARIMA(order: 0) as any ForecastMethod, Autoregression()] {
      let next = try forecast(method, values, 3)
      for (step, value) in next.enumerated() {
        #expect(abs(value - 10 * pow(0.8, Double(step + 1))) < 0.8, "\(method.name): \(next)")
      }
    }
  }

  /// x_t = a_t + 0.7 a_{t−1}: after one step nothing is known.
  @Test func aMovingAverageForgets() throws {
    let shocks = noise(4000)
    let values = (1..<4000).map { shocks[$0] + 0.7 * shocks[$0 - 1] }
    let next = try forecast(ARIMA(order: 0), values, 3)
    #expect(abs(next[0] - 0.7 * shocks[3999]) < 0.15, "\(next)")
    #expect(abs(next[1]) < 0.15 && abs(next[2]) < 0.15, "\(next)")
  }

  /// Box & Jenkins' model of the airline passengers' logarithms, (0,1,1)(0,1,1): the published
  /// coefficients, 0.396 and 0.614, forecast what the search's do within two per cent.
  @Test func airlinePassengersAsBoxAndJenkins() throws {
    let passengers = airline
    let log = passengers.map { Foundation.log($0) }
    let next = try forecast(
      ARIMA(season: 12, order: 1, seasonalOrder: 1), Array(log.dropLast(12)), 12)
    let error = zip(next, log.suffix(12)).map { abs($0 - $1) }.reduce(0, +) / 12
    #expect(error < 0.04, "\(error)")
  }

  @Test func theOtherSeriesHelpsWhereItLeads() throws {
    let leading = noise(600)
    let values = (0..<600).map { $0 < 3 ? 0 : 2 * leading[$0 - 3] }
    let known = Array(values.prefix(590))
    let alone = try forecast(DirectRegression(horizon: 3, lags: 4), known, 3)
    let helped = try forecast(
      DirectRegression(horizon: 3, lags: 4, exogenous: [leading]), known, 3)
    for step in 0..<3 {
      #expect(abs(helped[step] - values[590 + step]) < 0.05)
    }
    #expect((0..<3).contains { abs(alone[$0] - values[590 + $0]) > 0.3 })
  }

  @Test func networksLearnAWave() throws {
    let values = (0..<300).map { sin(0.3 * Double($0)) }
    let method = RecurrentForecast(horizon: 6, window: 20, members: 1, steps: 250)
    let next = try forecast(method, values, 8)
    for (step, value) in next.enumerated() {
      #expect(abs(value - sin(0.3 * Double(300 + step))) < 0.2, "\(next)")
    }
    #expect(try forecast(method, values, 8) == next, "the same seed gives the same bits")
  }

  @Test func tooFewValuesAreNoFaults() {
    let methods: [any ForecastMethod] = [
      LastValue(), Drift(), MeanOfAll(), SeasonalNaive(season: 4), ExponentialSmoothing(season: 4),
      Theta(), ARIMA(season: 4, order: 1, seasonalOrder: 1), ARIMA(order: 2), Autoregression(),
      Autoregression(season: 4, order: 1, seasonalOrder: 1), Decomposed(seasons: [4], Theta()),
      Transformed(.log, Theta()), RecurrentForecast(horizon: 2, window: 4),
      DirectRegression(horizon: 2, lags: 3),
    ]
    for method in methods {
      for count in 0..<16 {
        let values = (0..<count).map { Double($0 % 3) + 1 }
        guard let fitted = method.fitted(to: values) else { continue }
        let next = fitted.forecast(after: values, horizon: 5)
        #expect(next.count == 5 && next.allSatisfy(\.isFinite), "\(method.name) of \(count)")
      }
    }
  }
}

/// Numbers without structure, the same at every run: a linear congruence made normal by twelve sums.
func noise(_ count: Int) -> [Double] {
  var state: UInt64 = 12345
  return (0..<count).map { _ in
    (0..<12).reduce(-6.0) { sum, _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return sum + Double(state >> 11) / 9_007_199_254_740_992
    }
  }
}
