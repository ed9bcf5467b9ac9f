import ChapterTools
import Foundation
import Unroll

extension Modules {
  /// Four ways to forecast, as published, and what the earlier chapters made of it.
  func forecasts(_ page: Page) throws {
    page.prose(
      #"""
      ## Four ways to forecast

      The airline passengers once more, as tutorials forecast them: the raw series, scaled to 0 … 1
      (by its training part), 100 months to learn from and 44 to be judged by. A fully connected
      network sees the last three months. The recurrent ones read the whole series and answer at
      every step; the first twelve answers, given before a year has been seen, do not count. Epochs
      as published: 100, 2000, 3500, 4000.
      """#)
    page.show("Forecaster", in: "Forecaster.swift")
    page.show("fullyConnectedForecaster", in: "Forecaster.swift")
    let recipe = AirlineRecipe()
    let passengers = recipe.passengers, trainingEnd = recipe.test.lowerBound
    let scaler = MinMaxScaler(fittedTo: Array(passengers[..<trainingEnd]))
    let scaled = scaler.transform(passengers)
    let share = page.quick ? 0.1 : 1.0
    func column(_ values: some Sequence<Double>) -> NDArray {
      NDArray(Array(values)).reshaped([-1, 1])
    }
    /// Full-batch Adam on a loss that is computed anew each epoch.
    func train(_ name: String, _ model: Module, _ rate: Double, _ epochs: Int, _ loss: () -> Tensor)
    {
      let optimizer = Adam(model.parameters(), learningRate: rate)
      let count = max(1, Int(Double(epochs) * share))
      for epoch in 0..<count {
        optimizer.zeroGrad()
        loss().backward()
        optimizer.step()
        if epoch % 20 == 0 { page.progress(name, epoch + 1, of: count) }
      }
    }

    page.prose("The fully connected network: windows of three months, and its 44 forecasts.")
    /// The forecasts of the test months, and the error on months that were learned.
    var forecasts: [(name: String, title: String, values: [Double], learned: Double)] = []
    func learnedRMSE(_ answers: [Double], _ months: Range<Int>) -> Double {
      RootMeanSquaredError()(scaler.inverse(answers), Array(passengers[months]))
    }
    let dense = fullyConnectedForecaster()
    func lags(_ months: Range<Int>) -> NDArray {
      NDArray(months.flatMap { scaled[($0 - 3)..<$0] }, shape: [months.count, 3])
    }
    let (x, y) = (Tensor(lags(3..<trainingEnd)), Tensor(column(scaled[3..<trainingEnd])))
    train("fully connected", dense, 0.01, 100) { mseLoss(dense(x), y) }
    let denseForecast = noGrad { dense(Tensor(lags(recipe.test))).value.doubles }
    let denseLearned = noGrad { dense(x).value.doubles }
    forecasts.append(
      (
        "fc", "fully connected, 20-10-5", scaler.inverse(denseForecast),
        learnedRMSE(denseLearned, 3..<trainingEnd)
      ))

    page.prose(
      #"""
      The recurrent ones: the series up to the month before, the answers from the thirteenth on
      against the months that followed.
      """#)
    let series = Tensor(column(scaled[..<(passengers.count - 1)]).unsqueezed(1))
    let truth = Tensor(NDArray(Array(scaled[13..<trainingEnd])))
    for (kind, hidden, epochs) in [
      (LayerKind.rnn, 10, 2000), (.lstm, 5, 3500), (.gru, 5, 4000),
    ] {
      let model = Forecaster(kind, hiddenSize: hidden)
      let input = series.narrow(axis: 0, start: 0, length: trainingEnd - 1)
      train(kind.title, model, 0.01, epochs) {
        mseLoss(model(input).narrow(axis: 0, start: 12, length: truth.count), truth)
      }
      let answers = noGrad { model(series).value.doubles }
      let months = recipe.test.map { answers[$0 - 1] }
      forecasts.append(
        (
          kind.rawValue, "\(kind.title), 2 layers of \(hidden)", scaler.inverse(months),
          learnedRMSE(Array(answers[12..<trainingEnd - 1]), 13..<trainingEnd)
        ))
    }

    page.prose(
      #"""
      ## Beside what costs nothing, and beside the better recipe

      The same three layers on the series as chapters 2 and 4 prepared it: logarithms, the
      difference to the year before, the difference of that to the month before, windows of 24,
      early stopping. The code stands in [chapter 3](../fused-lstm/chapter.html#on-real-figures), more
      forecasts that cost nothing in [chapter 2](../rnn-from-scratch/chapter.html#forecast-against-truth).
      """#)
    var rows: [[any CustomStringConvertible]] = recipe.rivals.map { [$0.title, "", $0.rmse] }
    var errors: [Double] = []
    for (name, title, values, learned) in forecasts {
      let rmse = recipe.testRMSE { values[$0 - trainingEnd] }
      page.result("forecast.\(name).test_rmse", rmse, unit: "thousand passengers")
      rows.append([title, learned, rmse])
      errors.append(rmse)
    }
    var prepared: [Double] = []
    var better: [Double] = []
    for kind in LayerKind.allCases {
      let result = try recipe.forecast(kind, hiddenSize: 8, epochs: page.quick ? 60 : 300)
      page.result(
        "forecast.\(kind.rawValue)_differenced.test_rmse", result.rmse,
        unit: "thousand passengers")
      rows.append(["\(kind.title), differences of logarithms", "", result.rmse])
      prepared.append(result.rmse)
      if kind == .gru { better = result.forecasts }
    }
    page.table(
      ["forecast", "RMSE, learned months", "RMSE, test months"], rows,
      caption: "In thousands of passengers")
    let beyond = recipe.test.count { passengers[$0] > passengers[..<trainingEnd].max()! }
    let growth = recipe.baselines.first { $0.name == "naive_growth" }!.rmse
    page.print(
      "\(beyond) of the \(recipe.test.count) test months lie above every month that the networks learned"
    )
    page.claim(
      "All four of the recipe lose to the best of the free forecasts.",
      holds: errors.min()! > growth, in: .fullRuns)
    page.claim(
      "The same layers on the prepared series leave all four behind: it is not the layer that decides "
        + "here, it is what it is given.",
      holds: prepared.max()! < errors.min()!, in: .fullRuns)
    let (fitted, missed) = (forecasts[1...].map(\.learned), Array(errors[1...]))
    page.claim(
      String(
        format:
          "All three recurrent networks are overfitted: errors of %.1f to %.1f on the months they "
          + "learned, of %.0f to %.0f on the test months. How closely one fits does not say how far off "
          + "it is later, and why one of them swings these numbers do not tell.",
        fitted.min()!, fitted.max()!, missed.min()!, missed.max()!),
      holds: zip(fitted, missed).allSatisfy { 3 * $0 < $1 },
      otherwise: "Not all of the recurrent networks are overfitted in this run.")

    page.prose(
      #"""
      The networks on the raw scale meet months that lie above all they have learned, and each goes on
      there in its own way. Forecasts of the last two years:
      """#)
    let last = passengers.count - 24..<passengers.count
    let years = last.map { 1949 + Double($0) / 12 }
    let names = ["Jan", "Apr", "Jul", "Oct"]
    let quarters = (0..<8).map { k -> (Double, String) in
      (1959 + Double(k) / 4, "\(names[k % 4]) \(1959 + k / 4)")
    }
    var figure = Figure(
      "The last 24 months, one month ahead", x: Axis(ticks: .at(quarters)),
      y: "passengers in thousands a month")
    figure.line(x: years, y: passengers[last], label: "real", color: .black)
    for (name, _, values, _) in forecasts {
      figure.line(x: years, y: values.suffix(24), label: name.uppercased(), style: .dashed)
    }
    figure.line(x: years, y: better.suffix(24), label: "GRU on differences")
    try page.figure(figure)
  }
}
