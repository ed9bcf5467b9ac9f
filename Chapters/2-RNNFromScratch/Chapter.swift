import ChapterTools
import Foundation
import ThisBook
import Unroll

@main struct RNNFromScratch: Chapter {
  static let book = Book.unroll
  static let number = 2
  static let title = "An RNN from scratch"
  static let summary =
    "One unit slides over the airline passengers: written as its equation, derived by hand, trained, "
    + "judged beside naive forecasts, and pushed to where it fails."
  static let languages = ["zh"]
  static let source: String? = #filePath

  func tell(_ page: Page) throws {
    try foundations(page)

    page.prose(
      #"""
      ## The figures

      Box and Jenkins' *series G*: how many passengers flew on international lines, month by month,
      1949 to 1960, in thousands. The series climbs, it swings with the seasons, and the swings grow
      with the level. We learn from the months up to April 1956, use the twelve months that follow to
      decide when to stop, and keep the last 44 months out of everything until the end.

      The split comes first. Whatever is fitted to the data afterward, a scale or a network, sees
      the training part alone.
      """#)
    let passengers = AirlinePassengers.monthly
    let dates = AirlinePassengers.series.times
    let (trainingEnd, testStart, end) = (88, 100, passengers.count)

    var series = Figure(
      "International airline passengers", x: .dates("year"), y: "passengers in thousands a month")
    series.line(x: dates[..<trainingEnd], y: passengers[..<trainingEnd], label: "training")
    series.line(
      x: dates[trainingEnd..<testStart], y: passengers[trainingEnd..<testStart],
      label: "validation")
    series.line(x: dates[testStart...], y: passengers[testStart...], label: "test")
    try page.figure(series)

    page.prose(
      #"""
      ## What costs nothing

      A forecast is worth something only beside one that is free, a *naive forecast*. Three of them,
      for the month $t$, made at the end of month $t-1$: the last month again, $y_{t-1}$; the same
      month a year before, $y_{t-12}$; and that one times the growth of the last month over its
      year, $y_{t-12} \cdot y_{t-1} / y_{t-13}$. The error is the root of the mean squared
      difference, in thousands of passengers, over the 44 test months.
      """#)
    func rmse(_ forecast: (Int) -> Double) -> Double {
      let test = testStart..<end
      return RootMeanSquaredError()(
        NDArray(test.map(forecast), dtype: .float64),
        NDArray(Array(passengers[test]), dtype: .float64))
    }
    let naive = [
      ("last", "last month", rmse { t in passengers[t - 1] }),
      ("season", "same month last year", rmse { t in passengers[t - 12] }),
      (
        "growth", "same month last year × growth",
        rmse { t in passengers[t - 12] * passengers[t - 1] / passengers[t - 13] }
      ),
    ]
    for (name, _, error) in naive {
      page.result("airline.naive_\(name).test_rmse", error, unit: "thousand passengers")
    }

    page.prose(
      #"""
      ## One unit that slides over the sequence

      A *recurrent layer* reads a sequence from left to right. At every time step it looks at the
      input $x_t$ and at its own last state $h_{t-1}$, the *hidden state*, and gives its new one:

      $$h_t = \tanh(x_t W_{ih}^\top + b_{ih} + h_{t-1} W_{hh}^\top + b_{hh})$$

      It is the same layer each time, with the same weights: *unrolled* in time it is a tall network
      whose layers share everything. That is all there is to it, and the code is that line.
      """#)
    page.show("ScratchRNN", in: "ScratchRNN.swift")

    try page.figure(Self.foldedAndUnrolled())

    page.prose(
      #"""
      Follow one small batch through it: two sequences of five steps with one number a step, into
      three *hidden units*, the numbers of the state. The axes are `[time, batch, feature]`, so that
      one step is one matrix.
      """#)
    let small = ScratchRNN(inputSize: 1, hiddenSize: 3, dtype: .float64)
    let input = Tensor(.normal([5, 2, 1], dtype: .float64))
    var h = Tensor.zeros([2, 3], dtype: .float64)
    for t in 0..<5 {
      let x = input[t]
      h = small.step(x, h)
      page.print("t = \(t + 1):  x \(x.shape), h \(h.shape)")
    }
    page.print("parameters:", small.parameterCount, "= 3·1 + 3·3 + 3 + 3, at any length")

    page.prose(
      #"""
      ## Backpropagation through time, by hand

      Training needs $\partial L / \partial W$ for each weight. The chain rule, walked along the
      unrolled network from its end to its beginning, is *backpropagation through time* (Werbos
      1990). Two names make it short: $a_t$ for what stands inside the tanh, so that
      $h_t = \tanh(a_t)$, and $\delta_t = \partial L / \partial a_t$, a row with a number for each
      unit. Once $\delta_t$ is known the weights are easy, since $a_t$ is linear in them: $W_{hh}$
      meets $h_{t-1}$ at step $t$, so its gradient gets the share $\delta_t^\top h_{t-1}$ there. And
      because the weights are shared, the shares of all time steps add up:

      $$\frac{\partial L}{\partial W_{ih}} = \sum_t \delta_t^\top x_t, \qquad
      \frac{\partial L}{\partial W_{hh}} = \sum_t \delta_t^\top h_{t-1}, \qquad
      \frac{\partial L}{\partial b} = \sum_t \delta_t$$

      What is $\delta_t$? The loss depends on $h_t$ in two ways: at once, through the layer that reads
      $h_t$, whose gradient we call $g_t$; and by way of the next step, where
      $a_{t+1} = \ldots + h_t W_{hh}^\top$, so that $\delta_{t+1} W_{hh}$ comes back. Both together are
      $\partial L / \partial h_t$, and the tanh multiplies it by its slope, $1 - \tanh^2(a_t) = 1 - h_t^2$:

      $$\delta_t = \left( g_t + \delta_{t+1} W_{hh} \right) \odot (1 - h_t^2),
      \qquad \delta_{T+1} = 0$$

      The loop runs backwards over plain arrays, without any history.
      """#)
    page.show("backpropagateThroughTime", in: "BackpropagationThroughTime.swift")

    page.prose(
      #"""
      Autograd gets the same layer, the same inputs and the same $g_t$, and walks the history of the
      forward pass instead. Both must agree, parameter by parameter.
      """#)
    let above = NDArray.normal([5, 2, 3], dtype: .float64)
    let (states, _) = small(input)
    (Tensor.stack(states) * Tensor(above)).sum().backward()
    let byHand = backpropagateThroughTime(
      x: input.value, h: [.zeros([2, 3], dtype: .float64)] + states.map(\.value), g: above,
      weight_ih: small.weight_ih.value, weight_hh: small.weight_hh.value)

    var comparison: [[any CustomStringConvertible]] = []
    var largest = 0.0
    for (name, parameter) in small.namedParameters() {
      let (hand, auto) = (byHand[name]!, parameter.grad!)
      let difference = hand.largestDifference(from: auto)
      largest = max(largest, difference)
      comparison.append([
        name, "\(hand.shape)", hand == auto ? "yes" : "no",
        hand.isClose(to: auto) ? "yes" : "no", difference,
      ])
    }
    page.table(["parameter", "shape", "exact", "close", "largest difference"], comparison)
    page.result("bptt.max_difference", largest)

    page.prose(
      #"""
      Both ways, step by step, for the first of the two sequences and the loss $L = \sum h_5$: the states
      as they are made, and the gradients as they come back. (In the page of this chapter the cell
      itself can be moved through all of it.)
      """#)
    let run = CellRun(
      weight_ih: small.weight_ih.value, weight_hh: small.weight_hh.value,
      bias_ih: small.bias_ih.value, bias_hh: small.bias_hh.value,
      reading: (0..<5).map { input.value[$0][0].doubles })
    try page.interactive(Interactive(.cell, data: run, fallback: Self.forthAndBack(run)))

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
    let epochs = page.quick ? 60 : 300
    let scaler = MinMaxScaler(fittedTo: Array(passengers[..<trainingEnd]))
    let scaled = scaler.transform(passengers)
    let published = Forecaster(hiddenSize: 16, dropout: 0)
    let watch = LambdaCallback(onEpochEnd: { epoch, _ in
      page.progress("raw scale", epoch + 1, of: epochs)
    })
    try fit(
      published, training: windows(scaled, width: 12, 12..<trainingEnd),
      validation: windows(scaled, width: 12, trainingEnd..<testStart), epochs: epochs,
      callbacks: [watch])
    func answers(_ model: Forecaster, _ x: NDArray) -> [Double] {
      model.inEvaluation { model(Tensor(x)).value.doubles }
    }
    let rawForecast = scaler.inverse(
      answers(published, windows(scaled, width: 12, testStart..<end).inputs))
    let rawError = rmse { t in rawForecast[t - testStart] }
    page.result("airline.rnn_raw.test_rmse", rawError, unit: "thousand passengers")
    let beyond = (testStart..<end).filter { scaled[$0] > 1 }
    let said = beyond.map { scaler.transform([rawForecast[$0 - testStart]])[0] }
    let (highest, reached) = (said.max()!, beyond.map { scaled[$0] }.max()!)
    let lag = beyond.map { passengers[$0] - rawForecast[$0 - testStart] }.mean
    page.claim(
      String(
        format:
          "%d of the %d test months lie above the training part's largest, 1 on its scale. The "
          + "forecast does climb past it, to %.2f, but the truth climbs to %.2f: in those months it "
          + "stays %.0f thousand passengers below on average.",
        beyond.count, end - testStart, highest, reached, lag),
      holds: highest > 1 && lag > 0,
      otherwise: String(
        format:
          "%d of the %d test months lie above the training part's largest, 1 on its scale; the "
          + "forecast reaches %.2f, the truth %.2f, and the mean difference there is %.0f thousand.",
        beyond.count, end - testStart, highest, reached, lag))

    page.prose(
      #"""
      ## The recipe that wins

      Give the network only what it has to learn. The swings grow with the level: take logarithms,
      and they do not. The season returns: take the difference to the same month a year before. The
      level drifts: take the difference to the month before as well,

      $$z_t = (\log y_t - \log y_{t-12}) - (\log y_{t-1} - \log y_{t-13})$$

      What is left has no trend and no season, and a network that answers $z_t = 0$ gives exactly the
      best of the free forecasts, the one with the growth. Anything it finds in the last 24 values of
      $z$ comes on top.
      """#)
    let logs = passengers.map { log($0) }
    let z = logs.indices.map { t in
      t < 13 ? 0 : (logs[t] - logs[t - 12]) - (logs[t - 1] - logs[t - 13])
    }
    let standard = StandardScaler(fittedTo: Array(z[13..<trainingEnd]))
    let differences = standard.transform(z)
    var stationary = Figure(
      "What is left to forecast", x: .dates("year"), y: "z, difference of logarithms")
    stationary.line(x: dates[13...], y: z[13...], label: "z")
    stationary.size = .flat
    try page.figure(stationary)

    page.prose(
      #"""
      Small data, so three brakes: dropout on the state that the output layer reads; a *weight
      decay* of $10^{-3}$, which draws all weights a little toward 0 at each step; and early
      stopping.
      """#)
    let guess = page.predict(
      String(
        format: "The best free forecast errs by %.1f thousand passengers on the test months. How "
          + "much of that does the network take away?", naive.map(\.2).min()!),
      answers: ["Nothing", "Up to a quarter", "More than a quarter"])
    let width = 24
    func parts(_ months: Range<Int>) -> (inputs: NDArray, targets: NDArray) {
      windows(differences, width: width, months)
    }
    func passengersFrom(_ answers: [Double], _ months: Range<Int>) -> [Double] {
      zip(months, standard.inverse(answers)).map { t, z in
        exp(logs[t - 12] + logs[t - 1] - logs[t - 13] + z)
      }
    }
    let seeds = page.quick ? 1 : 3
    var errors: [Double] = []
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
        let months = trainingEnd..<testStart
        let forecast = NDArray(
          passengersFrom(answers(model, parts(months).inputs), months), dtype: .float64)
        let truth = NDArray(Array(passengers[months]), dtype: .float64)
        validationRMSE.append(RootMeanSquaredError()(forecast, truth))
      })
      let run = try fit(
        model, training: parts((13 + width)..<trainingEnd),
        validation: parts(trainingEnd..<testStart), epochs: epochs, weightDecay: 1e-3,
        callbacks: [watch])
      if seed == 0 { (history, keptEpoch) = (run.history, run.kept) }
      models.append(model)
      errorsWithDropout.append(run.history["loss"]![run.kept])
      forecasts.append(
        passengersFrom(answers(model, parts(testStart..<end).inputs), testStart..<end))
      errors.append(rmse { t in forecasts[seed][t - testStart] })
    }
    let rnnError = errors.mean

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
      training error once more without dropout, and how much $z$ varies in either part, which is the
      error of always answering its mean. Errors are means over the seeds, each at its kept epoch.
      """#)
    let training = (13 + width)..<trainingEnd, validation = trainingEnd..<testStart
    func evaluated(_ months: Range<Int>) -> Double {
      models.map { model in
        zip(answers(model, parts(months).inputs), differences[months])
          .map { ($0 - $1) * ($0 - $1) }.mean
      }.mean
    }
    func variation(_ months: Range<Int>) -> Double {
      let values = Array(differences[months])
      return values.map { ($0 - values.mean) * ($0 - values.mean) }.mean
    }
    page.table(
      ["part", "months", "variance of z", "error with dropout", "error without"],
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
    let test = testStart..<end
    comparisonFigure.line(x: dates[test], y: passengers[test], label: "truth", color: .black)
    comparisonFigure.line(x: dates[test], y: forecasts[0], label: "RNN on differences")
    comparisonFigure.line(
      x: dates[test], y: rawForecast, label: "RNN on the raw scale", style: .dashed)
    try page.figure(comparisonFigure, standsForChapter: true)

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
    let saved = 1 - rnnError / naive.map(\.2).min()!
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

    try carriedState(page)
    try gradients(page)

    page.prose(
      #"""
      ## The same in one line

      The library's `RNN` is this layer, as one operation over the whole sequence, with its backward
      pass derived as above. With the same weights it must give the same numbers. `batchFirst` reads
      `[batch, time, feature]`, as data often comes, and an output layer of its own is one more line;
      one optimizer trains both.
      """#)
    let ours = ScratchRNN(inputSize: 1, hiddenSize: 8, dtype: .float64)
    let library = RNN(inputSize: 1, hiddenSize: 8, batchFirst: true, dtype: .float64)
    try library.loadStateDict(
      Dictionary(uniqueKeysWithValues: ours.stateDict().map { ($0 + "_l0", $1) }))
    let sequences = Tensor(.normal([4, 24, 1], dtype: .float64))
    let fromScratch = Tensor.stack(ours(sequences.transposed(0, 1)).states, axis: 1)
    let (output, _) = library(sequences)
    page.result("library.max_difference", output.value.largestDifference(from: fromScratch.value))

    page.prose("And trained on the differences of logarithms:")
    Generator.default.seed(page.seed)
    let layer = RNN(inputSize: 1, hiddenSize: 8, batchFirst: true)
    let readout = Linear(8, 1)
    let optimizer = Adam(
      layer.parameters() + readout.parameters(), learningRate: 0.01, weightDecay: 1e-3)
    let (inputs, targets) = parts((13 + width)..<trainingEnd)
    let x = Tensor(inputs), y = Tensor(targets)
    for step in 1...30 {
      optimizer.zeroGrad()
      let (states, _) = layer(x.transposed(0, 1))
      let loss = mseLoss(readout(states.select(axis: 1, index: -1)), y)
      loss.backward()
      optimizer.step()
      if step % 10 == 0 { page.print("step \(step): loss", String(format: "%.4f", loss.item)) }
    }

    page.prose(
      #"""
      ## Try next

      - `Forecaster(hiddenSize: 8, …)`: 2 units, then 64. What happens to the distance between the two
        loss curves, and to the spread over the seeds?
      - Leave out the seasonal difference in `z`. Which of the free forecasts does the network now
        have to find by itself?
      - `dropout: 0.1` to 0.5, then 0 with a weight decay of 0: when does early stopping come?
      - In `SineToCosine`, segments of 3 points instead of 10: how long must the state remember, and how
        far back does the gradient reach?
      - `clip: 0.5` to 5, then 0.05: when does clipped descent leave the plateau, when does it creep?
      - `--seed 2`, `--seed 3`: which of this chapter's statements still hold?
      """#)
  }
}
