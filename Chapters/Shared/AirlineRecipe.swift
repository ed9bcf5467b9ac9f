import Foundation
import Unroll

/// The airline passengers, prepared as chapter 2 found best: logarithms, the difference to the month a
/// year before, the difference of that to the month before, scaled by mean and standard deviation of
/// the training part.
public struct AirlineRecipe {
  public let passengers = AirlinePassengers.monthly
  /// Months to learn from (the first `width` of them only as input), to stop by, and to be judged by.
  public let training: Range<Int>, validation = 88..<100, test = 100..<144
  /// Months in a window.
  public let width: Int

  private let logs: [Double]
  private let scaler: StandardScaler
  /// zₜ = (log yₜ − log yₜ₋₁₂) − (log yₜ₋₁ − log yₜ₋₁₃), scaled.
  public let differences: [Double]

  public init(width: Int = 24) {
    self.width = width
    let logs = passengers.map { log($0) }
    let z = logs.indices.map { t in
      t < 13 ? 0 : (logs[t] - logs[t - 12]) - (logs[t - 1] - logs[t - 13])
    }
    self.logs = logs
    scaler = StandardScaler(fittedTo: Array(z[13..<88]))
    differences = scaler.transform(z)
    training = (13 + width)..<88
  }

  /// For each month of the range the `width` differences before it, and its own.
  public func windows(_ months: Range<Int>) -> (inputs: NDArray, targets: NDArray) {
    ChapterTools.windows(differences, width: width, months)
  }

  /// Forecasts of the scaled difference, as forecasts in thousands of passengers.
  public func passengers(from answers: [Double], _ months: Range<Int>) -> [Double] {
    zip(months, scaler.inverse(answers)).map { t, z in
      exp(logs[t - 12] + logs[t - 1] - logs[t - 13] + z)
    }
  }

  /// The root of the mean squared error over the test months, in thousands of passengers.
  public func testRMSE(_ forecast: (_ month: Int) -> Double) -> Double {
    RootMeanSquaredError()(
      NDArray(test.map(forecast), dtype: .float64),
      NDArray(Array(passengers[test]), dtype: .float64))
  }

  /// What costs no network: the last month; the same month a year before; that one times the growth
  /// of the last month over its year; and linear autoregressions on the seasonal difference of the
  /// logarithm, over 13 months and over the 24 that the networks see, fitted to the training part.
  public var baselines: [Baseline] {
    let y = passengers
    func baseline(_ name: String, _ title: String, _ forecast: (_ month: Int) -> Double) -> Baseline
    {
      Baseline(
        name: name, title: title, forecasts: test.map(forecast), rmse: testRMSE(forecast))
    }
    let seasonal = logs.indices.map { $0 < 12 ? 0 : logs[$0] - logs[$0 - 12] }
    let linear = [13, 24].map { lags in
      let model = LinearAutoregression(seasonal, lags: lags, targets: (12 + lags)..<88)
      return baseline("linear\(lags)", "linear autoregression, \(lags) months") { t in
        exp(logs[t - 12] + model.forecast(seasonal, t))
      }
    }
    return [
      baseline("naive_last", "last month") { y[$0 - 1] },
      baseline("naive_season", "same month last year") { y[$0 - 12] },
      baseline("naive_growth", "same month last year × growth") {
        y[$0 - 12] * y[$0 - 1] / y[$0 - 13]
      },
    ] + linear
  }

  /// The best of the free forecasts and the linear autoregression over the months that the networks see:
  /// the two that later chapters measure themselves by, when chapter 2 has told all.
  public var rivals: [Baseline] {
    baselines.filter { ["naive_growth", "linear24"].contains($0.name) }
  }

  /// Trains a layer on the windows and judges it on the test months.
  public func forecast(
    _ kind: LayerKind, hiddenSize: Int, epochs: Int = 300
  ) throws -> (model: SequenceModel, forecasts: [Double], rmse: Double) {
    let model = SequenceModel(kind, inputSize: 1, hiddenSize: hiddenSize, outputSize: 1)
    try fit(
      model, training: windows(training), validation: windows(validation), epochs: epochs,
      weightDecay: 1e-3)
    let answers = model.inEvaluation { model(Tensor(windows(test).inputs)).value.doubles }
    let forecasts = passengers(from: answers, test)
    return (model, forecasts, testRMSE { forecasts[$0 - test.lowerBound] })
  }
}
