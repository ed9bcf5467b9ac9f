import Foundation
import UnrollChapter

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
      second way trains on. (What looks like chance here follows from a *seed*: the same seed draws the
      same numbers, on every machine.)
      """#)
    page.show("Division", in: "Leak.swift")
    let division = Division(hourly.series, seed: page.seed)
    let (leaky, clean) = (division.shuffled, division.split)
    page.result(
      "leak.shared_values", sharedValues(between: leaky.training, and: leaky.validation))
    page.result(
      "clean.shared_values", sharedValues(between: clean.training, and: clean.validation))
    try page.interactive(
      Interactive(
        .windows,
        data: CutSeries(Array(hourly.series["value"][..<96]), unit: hourly.unit, seed: page.seed),
        fallback: Self.beginnings(leaky: leaky, clean: clean, border: division.border)))

    page.prose(
      #"""
      (In the page of this chapter 96 hours are cut by hand: width, stride, horizon, and both orders.)

      The same small network is trained on both training parts, and asked twice: how large is the
      error on the validation part, which is the number that one would report, and how large is it
      on the future, which is the number that comes true? (The error is the *mean squared error*,
      the mean of the squared differences.) One stretch of hours would be one sample, so others of its
      kind are divided likewise, each with a network of its own. And three forecasts stand beside it that
      need none: a weighted sum of the same 24 hours, the one that errs least on the training
      windows; the same hours a day before; and always the mean.

      (What `Tanh`, `Adam` and `backward()` do, [chapter
      2](../rnn-from-scratch/chapter.html#before-the-first-network) tells from the beginning.)
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
    let stretches = hourly.stretches.prefix(page.quick ? 3 : 5)
    let names = [
      "the network", "a weighted sum of the 24 hours", "the same hours a day before",
      "always the mean",
    ]
    // Of each forecast, shuffled and split, on each stretch.
    var errors = names.map { _ in [[Errors](), []] }
    for (number, stretch) in stretches.enumerated() {
      let seed = page.seed &+ UInt64(number), division = Division(stretch, seed: seed)
      for (order, sets) in [division.shuffled, division.split].enumerated() {
        let model = trained(on: sets.training, steps: steps, seed: seed)
        let sum = sets.training.weightedSum
        let forecasts: [(Windows) -> Double] = [
          { meanSquaredError(of: model, on: $0) },
          { $0.meanSquaredError(of: sum) },
          { $0.meanSquaredError { Array($0[..<12]) } },
          { $0.meanSquaredError { _ in [Double](repeating: 0, count: 12) } },
        ]
        for (place, error) in forecasts.enumerated() {
          errors[place][order].append(Errors(on: sets, division.future, error: error))
        }
      }
      page.progress("stretches of hours", number + 1, of: stretches.count)
    }

    func one(_ number: Double) -> String { String(format: "%.1f", number) }
    func two(_ number: Double) -> String { String(format: "%.2f", number) }
    let factors = errors[0].map { $0.map { $0.delivered / $0.promised } }
    page.table(
      [
        "stretch", "shuffled: promised", "came true", "times", "split: promised", "came true",
        "times",
      ],
      stretches.indices.map { number in
        let (mixed, apart) = (errors[0][0][number], errors[0][1][number])
        return [
          "\(number + 1)", two(mixed.promised), two(mixed.delivered), one(factors[0][number]),
          two(apart.promised), two(apart.delivered), one(factors[1][number]),
        ]
      }, caption: "The network's mean squared error (scaled)",
      alignments: [Alignment](repeating: .right, count: 7))
    func mean(_ error: KeyPath<Errors, Double>, _ forecast: Int, _ order: Int) -> Double {
      let all = errors[forecast][order].map { $0[keyPath: error] }
      return all.reduce(0, +) / Double(all.count)
    }
    page.table(
      [
        "mean over the stretches", "shuffled: promised", "came true", "split: promised",
        "came true",
      ],
      names.enumerated().map { place, name in
        [
          name, two(mean(\.promised, place, 0)), two(mean(\.delivered, place, 0)),
          two(mean(\.promised, place, 1)), two(mean(\.delivered, place, 1)),
        ]
      }, alignments: [.left, .right, .right, .right, .right])
    for (order, name) in ["leak", "clean"].enumerated() {
      page.result("\(name).training_mse", mean(\.learned, 0, order))
      page.result("\(name).validation_mse", mean(\.promised, 0, order))
      page.result("\(name).future_mse", mean(\.delivered, 0, order))
      page.result("\(name).weighted_sum.future_mse", mean(\.delivered, 1, order))
    }

    let (least, most) = (factors.map { $0.min()! }, factors.map { $0.max()! })
    let (promised, cameTrue) = (mean(\.promised, 0, 0), mean(\.delivered, 0, 0))
    page.reveal(
      guess, right: cameTrue > 2 * promised ? 2 : cameTrue > 1.1 * promised ? 1 : 0,
      String(
        format:
          "It is %.1f to %.1f times as large, and %.1f times on average: nearly every value of "
          + "the validation windows stands in some training window, too.", least[0], most[0],
        cameTrue / promised))
    page.claim(
      String(
        format: "Shuffled, the validation set promises too little error: an average of %.2f, and "
          + "%.2f comes true.", promised, cameTrue),
      holds: promised < cameTrue, in: .everyRun)
    let nearer = zip(factors[0], factors[1]).count { abs(log($1)) < abs(log($0)) }
    let (low, high) = (one(least[1]), one(most[1]))
    page.claim(
      "Split in time, what comes true is \(low) to \(high) times the promise, which is nearer on every "
        + "stretch.",
      holds: nearer == stretches.count,
      otherwise: "Split in time, what comes true is \(low) to \(high) times the promise, which is "
        + "nearer on \(nearer) of \(stretches.count) stretches.")
    let worse = zip(errors[0][0], errors[0][1]).map { $0.delivered - $1.delivered }
    func signed(_ number: Double) -> String {
      let size = two(abs(number))
      return size == "0.00" ? "0" : (number < 0 ? "−" : "+") + size
    }
    let average = signed(mean(\.delivered, 0, 0) - mean(\.delivered, 0, 1))
    let (from, to) = (signed(worse.min()!), signed(worse.max()!))
    let reach = 576 - division.border
    page.claim(
      "On the future itself the shuffled network is not the worse one: its error less the other's is "
        + "\(average) on average, \(from) to \(to) from stretch to stretch; its windows reach "
        + "\(reach) hours nearer to it. What is wrong with it is its promise.",
      holds: mean(\.delivered, 0, 0) <= mean(\.delivered, 0, 1),
      otherwise:
        "On the future itself the shuffled network is the worse one here: its error less the "
        + "other's is \(average) on average, \(from) to \(to) from stretch to stretch; its windows "
        + "reach \(reach) hours nearer to it.")
    let futures = names.indices.map { mean(\.delivered, $0, 1) }
    page.claim(
      "Of the four the weighted sum errs least on the future, in both orders. It has too few numbers "
        + "to learn windows by heart: even shuffled it promises \(two(mean(\.promised, 1, 0))) where "
        + "\(two(mean(\.delivered, 1, 0))) comes true.",
      holds: (0..<2).allSatisfy { order in
        names.indices.allSatisfy { mean(\.delivered, 1, order) <= mean(\.delivered, $0, order) }
      }
        && mean(\.delivered, 1, 0) / mean(\.promised, 1, 0) < cameTrue / promised,
      otherwise: "On the future the network errs by \(two(futures[0])) when split, the weighted "
        + "sum by \(two(futures[1])), the day before by \(two(futures[2])), the mean by "
        + "\(two(futures[3])).")
    let (learned, delivered) = (
      (0..<2).map { mean(\.learned, 0, $0) }, (0..<2).map { mean(\.delivered, 0, $0) }
    )
    let byHeart = String(
      format: "on those that it was trained on its error is %.3f when shuffled and %.3f when "
        + "split, on the future %.2f and %.2f.", learned[0], learned[1], delivered[0],
      delivered[1])
    page.claim(
      "The network knows its windows nearly by heart, noise and all: " + byHeart,
      holds: zip(learned, delivered).allSatisfy { 3 * $0 < $1 },
      otherwise: "The network does not know its windows by heart: " + byHeart)

    page.prose(
      #"""
      Shuffled validation rewards a network for learning by heart, since each validation window is
      nearly in the book; only a split in time asks what will be asked of the network. Its answer is no
      prophecy either, as the last column of the first table shows: a stretch of validation and a
      stretch of future are one sample each. When the choice is made, one trains once more on all
      of the past, the validation part included.

      Two small rules follow, and the library keeps them: *split in time order before cutting*, and
      *fit everything that is fitted, scales too, on the training part alone*.
      """#)
  }
}
