import Foundation
import UnrollChapter

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
  /// of the last month over its year; and linear autoregressions fitted to the training part: over the
  /// last 12 and 13 months as they are, and over the differences that the networks read.
  public var baselines: [Baseline] {
    let y = passengers
    func baseline(_ name: String, _ title: String, _ forecast: (_ month: Int) -> Double) -> Baseline
    {
      Baseline(
        name: name, title: title, forecasts: test.map(forecast), rmse: testRMSE(forecast))
    }
    let sum = LinearAutoregression(differences, lags: width, targets: training)
    return [
      baseline("naive_last", "last month") { y[$0 - 1] },
      baseline("naive_season", "same month last year") { y[$0 - 12] },
      baseline("naive_growth", "same month last year × growth") {
        y[$0 - 12] * y[$0 - 1] / y[$0 - 13]
      },
      rawLinear(12, before: training.upperBound).baseline,
      rawLinear(13, before: training.upperBound).baseline,
      baseline("linear\(width)", "linear autoregression, \(width) differences") { t in
        passengers(from: [sum.forecast(differences, t)], t..<t + 1)[0]
      },
    ]
  }

  /// The best weighted sum of the last `lags` months as they are, neither logarithms nor differences,
  /// fitted to the months before `end`; and its error on those.
  public func rawLinear(_ lags: Int, before end: Int) -> (baseline: Baseline, learned: Double) {
    let sum = LinearAutoregression(passengers, lags: lags, targets: lags..<end)
    func forecasts(_ months: Range<Int>) -> [Double] { months.map { sum.forecast(passengers, $0) } }
    let told = forecasts(test)
    return (
      Baseline(
        name: "linear\(lags)_raw", title: "linear autoregression, \(lags) raw months",
        forecasts: told, rmse: testRMSE { told[$0 - test.lowerBound] }),
      RootMeanSquaredError()(forecasts(lags..<end), Array(passengers[lags..<end]))
    )
  }

  /// The best of the free forecasts and the linear autoregression over the differences that the networks
  /// read: the two that later chapters measure themselves by, when chapter 2 has told all.
  public var rivals: [Baseline] {
    baselines.filter { ["naive_growth", "linear\(width)"].contains($0.name) }
  }

  /// The forecasts of the test months by a weighted sum of the same differences, trained as the
  /// networks are, with their brakes.
  public func trainedSum(epochs: Int = 300) throws -> [Double] {
    let sum = Linear(width, 1)
    func rows(_ months: Range<Int>) -> (inputs: NDArray, targets: NDArray) {
      let (inputs, targets) = windows(months)
      return (inputs.squeezed(2).transposed(0, 1), targets)
    }
    try fit(
      sum, training: rows(training), validation: rows(validation), epochs: epochs,
      weightDecay: 1e-3)
    return passengers(from: noGrad { sum(Tensor(rows(test).inputs)).value.doubles }, test)
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
