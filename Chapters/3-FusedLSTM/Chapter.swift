import ChapterTools
import Foundation
import ThisBook
import Unroll

@main struct FusedLSTM: Chapter {
  static let book = Book.unroll
  static let number = 3
  static let title = "The fused LSTM"
  static let summary =
    "Four gates written one by one, then joined until one operation runs the whole sequence: the same "
    + "numbers each time, faster each time, and a memory that lasts where the plain RNN's does not."

  func tell(_ page: Page) throws {
    page.prose(
      #"""
      ## A state that is added to

      The plain RNN of chapter 2 pushes its state through a matrix and a tanh at every step, and the
      gradient has to come back the same way: it vanishes, or it explodes. Hochreiter and Schmidhuber
      (1997) gave the network a second state, the *cell* $c_t$, that is not pushed through anything.
      It is only forgotten in part and added to:

      $$c_t = f_t \odot c_{t-1} + i_t \odot g_t$$

      Three gates with values between 0 and 1 decide: the forget gate $f$ how much stays (Gers,
      Schmidhuber and Cummins 2000), the input gate $i$ how much of the candidate $g$ comes in, the
      output gate $o$ how much of the cell is shown as the state $h$.

      $$\begin{aligned}
      i_t &= \sigma(x_t W_{ii}^\top + b_{ii} + h_{t-1} W_{hi}^\top + b_{hi}) \\
      f_t &= \sigma(x_t W_{if}^\top + b_{if} + h_{t-1} W_{hf}^\top + b_{hf}) \\
      g_t &= \tanh(x_t W_{ig}^\top + b_{ig} + h_{t-1} W_{hg}^\top + b_{hg}) \\
      o_t &= \sigma(x_t W_{io}^\top + b_{io} + h_{t-1} W_{ho}^\top + b_{ho}) \\
      c_t &= f_t \odot c_{t-1} + i_t \odot g_t \\
      h_t &= o_t \odot \tanh(c_t)
      \end{aligned}$$

      With $f = 1$ the gradient of $c_t$ comes back to $c_{t-1}$ unchanged, however many steps there are.

      The weights are kept as PyTorch keeps them, the four gates one below the other in one matrix, so
      that every version below can use the same ones.
      """#)
    page.show("LSTMWeights", in: "FiveVersions.swift")

    page.prose(
      #"""
      ## Version 1: gate by gate

      Each gate has two linear maps and an activation of its own. This is the page above, line by line,
      and eight matrix products a step.
      """#)
    page.show("gateByGate", in: "FiveVersions.swift")

    page.prose(
      #"""
      ## Version 2: one product per gate

      $x W_i^\top + h W_h^\top$ is one product, of $x$ and $h$ side by side with the two matrices side by
      side: $[x, h]\,[W_i, W_h]^\top$. Four products a step are left.
      """#)
    page.show("oneProductPerGate", in: "FiveVersions.swift")

    page.prose(
      #"""
      ## Version 3: one product

      The four gates read the same $[x, h]$. One product with all four matrices below one another gives
      all gates at once, to be cut into four afterward. A processor likes one large product better than
      four small ones: the inputs are read once, and there is one call instead of four.
      """#)
    page.show("oneProduct", in: "FiveVersions.swift")

    page.prose(
      #"""
      ## Version 4: the input ahead of time

      Only $h_{t-1}$ has to wait for the step before. The input's share of the gates does not, so it is
      one product for *all* time steps, `[time · batch, input]` by `[input, 4 · hidden]`, before the loop
      begins. And nothing has to be put side by side any more.
      """#)
    page.show("inputAheadOfTime", in: "FiveVersions.swift")

    page.prose(
      #"""
      ## Version 5: the whole sequence as one operation

      Every step of version 4 still leaves some fifteen entries in the history, each with arrays of its
      own, and `backward()` has to walk them. The library's `LSTM` is *one* entry for the whole sequence.
      Forward, it keeps the gates and the cells. Backward, it goes through time once, with the
      derivatives written out by hand (where $\partial o$ is short for $\partial L / \partial o_t$),

      $$\begin{aligned}
      \partial o &= \partial h \odot \tanh(c_t), &
      \partial c &\leftarrow \partial c + \partial h \odot o \odot (1 - \tanh^2(c_t)) \\
      \partial i &= \partial c \odot g, & \partial g &= \partial c \odot i \\
      \partial f &= \partial c \odot c_{t-1}, & \partial c_{t-1} &= \partial c \odot f
      \end{aligned}$$

      and then, outside the loop, one product gives the gradient of $W_h$ for all steps together, where
      the loop needed one for each.
      """#)
    func wholeSequence(_ weights: LSTMWeights, inputSize: Int) throws -> LSTM {
      let lstm = LSTM(
        inputSize: inputSize, hiddenSize: weights.hiddenSize, dtype: weights.weight_ih.dtype)
      try lstm.loadStateDict(
        Dictionary(uniqueKeysWithValues: weights.stateDict().map { ($0 + "_l0", $1) }))
      return lstm
    }

    page.prose(
      #"""
      ## Five versions, one set of weights

      They must agree, in their outputs and in all gradients. In Double, with a sequence of 12 steps, a
      batch of 3, 5 inputs and 7 hidden units, the largest difference from version 1:
      """#)
    let weights = LSTMWeights(inputSize: 5, hiddenSize: 7, dtype: .float64)
    let input = Tensor(.normal([12, 3, 5], dtype: .float64), requiresGrad: true)
    let above = Tensor(.normal([12, 3, 7], dtype: .float64))
    let fused = try wholeSequence(weights, inputSize: 5)

    let names = [
      "1  gate by gate", "2  one product per gate", "3  one product",
      "4  input ahead of time", "5  whole sequence",
    ]
    let versions: [(Tensor) -> Tensor] = [
      { gateByGate($0, weights) }, { oneProductPerGate($0, weights) }, { oneProduct($0, weights) },
      { inputAheadOfTime($0, weights) }, { fused($0).output },
    ]
    /// The output and the gradients of the input and of every parameter.
    func numbers(_ version: (Tensor) -> Tensor, _ module: Module) -> [NDArray] {
      input.zeroGrad()
      module.zeroGrad()
      let output = version(input)
      (output * above).sum().backward()
      return [output.value, input.grad!] + module.parameters().map { $0.grad! }
    }
    let reference = numbers(versions[0], weights)
    var rows: [[any CustomStringConvertible]] = []
    var largest = 0.0
    for (k, version) in versions.enumerated().dropFirst() {
      let differences = zip(numbers(version, k == 4 ? fused : weights), reference)
        .map { $0.largestDifference(from: $1) }
      rows.append([names[k], differences[0], differences[1], differences[2...].max()!])
      largest = max(largest, differences.max()!)
    }
    page.table(
      ["version", "output", "gradient of the input", "gradients of the weights"], rows, digits: 2)
    page.result("lstm_versions.max_difference", largest)

    page.prose(
      #"""
      ## What each version gains

      One training step, forward and backward, in Float, at two sizes: a small network on a single
      sequence, where the bookkeeping is everything, and one of the size of a character model, where
      the arithmetic is. The versions take turns, and the median of the rounds counts. The sixth row is
      version 5 again on all cores of the machine: an operation that knows the whole sequence can give
      each core a share of the batch (and only then: with one sequence there is nothing to share).
      """#)
    let sizes = [
      (name: "h32", title: "hidden 32, batch 1", input: 1, hidden: 32, batch: 1, rounds: 25),
      (name: "h256", title: "hidden 256, batch 32", input: 28, hidden: 256, batch: 32, rounds: 15),
    ]
    var panels: [Figure] = []
    for size in sizes {
      let weights = LSTMWeights(inputSize: size.input, hiddenSize: size.hidden)
      let fused = try wholeSequence(weights, inputSize: size.input)
      let x = Tensor(.normal([35, size.batch, size.input]))
      let steps: [() -> Tensor] = [
        { gateByGate(x, weights) }, { oneProductPerGate(x, weights) }, { oneProduct(x, weights) },
        { inputAheadOfTime(x, weights) }, { fused(x).output }, { fused(x).output },
      ]
      let milliseconds = interleavedMedians(
        steps.enumerated().map { version, step in
          {
            Threads.count = version == 5 ? Threads.available : 1
            step().sum().backward()
          }
        }, rounds: page.quick ? 3 : size.rounds
      ).map { $0 * 1000 }
      Threads.count = 1
      let titles = names + ["5  on \(Threads.available) threads"]
      page.table(
        ["35 steps, \(size.title)", "ms", "times as fast as version 1"],
        zip(titles, milliseconds).map { [$0, $1, milliseconds[0] / $1] }, digits: 3)
      page.result(
        "lstm_speedup.\(size.name)_one_thread", milliseconds[0] / milliseconds[4], digits: 3)
      page.result("lstm_speedup.\(size.name)", milliseconds[0] / milliseconds[5], digits: 3)
      var panel = Figure(size.title, x: "milliseconds for one training step")
      panel.bars(titles, milliseconds, values: "%.2f", horizontal: true)
      panels.append(panel)
    }
    try page.figure(Figure.grid("Five versions of one LSTM", columns: 1, panels))

    page.prose(
      #"""
      Where the gain comes from depends on the size. With one short sequence the products are tiny, and
      what counts is how many operations there are: joining gates saves half of them at a time, and the
      whole-sequence operation leaves one. With a batch of 32 and 256 units most of the time is
      arithmetic that every version has to do, and the library's matrix product does it well in all of
      them; what is left to save is reading the weights again, copying, and the products for the
      weights' gradients, done once instead of at each step.
      """#)

    page.prose(
      #"""
      ## On real figures

      The airline passengers again, prepared as in chapter 2: logarithms, the seasonal and the monthly
      difference, windows of 24 months, early stopping on the year before the test. The layer is the
      library's `LSTM` with 16 units; three seeds, because one would be luck. Beside it stand the free
      forecasts and two linear autoregressions, the second over the same 24 months.
      """#)
    page.show("AirlineRecipe", in: "../Shared/AirlineRecipe.swift")

    page.prose("Three runs, and what needs no network beside them:")
    let recipe = AirlineRecipe()
    let seeds = page.quick ? 1 : 3
    var runs: [(model: SequenceModel, forecasts: [Double], rmse: Double)] = []
    for seed in 0..<seeds {
      Generator.default.seed(page.seed &* 1000 &+ UInt64(seed))
      runs.append(try recipe.forecast(.lstm, hiddenSize: 16))
      page.progress("airline passengers", seed + 1, of: seeds)
    }
    let error = runs.map(\.rmse).reduce(0, +) / Double(seeds)
    let each = runs.map { String(format: "%.2f", $0.rmse) }.joined(separator: ", ")
    page.table(
      ["forecast", "test RMSE, thousand passengers"],
      recipe.baselines.map { [$0.title, $0.rmse] } + [["LSTM, 16 units (\(each))", error]])
    for baseline in recipe.baselines {
      page.result(
        "airline.\(baseline.name).test_rmse", baseline.rmse, unit: "thousand passengers")
    }
    page.result("airline.lstm.test_rmse", error, unit: "thousand passengers")
    page.result("airline.best.test_rmse", error, unit: "thousand passengers")
    recipe.tell(runs.map(\.forecasts), called: "the LSTM", on: page)

    page.prose(
      #"""
      ## What the gates do

      Here is what this LSTM does while it reads all 131 differences: the three gates and the cell, one
      row a unit, one column a month. Dark is open, light is closed. A row of the forget gate that stays
      dark belongs to a cell that keeps; where it turns light the cell is emptied. Read the cell's row
      at the same height: its color changes slowly where the forget gate is dark. That is the conveyor
      belt.
      """#)
    page.show("gates", in: "Gates.swift")

    page.prose("The gates of the first run:")
    let read = gates(of: runs[0].model.layer as! LSTM, reading: recipe.differences[13...])
    let months = stride(from: 11, to: 131, by: 24).map { (Double($0), "\(1949 + ($0 + 13) / 12)") }
    let maps = [
      ("input gate i", read.i, 0.0...1.0), ("forget gate f", read.f, 0...1),
      ("output gate o", read.o, 0...1), ("cell state c", read.c, nil),
    ].map { title, values, range in
      var map = Figure(title, x: "year", y: "unit")
      map.heatmap(
        values, palette: range == nil ? .diverging : .sequential, range: range)
      map.x.ticks = .at(months)
      return map
    }
    try page.figure(
      Figure.grid("What the gates do while reading the airline passengers", columns: 2, maps))

    page.prose(
      #"""
      ## Long memory

      Two tasks that cannot be done without it. In the *adding problem* two numbers of a long sequence
      are marked, and their sum is to be said at the end; always saying 1 has a mean squared error of
      $\frac{1}{6} \approx 0.167$. In the *copy task* five symbols are shown, then nothing for a long
      time, then they are to be repeated; knowing everything but the symbols costs
      $\frac{5 \ln 8}{T}$ nats a step.

      First adding, RNN against LSTM, both with 32 units, the LSTM's forget bias at 1:
      """#)
    page.show("trainAdding", in: "../Shared/MemoryTraining.swift")

    page.prose("The error on 500 unseen sequences, as training goes on:")
    let lengths = page.quick ? [30] : [50, 100, 200]
    var addingPanels: [Figure] = []
    var addingRows: [[any CustomStringConvertible]] = []
    for length in lengths {
      var panel = Figure(
        "Adding, \(length) steps", x: "training step", y: .log("mean squared error"))
      for kind in [LayerKind.rnn, .lstm] {
        Generator.default.seed(page.seed)
        let steps = page.quick ? 150 : 3000
        let run = try trainAdding(kind, length: length, steps: steps) { step in
          page.progress("adding, \(length) steps, \(kind.title)", step, of: steps)
        }
        panel.line(x: run.steps, y: run.errors, label: kind.title)
        addingRows.append([length, kind.title, run.final, AddingProblem.baseline])
        page.result("adding\(length).\(kind.rawValue).mse", run.final, digits: 3)
      }
      panel.horizontalLine(y: AddingProblem.baseline, label: "always saying 1")
      addingPanels.append(panel)
    }
    page.table(["length", "layer", "mean squared error", "always saying 1"], addingRows, digits: 3)
    try page.figure(
      Figure.grid("The adding problem", columns: addingPanels.count, addingPanels))

    let solved = addingRows.filter { ($0[2] as! Double) < 0.01 }.map { "\($0[1]) at \($0[0])" }
    page.print(
      "learned to add (error below 0.01):", solved.isEmpty ? "none" : solved.joined(separator: ", ")
    )

    page.prose(
      #"""
      The curves are flat until the network finds out that the marks matter, and then fall. The longer
      the sequence, the later that happens; a run that is still flat at its end has not shown that it
      cannot learn, only that it has not yet.

      And copying, both with 64 units:
      """#)
    let delays = page.quick ? [5] : [5, 20, 50]
    var copyPanels: [Figure] = []
    var copyRows: [[any CustomStringConvertible]] = []
    for delay in delays {
      let task = CopyTask(delay: delay, symbols: 5)
      var panel = Figure(
        "Copying after \(delay) steps", x: "training step", y: .log("cross-entropy, nats a step"))
      for kind in [LayerKind.rnn, .lstm] {
        Generator.default.seed(page.seed)
        let steps = page.quick ? 60 : 3000
        let run = try trainCopying(kind, hiddenSize: 64, task: task, steps: steps) { step in
          page.progress("copying, \(delay) steps, \(kind.title)", step, of: steps)
        }
        panel.line(x: run.steps, y: run.errors, label: kind.title)
        copyRows.append([delay, kind.title, run.final, task.baseline])
        page.result("copy\(delay).\(kind.rawValue).cross_entropy", run.final, digits: 3)
      }
      panel.horizontalLine(y: task.baseline, label: "all but the symbols")
      copyPanels.append(panel)
    }
    page.table(
      ["delay", "layer", "cross-entropy", "all but the symbols"], copyRows, digits: 3)
    try page.figure(Figure.grid("The copy task", columns: copyPanels.count, copyPanels))

    page.prose(
      #"""
      Five symbols a dozen steps back are not yet a long memory, and there the plain RNN, the simpler of
      the two to train, can be ahead. As the delay grows it falls back to knowing nothing; the LSTM
      holds out longer.

      Why? Look at the gradients. The norm of $\partial L / \partial h_t$ for a loss on the last state,
      by the distance in time, before any training: RNN and LSTM with PyTorch's initial weights, and
      the LSTM again with a forget bias of 3 (Jozefowicz et al. 2015 advise a large one), so that
      $f \approx 0.95$ from the start.
      """#)
    page.show("gradientByDistance", in: "Gates.swift")

    page.prose("Thirty-two units each, a hundred steps:")
    var norms = Figure(
      "Gradient norm by distance in time", x: "steps back from the last one",
      y: .log("norm, relative to the last step", min: 1e-20))
    let cells: [(String, String, any RecurrentCell)] = [
      ("rnn", "RNN", RNNCell(inputSize: 1, hiddenSize: 32, dtype: .float64)),
      ("lstm", "LSTM", LSTMCell(inputSize: 1, hiddenSize: 32, dtype: .float64)),
      ("lstm_forget3", "LSTM, forget bias 3", openLSTMCell()),
    ]
    for (name, title, cell) in cells {
      let measured = gradientByDistance(cell, steps: 100)
      norms.line(y: measured, label: title)
      page.result("gradient_norm.\(name)_after_100", measured[100], digits: 3)
    }
    try page.figure(norms)

    page.prose(
      #"""
      ## Variants

      The LSTM has been varied in every direction. On one task, with about as many parameters each (as
      Greff et al. 2015 compared them): the temporal order problem, where two symbols of a long
      sequence count and their order is asked for at the end; guessing is right in one of four.
      *Peephole*: the gates also see the cell. *Coupled*: $i = 1 - f$. *Depth-gated*: a gate from the
      cell of the layer below. *Clockwork*: a plain RNN whose units tick at different rates. Most of
      these have no whole-sequence operation, so all of them run as cells here, step by step, and the
      times compare the cells. Every forget gate starts with a bias of 1.
      """#)
    page.show("OrderReader", in: "Variants.swift")

    page.prose("Two layers of each, the same sequences, the same number of steps:")
    let variants = compareVariants(
      budget: 6000, task: TemporalOrder(length: page.quick ? 10 : 40), steps: page.quick ? 10 : 400,
      seed: page.seed
    ) { done, all in page.progress("variants", done, of: all) }
    page.table(
      ["variant", "units", "parameters", "share right", "ms a step"],
      variants.map {
        [$0.title, $0.hiddenSize, $0.parameters, $0.accuracy, $0.milliseconds]
      } + [["guessing", "", "", 0.25, ""]], digits: 3)
    for variant in variants {
      page.result("variants.\(variant.name).accuracy", variant.accuracy, digits: 3)
    }
    var accuracy = Figure("accuracy on unseen sequences", x: "share right")
    accuracy.bars(
      variants.map(\.title), variants.map(\.accuracy), values: "%.3f", horizontal: true)
    var time = Figure("time", x: "milliseconds a training step")
    time.bars(variants.map(\.title), variants.map(\.milliseconds), values: "%.1f", horizontal: true)
    try page.figure(Figure.grid("Variants with equal parameters", columns: 2, [accuracy, time]))

    page.prose(
      #"""
      ## Try next

      - In *What each version gains*, other sizes: from which number of hidden units on does version 3
        beat version 4?
      - `trainAdding(.lstm, hiddenSize: 8, …)`: how few units still add?
      - A forget bias of −3 in `openLSTMCell`: what happens to the gradient, and why?
      - The copy task with 10 symbols instead of 5, or 2: which of the two difficulties, time or number, is
        the RNN's?
      - `--seed 2`: which rows of the table of variants change places?
      """#)
  }
}
