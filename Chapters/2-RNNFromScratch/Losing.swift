import ChapterTools
import Foundation
import Unroll

extension RNNFromScratch {
  /// The raw series on a scale of 0 to 1. Gives the forecasts of the test months.
  func losing(_ page: Page, _ airline: Airline) throws -> [Double] {
    page.prose(
      #"""
      ## The recipe that loses

      The recipe one meets most often: scale the raw series to 0 … 1, cut windows of twelve months, let
      the network say the next month. The scale is fitted on the training part alone, as it must be,
      and there lies the trouble: the series climbs, and most of the test months are larger than
      anything that the network was shown. What it says up there, nothing has taught it.
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
    let passengers = airline.passengers, test = airline.test
    let epochs = page.quick ? 60 : 300
    let scaler = MinMaxScaler(fittedTo: Array(passengers[airline.training]))
    let scaled = scaler.transform(passengers)
    let published = Forecaster(hiddenSize: 16, dropout: 0)
    let watch = LambdaCallback(onEpochEnd: { epoch, _ in
      page.progress("raw scale", epoch + 1, of: epochs)
    })
    try fit(
      published, training: windows(scaled, width: 12, 12..<airline.training.upperBound),
      validation: windows(scaled, width: 12, airline.validation), epochs: epochs,
      callbacks: [watch])
    let rawForecast = scaler.inverse(
      published.answers(windows(scaled, width: 12, test).inputs))
    let rawError = airline.rmse { t in rawForecast[t - test.lowerBound] }
    page.result("airline.rnn_raw.test_rmse", rawError, unit: "thousand passengers")
    let beyond = test.filter { scaled[$0] > 1 }
    let said = beyond.map { scaler.transform([rawForecast[$0 - test.lowerBound]])[0] }
    let (highest, reached) = (said.max()!, beyond.map { scaled[$0] }.max()!)
    let lag = beyond.map { passengers[$0] - rawForecast[$0 - test.lowerBound] }.mean
    page.claim(
      String(
        format:
          "%d of the %d test months lie above the training part's largest, 1 on its scale. The "
          + "forecast does climb past it, to %.2f, but the truth climbs to %.2f: in those months it "
          + "stays %.0f thousand passengers below on average.",
        beyond.count, test.count, highest, reached, lag),
      holds: highest > 1 && lag > 0,
      otherwise: String(
        format:
          "%d of the %d test months lie above the training part's largest, 1 on its scale; the "
          + "forecast reaches %.2f, the truth %.2f, and the mean difference there is %.0f thousand.",
        beyond.count, test.count, highest, reached, lag))
    return rawForecast
  }
}
