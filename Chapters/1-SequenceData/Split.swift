import Foundation
import Unroll

extension SequenceData {
  /// Windows shuffled into a validation set that promises too much, and hours split in time.
  func split(_ page: Page, _ hourly: Hourly) throws {
    page.prose(
      #"""
      ## Split first, then cut

      A network can learn its examples by heart and know nothing else. So the data are cut in three:
      the *training part* is learned from; the *validation part*, never learned from, decides when
      to stop and which of several networks to keep; the *test part* is looked at once, at the end,
      and its error is the one that is told. With a table one shuffles the rows and keeps a fifth.
      With windows that is a mistake that one does not see: a window kept for validation has
      neighbors in the training part which hold all of its numbers but one. Such a way for the
      answers to get across is called a *leak*. `sharedValues` counts what both sides look at.

      We keep the last 144 hours as the future, out of everything, and divide the 576 before them
      in two ways. *Cut, then shuffle*: windows of 24 hours with the 12 hours that follow, a fifth of
      them drawn at random for validation. *Split, then cut*: the last fifth of the hours for
      validation, and windows cut from each part by itself. The scale is fitted to the hours that the
      second way trains on.
      """#)
    let series = hourly.series
    let learnedHours = 576 * 4 / 5
    let (past, future) = StandardScaler(fittedTo: series[0..<learnedHours]).transform(series)
      .split(count: 576)
    func cutWindows(_ part: TimeSeries) -> Windows { Windows(part, width: 24, horizon: 12) }

    let all = cutWindows(past)
    let order = Generator(seed: page.seed).permutation(all.count)
    let fifth = all.count / 5
    let leaky = (training: all.subset(order[fifth...]), validation: all.subset(order[..<fifth]))

    let (early, late) = past.split(count: learnedHours)
    let clean = (training: cutWindows(early), validation: cutWindows(late))

    page.result(
      "leak.shared_values", sharedValues(between: leaky.training, and: leaky.validation))
    page.result(
      "clean.shared_values", sharedValues(between: clean.training, and: clean.validation))
    try page.interactive(
      Interactive(
        .windows,
        data: CutSeries(Array(series["value"][..<96]), unit: hourly.unit, seed: page.seed),
        fallback: Self.beginnings(leaky: leaky, clean: clean, border: early.count)))

    page.prose(
      #"""
      (In the page of this chapter 96 hours are cut by hand: width, stride, horizon, and both orders.)

      The same small network is trained on both training parts, and asked twice: how large is the
      error on the validation part, which is the number that one would report, and how large is it
      on the future, which is the number that comes true? (The error is the *mean squared error*,
      the mean of the squared differences.)
      """#)
    page.show("trained", in: "Leak.swift")
    let guess = page.predict(
      "Trained on the shuffled windows: how does the error on the future compare with the one on the "
        + "validation set?",
      answers: [
        "About as large: both are windows that it was not trained on",
        "Up to twice as large", "More than twice as large",
      ])
    let steps = page.quick ? 400 : 800
    let ahead = cutWindows(future)
    var promised: [Double] = [], delivered: [Double] = [], learned: [Double] = []
    for (name, sets) in [("leak", leaky), ("clean", clean)] {
      let model = trained(on: sets.training, steps: steps, seed: page.seed)
      promised.append(meanSquaredError(of: model, on: sets.validation))
      delivered.append(meanSquaredError(of: model, on: ahead))
      learned.append(meanSquaredError(of: model, on: sets.training))
      page.result("\(name).training_mse", learned.last!)
      page.result("\(name).validation_mse", promised.last!)
      page.result("\(name).future_mse", delivered.last!)
    }
    var bars = Figure(
      "What validation promises, and what comes true", y: "mean squared error (scaled)")
    let orders = ["cut, then shuffle", "split, then cut"]
    bars.bars(orders, promised, label: "on the validation set", values: "%.2f")
    bars.bars(orders, delivered, label: "on the future", values: "%.2f")
    try page.figure(bars)
    let factors = zip(delivered, promised).map { $0 / $1 }
    page.reveal(
      guess, right: factors[0] > 2 ? 2 : factors[0] > 1.1 ? 1 : 0,
      String(
        format: "It is %.1f times as large: nearly every value of the validation windows stands in "
          + "some training window, too.", factors[0]))
    page.print(
      String(
        format: "what came true is %.1f times the promise when shuffled, %.1f times when split",
        factors[0], factors[1]))
    page.claim(
      "Shuffled, the validation set promises less error than comes true.", holds: factors[0] > 1,
      in: .everyRun)
    page.claim(
      "Split in time, the promise is nearer to the truth.",
      holds: abs(log(factors[1])) < abs(log(factors[0])),
      otherwise:
        "Here the promise of the split is no nearer to the truth: one stretch of time is one sample."
    )
    page.claim(
      "On the future itself the shuffled network is not the worse one: its training windows reach up to "
        + "the last hour before the future, those of the other end \(576 - learnedHours) hours earlier. What is wrong "
        + "with it is its promise.",
      holds: delivered[0] < delivered[1],
      otherwise: "On the future itself the shuffled network is worse here, although its training "
        + "windows reach \(576 - learnedHours) hours nearer to it.")

    page.claim(
      String(
        format: "The network knows its windows nearly by heart, noise and all: on those that it "
          + "was trained on its error is %.3f when shuffled and %.3f when split, on the future "
          + "%.2f and %.2f.",
        learned[0], learned[1], delivered[0], delivered[1]),
      holds: zip(learned, delivered).allSatisfy { 3 * $0 < $1 },
      otherwise: String(
        format: "On the windows that it was trained on the network's error is %.3f when shuffled "
          + "and %.3f when split, on the future %.2f and %.2f.", learned[0], learned[1],
        delivered[0],
        delivered[1]))

    page.prose(
      #"""
      Shuffled validation rewards a network for learning by heart,
      since each validation window is nearly in the book; only a split in time asks what will
      be asked of the network. Its answer is no prophecy either: a stretch of validation and a
      stretch of future are one sample each, and with another `--seed` the second factor lies now
      below 1 and now above. The first does not. When the choice is made, one trains once more on all
      of the past, the validation part included.

      Two small rules follow, and the library keeps them: *split in time order before cutting*, and
      *fit everything that is fitted, scales too, on the training part alone*.
      """#)
  }
}
