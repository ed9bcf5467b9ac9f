import ChapterTools
import Foundation
import Unroll

/// A drawn series, and what each forecaster says from every start, `[step][start]`.
private struct HorizonRun: Sendable {
  let series: [Double]
  let window, state, sum4, sum100: [[Double]]
}

extension Modules {
  /// A window of the past, then a hidden state, over several horizons.
  func horizons(_ page: Page) throws {
    page.prose(
      #"""
      ## A window on the past

      A sine with noise: a thousand points of $\sin(0.01 t)$ plus normal noise of deviation 0.2.
      *Autoregression with a Markov window* says that the last four points are all that matters for
      the next. Learned on the first 600 points, judged on the rest.
      """#)
    let count = 1000, split = 600, width = 4, quick = page.quick
    let clean = (0..<count).map { sin(0.01 * Double($0)) }
    @Sendable func windowNetwork(_ series: [Double]) throws -> Sequential {
      let network = Sequential(Linear(width, 10), ReLU(), Linear(10, 1))
      let windows = Windows(NDArray(Array(series[..<split])).reshaped([-1, 1]), width: width)
      let trainer = Trainer<NDArray, NDArray>(
        network, optimizer: Adam(network.parameters(), learningRate: 0.01),
        loss: MSELoss(), forward: { network(Tensor($0)) })
      trainer.showsProgress = false
      try trainer.fit(
        windows.inputs.squeezed(2), windows.targets.squeezed(2), batchSize: 16,
        epochs: quick ? 10 : 60)
      return network
    }

    page.prose(
      #"""
      Forecasts of $k$ steps: from every place of the last 400 points, four true values, and then
      $k$ times the network's own answer in place of the truth.
      """#)
    let horizons = [1, 4, 16, 64]
    let starts = Array(split..<(count - 64))
    /// From each start the forecasts of 1 … 64 steps; `[step][start]`.
    @Sendable func rollOut(
      _ first: NDArray, _ step: (NDArray) -> (answer: NDArray, next: NDArray)
    ) -> [[Double]] {
      var input = first
      return noGrad {
        (0..<64).map { _ in
          let (answer, next) = step(input)
          input = next
          return answer.doubles
        }
      }
    }
    @Sendable func fromWindows(_ series: [Double]) throws -> [[Double]] {
      let network = try windowNetwork(series)
      let places = NDArray(
        starts.flatMap { series[($0 - width)..<$0] }, shape: [starts.count, width])
      return rollOut(places) { window in
        let answer = network(Tensor(window)).value
        let rest = window.narrow(axis: 1, start: 1, length: width - 1)
        return (answer, .concatenate([rest, answer], axis: 1))
      }
    }

    page.prose(
      #"""
      ## A hidden state instead

      The window forgets all that lies more than four points back, and four noisy points say little
      about where in its period the sine is. A GRU keeps what it needs in a state: it reads the
      hundred points before each place, and from there on it runs on by itself.
      """#)
    @Sendable func fromState(_ series: [Double], _ progress: (Int, Int) -> Void) -> [[Double]] {
      let points = NDArray(series).reshaped([count, 1])
      let gru = GRU(inputSize: 1, hiddenSize: 16)
      let output = Linear(16, 1)
      let optimizer = Adam(gru.parameters() + output.parameters(), learningRate: 0.01)
      // Stretches of 100 points, a batch of them: [time, batch, 1].
      let stretches = Windows(points[0..<split], width: 100, stride: 5, target: .everyStep)
      let (x, y) = (
        Tensor(stretches.inputs.transposed(0, 1)), Tensor(stretches.targets.transposed(0, 1))
      )
      let epochs = quick ? 30 : 300
      for epoch in 0..<epochs {
        optimizer.zeroGrad()
        let answers = output(gru(x).output)
        // The first answers of a stretch are given before there is anything to go by.
        mseLoss(
          answers.narrow(axis: 0, start: 20, length: 80), y.narrow(axis: 0, start: 20, length: 80)
        ).backward()
        clipGradNorm(optimizer.parameters, maxNorm: 1)
        optimizer.step()
        progress(epoch + 1, epochs)
      }
      let before = NDArray.stack(starts.map { points[($0 - 100)..<$0] }, axis: 1)
      var hidden = noGrad { gru(Tensor(before)).h_n }
      return rollOut(.zeros([1])) { last in
        let answer = output(hidden[0]).value
        hidden = gru(Tensor(answer.unsqueezed(0)), hidden).h_n
        return (answer, last)
      }
    }

    page.prose(
      #"""
      Is it the state that helps, or the hundred points? A linear autoregression can tell: one over four
      points and one over the same hundred, fitted to the first 600 by least squares, run on by
      themselves in the same way. (A sine obeys a linear recurrence, so that here it has the right form
      from the start; elsewhere it need not.) All is done three times, with noise and weights drawn anew.

      The mean squared errors against the noisy points, means of the three. No forecast can count on
      less than the noise's variance, 0.04; the last row, which knows the sine, says what the noise came
      to at these places.
      """#)
    @Sendable func fromSum(_ series: [Double], _ lags: Int) -> [[Double]] {
      let model = LinearAutoregression(series, lags: lags, targets: lags..<split)
      let runs = starts.map { start -> [Double] in
        var known = Array(series[(start - lags)..<start])
        for _ in 0..<64 { known.append(model.forecast(known, known.count)) }
        return Array(known[lags...])
      }
      return (0..<64).map { step in runs.map { $0[step] } }
    }
    let runs = try overSeeds(page, "horizons", first: page.seed, count: quick ? 1 : 3) {
      _, progress in
      let noise = NDArray.normal([count], standardDeviation: 0.2).doubles
      let series = zip(clean, noise).map { $0 + $1 }
      return HorizonRun(
        series: series, window: try fromWindows(series), state: fromState(series, progress),
        sum4: fromSum(series, width), sum100: fromSum(series, 100))
    }
    /// The error of each run.
    func errors(
      _ forecast: (HorizonRun, _ step: Int, _ start: Int) -> Double, _ k: Int
    ) -> [Double] {
      runs.map { run in
        starts.indices.map { pow(forecast(run, k, $0) - run.series[starts[$0] + k - 1], 2) }.mean
      }
    }
    let rows: [(String, String?, (HorizonRun, Int, Int) -> Double)] = [
      ("window of four", "markov", { $0.window[$1 - 1][$2] }),
      ("GRU, after reading 100", "hidden_state", { $0.state[$1 - 1][$2] }),
      ("linear autoregression over four", "linear4", { $0.sum4[$1 - 1][$2] }),
      ("linear autoregression over 100", "linear100", { $0.sum100[$1 - 1][$2] }),
      ("last point again", nil, { run, _, start in run.series[starts[start] - 1] }),
      ("always 0", nil, { _, _, _ in 0 }),
      ("the sine itself", nil, { clean[starts[$2] + $1 - 1] }),
    ]
    page.table(
      ["forecast"] + horizons.map { "k = \($0)" },
      rows.map { row in
        [row.0] + horizons.map { errors(row.2, $0).mean } as [any CustomStringConvertible]
      })
    for (_, name, forecast) in rows {
      guard let name else { continue }
      for k in horizons { page.result("horizon.\(name).k\(k)_mse", errors(forecast, k).mean) }
    }

    let at64 = rows.map { errors($0.2, 64) }
    let (window, state, sum4, sum100) = (at64[0], at64[1], at64[2], at64[3])
    page.claim(
      "What decides is how much of the past a forecast sees: at 64 steps both that see a hundred points "
        + "are ahead of both that see four.",
      holds: max(state.mean, sum100.mean) < min(window.mean, sum4.mean), in: .fullRuns)
    page.claim(
      String(
        format: "It is not the hidden state: over the same hundred points a linear autoregression "
          + "is better at 64 steps than the GRU in every run, %.3f against %.3f on average.",
        sum100.mean, state.mean),
      holds: zip(sum100, state).allSatisfy { $0 < $1 },
      otherwise: String(
        format: "Over the same hundred points the linear autoregression is at %.3f at 64 steps and "
          + "the GRU at %.3f on average, and not in every run is the linear one ahead.",
        sum100.mean, state.mean))
    let near = [rows[1], rows[3]].map { errors($0.2, 1) }
    page.claim(
      String(
        format: "One step ahead it is the other way round: the GRU is at %.4f, the linear "
          + "autoregression over 100 points at %.4f on average.",
        near[0].mean, near[1].mean),
      holds: zip(near[0], near[1]).allSatisfy { $0 < $1 },
      otherwise: String(
        format: "One step ahead the GRU is at %.4f and the linear autoregression over 100 points "
          + "at %.4f on average.", near[0].mean, near[1].mean))
    let zero = errors(rows[5].2, 64).mean
    page.claim(
      String(
        format: "Nor does a network help by itself: over the same four points it is at %.2f after "
          + "64 steps on its own, where the linear autoregression is at %.2f, and always saying 0 "
          + "costs %.2f.",
        window.mean, sum4.mean, zero),
      holds: window.mean > 1.5 * sum4.mean,
      otherwise: String(
        format: "Over the same four points the network is at %.2f after 64 steps on its own, the "
          + "linear autoregression at %.2f, and always saying 0 at %.2f.",
        window.mean, sum4.mean, zero))

    func panel(_ title: String, _ forecasts: [[Double]]) -> Figure {
      var figure = Figure(title, x: "t", y: "value")
      figure.line(
        x: split..<count, y: runs[0].series[split...], label: "series", color: .gray, width: 1.5)
      for k in horizons {
        figure.line(
          x: starts.map { $0 + k - 1 }, y: forecasts[k - 1], label: "k = \(k)", width: 2.5)
      }
      return figure
    }
    try page.figure(
      Figure.grid(
        "Forecasts of 1, 4, 16 and 64 steps", columns: 1,
        [
          panel("a window of four points", runs[0].window), panel("a hidden state", runs[0].state),
          panel("a linear autoregression over 100 points", runs[0].sum100),
        ], sharesX: true))
  }
}
