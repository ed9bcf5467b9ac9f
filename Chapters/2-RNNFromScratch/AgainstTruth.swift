import ChapterTools
import Foundation
import Unroll

extension RNNFromScratch {
  /// Both networks, what costs nothing and three weighted sums, on months that nothing was fitted to.
  func againstTruth(
    _ page: Page, _ airline: Airline, free: Double, raw: [[Double]], guess: Prediction,
    _ forecasts: [[Double]]
  ) throws {
    page.prose(
      #"""
      ## Forecast against truth

      Back in passengers: one month ahead, for each of the 44 months that nothing was fitted to. In the
      table three weighted sums stand beside the free forecasts: of the twelve raw months that the first
      network reads; of thirteen, among which are the three numbers of the forecast with the growth; and of
      the 24 values of $z$ that the second network reads. The last stands there twice: its weights once by
      least squares, and once trained as the network's are, by Adam with weight decay until early stopping
      ends it.
      """#)
    var comparisonFigure = Figure(
      "One month ahead, on months never seen", x: .dates("year"),
      y: "passengers in thousands a month")
    let dates = airline.dates[airline.test], test = airline.test
    comparisonFigure.line(x: dates, y: airline.passengers[test], label: "truth", color: .black)
    comparisonFigure.line(x: dates, y: forecasts[0], label: "RNN on differences")
    for (seed, run) in raw.enumerated() {
      comparisonFigure.line(
        x: dates, y: run, label: seed == 0 ? "RNN on the raw scale" : nil, color: .vermilion,
        style: .dashed, width: 2)
    }
    try page.figure(comparisonFigure, standsForChapter: true)

    func error(_ forecast: [Double]) -> Double {
      airline.rmse { t in forecast[t - test.lowerBound] }
    }
    let errors = forecasts.map(error), rnnError = errors.mean
    func each(_ errors: [Double]) -> String {
      errors.map { String(format: "%.2f", $0) }.joined(separator: ", ")
    }
    let recipe = AirlineRecipe(), baselines = recipe.baselines
    let trained = try forecasts.indices.map { seed in
      try Generator.withDefault(seed: page.seed &* 1000 &+ UInt64(seed)) {
        error(try recipe.trainedSum(epochs: page.quick ? 60 : 300))
      }
    }
    page.table(
      ["forecast", "test RMSE, thousand passengers"],
      baselines.map { [$0.title, $0.rmse] } + [
        ["24 differences, trained with the brakes (\(each(trained)))", trained.mean],
        ["RNN, raw scale (\(each(raw.map(error))))", raw.map(error).mean],
        ["RNN, differences of logarithms (\(each(errors)))", rnnError],
      ])
    for linear in baselines where linear.name.hasPrefix("linear") {
      page.result("airline.\(linear.name).test_rmse", linear.rmse, unit: "thousand passengers")
    }
    page.result("airline.rnn.test_rmse", rnnError, unit: "thousand passengers")
    let saved = 1 - rnnError / free
    let growth = baselines.first { $0.name == "naive_growth" }!
    let isChance = recipe.difference(forecasts, from: [growth.forecasts]).interval.contains(0)
    page.reveal(
      guess, right: isChance || saved <= 0 ? 0 : saved > 0.25 ? 2 : 1,
      String(
        format: "It errs by %.1f thousand, %.0f %% %@", rnnError, abs(saved) * 100,
        saved > 0 ? "less" : "more")
        + (isChance ? ", and that, as the table below says, may be chance." : "."))
    page.prose(
      #"""
      Forty-four months are few, and another forty-four would have said something else. How much else?
      Forty-four months are drawn from these again, half a year at a time and with repetition (the
      *bootstrap*, Efron 1979), and the errors compared on each draw. The last column says where nine
      tenths of those differences lie. If 0 lies among them, the two are not to be told from each other.
      """#)
    recipe.tell(forecasts, called: "the RNN", beside: baselines, on: page)
    let (twelve, thirteen, sum) = (baselines[3].rmse, baselines[4].rmse, baselines[5].rmse)
    page.claim(
      String(
        format: "The weighted sum of the 24 values that the network reads is ahead of it, %.1f "
          + "against %.1f thousand. The brakes alone do not explain that: trained with them the "
          + "sum errs by %.1f.",
        sum, rnnError, trained.mean),
      holds: sum < errors.min()! && trained.mean < rnnError,
      otherwise: String(
        format: "The weighted sum of the 24 values that the network reads errs by %.1f thousand, "
          + "trained with the brakes by %.1f, the network by %.1f.", sum, trained.mean, rnnError))
    page.claim(
      String(
        format: "Nor does it take differences: the weighted sum of 13 raw months errs by %.1f "
          + "thousand. That of 12, which cannot tell by how much the season has grown, errs by %.1f.",
        thirteen, twelve),
      holds: thirteen < rnnError && thirteen < twelve,
      otherwise: String(
        format: "The weighted sum of 13 raw months errs by %.1f thousand, that of 12 by %.1f.",
        thirteen, twelve))
  }
}
