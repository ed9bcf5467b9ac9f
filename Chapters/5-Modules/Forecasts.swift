import ChapterTools
import Foundation
import Unroll

extension Modules {
  /// Four ways to forecast the raw series, and what the earlier chapters made of it.
  func forecasts(_ page: Page) throws {
    page.prose(
      #"""
      ## Four ways to forecast

      The airline passengers once more, by a recipe that one often meets: the raw series, scaled to
      0 … 1 (by its training part), 100 months to learn from and 44 to be judged by, and no brakes. A
      fully connected network sees the last three months. Its weights begin by *Kaiming
      initialization* (He et al. 2015): normal, with a variance of 2 over the number of inputs, so
      that ReLU layers neither shrink nor swell what flows through them. The recurrent ones read
      the whole series and answer at every step; the first twelve answers, given before a year has
      been seen, do not count. The fully connected network learns for 100 epochs, RNN, LSTM and GRU
      for 2000, 3500 and 4000.
      """#)
    page.show("Forecaster", in: "Forecaster.swift")
    page.show("fullyConnectedForecaster", in: "Forecaster.swift")
    let recipe = AirlineRecipe()
    let passengers = recipe.passengers, trainingEnd = recipe.test.lowerBound
    let scaler = MinMaxScaler(fittedTo: Array(passengers[..<trainingEnd]))
    let scaled = scaler.transform(passengers)
    let share = page.quick ? 0.1 : 1.0
    /// Adam, all months in each step.
    @Sendable func train(_ model: Module, epochs: Int, _ loss: () -> Tensor) {
      let optimizer = Adam(model.parameters(), learningRate: 0.01)
      for _ in 0..<max(1, Int(Double(epochs) * share)) {
        optimizer.zeroGrad()
        loss().backward()
        optimizer.step()
      }
    }

    page.prose("The fully connected network: windows of three months, and an answer for each.")
    @Sendable func fullyConnected() -> [Double] {
      let network = fullyConnectedForecaster()
      let windows = (3..<scaled.count).flatMap { scaled[($0 - 3)..<$0] }
      let x = NDArray(windows, shape: [scaled.count - 3, 3])
      let learned = Tensor(x[0..<(trainingEnd - 3)])
      let truth = Tensor(NDArray(Array(scaled[3..<trainingEnd])).reshaped([-1, 1]))
      train(network, epochs: 100) { mseLoss(network(learned), truth) }
      return scaler.inverse(noGrad { network(Tensor(x)).value.doubles })
    }

    page.prose(
      #"""
      The recurrent ones: the series up to the month before, the answers from the thirteenth on
      against the months that followed. Three seeds of each.
      """#)
    @Sendable func recurrent(_ kind: LayerKind, _ hidden: Int, epochs: Int) -> [Double] {
      let network = Forecaster(kind, hiddenSize: hidden)
      let series = Tensor(NDArray(Array(scaled.dropLast())).reshaped([-1, 1, 1]))
      let learned = series.narrow(axis: 0, start: 0, length: trainingEnd - 1)
      let truth = Tensor(NDArray(Array(scaled[13..<trainingEnd])))
      train(network, epochs: epochs) {
        mseLoss(network(learned).narrow(axis: 0, start: 12, length: truth.count), truth)
      }
      return scaler.inverse(Array(noGrad { network(series).value.doubles }[12...]))
    }
    let networks: [(name: String, title: String, answers: @Sendable () -> [Double])] = [
      ("fc", "fully connected, 20-10-5", { fullyConnected() }),
      ("rnn", "RNN, 2 layers of 10", { recurrent(.rnn, 10, epochs: 2000) }),
      ("lstm", "LSTM, 2 layers of 5", { recurrent(.lstm, 5, epochs: 3500) }),
      ("gru", "GRU, 2 layers of 5", { recurrent(.gru, 5, epochs: 4000) }),
    ]
    let seeds = page.quick ? 1 : 3
    let runs = try overSeeds(page, "four networks", first: page.seed, count: seeds) { _, progress in
      networks.enumerated().map { place, network -> [Double] in
        progress(place, networks.count)
        return network.answers()
      }
    }

    page.prose(
      #"""
      ## Beside what costs nothing, and beside the better recipe

      The better recipe is that of chapters 2 to 4: logarithms, the difference to the year before, the
      difference of that to the month before, windows of 24. The networks are others, too: one layer of
      8 units, not two, with weight decay and early stopping. The code stands in [chapter
      3](../fused-lstm/chapter.html#on-real-figures), more forecasts that cost nothing in [chapter
      2](../rnn-from-scratch/chapter.html#forecast-against-truth).

      So much changes at once that the table alone would not say what helps. Two weighted sums of raw
      months, fitted to the same 100, are asked as well: of the three that the fully connected network
      reads, and of thirteen. And as half of the test months lie above all that was learned, the errors
      are told for those and for the others.
      """#)
    let prepared = try overKinds(
      page, "differences", LayerKind.allCases, first: page.seed, seeds: seeds
    ) { kind, _ in
      try AirlineRecipe().forecast(kind, hiddenSize: 8, epochs: share < 1 ? 60 : 300).forecasts
    }
    let top = passengers[..<trainingEnd].max()!
    let within = recipe.test.filter { passengers[$0] <= top }
    let above = recipe.test.filter { passengers[$0] > top }
    /// The error over some months of answers that go on to the last month.
    func rmse(_ answers: [Double], _ months: some Sequence<Int>) -> Double {
      let first = passengers.count - answers.count
      return RootMeanSquaredError()(
        months.map { answers[$0 - first] }, months.map { passengers[$0] })
    }
    func row(_ title: String, _ runs: [[Double]], learned: Double? = nil)
      -> [any CustomStringConvertible]
    {
      let test = [within, above, Array(recipe.test)].map { months in
        runs.map { rmse($0, months) }.mean
      }
      return [title, learned.map { $0 as any CustomStringConvertible } ?? ""] + test
    }
    var rows = recipe.rivals.map { row($0.title, [$0.forecasts]) }
    let (three, thirteen) = (
      recipe.rawLinear(3, before: trainingEnd), recipe.rawLinear(13, before: trainingEnd)
    )
    for (sum, learned) in [three, thirteen] {
      rows.append(row(sum.title, [sum.forecasts], learned: learned))
      page.result("forecast.\(sum.name).test_rmse", sum.rmse, unit: "thousand passengers")
    }
    var errors: [[Double]] = [], learned: [Double] = [], inside: [Double] = []
    for (place, network) in networks.enumerated() {
      let own = runs.map { $0[place] }
      errors.append(own.map { rmse($0, recipe.test) })
      learned.append(own.map { rmse($0, passengers.count - $0.count..<trainingEnd) }.mean)
      inside.append(own.map { rmse($0, within) }.mean)
      rows.append(row(network.title, own, learned: learned[place]))
      page.result(
        "forecast.\(network.name).test_rmse", errors[place].mean, unit: "thousand passengers")
    }
    var better: [Double] = []
    for kind in LayerKind.allCases {
      let own = prepared[kind]!
      better.append(own.map { rmse($0, recipe.test) }.mean)
      rows.append(row("\(kind.title), differences, brakes", own))
      page.result(
        "forecast.\(kind.rawValue)_differenced.test_rmse", better.last!,
        unit: "thousand passengers")
    }
    page.table(
      ["forecast", "learned", "in range", "above", "all \(recipe.test.count)"], rows,
      caption: "RMSE in thousands of passengers: on the months learned, on the \(within.count) "
        + "test months within their range, on the \(above.count) above it, and on all. Of networks "
        + "the mean over the seeds", digits: 3)
    let growth = recipe.rivals[0].rmse
    page.claim(
      "All four of the recipe lose to the best of the free forecasts, with every seed.",
      holds: errors.joined().min()! > growth, in: .fullRuns)
    page.claim(
      String(
        format: "The better recipe leaves all four behind, with errors of %.1f to %.1f thousand. "
          + "It is not the raw scale alone that loses: the weighted sum of 13 raw months is as "
          + "good, %.1f.",
        better.min()!, better.max()!, thirteen.baseline.rmse),
      holds: better.max()! < errors.joined().min()! && thirteen.baseline.rmse < better.max()!,
      otherwise: String(
        format: "The better recipe has errors of %.1f to %.1f thousand, the weighted sum of 13 raw "
          + "months of %.1f.", better.min()!, better.max()!, thirteen.baseline.rmse))
    page.claim(
      String(
        format: "Three months are too few, for the network as for the weighted sum: errors of %.1f "
          + "and %.1f thousand. The season is not in them.", errors[0].mean, three.baseline.rmse),
      holds: min(errors[0].mean, three.baseline.rmse) > 2 * thirteen.baseline.rmse,
      otherwise: String(
        format: "Of three months the network makes errors of %.1f thousand, the weighted sum of "
          + "%.1f.", errors[0].mean, three.baseline.rmse))
    let (fitted, missed) = (learned.dropFirst(), inside.dropFirst())
    page.claim(
      String(
        format:
          "All three recurrent networks are overfitted: errors of %.1f to %.1f on the months they "
          + "learned, and of %.0f to %.0f on those test months that lie within the range of these.",
        fitted.min()!, fitted.max()!, missed.min()!, missed.max()!),
      holds: zip(fitted, missed).allSatisfy { 3 * $0 < $1 },
      otherwise: String(
        format:
          "The recurrent networks have errors of %.1f to %.1f on the months they learned, and of "
          + "%.0f to %.0f on those test months that lie within the range of these.",
        fitted.min()!, fitted.max()!, missed.min()!, missed.max()!))

    page.prose(
      #"""
      Above all they have learned each of the networks on the raw scale goes on in its own way. Forecasts
      of the last two years, with the first seed:
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
    for (network, answers) in zip(networks, runs[0]) {
      figure.line(
        x: years, y: answers.suffix(24), label: network.name.uppercased(), style: .dashed)
    }
    figure.line(x: years, y: prepared[.gru]![0].suffix(24), label: "GRU on differences")
    try page.figure(figure)
  }
}
