import ChapterTools
import Foundation
import ThisBook
import Unroll

@main struct GatedRecurrentUnit: Chapter {
  static let book = Book.unroll
  static let number = 4
  static let title = "GRU"
  static let slug = "gru"
  static let summary =
    "Two gates instead of three and no second state: built, fused, driven to its limits, and measured "
    + "against RNN and LSTM on forecasts, memory, parameters and time."
  static let languages = ["zh"]
  static let source: String? = #filePath

  func tell(_ page: Page) throws {
    page.prose(
      #"""
      ## Two gates

      Cho et al. (2014) had the LSTM in mind and wanted something simpler to compute and to implement.
      Their unit, the *gated recurrent unit* or GRU, has no second state: the state itself is the
      conveyor belt. The *update gate* $z$ says
      how much of the old state stays, and what does not stay is replaced by the candidate $n$; the
      *reset gate* $r$ says how much of the old state the candidate gets to see.

      (Mind the direction of $z$. Here, as in Cho et al., PyTorch and Keras, $z = 1$ keeps; in Chung et al.
      (2014) and in many texts after it $h_t = (1 - z_t) \odot h_{t-1} + z_t \odot n_t$, where $z = 1$ replaces. One is the other
      with $1 - z$ for $z$, and all weights of that gate negated.)

      $$\begin{aligned}
      r_t &= \sigma(x_t W_{ir}^\top + b_{ir} + h_{t-1} W_{hr}^\top + b_{hr}) \\
      z_t &= \sigma(x_t W_{iz}^\top + b_{iz} + h_{t-1} W_{hz}^\top + b_{hz}) \\
      n_t &= \tanh(x_t W_{in}^\top + b_{in} + r_t \odot (h_{t-1} W_{hn}^\top + b_{hn})) \\
      h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1}
      \end{aligned}$$

      The story of [chapter 3](../fused-lstm/chapter.html#a-state-that-is-added-to) once more, read by a
      GRU of one unit that has learned in the same way whom it is about. Forgetting and taking in are one
      decision here: where the plot turns, $z$ closes, and the candidate $n$ takes the place of the last
      hero; where nobody is named, $z$ keeps the state. There is nothing to show apart: the state is the
      answer. Drawn is the sentence in which the plot turns to Ben. (In the page of this chapter the
      drawing can be moved through all eight sentences, and back again with the gradient of the last $h$.)
      """#)
    let reader = Story.best(seed: page.seed) {
      GRU(inputSize: 1, hiddenSize: 1, dtype: .float64)
    } read: { gru, stories in
      gru(stories).output
    }
    let cell = reader.layer.cells[0][0]
    let run = CellRun(cell, reading: Story.sentences.map { [$0.turns] })
    let turn = Story.change
    let keeping = run.steps.map { $0["z"]![0] }
    let kept = keeping.indices.filter { Story.sentences[$0].turns == 0 }.map { keeping[$0] }.min()!
    page.claim(
      String(
        format:
          "Where the plot turns to Ben, $z$ is at %.2f; where nobody is named, at %.2f or more.",
        keeping[turn], kept),
      holds: keeping[turn] < 0.3 && kept > 0.7,
      otherwise: String(
        format:
          "This unit has found another way: $z$ is at %.2f where the plot turns to Ben, and at "
          + "%.2f or more where nobody is named.", keeping[turn], kept))
    let drawing = CellDrawing(run, step: turn)
    try page.interactive(Interactive(.cell, data: run, fallback: drawing.figure()))
    var told = Tensor(.zeros([1, 1], dtype: .float64))
    for sentence in Story.sentences[...turn] {
      told = cell(Tensor([[sentence.turns]], dtype: .float64), told)
    }
    page.claim(
      "The library's cell gives the same h.", holds: abs(told.item - drawing.hNew) < 1e-12,
      in: .everyRun)

    page.prose("The same as code, for any number of units:")
    page.show("ScratchGRU", in: "FromScratch.swift")

    page.prose(
      #"""
      ## Fused

      As with the LSTM, the three maps of the input are one product for all time steps, and the three
      of the state are one product a step.
      """#)
    page.show("fusedSteps", in: "FromScratch.swift")

    page.prose(
      #"""
      The library's `GRU` does the whole sequence as one operation. Three versions, one set of weights,
      in Double: the largest differences from the first.
      """#)
    let weights = ScratchGRU(inputSize: 5, hiddenSize: 7, dtype: .float64)
    let input = Tensor(.normal([12, 3, 5], dtype: .float64), requiresGrad: true)
    let above = Tensor(.normal([12, 3, 7], dtype: .float64))
    let library = GRU(inputSize: 5, hiddenSize: 7, dtype: .float64)
    try library.loadStateDict(
      Dictionary(uniqueKeysWithValues: weights.stateDict().map { ($0 + "_l0", $1) }))
    func numbers(_ output: Tensor, _ module: Module) -> [NDArray] {
      input.zeroGrad()
      module.zeroGrad()
      (output * above).sum().backward()
      return [output.value, input.grad!] + module.parameters().map { $0.grad! }
    }
    let reference = numbers(weights(input), weights)
    let others = [
      ("fused steps", numbers(fusedSteps(input, weights), weights)),
      ("whole sequence", numbers(library(input).output, library)),
    ].map { name, found in
      (name, zip(found, reference).map { $0.largestDifference(from: $1) })
    }
    page.table(
      ["version", "output", "gradient of the input", "gradients of the weights"],
      others.map { [$0, $1[0], $1[1], $1[2...].max()!] }, digits: 2)
    page.result("gru_versions.max_difference", others.flatMap(\.1).max()!)

    page.prose(
      #"""
      ## Before or after the product

      Where the reset gate acts there are two opinions. In the version of Cho et al. that is mostly read
      it acts on the state *before* the product, $(r \odot h) W_{hn}^\top$ (their first draft had it
      after); in PyTorch, and in cuDNN before it, it acts on the product, $r \odot (h W_{hn}^\top + b_{hn})$. The
      latter can be computed together with the other gates, one product instead of two; the former
      cannot, because it has to wait for $r$. They are different functions: weights trained for one
      give other numbers with the other. How different? The same weights, the same input:
      """#)
    weights.resetAfter = false
    let before = noGrad { weights(input).value }
    weights.resetAfter = true
    let apart = (before - reference[0]).abs()
    page.print(
      "largest difference", String(format: "%.3f", apart.max().item),
      "where the states themselves reach", String(format: "%.3f", reference[0].abs().max().item))
    page.result("reset_gate.max_difference", apart.max().item, digits: 3)
    var drift = Figure(
      "The reset gate before or after the product", x: "time step",
      y: "mean |difference| of the states")
    drift.line(x: 1...12, y: apart.mean(axes: [1, 2]).doubles, markers: true)
    drift.size = .flat
    try page.figure(drift)

    page.prose(
      #"""
      ## The gates at their limits

      With biases of ±50 a gate is as good as 0 or 1, and the unit turns into something known:

      - $z = 1$: nothing is ever replaced. The state stays what it was at the start.
      - $z = 0$, $r = 1$: everything is replaced, and the candidate sees the whole state. A plain RNN.
      - $z = 0$, $r = 0$: the candidate sees nothing of the past. A *feed-forward* layer at each step, one
        without a state (what is left of the state's share is nothing, its bias included).
      """#)
    page.show("gruLimit", in: "Limits.swift")

    page.prose("Each limit against what it should be, largest difference:")
    let limits = gruLimits()
    page.table(
      ["gates", "is", "largest difference"], limits.map { [$0.gates, $0.title, $0.difference] },
      digits: 2)
    for limit in limits { page.result("limits.\(limit.name).max_difference", limit.difference) }

    page.prose(
      #"""
      ## Parameters and time

      An RNN has one set of maps, a GRU three, an LSTM four: 1 : 3 : 4, whatever the sizes ([chapter
      5](../modules/chapter.html#the-constructor-option-by-option) counts them). Does time follow?
      A wider product uses the processor better, and the gates' arithmetic comes on top. One training step
      each, 35 steps of 28 inputs, batch 32, 128 units, taking turns; the last column is the median of the
      rounds, and where the middle half of them lies:
      """#)
    let layers = LayerKind.allCases.map {
      SequenceModel($0, inputSize: 28, hiddenSize: 128, outputSize: 1)
    }
    let guess = page.predict(
      "How much longer than the RNN's does the LSTM's step take, with four times the parameters?",
      answers: ["Less than 3 times", "3 to 5 times", "More than 5 times"])
    let x = Tensor(.normal([35, 32, 28]))
    let seconds = interleavedSeconds(
      layers.map { layer in { layer.states(x).sum().backward() } }, rounds: page.quick ? 5 : 13)
    // In a round they follow one another, and are held beside each other there.
    let timesRNN = seconds.map { zip($0, seconds[0]).map { $0 / $1 } }
    page.table(
      ["layer", "parameters", "× RNN", "ms a training step", "× RNN"],
      zip(LayerKind.allCases, layers).enumerated().map { k, pair in
        let (count, first) = (pair.1.layer.parameterCount, layers[0].layer.parameterCount)
        let times = timesRNN[k]
        return [
          pair.0.title, count, "\(count / first)",
          (seconds[k].quartiles.middle * 1000).twoDigits,
          k == 0 ? "1" : "\(times.quartiles.middle.twoDigits) (\(times.middleHalf))",
        ]
      }, alignments: [.left, .right, .right, .right, .right])
    let ratios = timesRNN.map(\.quartiles.middle)
    page.reveal(
      guess, right: ratios[1] < 3 ? 0 : ratios[1] <= 5 ? 1 : 2,
      String(format: "It takes %.1f times as long.", ratios[1]))
    let (lstmTimes, gruTimes) = (timesRNN[1].quartiles, timesRNN[2].quartiles)
    page.claim(
      "Time follows the parameters, but not in full: 1 : \(ratios[2].twoDigits) : "
        + "\(ratios[1].twoDigits) for 1 : 3 : 4.",
      holds: gruTimes.low > 1 && gruTimes.high < lstmTimes.low && gruTimes.high < 3
        && lstmTimes.high < 4,
      otherwise:
        "Time is 1 : \(ratios[2].twoDigits) : \(ratios[1].twoDigits) here where the parameters are "
        + "1 : 3 : 4.")

    page.prose(
      #"""
      ## Forecasts

      The airline passengers with the recipe of chapters 2 and 3, 16 units each, several seeds. The
      table says mean and spread (lowest to highest). That spread is the seeds' alone; whether 44 months
      can tell two forecasts apart the tables below it say, for the LSTM that in [chapter
      3](../fused-lstm/chapter.html#on-real-figures). Beside the layers stand two of the forecasts without
      a network that [chapter 2](../rnn-from-scratch/chapter.html#forecast-against-truth) has.
      """#)
    let recipe = AirlineRecipe()
    let kinds = LayerKind.allCases
    let forecasts = try overKinds(
      page, "airline passengers", kinds, first: page.seed &* 1000, seeds: page.quick ? 1 : 3
    ) { kind, _ in try AirlineRecipe().forecast(kind, hiddenSize: 16).forecasts }
    let rmse = forecasts.mapValues {
      $0.map { run in recipe.testRMSE { run[$0 - recipe.test.lowerBound] } }
    }
    func range(_ values: [Double]) -> String {
      String(format: "%.2f to %.2f", values.min()!, values.max()!)
    }
    page.table(
      ["forecast", "test RMSE, thousand passengers", "spread"],
      recipe.rivals.map { [$0.title, $0.rmse, ""] }
        + kinds.map { [$0.title, rmse[$0]!.mean, range(rmse[$0]!)] })
    for kind in kinds {
      page.result(
        "airline.\(kind.rawValue).test_rmse", rmse[kind]!.mean, unit: "thousand passengers")
    }
    for kind in kinds where kind != .lstm {
      recipe.tell(
        forecasts[kind]!, called: "the \(kind.title)", beside: recipe.rivals, on: page)
    }
    let sum = recipe.rivals[1].rmse
    page.claim(
      String(
        format: "None of the three layers finds more in the 24 differences than a weighted sum of "
          + "them, which errs by %.1f thousand.", sum),
      holds: sum < rmse.values.joined().min()!,
      otherwise: String(
        format: "A run of these layers finds more in the 24 differences than a weighted sum of "
          + "them, which errs by %.1f thousand.", sum))
    let gap = rmse[.gru]!.mean - rmse[.lstm]!.mean
    let months = recipe.difference(forecasts[.gru]!, from: forecasts[.lstm]!)
    page.claim(
      String(
        format:
          "GRU and LSTM differ by %.2f thousand passengers, and months drawn anew put it anywhere "
          + "from %.2f to %.2f: these months do not tell them apart.", abs(gap),
        months.interval.lowerBound, months.interval.upperBound),
      holds: months.interval.contains(0),
      otherwise: "Over these months GRU and LSTM differ by more than chance would have it.")

    page.prose(
      #"""
      ## Memory

      The adding problem of [chapter 3](../fused-lstm/chapter.html#long-memory) again, 32 units, the same
      training for all. At 100 steps RNN and LSTM are chapter 3's runs once more, with its seeds and its
      numbers, and the GRU is beside them. At 400 steps the gated layers have two seeds, and the RNN, which
      learns nothing at 100 already, has one.
      """#)
    let tasks: [(length: Int, kinds: [LayerKind], seeds: Int)] =
      page.quick
      ? [(30, kinds, 1)] : [(100, kinds, 3), (400, [.lstm, .gru], 2), (400, [.rnn], 1)]
    let lengths = page.quick ? [30] : [100, 400], steps = page.quick ? 150 : 2500
    var added: [[LayerKind: [MemoryRun]]] = lengths.map { _ in [:] }
    for (task, runs) in zip(tasks, try addingRuns(page, tasks, steps: steps, first: page.seed)) {
      added[lengths.firstIndex(of: task.length)!].merge(runs) { $1 }
    }
    var learned: [LayerKind: [Int]] = [:]
    var panels: [Figure] = []
    var rows: [[any CustomStringConvertible]] = []
    for (length, added) in zip(lengths, added) {
      for kind in kinds {
        let runs = added[kind]!
        let finals = runs.map(\.final)
        panels.append(
          Figure(
            "\(kind.title), \(length) steps", y: .log("mean squared error", min: 1e-4, max: 10),
            runs: runs, steps: steps, baseline: ("always saying 1", AddingProblem.baseline)))
        learned[kind, default: []].append(finals.count { $0 < 0.01 })
        rows.append([
          length, kind.title, finals.map { String(format: "%.2g", $0) }.joined(separator: ", "),
          runs.map { $0.found.map(String.init) ?? "–" }.joined(separator: ", "),
          "\(learned[kind]!.last!) of \(runs.count)",
        ])
        page.result("adding\(length).\(kind.rawValue).mse", finals.mean, digits: 3)
      }
    }
    page.table(
      [
        "length", "layer", "mean squared error, each seed", "below 0.05 after steps",
        "learned to add",
      ], rows,
      caption:
        "Learned: an error below 0.01 at the end. Judged every \(steps / 25) steps; –: never. "
        + "Always saying 1 has 0.167.")
    try page.figure(
      .grid("The adding problem, three layers", columns: kinds.count, panels),
      standsForChapter: true)
    let short = learned.mapValues { $0[0] }
    page.claim(
      "At \(lengths[0]) steps more runs learn to add with gates than without.",
      holds: short[.lstm]! > short[.rnn]! && short[.gru]! > short[.rnn]!,
      otherwise: "Here no more runs of the gated layers learn to add than of the RNN.",
      in: .fullRuns)
    let found = [LayerKind.gru, .lstm].map { added[0][$0]!.map { $0.found ?? .max } }
    page.claim(
      "At \(lengths[0]) steps every GRU finds out sooner than every LSTM.",
      holds: found[0].max()! < found[1].min()!,
      otherwise: "At \(lengths[0]) steps not every GRU finds out sooner than every LSTM.")
    page.claim(
      "At \(lengths.last!) steps the GRU learns to add and the LSTM does not, within 2,500 steps. (Two "
        + "seeds; and a run that is still flat has only not learned yet.)",
      holds: learned[.gru]!.last! > 0 && learned[.lstm]!.last! == 0,
      otherwise: "At \(lengths.last!) steps GRU and LSTM are not told apart by whether they learn.")

    page.prose(
      #"""
      ## Which one?

      Three comparisons, each with a network of its own: the time of 128 units, the forecasts of 16, adding
      with 32. What they say together:
      """#)
    let times = zip(seconds[2], seconds[1]).map { $0 / $1 }.quartiles
    page.claim(
      String(
        format: "Where GRU and LSTM are alike the GRU is the better buy: with %.0f %% of the "
          + "LSTM's parameters and %.0f %% of its time it forecasts no worse, and as many or more "
          + "of its runs learn to add.",
        100 * Double(layers[2].layer.parameterCount) / Double(layers[1].layer.parameterCount),
        100 * times.middle),
      holds: times.high < 1 && months.interval.lowerBound <= 0
        && zip(learned[.gru]!, learned[.lstm]!).allSatisfy { $0 >= $1 },
      otherwise: "In this run the GRU, the smaller one, is not the better buy by every measure.")

    page.prose(
      #"""
      ## Try next

      - `weights.resetAfter = false` in the training of a `ScratchGRU`: is one of the two places better,
        or only different?
      - In *The gates at their limits*, $z = 0.5$: of which sum over the past is the state then made?
      - `hiddenSize: 16` in *Forecasts* to 4 and to 64: whose spread grows?
      - Give the RNN of *Memory* 64 units, then 128: does it learn to add at 100 steps?
      - `--seed 2`, `--seed 3`: which rows of the tables change places? Those differences are noise.
      """#)
  }
}
