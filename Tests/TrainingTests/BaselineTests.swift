import Testing
import Training

@Suite struct BaselineTests {
  @Test func linearAutoregressionFindsTheWeightsThatMadeTheSeries() {
    var series = [1.0, -0.5, 0.3]
    for t in 3..<60 { series.append(0.2 + 0.6 * series[t - 1] - 0.3 * series[t - 3]) }
    let model = LinearAutoregression(series, lags: 3, targets: 3..<20)
    for (weight, expected) in zip(model.weights, [0.2, -0.3, 0, 0.6]) {
      #expect(abs(weight - expected) < 1e-6)
    }
    #expect(abs(model.forecast(series, 40) - series[40]) < 1e-6)
    #expect(abs(model.forecast(Array(series[..<40]), 40) - series[40]) < 1e-6)
  }

  /// `numpy.linalg.lstsq` of months 13 … 59 on the 12 before.
  @Test func linearAutoregressionIsLeastSquares() {
    let model = LinearAutoregression(AirlinePassengers.monthly, lags: 12, targets: 13..<60)
    for (weight, expected) in zip(model.weights, Self.expected) {
      #expect(abs(weight - expected) < 1e-6 * max(1, abs(expected)))
    }
  }

  /// What the targets leave open is 0, and the forecast is right all the same.
  @Test func aSeriesThatDoesNotChangeIsForecast() {
    let flat = [Double](repeating: 3, count: 20)
    #expect(LinearAutoregression(flat, lags: 4, targets: 4..<20).forecast(flat, 20) == 3)
    let rising = (0..<20).map(Double.init)
    let model = LinearAutoregression(rising, lags: 6, targets: 6..<9)
    #expect(abs(model.forecast(rising, 8) - 8) < 1e-6)
  }

  @Test func placesWithoutAPastStop() async {
    await #expect(processExitsWith: .failure) {
      _ = LinearAutoregression([1, 2, 3], lags: 2, targets: 1..<3)
    }
    await #expect(processExitsWith: .failure) {
      _ = LinearAutoregression([1, 2, 3, 4], lags: 2, targets: 2..<4).forecast([1, 2, 3, 4], 1)
    }
  }

  private static let expected: [Double] = [
    3.4527360255233996,
    0.7269238851723123,
    0.09378638684844993,
    -0.020920818541610226,
    0.1881045479519623,
    -0.1355880608463221,
    0.027448070564976137,
    -0.07980155520958183,
    0.13185266098619894,
    -0.07296150042899867,
    -0.031646058514637414,
    -0.14864720053545744,
    0.4200723546860741,
  ]
}
