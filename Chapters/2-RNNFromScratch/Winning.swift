import ChapterTools
import Foundation
import Unroll

extension RNNFromScratch {
  /// What the networks have to learn and no more, asked beside the best `free` forecast. Gives the question,
  /// and the forecasts of the test months for each seed.
  func winning(
    _ page: Page, _ airline: Airline, free: Double
  ) throws -> (guess: Prediction, forecasts: [[Double]]) {
    page.prose(
      #"""
      ## The recipe that wins

      Give the network only what it has to learn. The swings grow with the level: take logarithms,
      and they do not. The season returns: take the difference to the same month a year before. The
      level drifts: take the difference to the month before as well,

      $$z_t = (\log y_t - \log y_{t-12}) - (\log y_{t-1} - \log y_{t-13})$$

      What is left has no trend and no fixed season, and a network that answers $z_t = 0$ gives exactly the
      best of the free forecasts, the one with the growth. Anything it finds in the last 24 values of
      $z$ comes on top.
      """#)
    let passengers = airline.passengers, dates = airline.dates
    let (validation, test) = (airline.validation, airline.test)
    let logs = passengers.map { log($0) }
    let z = logs.indices.map { t in
      t < 13 ? 0 : (logs[t] - logs[t - 12]) - (logs[t - 1] - logs[t - 13])
    }
    let standard = StandardScaler(fittedTo: Array(z[13..<airline.training.upperBound]))
    let differences = standard.transform(z)
    var stationary = Figure(
      "What is left to forecast", x: .dates("year"), y: "z, difference of logarithms")
    stationary.line(x: dates[13...], y: z[13...], label: "z")
    stationary.size = .flat
    try page.figure(stationary)
    let learned = airline.training.dropFirst(13).map { differences[$0] }
    func autocorrelation(_ lag: Int) -> Double {
      zip(learned.dropFirst(lag), learned).map { $0 * $1 }.reduce(0, +)
        / learned.map { $0 * $0 }.reduce(0, +)
    }
    let chance = 2 / Double(learned.count).squareRoot()
    page.result("airline.z.lag_1", autocorrelation(1), digits: 2)
    page.result("airline.z.lag_12", autocorrelation(12), digits: 2)
    page.claim(
      String(
        format:
          "It is no noise either: in the %ld months that are learned from, the autocorrelation at "
          + "one month and that at twelve lie beyond the ±%.2f that chance alone seldom passes.",
        learned.count, chance),
      holds: abs(autocorrelation(1)) > chance && abs(autocorrelation(12)) > chance, in: .everyRun)

    page.prose(
      #"""
      Small data, so three brakes: dropout on the state that the output layer reads; a *weight
      decay* of $10^{-3}$, which draws all weights a little toward 0 at each step; and early
      stopping.
      """#)
    let guess = page.predict(
      String(
        format: "The best free forecast errs by %.1f thousand passengers on the test months. How "
          + "much of that does the network take away?", free),
      answers: ["Nothing", "Up to a quarter", "More than a quarter"])
    let width = 24, epochs = page.quick ? 60 : 300
    let training = (13 + width)..<airline.training.upperBound
    func parts(_ months: Range<Int>) -> (inputs: NDArray, targets: NDArray) {
      windows(differences, width: width, months)
    }
    func passengersFrom(_ answers: [Double], _ months: Range<Int>) -> [Double] {
      zip(months, standard.inverse(answers)).map { t, z in
        exp(logs[t - 12] + logs[t - 1] - logs[t - 13] + z)
      }
    }
    let seeds = page.quick ? 1 : 3
    var forecasts: [[Double]] = []
    var (history, keptEpoch) = (History(), 0)
    var models: [Forecaster] = []
    var errorsWithDropout: [Double] = []
    var validationRMSE: [Double] = []
    for seed in 0..<seeds {
      Generator.default.seed(page.seed &* 1000 &+ UInt64(seed))
      let model = Forecaster(hiddenSize: 8, dropout: 0.1)
      let watch = LambdaCallback(onEpochEnd: { epoch, _ in
        page.progress("seed \(seed + 1) of \(seeds)", epoch + 1, of: epochs)
        if seed > 0 { return }
        let forecast = NDArray(
          passengersFrom(model.answers(parts(validation).inputs), validation), dtype: .float64)
        let truth = NDArray(Array(passengers[validation]), dtype: .float64)
        validationRMSE.append(RootMeanSquaredError()(forecast, truth))
      })
      let run = try fit(
        model, training: parts(training), validation: parts(validation), epochs: epochs,
        weightDecay: 1e-3, callbacks: [watch])
      if seed == 0 { (history, keptEpoch) = (run.history, run.kept) }
      models.append(model)
      errorsWithDropout.append(run.history["loss"]![run.kept])
      forecasts.append(passengersFrom(model.answers(parts(test).inputs), test))
    }

    var curves = Figure("loss", x: "epoch", y: "mean squared error of z, scaled")
    let counted = (1...history.epochs.count).map(Double.init)
    curves.line(x: counted, y: history["loss"]!, label: "training")
    curves.line(x: counted, y: history["val_loss"]!, label: "validation")
    curves.verticalLine(x: keptEpoch + 1, label: "kept")
    var metric = Figure(
      "metric, validation year", x: "epoch", y: "RMSE, thousand passengers")
    metric.line(x: counted, y: validationRMSE, color: .vermilion)
    metric.verticalLine(x: keptEpoch + 1, label: "kept")
    try page.figure(Figure.grid("Training", columns: 2, [curves, metric]))
    page.print(
      "stopped after", history.epochs.count, "epochs; weights of epoch", keptEpoch + 1, "kept")

    page.prose(
      #"""
      The validation error lies below the training error. Is that dropout, which disturbs the network
      while it trains and not while it judges? Or is the year an easy one? Two numbers tell: the
      training error once more without dropout, and how much the scaled $z$ varies in either part, which is
      the error of always answering its mean. Errors are means over the seeds, each at its kept epoch.
      """#)
    func evaluated(_ months: Range<Int>) -> Double {
      models.map { model in
        zip(model.answers(parts(months).inputs), differences[months])
          .map { ($0 - $1) * ($0 - $1) }.mean
      }.mean
    }
    func variation(_ months: Range<Int>) -> Double {
      let values = Array(differences[months])
      return values.map { ($0 - values.mean) * ($0 - values.mean) }.mean
    }
    page.table(
      ["part", "months", "variance of scaled z", "error with dropout", "error without"],
      [
        [
          "training", training.count, variation(training), errorsWithDropout.mean,
          evaluated(training),
        ],
        ["validation", validation.count, variation(validation), "", evaluated(validation)],
      ], digits: 3)
    let quiet = evaluated(training) - evaluated(validation)
    let dropped = errorsWithDropout.mean - evaluated(training)
    page.claim(
      "It is the calm year: without dropout most of the gap is still there. That makes the year a weak "
        + "judge.",
      holds: quiet > dropped,
      otherwise: "Here dropout makes more of the gap than the year does.")
    return (guess, forecasts)
  }
}
