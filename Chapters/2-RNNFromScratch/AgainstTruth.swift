import ChapterTools
import Foundation
import Unroll

extension RNNFromScratch {
  /// Both networks, what costs nothing and two weighted sums, on months that nothing was fitted to.
  func againstTruth(
    _ page: Page, _ airline: Airline, free: Double, raw rawForecast: [Double], guess: Prediction,
    _ forecasts: [[Double]]
  ) throws {
    page.prose(
      #"""
      ## Forecast against truth

      Back in passengers: one month ahead, for each of the 44 months that nothing was fitted to. In the
      table two more stand beside the free forecasts. Each is a *linear autoregression*: the best
      weighted sum of the last values, found by least squares, here of the last 13 and of the last 24
      seasonal differences.
      """#)
    var comparisonFigure = Figure(
      "One month ahead, on months never seen", x: .dates("year"),
      y: "passengers in thousands a month")
    let dates = airline.dates[airline.test], test = airline.test
    comparisonFigure.line(x: dates, y: airline.passengers[test], label: "truth", color: .black)
    comparisonFigure.line(x: dates, y: forecasts[0], label: "RNN on differences")
    comparisonFigure.line(x: dates, y: rawForecast, label: "RNN on the raw scale", style: .dashed)
    try page.figure(comparisonFigure, standsForChapter: true)

    func error(_ forecast: [Double]) -> Double {
      airline.rmse { t in forecast[t - test.lowerBound] }
    }
    let errors = forecasts.map(error), rnnError = errors.mean, rawError = error(rawForecast)
    let spread = errors.map { String(format: "%.2f", $0) }.joined(separator: ", ")
    let baselines = AirlineRecipe().baselines
    page.table(
      ["forecast", "test RMSE, thousand passengers"],
      baselines.map { [$0.title, $0.rmse] } + [
        ["RNN, raw scale", rawError], ["RNN, differences of logarithms (\(spread))", rnnError],
      ])
    for linear in baselines.suffix(2) {
      page.result("airline.\(linear.name).test_rmse", linear.rmse, unit: "thousand passengers")
    }
    page.result("airline.rnn.test_rmse", rnnError, unit: "thousand passengers")
    let saved = 1 - rnnError / free
    let growth = AirlineRecipe().baselines.first { $0.name == "naive_growth" }!
    let isChance = AirlineRecipe().difference(forecasts, from: [growth.forecasts]).interval
      .contains(0)
    page.reveal(
      guess, right: isChance || saved <= 0 ? 0 : saved > 0.25 ? 2 : 1,
      String(
        format: "It errs by %.1f thousand, %.0f %% %@", rnnError, abs(saved) * 100,
        saved > 0 ? "less" : "more")
        + (isChance ? ", and that, as the table below says, may be chance." : "."))
    page.result("airline.best.test_rmse", min(rnnError, rawError), unit: "thousand passengers")
    page.prose(
      #"""
      Forty-four months are few, and another forty-four would have said something else. How much else?
      Forty-four months are drawn from these again, half a year at a time and with repetition (the
      *bootstrap*, Efron 1979), and the errors compared on each draw. The last column says where nine
      tenths of those differences lie. If 0 lies among them, the two are not to be told from each other.
      """#)
    AirlineRecipe().tell(forecasts, called: "the RNN", beside: baselines, on: page)
    let line = baselines.suffix(2).map(\.rmse).min()!
    page.claim(
      "With some fifty months to learn from there is little to find beyond a weighted sum of "
        + "them: no network of these is ahead of the better one.",
      holds: line < errors.min()!,
      otherwise: "A network of these is ahead of the weighted sums.")
  }
}
