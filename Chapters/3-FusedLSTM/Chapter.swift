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

      Along this line the gradient of $c_t$ comes back to $c_{t-1}$ times $f_t$ and nothing else: with
      $f = 1$ unchanged, however many steps there are. (That is the direct path. Others lead through $h$
      and the gates, and on those it may vanish or explode as before.)

      Four things happen in a step. Here they are with the numbers of one: a cell of a single unit with
      PyTorch's initial weights and a forget bias of 1, which has read 0.5 and −1.2 and now reads 0.9.
      """#)
    let cell = LSTMCell(inputSize: 1, hiddenSize: 1, dtype: .float64)
    Init.forgetGateBias(cell, 1)
    let drawing = CellDrawing(cell, reading: [0.5, -1.2, 0.9])
    try page.figure(drawing.figure())
    let told = [0.5, -1.2, 0.9].reduce(
      (Tensor(.zeros([1, 1], dtype: .float64)), Tensor(.zeros([1, 1], dtype: .float64)))
    ) {
      cell(Tensor([[$1]], dtype: .float64), $0)
    }
    page.claim(
      "The library's cell gives the same h.",
      holds: abs(told.0.item - drawing.step.hNew) < 1e-12, in: .everyRun)

    page.prose(
      #"""
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

      From the gates it is one more step to what stands inside their activations, by the slopes
      $\sigma' = \sigma (1 - \sigma)$ and $\tanh' = 1 - \tanh^2$; all four side by side are $\partial a_t$,
      and the state before gets its share through $W_h$:

      $$\begin{aligned}
      \partial a_i &= \partial i \odot i \odot (1 - i), & \partial a_f &= \partial f \odot f \odot (1 - f) \\
      \partial a_g &= \partial g \odot (1 - g^2), & \partial a_o &= \partial o \odot o \odot (1 - o) \\
      \partial h_{t-1} &\leftarrow \partial h_{t-1} + \partial a_t W_h, &
      \frac{\partial L}{\partial W_h} &= \sum_t \partial a_t^\top h_{t-1}
      \end{aligned}$$

      The last sum, the loop, is one product for all steps together, where the loop needed one
      for each.
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
    let threads = Threads.count
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
            Threads.count = version == 5 ? threads : 1
            step().sum().backward()
          }
        }, rounds: page.quick ? 3 : size.rounds
      ).map { $0 * 1000 }
      Threads.count = threads
      let titles = names + ["5  on \(threads) threads"]
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
    var watched: [LayerKind: MemoryRun] = [:]
    for length in lengths {
      var panel = Figure(
        "Adding, \(length) steps", x: "training step", y: .log("mean squared error"))
      for kind in [LayerKind.rnn, .lstm] {
        Generator.default.seed(page.seed)
        let steps = page.quick ? 150 : 3000
        let run = try trainAdding(
          kind, length: length, steps: steps, keeping: [0, steps / 5, steps]
        ) { step in
          page.progress("adding, \(length) steps, \(kind.title)", step, of: steps)
        }
        if length == lengths[lengths.count / 2] { watched[kind] = run }
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

      Why? Look at the gradients, first before any training: the norm of $\partial L / \partial h_t$ for
      a loss on the last state, and beside it that of $\partial L / \partial c_t$, by the distance in
      time. An RNN and an LSTM with PyTorch's initial weights, and LSTMs whose forget gates begin with a
      bias of 1, as those above did, and of 3 (Jozefowicz et al. 2015 advise a large one), which is
      $f \approx 0.73$ and $f \approx 0.95$; three seeds of each.
      """#)
    page.show("gradientByDistance", in: "Gates.swift")

    page.prose("Thirty-two units, a hundred steps of noise; a line a seed:")
    let cells: [(name: String, title: String, bias: Double?, color: Color)] = [
      ("rnn", "RNN", nil, .blue), ("lstm", "LSTM, bias 0", 0, .orange),
      ("lstm_forget1", "LSTM, bias 1", 1, .vermilion), ("lstm_forget3", "LSTM, bias 3", 3, .green),
    ]
    var ofState = Figure("∂L/∂h", x: "steps back", y: .log("norm, relative", min: 1e-20))
    var ofCell = Figure("∂L/∂c", x: "steps back", y: .log("norm, relative", min: 1e-20))
    var left: [String: Double] = [:]
    for (name, title, bias, color) in cells {
      var ends: [Double] = []
      for seed in 0..<3 {
        Generator.default.seed(page.seed &* 1000 &+ UInt64(seed))
        let cell: any RecurrentCell
        if let bias {
          let lstm = LSTMCell(inputSize: 1, hiddenSize: 32, dtype: .float64)
          if bias > 0 { Init.forgetGateBias(lstm, bias) }
          cell = lstm
        } else {
          cell = RNNCell(inputSize: 1, hiddenSize: 32, dtype: .float64)
        }
        let norms = gradientByDistance(
          cell, reading: Tensor(.normal([100, 1, 1], dtype: .float64)))
        // At the very end stands the first state, on which the weights of no step have acted.
        ofState.line(y: norms[0].dropLast(), label: seed == 0 ? title : nil, color: color, width: 2)
        if norms.count > 1 {
          ofCell.line(
            y: norms[1].dropLast(), label: seed == 0 ? title : nil, color: color, width: 2)
        }
        ends.append(norms.last![99])
      }
      left[name] = ends.sorted()[1]
      page.result("gradient_norm.\(name)_after_100", left[name]!, digits: 3)
    }
    try page.figure(
      .grid("Gradient norm by distance in time, before training", columns: 2, [ofState, ofCell]))
    page.claim(
      "Only the bias of 3 keeps a gradient over a hundred steps; with 1 it vanishes before training as "
        + "it does in the RNN, if more slowly.",
      holds: left["lstm_forget3"]! > 1e-3 && left["lstm_forget1"]! < 1e-5, in: .everyRun)

    page.prose(
      #"""
      So the untrained LSTM with a bias of 1 cannot reach back so far, and yet it learned to add. The
      picture before training does not explain that; the one during training does. Here is the gradient
      of the answer, $\partial \hat y / \partial c_t$ and for the RNN $\partial \hat y / \partial h_t$,
      while a sequence of the task is read: before training, after a fifth of it, and at its end.
      """#)
    let length = lengths[lengths.count / 2]
    let sequence = AddingProblem(length: length).batch(1, generator: Generator(seed: page.seed))
    var during: [Figure] = []
    var reach: [LayerKind: [Double]] = [:]
    var trainedLSTM: LSTM?
    for kind in [LayerKind.rnn, .lstm] {
      var figure = Figure(kind.title, x: "steps back", y: .log("norm, relative", min: 1e-20))
      for (step, weights) in watched[kind]!.kept.sorted(by: { $0.key < $1.key }) {
        let model = SequenceModel(kind, inputSize: 2, hiddenSize: 32, outputSize: 1)
        try model.loadStateDict(weights)
        let cell: any RecurrentCell
        if let lstm = model.layer as? LSTM {
          cell = lstm.cells[0][0]
          trainedLSTM = lstm
        } else {
          cell = (model.layer as! RNN).cells[0][0]
        }
        let norms = gradientByDistance(cell, reading: Tensor(sequence.inputs)) {
          model.output($0).sum()
        }
        let error = watched[kind]!.steps.lastIndex { $0 <= max(step, 1) }.map {
          watched[kind]!.errors[$0]
        }
        figure.line(
          y: norms.last!.dropFirst().dropLast(),
          label: "step \(step), error \(String(format: "%.2g", error ?? .nan))")
        reach[kind, default: []].append(norms.last![length - 1])
      }
      during.append(figure)
    }
    try page.figure(
      .grid(
        "Gradient norm over \(length) steps while the adding problem is learned", columns: 2, during
      ))
    page.table(
      ["layer", "before", "after a fifth", "at the end"],
      [LayerKind.rnn, .lstm].map { kind in
        [kind.title] + reach[kind]!.map { $0 == 0 ? "0" : String(format: "%.1e", $0) }
      }, caption: "What is left of the gradient at the first step",
      alignments: [.left, .right, .right, .right])
    page.claim(
      "While it learns, the LSTM opens its forget gates and the gradient comes to reach back to the "
        + "first step.",
      holds: reach[.lstm]![2] > 100 * reach[.lstm]![0],
      otherwise: "In this run the LSTM's gradient does not come to reach further back.",
      in: .fullRuns)

    page.prose(
      #"""
      ## What the gates do

      The LSTM that learned to add, while it reads one sequence: the three gates and the cell, one row a
      unit, one column a step, the eight units whose input gate changes the most. The dashed lines are
      the two marked numbers. Each map has its own range of colors.
      """#)
    page.show("gates", in: "Gates.swift")

    page.prose("One sequence of the task:")
    let read = gates(of: trainedLSTM!, reading: sequence.inputs.select(axis: 1, index: 0))
    let marks = (0..<length).filter { sequence.inputs[$0][0][1].item == 1 }
    func opening(_ unit: Int) -> Double {
      let marked = marks.map { read.i[unit][$0] }.mean
      let others = read.i[unit].indices.filter { !marks.contains($0) }.map { read.i[unit][$0] }.mean
      return abs(marked - others)
    }
    let shown = read.i.indices.sorted { opening($0) > opening($1) }.prefix(8)
    let maps = [
      ("input gate i", read.i), ("forget gate f", read.f), ("output gate o", read.o),
      ("cell state c", read.c),
    ].map { title, values in
      let rows = shown.map { values[$0] }
      var map = Figure(title, x: "step", y: "unit")
      map.heatmap(
        rows, rows: shown.map { "\($0)" },
        palette: title.hasPrefix("cell") ? .diverging : .sequential)
      for mark in marks { map.verticalLine(x: mark) }
      return map
    }
    try page.figure(.grid("Gates that open for marked numbers", columns: 2, maps))
    page.result("gates.largest_opening", opening(shown[0]), digits: 3)
    page.claim(
      "There are input gates that open, or close, where a number is marked.",
      holds: opening(shown[0]) > 0.3, in: .fullRuns)

    page.prose(
      #"""
      ## Variants

      The LSTM has been varied in every direction. Each of these changes one line of the equations, or adds
      one:

      - *Peephole* (Gers and Schmidhuber 2000): the gates also see the cell,
        $i_t = \sigma(\ldots + w_{ci} \odot c_{t-1})$, and $f$ and $o$ likewise.
      - *Coupled*: what is forgotten makes room for what comes in, $i_t = 1 - f_t$.
      - *Depth-gated* (Yao et al. 2015): the cell of the layer below flows in through a gate of its own,
        $c_t = d_t \odot c_t^{\text{below}} + f_t \odot c_{t-1} + i_t \odot g_t$.
      - *Clockwork* (Koutník et al. 2014): a plain RNN whose units tick at different rates; a group of
        period $T_k$ changes only where $t \text{ mod } T_k = 0$.

      Greff et al. (2017) compared eight variants of the LSTM, depth-gated and clockwork not among them,
      each with settings of its own found by a random search of 200 trials, on three large tasks. None
      was significantly better than the plain LSTM; forget gate and output activation are what it cannot
      do without. The comparison here is far smaller: one task, the same settings for all, parameters
      matched to within a few percent, and training until it is solved or the steps are spent. The task
      is the temporal order problem, where two symbols of a long sequence count and their order is asked
      for at the end; guessing is right in one of four. Every forget gate starts with a bias of 1.
      """#)
    page.show("OrderReader", in: "Variants.swift")

    page.prose("Two layers of each, the same sequences, three seeds:")
    let most = page.quick ? 10 : 1500
    let variants = try compareVariants(
      page, budget: 6000, task: TemporalOrder(length: page.quick ? 10 : 50), steps: most)
    page.table(
      ["variant", "units", "parameters", "solved", "after steps", "share right", "ms a step"],
      variants.map { variant in
        let solved = variant.runs.compactMap(\.solvedAfter)
        return [
          variant.title, variant.hiddenSize, variant.parameters,
          "\(solved.count) of \(variant.runs.count)",
          solved.isEmpty ? "–" : solved.sorted().map(String.init).joined(separator: ", "),
          variant.runs.map(\.accuracy).mean, variant.milliseconds,
        ]
      } + [["guessing", "", "", "", "", 0.25, ""]], digits: 3)
    for variant in variants {
      page.result(
        "variants.\(variant.name).accuracy", variant.runs.map(\.accuracy).mean, digits: 3)
      page.result(
        "variants.\(variant.name).solved", variant.runs.compactMap(\.solvedAfter).count)
    }
    let lstm = variants[0].runs.map { Double($0.solvedAfter ?? most) }
    let apart = variants.dropFirst().prefix(3).filter { variant in
      let own = variant.runs.map { Double($0.solvedAfter ?? most) }
      return own.max()! < lstm.min()! || own.min()! > lstm.max()!
    }
    page.print("solved: 99 of 100 unseen sequences answered right")
    page.claim(
      "Peephole, coupled and depth-gated need steps in the same range as the plain LSTM: three seeds on "
        + "one task tell none of them from it.",
      holds: apart.isEmpty,
      otherwise:
        "The steps of all seeds of \(apart.map(\.title).joined(separator: ", ")) lie on one "
        + "side of the LSTM's; on this task, with these settings, it makes a difference.")

    page.prose(
      #"""
      ## Try next

      - In *What each version gains*, other sizes: from which number of hidden units on does version 3
        beat version 4?
      - `trainAdding(.lstm, hiddenSize: 8, …)`: how few units still add?
      - `trainAdding(.lstm, forgetBias: −3, …)`: what happens to the gradient, and why?
      - The copy task with 10 symbols instead of 5, or 2: which of the two difficulties, time or number, is
        the RNN's?
      - `--seed 2`: which rows of the table of variants change places?
      """#)
  }
}
