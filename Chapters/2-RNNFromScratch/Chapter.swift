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

      A forecast is worth something only beside one that is free. Three of them, for the month $t$,
      made at the end of month $t-1$: the last month again, $y_{t-1}$; the same month a year before,
      $y_{t-12}$; and that one times the growth of the last month over its year,
      $y_{t-12} \cdot y_{t-1} / y_{t-13}$. The error is the root of the mean squared difference, in
      thousands of passengers, over the 44 test months.
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

      A recurrent layer reads a sequence from left to right. At every time step it looks at the input
      $x_t$ and at its own last state $h_{t-1}$, and gives its new state:

      $$h_t = \tanh(x_t W_{ih}^\top + b_{ih} + h_{t-1} W_{hh}^\top + b_{hh})$$

      It is the same layer each time, with the same weights: unrolled in time it is a deep network
      whose layers share everything. That is all there is to it, and the code is that line.
      """#)
    page.show("ScratchRNN", in: "ScratchRNN.swift")

    try page.figure(Self.foldedAndUnrolled())

    page.prose(
      #"""
      Follow one small batch through it: two sequences of five steps with one number a step, into
      three hidden units. The axes are `[time, batch, feature]`, so that one step is one matrix.
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

      Training needs $\partial L / \partial W$ for each weight. Two names make it short: $a_t$ for what
      stands inside the tanh, so that $h_t = \tanh(a_t)$, and $\delta_t = \partial L / \partial a_t$, a
      row with a number for each unit. Once $\delta_t$ is known the weights are easy, since $a_t$ is
      linear in them: $W_{hh}$ meets $h_{t-1}$ at step $t$, so its gradient gets the share
      $\delta_t^\top h_{t-1}$ there. And because the weights are shared, the shares of all time steps
      add up:

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
      ## The recipe that loses

      The recipe one meets most often: scale the raw series to 0 … 1, cut windows of twelve months, let
      the network say the next month. The scale is fitted on the training part alone, as it must be,
      and there lies the trouble: the series climbs, and most of the test months are larger than
      anything that the network was shown. What it says up there, nothing has taught it.
      """#)
    page.show("Forecaster", in: "Forecaster.swift")

    page.prose(
      #"""
      Training is the same for every network here: all windows at once, Adam, and *early stopping*: when
      the validation error has not fallen for twenty epochs it ends, and the weights with which it was
      lowest are put back. Forward, loss, backward, step: the loop is the one of the last section of this
      chapter, and the library's `Trainer` walks it. Dropout is active while it trains and off while
      it judges.
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
      Small data, so three brakes: dropout on the state that the output layer reads, a weight decay of
      $10^{-3}$, and early stopping.
      """#)
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
    var firstModel: Forecaster?
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
      if seed == 0 { (history, keptEpoch, firstModel) = (run.history, run.kept, model) }
      forecasts.append(
        passengersFrom(answers(model, parts(testStart..<end).inputs), testStart..<end))
      errors.append(rmse { t in forecasts[seed][t - testStart] })
    }
    let rnnError = errors.reduce(0, +) / Double(errors.count)

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
      error of always answering its mean.
      """#)
    let training = (13 + width)..<trainingEnd, validation = trainingEnd..<testStart
    func evaluated(_ months: Range<Int>) -> Double {
      let said = answers(firstModel!, parts(months).inputs)
      return zip(said, differences[months]).map { ($0 - $1) * ($0 - $1) }.mean
    }
    func variation(_ months: Range<Int>) -> Double {
      let values = Array(differences[months])
      return values.map { ($0 - values.mean) * ($0 - values.mean) }.mean
    }
    page.table(
      ["part", "months", "variance of z", "error with dropout", "error without"],
      [
        [
          "training", training.count, variation(training), history["loss"]![keptEpoch],
          evaluated(training),
        ],
        ["validation", validation.count, variation(validation), "", evaluated(validation)],
      ], digits: 3)
    let quiet = evaluated(training) - evaluated(validation)
    let dropped = history["loss"]![keptEpoch] - evaluated(training)
    page.claim(
      "It is the calm year: without dropout most of the gap is still there. That makes the year a weak "
        + "judge; with 144 figures there is no better one.",
      holds: quiet > dropped,
      otherwise: "Here dropout makes more of the gap than the year does.")

    page.prose(
      #"""
      ## Forecast against truth

      Back in passengers: one month ahead, for each of the 44 months that nothing was fitted to. In the
      table two more stand beside the free forecasts: the best weighted sum of the last 13, and of the
      last 24, seasonal differences, found by least squares.
      """#)
    var comparisonFigure = Figure(
      "One month ahead, on months never seen", x: .dates("year"),
      y: "passengers in thousands a month")
    let test = testStart..<end
    comparisonFigure.line(x: dates[test], y: passengers[test], label: "truth", color: .black)
    comparisonFigure.line(x: dates[test], y: forecasts[0], label: "RNN on differences")
    comparisonFigure.line(
      x: dates[test], y: rawForecast, label: "RNN on the raw scale", style: .dashed)
    try page.figure(comparisonFigure)

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
    page.result("airline.best.test_rmse", min(rnnError, rawError), unit: "thousand passengers")
    AirlineRecipe().tell(forecasts, called: "the RNN", on: page)
    page.print(
      "With some fifty months to learn from there is little beyond the straight line to find.")

    page.prose(
      #"""
      ## A state carried on: from sine to cosine

      Given $\sin t$, say $\cos t$. From one value nobody can: $\sin t = 0.5$ happens on the way up
      and on the way down. A state that remembers the direction can. The curve comes in segments of
      ten points, one training step each, 300 steps in all; the state at the end of a segment is the
      state at the start of the next. It is *detached* on the way: the number is carried on, its
      history is not, so that each step looks back over its own ten points.

      This task is a famous one to judge by a single lucky run. So here are several seeds.
      """#)
    page.show("SineToCosine", in: "SineToCosine.swift")

    page.prose("One run after the other, each from weights of its own:")
    let sineSeeds = page.quick ? 3 : 11
    let sineSteps = page.quick ? 100 : 300
    var finals: [Double] = []
    var runs: [(losses: [Double], last: SineToCosine.Segment)] = []
    for seed in 0..<sineSeeds {
      Generator.default.seed(page.seed &* 1000 &+ UInt64(seed))
      runs.append(SineToCosine(hiddenSize: 32).train(steps: sineSteps))
      finals.append(runs[seed].losses[sineSteps - 1])
      page.progress("sine to cosine", seed + 1, of: sineSeeds)
    }
    let median = finals.sorted()[sineSeeds / 2]
    page.print("loss at the last step, seed by seed, sorted:")
    page.print(finals.sorted().map { String(format: "%.2g", $0) }.joined(separator: "  "))
    page.result("sincos.final_loss_median", median)
    page.result("sincos.seeds_above_0.01", finals.filter { $0 > 0.01 }.count)

    var curve = Figure(
      "From sine to cosine, \(sineSeeds) seeds", x: "step", y: .log("mean squared error"))
    for (seed, run) in runs.enumerated() {
      curve.line(
        y: run.losses, label: seed == 0 ? "each seed" : nil, color: .gray, width: 1.2)
    }
    curve.line(
      y: (0..<sineSteps).map { step in runs.map { $0.losses[step] }.sorted()[sineSeeds / 2] },
      label: "median", color: .blue)
    curve.size = .flat
    try page.figure(curve)
    let last = runs[finals.firstIndex(of: median)!].last, turn = last.time[0] / .pi
    var segment = Figure("The last segment of the median seed", x: "t", y: "value")
    segment.line(x: last.time, y: last.sine, label: "input: sin t", color: .gray)
    segment.line(x: last.time, y: last.cosine, label: "target: cos t", color: .black)
    segment.line(x: last.time, y: last.answer, label: "answer", color: .vermilion, markers: true)
    segment.x.ticks = .at(
      [0, 0.25, 0.5, 0.75, 1].map { part in
        ((turn + part) * .pi, (turn + part).formatted() + " π")
      })
    try page.figure(segment)

    page.prose(
      #"""
      And if the state is not detached? Then each loss has the whole past for its history: every
      `backward()` walks back to the first step, so that the time for one step grows with the number
      of steps before it, and so does the memory. (The history must be kept on purpose, with
      `retainGraph: true`; otherwise the second `backward()` stops the program and says why.)
      """#)
    let walked = page.quick ? 40 : 200
    let detached = SineToCosine(hiddenSize: 32).memory(steps: walked, detached: true)
    let kept = SineToCosine(hiddenSize: 32).memory(steps: walked, detached: false)
    page.table(
      ["training step", "kilobytes held, detached", "not detached"],
      stride(from: walked / 4, through: walked, by: walked / 4).map {
        [$0, Double(detached[$0 - 1]) / 1024, Double(kept[$0 - 1]) / 1024]
      }, digits: 2)
    var grows = Figure("What it costs not to detach", x: "training step", y: "kilobytes held")
    grows.line(x: 1...walked, y: kept.map { Double($0) / 1024 }, label: "state not detached")
    grows.line(x: 1...walked, y: detached.map { Double($0) / 1024 }, label: "state detached")
    grows.size = .flat
    try page.figure(grows)

    page.prose(
      #"""
      To cut the gradient's way back at the segment's beginning and to carry the state on is *truncated
      backpropagation through time* (Williams and Peng 1990), and it is how networks read texts without
      end. What does it cost? No weight is ever told that something *before* the segment was of use. The
      state may still hold it, by luck, but is not taught to. A task shows it: a stream of +1 and −1 at
      random, and at each step the sign of six steps ago is to be said; always saying 0 has an error of
      1. Segments of 3, 6, 7, 12 and 24 steps, as many updates each, two seeds.
      """#)
    page.show("echoError", in: "Truncation.swift")

    page.prose("What came six steps ago:")
    let delay = 6, updates = page.quick ? 60 : 1200
    let segments = page.quick ? [3, 12] : [3, 6, 7, 12, 24]
    let echoes = segments.enumerated().map { place, segment in
      page.progress("echo", place, of: segments.count)
      return (0..<2).map {
        echoError(
          delay: delay, segment: segment, updates: updates, seed: page.seed &* 1000 &+ UInt64($0))
      }
    }
    page.table(
      ["steps in a segment", "mean squared error, each seed"],
      zip(segments, echoes).map { segment, errors in
        ["\(segment)", errors.map { String(format: "%.3f", $0) }.joined(separator: ", ")]
      }, alignments: [.right, .left])
    for (segment, errors) in zip(segments, echoes) {
      page.result("truncation.segment\(segment).mse", errors.mean, digits: 3)
    }
    let short = zip(segments, echoes).filter { $0.0 <= delay }.flatMap(\.1)
    let long = zip(segments, echoes).filter { $0.0 >= 2 * delay }.flatMap(\.1)
    page.claim(
      "Segments no longer than six steps teach nothing of what came six steps ago, those of twelve and "
        + "more do.", holds: short.min()! > 0.9 && long.max()! < 0.5,
      otherwise: String(
        format:
          "The least error of segments of six steps or fewer is %.2f, the largest of those of "
          + "twelve and more %.2f.", short.min()!, long.max()!), in: .fullRuns)

    page.prose(
      #"""
      ## Gradients that vanish and gradients that explode

      On the way back through time the gradient is multiplied by $W_{hh}$ and by the slope of the tanh,
      once a step. A hundred factors of 0.9 leave $0.9^{100} \approx 2.7 \cdot 10^{-5}$; a hundred of
      1.1 make $1.1^{100} \approx 1.4 \cdot 10^4$. In numbers: a matrix makes no vector longer than by its
      largest singular value $\sigma_1$, and the slope is at most 1, so that over $k$ steps

      $$\left\| \frac{\partial h_t}{\partial h_{t-k}} \right\| \le \sigma_1(W_{hh})^k$$

      With $\sigma_1 < 1$ the gradient must vanish. With $\sigma_1 > 1$ it may explode, and need not: other
      directions shrink, and a saturated tanh has no slope (Pascanu, Mikolov and Bengio 2013).

      Measured here: a layer of 32 units, $W_{hh}$ an orthogonal matrix times 0.9, 1.0 or 1.1, which has
      all its singular values there, and the norm of $\partial L / \partial h_t$ by the distance between
      $t$ and the last step. With small inputs the tanh is almost a straight line, and the bound can be
      read off the picture. (Small is $10^{-3}$ for 0.9 and 1.0; for 1.1, where the state itself grows
      with every step, $10^{-7}$, or it would not stay small for a hundred.) In the fourth curve the
      inputs are large, 5, the tanh saturates, and even a factor of 1.1 vanishes.
      """#)
    page.show("gradientNorms", in: "GradientNorms.swift")

    page.prose("Four layers, one figure; the marks are the powers $\\sigma_1^k$ themselves:")
    let distance = 100
    var norms = Figure(
      "Gradient norm by distance in time", x: "steps back from the last one",
      y: .log("norm of ∂L/∂h, relative to the last step"))
    var saturated = 0.0, offPower = 0.0
    for (factor, inputs, color) in [
      (0.9, 1e-3, Color.blue), (1.0, 1e-3, .green), (1.1, 1e-7, .vermilion), (1.1, 5, .purple),
    ] {
      let measured = gradientNorms(factor: factor, inputScale: inputs, steps: distance)
      norms.line(y: measured, label: "W × \(factor), inputs of \(inputs)", color: color)
      if inputs > 1 {
        saturated = measured[distance]
        page.result("gradient_norm.saturated_1.1_after_100", saturated, digits: 3)
      } else {
        let marks = Array(stride(from: 5, through: distance, by: 10))
        norms.points(
          x: marks.map(Double.init), y: marks.map { pow(factor, Double($0)) }, color: color,
          size: 1.2)
        offPower = max(
          offPower, abs(measured[distance] / pow(factor, Double(distance)) - 1))
        page.result("gradient_norm.\(factor)_after_100", measured[distance], digits: 3)
      }
    }
    try page.figure(norms)
    page.claim(
      "With small inputs the norm after 100 steps is the power, to within 10 %.",
      holds: offPower < 0.1, in: .everyRun)
    page.claim(
      "With large ones it vanishes, although the largest singular value is 1.1.",
      holds: saturated < 1e-3, in: .everyRun)

    page.prose(
      #"""
      ## A cliff

      Exploding gradients have a shape. Take the smallest recurrent network there is, one unit
      without input, $x_t = w\,\sigma(x_{t-1}) + b$, run it for 50 steps and ask that $\sigma(x_{50})$
      be 0.7. Over the plane of $w$ and $b$ the error is two plateaus with a cliff between them. Where
      descent steps onto the cliff the gradient throws it far away. Cut to a length of at most 0.5
      (the direction stays), it comes down beside the cliff and goes on. After Pascanu, Mikolov and
      Bengio (2013), figure 6.
      """#)
    page.show("OneUnit", in: "ErrorSurface.swift")

    page.prose("Both descents start at the same place, with the same learning rate:")
    let unit = OneUnit()
    let plain = unit.descend(from: (w: 5, b: -2.2), rate: 0.3, steps: 60)
    let clipped = unit.descend(from: (w: 5, b: -2.2), rate: 0.3, steps: 60, clip: 0.5)
    func heights(_ path: [(w: Double, b: Double)]) -> [Double] {
      path.map { unit.error(w: $0.w, b: $0.b).value }
    }
    let (ws, bs) = ((0...70).map { 4 + Double($0) / 35 }, (0...70).map { -3 + Double($0) / 35 })
    let errors50 = bs.map { b in ws.map { w in unit.error(w: w, b: b).value } }
    var surface = Figure("The error of one unit over 50 steps", x: "w", y: "b")
    surface.z = "error"
    surface.view = (tilt: 48, turn: 238)
    surface.surface(x: ws, y: bs, z: errors50)
    surface.path(
      x: clipped.map(\.w), y: clipped.map(\.b), z: heights(clipped), label: "clipped descent",
      color: .green)
    let inside = plain.prefix { (4...6).contains($0.w) && (-3 ... -1).contains($0.b) }
    surface.path(
      x: inside.map(\.w), y: inside.map(\.b), z: heights(Array(inside)),
      label: "plain descent, until it is thrown out", color: .vermilion)
    try page.figure(surface)

    page.prose("The same from above, as a map: each color a height, each arrow's end a step.")
    var map = Figure("The cliff as a map", x: "w", y: "b")
    (map.colorBar.label, map.colorBar.format) = ("error", "%.1f")
    map.heatmap(Array(errors50.reversed()))
    func onMap(_ path: [(w: Double, b: Double)]) -> (x: [Double], y: [Double]) {
      (path.map { ($0.w - 4) * 35 }, path.map { (-1 - $0.b) * 35 })
    }
    for (path, label, color) in [
      (clipped, "clipped descent", Color.green), (Array(inside), "plain descent", .vermilion),
    ] {
      let places = onMap(path)
      map.line(x: places.x, y: places.y, label: label, color: color, markers: true)
    }
    map.x.ticks = .at([4, 4.5, 5, 5.5, 6].map { (($0 - 4) * 35, $0.formatted()) })
    map.y.ticks = .at([-1, -1.5, -2, -2.5, -3].map { ((-1 - $0) * 35, $0.formatted()) })
    try page.figure(map)
    page.table(
      ["descent", "w at the end", "b at the end", "longest step", "error at the end"],
      [("plain", plain), ("clipped to 0.5", clipped)].map { name, path in
        let steps = zip(path, path.dropFirst()).map { hypot($1.w - $0.w, $1.b - $0.b) }
        return [name, path.last!.w, path.last!.b, steps.max()!, heights(path).last!]
      })
    page.result("cliff.plain_error", heights(plain).last!)
    page.result("cliff.clipped_error", heights(clipped).last!)
    page.claim(
      "Clipped descent ends lower than plain descent, which one step had thrown off the plateau.",
      holds: heights(clipped).last! < heights(plain).last!, in: .everyRun)

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
