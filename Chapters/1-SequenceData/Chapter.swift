import Foundation
import ThisBook
import Unroll

@main struct SequenceData: Chapter {
  static let book = Book.unroll
  static let number = 1
  static let title = "Sequence data"
  static let summary =
    "What happens to a sequence before a network sees it: windows, splits, gaps, differences, "
    + "padding, scales, the loader that hands it out, and text from tokens to batches."
  static let languages = ["zh"]
  static let source: String? = #filePath

  func tell(_ page: Page) throws {
    page.prose(
      #"""
      ## What a sequence is

      A table of people can be shuffled: whoever stands in row 7 is the same in row 700. A *sequence*
      cannot. Each number $x_t$ has a place in time, and most of what there is to know of it is
      known from its neighbors. How much, the *autocorrelation* says, the correlation of a series
      with itself $k$ steps earlier, $k$ being the *lag*:

      $$r_k = \frac{\sum_{t>k} (x_t - \bar x)(x_{t-k} - \bar x)}{\sum_t (x_t - \bar x)^2}$$

      Here are 720 hours of a measurement, and the same numbers in random order. Both have one mean,
      one spread, one histogram. Only the first is a sequence: yesterday at this hour, $k = 24$, says
      a great deal in it, and nothing at all in the other.
      """#)
    let hourly = try Hourly(page.data, seed: page.seed)
    let series = hourly.series, values = series["value"]
    page.print(series, "(\(hourly.source))")
    var generator = Generator(seed: page.seed)
    let shuffled = values.shuffled(using: &generator)
    let hours = values.indices.map { Double($0) }
    let lags = 0...72
    var ordered = Figure("In order of time", x: "hour", y: Axis(hourly.unit))
    ordered.line(x: hours, y: values, width: 2)
    var mixed = Figure("The same numbers, shuffled", x: "hour", y: Axis(hourly.unit))
    mixed.line(x: hours, y: shuffled, color: .orange, width: 2)
    var memory = Figure("Autocorrelation in order", x: "lag k in hours", y: "r")
    memory.impulses(x: Array(lags), y: autocorrelation(values, lags))
    var none = Figure("Autocorrelation shuffled", x: "lag k in hours", y: Axis("r", max: 1))
    none.impulses(x: Array(lags), y: autocorrelation(shuffled, lags), color: .orange)
    try page.figure(
      .grid(
        "A sequence, and a bag of the same numbers", columns: 2, [ordered, mixed, memory, none]))
    let daily = autocorrelation(values, lags)[24], lost = autocorrelation(shuffled, lags)[24]
    page.result("autocorrelation.lag_24", daily)
    page.result("autocorrelation.lag_24_shuffled", lost)

    page.prose(
      #"""
      ## Windows

      A network learns from examples (what it is, chapter 2 tells from the beginning; here it is a
      box that is shown numbers and learns to answer), and a long series is a single one. So it is
      cut: every run of $w$ numbers is a *window*, and window $i$ begins at row $i \cdot s$, with
      the *stride* $s$. Of $n$ numbers that makes $\lfloor (n - w) / s \rfloor + 1$ windows; 720
      hours cut by 12 give 709.

      The windows overlap, and still nothing is copied: a window is a place in the series and a
      length. The array below has the shape `[windows, width, features]` and looks at the memory of
      the series, with a step of one row along both of its first axes.
      """#)
    let array = series.array()
    let before = arrayBytesInUse
    let windows = array.slidingWindows(width: 12)
    page.print("\(array.shape) → \(windows.shape), bytes copied: \(arrayBytesInUse - before)")
    page.result("windows.count", windows.shape[0])
    try page.figure(
      Self.overlap(values, width: 12, count: 8, unit: hourly.unit), standsForChapter: true)

    page.prose(
      #"""
      A window alone is no example; it needs something to predict. `Windows` adds it: the rows that
      follow, one or several, as many as the *horizon* says, or for every row of the window the row
      that comes `horizon` steps later.
      """#)
    for (title, horizon, target) in [
      ("many to one", 1, WindowTarget.following), ("many to several", 6, .following),
      ("many to many", 1, .everyStep),
    ] {
      let examples = Windows(array, width: 12, horizon: horizon, target: target)
      page.print("\(title): \(examples.inputs.shape) → \(examples.targets.shape)")
    }

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
        .windows, data: CutSeries(Array(values[..<96]), unit: hourly.unit, seed: page.seed),
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

      ## Missing stamps

      Sensors report when they like and fall silent. In a list of reports an outage cannot be seen,
      as there are no rows to be empty. `resampled` puts the series on a regular grid, here one row
      an hour with the mean of the hour's reports, and the missing hours become visible as NaN. Then
      they can be filled: with the number before, on the straight line, on a cubic spline, or along
      the mean course of the day.

      A mean of the reports from 9 to 10 bears the stamp 9, where the hour begins, as in pandas. It
      says what was so about half past nine, and there it is compared with the truth: at 9 a rising
      temperature would make every way of filling look wrong by half an hour's climb.
      """#)
    let reports = hourly.reports, truth = hourly.truth
    let grid = reports.resampled(every: .hours(1), by: .mean)
    page.print(reports)
    page.print(grid)
    let fillings: [(String, Filling)] = [
      ("previous", .previous), ("linear", .linear), ("spline", .spline),
      ("seasonal", .seasonal(period: 24)),
    ]
    let missing = grid.times.indices.filter { grid["temperature"][$0].isNaN }
    let known = Dictionary(uniqueKeysWithValues: zip(truth.times, truth["temperature"]))
    var panels: [Figure] = []
    var fillErrors: [(name: String, rmse: Double)] = []
    for (name, filling) in fillings {
      let filled = grid.filled(filling)["temperature"]
      let errors = missing.compactMap { row -> Double? in
        guard let begin = known[grid.times[row]], let end = known[grid.times[row] + 3600],
          !filled[row].isNaN
        else { return nil }
        let there = (begin + end) / 2
        return (filled[row] - there) * (filled[row] - there)
      }
      let rmse = (errors.reduce(0, +) / Double(errors.count)).squareRoot()
      page.result("fill.\(name).rmse", rmse, unit: "°C")
      fillErrors.append((name, rmse))
      panels.append(
        Self.filledHours(name, rmse, grid: grid, filled: filled, truth: truth, missing: missing))
    }
    page.result("fill.missing_hours", missing.count)
    try page.figure(.grid("One outage, filled four ways", columns: 2, panels))

    page.prose(
      #"""
      No way of filling is the right one. The number before is all that was known *at that moment*:
      if the series is to be forecast live, nothing else is honest. The other three look into the
      future: line and spline to the next report, the mean course of the day to all days that follow.
      What was not measured for long is best left out, with `limit`.
      """#)
    let best = fillErrors.min { $0.rmse < $1.rmse }!
    page.claim(
      "The least error over these gaps has the mean course of the day.",
      holds: best.name == "seasonal",
      otherwise:
        "The least error over these gaps has \"\(best.name)\", not the mean course of the day.")

    page.prose(
      #"""
      ## Differences, and back

      The airline passengers climb, and their summers climb faster. A network trained on 1949 to 1957
      never sees numbers as large as those of the summer of 1960. What stays in one range is the change: the
      logarithm turns growth by a factor into growth by a sum, the difference to the month before,
      $(1 - B) x_t = x_t - x_{t-1}$, takes out the trend, and the *seasonal difference*, that to
      the same month a year ago, $(1 - B^{12}) x_t$, takes out the season.

      Differences are of use only if there is a way back. It needs the first 13 months, which have no
      difference, and these are kept.
      """#)
    let passengers = AirlinePassengers.series
    let logarithms = BoxCox.log.transform(passengers)
    let differenced = logarithms.differenced(order: 1, season: 12)
    let back = BoxCox.log.inverse(differenced.integrated())
    let worst = zip(back["passengers"], passengers["passengers"]).map { abs($0 - $1) }.max()!
    page.result("differences.way_back_error", worst, unit: "thousand passengers")
    page.print(
      "λ that suits the passengers best by Box and Cox: "
        + String(format: "%.3f", BoxCox(fittedTo: passengers["passengers"]).lambda)
        + " (0 is the logarithm)")
    try page.figure(
      .grid(
        "From passengers to their changes", columns: 1,
        [
          Self.monthly(passengers, "passengers in thousands"),
          Self.monthly(logarithms, "logarithm"),
          Self.monthly(differenced.series, "monthly and yearly change"),
        ], sharesX: true, size: .init(width: 1500, height: 1400)))

    page.prose(
      #"""
      ## Windows over a span of time

      Twelve rows are twelve hours only on a regular grid. Where reports come at random, a window of
      twelve rows may be half a day or two. The other choice is a window over a fixed *time*: all
      reports of six hours, ten or forty of them. The networks of this book do not mind; their
      windows are just of unequal length.
      """#)
    let spans = reports.timeWindows(span: .hours(6), every: .hours(1))
    let lengths = spans.lengths
    page.print(
      "\(spans.count) windows of 6 hours, from \(lengths.min()!) to \(lengths.max()!) reports")
    var spread6 = Figure("Reports in a window of 6 hours", x: "reports", y: "windows")
    let (shortest, longest) = (lengths.min()!, lengths.max()!)
    spread6.histogram(
      lengths, bins: longest - shortest + 1,
      range: Double(shortest) - 0.5...Double(longest) + 0.5)
    try page.figure(spread6)

    page.prose(
      #"""
      ## Padding, the mask, packing

      Sequences of unequal length do not fit into one array. *Padding* fills the shorter ones up; a
      *mask* says what is real, so that errors and means can leave out the rest. *Packing* keeps the
      real steps alone: sorted by length, step after step, so that step $t$ is one block of as many
      rows as there are sequences still running. A network that reads step by step works through the
      blocks and computes nothing for padding.
      """#)
    let ragged = [4, 7, 2, 5]
    let sequences = ragged.enumerated().map { row, length in
      NDArray((0..<length).map { Double(10 * (row + 1) + $0 + 1) }, shape: [length, 1])
    }
    let padded = padSequence(sequences)
    let packing = Packing(lengths: ragged)
    let packed = packing.pack(padded)
    page.print("padded \(padded.shape), packed \(packed.shape), block sizes \(packing.batchSizes)")
    page.print("and back:", packing.unpack(packed) == padded ? "the same numbers" : "other numbers")
    try page.figure(
      .grid(
        "Four sequences in one array", columns: 2,
        [
          Self.cells(padded, "padded with 0", ragged),
          Self.cells(sequenceMask(ragged), "mask", ragged),
        ], size: .flat))
    try page.interactive(
      Interactive(
        .packing, data: UnequalBatch(lengths: ragged),
        fallback: Figure(Self.packingDiagram(packing))))

    page.prose(
      #"""
      ## Scaling, and back

      Networks like numbers about as large as 1. Three scales, each fitted to the training part and
      applied to all: the *min–max scale* sends the least to 0 and the most to 1, the *standard
      scale* the mean to 0 and the deviation to 1, the *robust scale* the median to 0 and the
      distance of the quartiles to 1. A single broken report shows the difference: it squeezes
      everything else under min–max, and hardly moves robust.
      """#)
    var dirty = Array(values[..<240])
    dirty[100] = dirty[100] + 8 * (dirty.max()! - dirty.min()!)
    let clean240 = Array(values[..<240])
    /// All but the broken report on the scale fitted with it, and on the one fitted without.
    let scaled: [(name: String, with: [Double], without: [Double])] = [
      (
        "min–max", MinMaxScaler(fittedTo: dirty).transform(dirty),
        MinMaxScaler(fittedTo: clean240).transform(clean240)
      ),
      (
        "standard", StandardScaler(fittedTo: dirty).transform(dirty),
        StandardScaler(fittedTo: clean240).transform(clean240)
      ),
      (
        "robust", RobustScaler(fittedTo: dirty).transform(dirty),
        RobustScaler(fittedTo: clean240).transform(clean240)
      ),
    ]
    func extent(_ numbers: [Double]) -> Double { numbers.max()! - numbers.min()! }
    var squeezed: [Double] = []
    try page.figure(
      .grid(
        "240 hours on three scales, fitted with one broken report and without", columns: 3,
        scaled.map { name, with, without in
          let seen = with.enumerated().map { $0.offset == 100 ? .nan : $0.element }
          squeezed.append(extent(seen.filter { !$0.isNaN }) / extent(without))
          var figure = Figure(name, x: "hour", y: "scaled")
          figure.line(y: without, label: "without", color: .gray, width: 2)
          figure.line(y: seen, label: "with (not shown itself)", color: .vermilion, width: 2)
          return figure
        }, size: .flat))
    page.table(
      ["scale", "what is left of the range"],
      zip(scaled, squeezed).map { [$0.name, String(format: "%.0f %%", 100 * $1)] },
      alignments: [.left, .right])
    page.claim(
      "Min–max squeezes the most, robust the least.",
      holds: squeezed[0] < squeezed[1] && squeezed[1] < squeezed[2], in: .everyRun)
    let scaler = RobustScaler(fittedTo: dirty)
    let difference = zip(scaler.inverse(scaler.transform(dirty)), dirty).map { abs($0 - $1) }.max()!
    page.result("scaling.way_back_error", difference)

    page.prose(
      #"""
      ## The data set as an object

      All of this in the right order is one line: `ForecastData` splits in time, fits the scaler to
      the training part, scales, and cuts each part by itself. It keeps the scaler, so that forecasts
      come back in the data's own units.
      """#)
    let data = ForecastData(series, target: "value", width: 24, horizon: 6)
    for (name, part) in [
      ("training", data.training), ("validation", data.validation), ("test", data.test),
    ] {
      page.print("\(name): \(part.count) windows, \(part.inputs.shape) → \(part.targets.shape)")
    }
    let (inputs, targets) = data.test.batch([40])
    var example = Figure(
      "One example of the test set, in its own units", x: "hour", y: Axis(hourly.unit))
    example.line(x: 0..<24, y: data.inUnits(inputs).doubles, label: "input", markers: true)
    example.line(x: 24..<30, y: data.inUnits(targets).doubles, label: "target", markers: true)
    try page.figure(example)

    page.prose(
      #"""
      ## The loader

      A `DataLoader` hands the examples out in *batches*, and in a new random order at every walk.
      Windows may be shuffled *within* the training set: each is whole by itself. The same seed gives
      the same order on every machine.
      """#)
    let loader = DataLoader(
      data.training, batchSize: 32, shuffle: true, generator: Generator(seed: page.seed))
    for (number, batch) in loader.enumerated() where number < 3 || number == loader.count - 1 {
      page.print("batch \(number + 1): \(batch.inputs.shape) → \(batch.targets.shape)")
    }

    page.prose(
      #"""
      Where lengths differ, it matters who shares a batch, since all are padded to the longest. Here
      are the windows of six hours from above in batches of 16: in random order, and in *buckets* of
      similar length. `lengthBuckets` mixes only neighbors in length.
      """#)
    func padding(_ batches: [[Int]]) -> Double {
      let cells = batches.map { $0.count * $0.map { lengths[$0] }.max()! }.reduce(0, +)
      return 1 - Double(lengths.reduce(0, +)) / Double(cells)
    }
    let random = Generator(seed: page.seed).permutation(spans.count)
    let batches = stride(from: 0, to: spans.count, by: 16).map {
      Array(random[$0..<min($0 + 16, spans.count)])
    }
    let buckets = lengthBuckets(lengths, batchSize: 16, generator: Generator(seed: page.seed))
    page.print("share of the arrays that is padding:")
    page.result("padding.random", padding(batches))
    page.result("padding.buckets", padding(buckets))

    try text(page)

    page.prose(
      #"""
      ## Try next

      - `Windows(part, width: 24, horizon: 12)`: a horizon of 1. Does shuffled validation still
        promise too much? Which numbers does a window now share with its neighbors?
      - `steps` to 100: before the network knows its windows by heart. Where do promise and truth part?
      - A stride of 36 in `Windows`, so that windows no longer overlap: what does `sharedValues` say,
        and what is left of the difference?
      - `Generated.sensor(outages: 20)`, and `filled(.spline, limit: 3)`: which way of filling suffers
        most from long gaps?
      - `differenced(order: 1)` without the season, `order: 2` with it: what is still to be seen in the
        changes?
      - `timeWindows(span: .hours(6))` without `every`: one window for each report. How long are they?
      - `minimumFrequency: 1` and 5 in the vocabulary: what becomes of the perplexities, and why must two
        models be compared with one vocabulary only?
      - `--data` with the Beijing file, `--seed 2`: which statements still hold?
      """#)
  }

  private func autocorrelation(_ values: [Double], _ lags: ClosedRange<Int>) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    let centered = values.map { $0 - mean }
    let square = centered.reduce(0) { $0 + $1 * $1 }
    return lags.map { lag in
      zip(centered.dropFirst(lag), centered).reduce(0) { $0 + $1.0 * $1.1 } / square
    }
  }
}
