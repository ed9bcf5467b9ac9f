import ChapterTools
import Foundation
import Unroll

extension RNNFromScratch {
  /// The raw series on a scale of 0 to 1. Gives the forecasts of the test months for each seed.
  func losing(_ page: Page, _ airline: Airline) throws -> [[Double]] {
    page.prose(
      #"""
      ## The recipe that loses

      The recipe one meets most often: scale the raw series to 0 … 1, cut windows of twelve months, let
      the network say the next month. The scale is fitted on the training part alone, as it must be;
      and as the series climbs, most of the test months are larger than anything that the network was
      shown. Up there a weighted sum would go on in a line, a tanh flattens. So one is asked beside the
      network: a *linear autoregression*, the best weighted sum of the last values, here of the same
      twelve months, found by least squares on the same training part.
      """#)
    page.show("Forecaster", in: "Forecaster.swift")

    page.prose(
      #"""
      Training is the same for every network here: all windows at once, Adam, and *early stopping*:
      when the validation error has not fallen for twenty *epochs*, walks through all windows, it
      ends, and the weights with which it was lowest are put back. Forward, loss, backward, step:
      the loop is the one of the last section of this chapter, and the library's `Trainer` walks it.
      *Dropout*, which sets some numbers of the state to 0 at random so that none is relied on, is
      active while it trains and off while it judges.
      """#)
    page.show("fit", in: "../Shared/Fit.swift")

    page.prose("Windows are cut so that each part holds the months it is asked to forecast.")
    page.show("windows", in: "../Shared/Fit.swift")

    page.prose("The network on the raw scale:")
    let passengers = airline.passengers, training = airline.training
    let (validation, test) = (airline.validation, airline.test)
    let epochs = page.quick ? 60 : 300
    let scaler = MinMaxScaler(fittedTo: Array(passengers[training]))
    let scaled = scaler.transform(passengers)
    let runs = try overSeeds(
      page, "raw scale", first: page.seed &* 1000, count: page.quick ? 1 : 3
    ) { _, progress in
      let network = Forecaster(hiddenSize: 16, dropout: 0)
      let watch = LambdaCallback(onEpochEnd: { epoch, _ in progress(epoch + 1, epochs) })
      try fit(
        network, training: windows(scaled, width: 12, 12..<training.upperBound),
        validation: windows(scaled, width: 12, validation), epochs: epochs, callbacks: [watch])
      return scaler.inverse(network.answers(windows(scaled, width: 12, test).inputs))
    }
    let sum = AirlineRecipe().rawLinear(12, before: training.upperBound).baseline

    // On the test months that lie within the training part's range, and on those above it.
    let above = test.filter { scaled[$0] > 1 }, within = test.filter { scaled[$0] <= 1 }
    func rmse(_ forecast: [Double], _ months: [Int]) -> Double {
      RootMeanSquaredError()(
        months.map { forecast[$0 - test.lowerBound] }, months.map { passengers[$0] })
    }
    func highest(_ forecast: [Double]) -> Double { scaler.transform(forecast).max()! }
    let (inside, outside) = (
      runs.map { rmse($0, within) }.mean, runs.map { rmse($0, above) }.mean
    )
    let errors = runs.map { rmse($0, Array(test)) }, top = runs.map(highest).mean
    let reached = highest(Array(passengers[test]))
    page.table(
      [
        "from twelve raw months", "highest, on the scale", "RMSE, \(within.count) months in range",
        "RMSE, \(above.count) above",
      ],
      [
        ["RNN", top, inside, outside],
        [
          sum.title, highest(sum.forecasts), rmse(sum.forecasts, within),
          rmse(sum.forecasts, above),
        ], ["truth", reached, "", ""],
      ], digits: 3)
    page.result("airline.rnn_raw.test_rmse", errors.mean, unit: "thousand passengers")
    let lag = runs.flatMap { run in
      above.map { passengers[$0] - run[$0 - test.lowerBound] }
    }.mean
    page.claim(
      String(
        format:
          "%d of the %d test months lie above the training part's largest, 1 on its scale. The "
          + "network's forecast does climb past it, to %.2f, but the truth climbs to %.2f: in those "
          + "months it stays %.0f thousand passengers below on average.",
        above.count, test.count, top, reached, lag),
      holds: top > 1 && lag > 0,
      otherwise: String(
        format:
          "%d of the %d test months lie above the training part's largest, 1 on its scale; the "
          + "forecast reaches %.2f, the truth %.2f, and the mean difference there is %.0f thousand.",
        above.count, test.count, top, reached, lag))
    page.claim(
      String(
        format: "The raw scale alone does not lose: from the same twelve months the weighted sum "
          + "climbs to %.2f and errs by %.1f thousand, the network by %.1f. Nor is it only the months "
          + "above: on the other %d the sum errs by %.1f thousand, the network by %.1f.",
        highest(sum.forecasts), sum.rmse, errors.mean, within.count, rmse(sum.forecasts, within),
        inside),
      holds: sum.rmse < errors.min()! && rmse(sum.forecasts, within) < inside,
      otherwise: String(
        format: "From the same twelve months the weighted sum errs by %.1f thousand, the network "
          + "by %.1f; on the %d months in range the sum by %.1f thousand, the network by %.1f.",
        sum.rmse, errors.mean, within.count, rmse(sum.forecasts, within), inside))
    return runs
  }
}
