import Foundation
import Unroll

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
    let count = 1000, split = 600, width = 4
    let clean = (0..<count).map { sin(0.01 * Double($0)) }
    let noise = NDArray.normal([count], standardDeviation: 0.2).doubles
    let series = zip(clean, noise).map { $0 + $1 }
    let points = NDArray(series).reshaped([count, 1])

    let markov = Sequential(Linear(width, 10), ReLU(), Linear(10, 1))
    let windows = Windows(points[0..<split], width: width)
    let trainer = Trainer<NDArray, NDArray>(
      markov, optimizer: Adam(markov.parameters(), learningRate: 0.01),
      loss: MSELoss(), forward: { markov(Tensor($0)) })
    trainer.showsProgress = false
    try trainer.fit(
      windows.inputs.squeezed(2), windows.targets.squeezed(2), batchSize: 16,
      epochs: page.quick ? 10 : 60)

    page.prose(
      #"""
      Forecasts of $k$ steps: from every place of the last 400 points, four true values, and then
      $k$ times the network's own answer in place of the truth.
      """#)
    let horizons = [1, 4, 16, 64]
    let starts = Array(split..<(count - 64))
    /// From each start the forecasts of 1 … 64 steps; `[step][start]`.
    func rollOut(_ first: NDArray, _ step: (NDArray) -> (answer: NDArray, next: NDArray))
      -> [[Double]]
    {
      var input = first
      return noGrad {
        (0..<64).map { _ in
          let (answer, next) = step(input)
          input = next
          return answer.doubles
        }
      }
    }
    let places = NDArray(
      starts.flatMap { series[($0 - width)..<$0] }, shape: [starts.count, width])
    let windowed = rollOut(places) { window in
      let answer = markov(Tensor(window)).value
      let rest = window.narrow(axis: 1, start: 1, length: width - 1)
      return (answer, .concatenate([rest, answer], axis: 1))
    }

    page.prose(
      #"""
      ## A hidden state instead

      The window forgets all that lies more than four points back, and four noisy points say little
      about where in its period the sine is. A GRU keeps what it needs in a state: it reads the
      hundred points before each place, and from there on it runs on by itself.
      """#)
    let gru = GRU(inputSize: 1, hiddenSize: 16)
    let output = Linear(16, 1)
    let optimizer = Adam(gru.parameters() + output.parameters(), learningRate: 0.01)
    // Stretches of 100 points, a batch of them: [time, batch, 1].
    let stretches = Windows(points[0..<split], width: 100, stride: 5, target: .everyStep)
    let (x, y) = (
      Tensor(stretches.inputs.transposed(0, 1)), Tensor(stretches.targets.transposed(0, 1))
    )
    let epochs = page.quick ? 30 : 300
    for epoch in 0..<epochs {
      optimizer.zeroGrad()
      let answers = output(gru(x).output)
      // The first answers of a stretch are given before there is anything to go by.
      mseLoss(
        answers.narrow(axis: 0, start: 20, length: 80), y.narrow(axis: 0, start: 20, length: 80)
      ).backward()
      clipGradNorm(optimizer.parameters, maxNorm: 1)
      optimizer.step()
      page.progress("GRU", epoch + 1, of: epochs)
    }
    let before = NDArray.stack(starts.map { points[($0 - 100)..<$0] }, axis: 1)
    let read = noGrad { gru(Tensor(before)) }
    var hidden = read.h_n
    let free = rollOut(.zeros([1])) { last in
      let answer = output(hidden[0]).value
      hidden = gru(Tensor(answer.unsqueezed(0)), hidden).h_n
      return (answer, last)
    }

    page.prose(
      #"""
      Is it the state that helps, or the hundred points? A linear autoregression can tell: one over four
      points and one over the same hundred, fitted to the first 600 by least squares, run on by
      themselves in the same way.

      The mean squared errors against the noisy points. No forecast can count on less than the noise's
      variance, 0.04; the last row, which knows the sine, says what the noise came to at these places.
      """#)
    /// As `rollOut`, of a linear autoregression.
    func linear(_ lags: Int) -> [[Double]] {
      let model = LinearAutoregression(series, lags: lags, targets: lags..<split)
      let runs = starts.map { start -> [Double] in
        var known = Array(series[(start - lags)..<start])
        for _ in 0..<64 { known.append(model.forecast(known, known.count)) }
        return Array(known[lags...])
      }
      return (0..<64).map { step in runs.map { $0[step] } }
    }
    let (linear4, linear100) = (linear(width), linear(100))
    func error(_ forecast: (_ step: Int, _ start: Int) -> Double, _ k: Int) -> Double {
      let squares = starts.indices.map { pow(forecast(k, $0) - series[starts[$0] + k - 1], 2) }
      return squares.reduce(0, +) / Double(squares.count)
    }
    let rows: [(String, String?, (Int, Int) -> Double)] = [
      ("window of four", "markov", { windowed[$0 - 1][$1] }),
      ("GRU, after reading 100", "hidden_state", { free[$0 - 1][$1] }),
      ("linear autoregression over four", "linear4", { linear4[$0 - 1][$1] }),
      ("linear autoregression over 100", "linear100", { linear100[$0 - 1][$1] }),
      ("last point again", nil, { _, start in series[starts[start] - 1] }),
      ("always 0", nil, { _, _ in 0 }),
      ("the sine itself", nil, { clean[starts[$1] + $0 - 1] }),
    ]
    page.table(
      ["forecast"] + horizons.map { "k = \($0)" },
      rows.map { row in
        [row.0] + horizons.map { error(row.2, $0) } as [any CustomStringConvertible]
      })
    for (_, name, forecast) in rows {
      guard let name else { continue }
      for k in horizons { page.result("horizon.\(name).k\(k)_mse", error(forecast, k)) }
    }

    func at64(_ forecasts: [[Double]]) -> Double { error({ forecasts[$0 - 1][$1] }, 64) }
    page.claim(
      "What decides is how much of the past a forecast sees: at 64 steps both that see a hundred points "
        + "are ahead of both that see four.",
      holds: max(at64(free), at64(linear100)) < min(at64(windowed), at64(linear4)), in: .fullRuns)
    page.claim(
      "It is not the hidden state: over the same hundred points a linear autoregression is better "
        + "than the GRU.",
      holds: at64(linear100) < at64(free),
      otherwise: "Over the same hundred points the GRU is better than a linear autoregression "
        + "in this run.")
    page.claim(
      String(
        format: "Nor does a network help by itself: over the same four points it is at %.2f after "
          + "64 steps on its own, where the linear autoregression is at %.2f, and always saying 0 "
          + "costs %.2f.",
        at64(windowed), at64(linear4), error({ _, _ in 0 }, 64)),
      holds: at64(windowed) > 1.5 * at64(linear4),
      otherwise: String(
        format: "Over the same four points the network is at %.2f after 64 steps on its own, the "
          + "linear autoregression at %.2f, and always saying 0 at %.2f.", at64(windowed),
        at64(linear4),
        error({ _, _ in 0 }, 64)))

    func panel(_ title: String, _ forecasts: [[Double]]) -> Figure {
      var figure = Figure(title, x: "t", y: "value")
      figure.line(x: split..<count, y: series[split...], label: "series", color: .gray, width: 1.5)
      for k in horizons {
        figure.line(
          x: starts.map { $0 + k - 1 }, y: forecasts[k - 1], label: "k = \(k)", width: 2.5)
      }
      return figure
    }
    try page.figure(
      Figure.grid(
        "Forecasts of 1, 4, 16 and 64 steps", columns: 1,
        [panel("a window of four points", windowed), panel("a hidden state", free)], sharesX: true))
  }
}
