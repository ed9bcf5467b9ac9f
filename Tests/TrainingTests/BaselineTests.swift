import Foundation
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

  /// `numpy.linalg.lstsq` of the centred columns: one is the sum of two others and one does not change;
  /// and more inputs than examples.
  @Test func linearRegressionTakesTheSmallestWeights() {
    let inputs: [[Double]] = [
      [1, 2, 3, 5], [2, 1, 3, 5], [4, 0, 4, 5], [0, 1, 1, 5], [3, 3, 6, 5],
    ]
    expect(
      LinearRegression(fitting: inputs, targets: [1, 4, 2, 0.5, 3]),
      0.6921568627450976, [0.2653594771241830, -0.005228758169934640, 0.2601307189542484, 0])
    let few: [[Double]] = [[1, 2, 0.5, 4], [0, -1, 3, 2]]
    let line = LinearRegression(fitting: few, targets: [1, -2])
    expect(
      line, -1.0370370370370372,
      [0.14814814814814814, 0.4444444444444444, -0.37037037037037035, 0.2962962962962963])
    #expect(zip(line.predict(few), [1, -2]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  private func expect(_ line: LinearRegression, _ intercept: Double, _ weights: [Double]) {
    #expect(abs(line.intercept - intercept) < 1e-9)
    #expect(zip(line.coefficients, weights).allSatisfy { abs($0 - $1) < 1e-9 }, "\(line)")
  }

  /// Numbers far from 0, one example, no input, numbers that are none, uneven rows.
  @Test func linearRegressionAtTheEdges() async {
    let far = (0..<50).map { [1e6 + Double($0), Double($0 % 7)] }
    let line = LinearRegression(fitting: far, targets: far.map { 3 - 2 * $0[0] + 0.5 * $0[1] })
    #expect(abs(line.coefficients[0] + 2) < 1e-9 && abs(line.coefficients[1] - 0.5) < 1e-9)
    #expect(LinearRegression(fitting: [[4, 5]], targets: [7]).predict([1, 1]) == 7)
    #expect(LinearRegression(fitting: [[], []], targets: [1, 3]).predict([]) == 2)
    let none = LinearRegression(fitting: [[.nan], [1]], targets: [1, 2])
    #expect(none.predict([1]).isNaN)
    await #expect(processExitsWith: .failure) {
      _ = LinearRegression(fitting: [[1], [1, 2]], targets: [1, 2])
    }
    await #expect(processExitsWith: .failure) { _ = LinearRegression(fitting: [], targets: []) }
  }

  /// Ten lags of a sine leave the weights open; run on, the forecast neither grows nor dies.
  @Test func aSineRunsOn() {
    var sine = (0..<60).map { sin(Double($0) * 0.3) }
    let model = LinearAutoregression(sine, lags: 10, targets: 10..<60)
    for t in 60..<400 { sine.append(model.forecast(sine, t)) }
    for t in 60..<400 { #expect(abs(sine[t] - sin(Double(t) * 0.3)) < 1e-3, "\(t)") }
  }

  /// What the targets leave open is small, and the forecast is right all the same.
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
