import ChapterTools
import Foundation
import Unroll

extension FusedLSTM {
  /// What the cell's line is good for, and by which gates.
  func memory(_ page: Page) throws {
    page.prose(
      #"""
      ## Long memory

      Two tasks that cannot be done without it. In the *adding problem* two numbers of a long sequence
      are marked, and their sum is to be said at the end; always saying 1 has a mean squared error of
      $\frac{1}{6} \approx 0.167$. In the *copy task* five symbols are shown, then nothing for a long
      time, then they are to be repeated; knowing everything but the symbols costs
      $\frac{5 \ln 8}{T}$ nats a step.

      First adding, RNN against LSTM, both with 32 units, the LSTM's forget bias at 1, three seeds of each:
      """#)
    page.show("trainAdding", in: "../Shared/MemoryTraining.swift")

    page.prose("The error on 500 unseen sequences, as training goes on, a line a run:")
    let lengths = page.quick ? [30] : [50, 100, 200], steps = page.quick ? 150 : 3000
    let kinds = [LayerKind.rnn, .lstm]
    let colors: [LayerKind: Color] = [.rnn: .blue, .lstm: .vermilion]
    var addingPanels: [Figure] = []
    var addingRows: [[any CustomStringConvertible]] = []
    var added: [LayerKind: [[MemoryRun]]] = [:]
    let moments = [0, steps / 5, steps * 8 / 25]
    for length in lengths {
      var panel = Figure(
        "Adding, \(length) steps", x: "training step", y: .log("mean squared error"))
      let all = try overKinds(page, "adding, \(length) steps", kinds, first: page.seed) {
        kind, progress in
        try trainAdding(kind, length: length, steps: steps, keeping: moments) {
          progress($0, steps)
        }
      }
      for kind in kinds {
        let runs = all[kind]!
        added[kind, default: []].append(runs)
        panel.runs(runs, label: kind.title, color: colors[kind]!)
        addingRows.append([
          length, kind.title, runs.map(\.final).mean,
          runs.compactMap(\.found).map(String.init).joined(separator: ", "),
          "\(runs.count { $0.final < 0.01 }) of \(runs.count)",
        ])
        page.result("adding\(length).\(kind.rawValue).mse", over: runs.map(\.final), digits: 3)
      }
      panel.horizontalLine(y: AddingProblem.baseline, label: "always saying 1")
      addingPanels.append(panel)
    }
    page.table(
      ["length", "layer", "mean squared error", "below 0.05 after steps", "learned to add"],
      addingRows,
      caption: "Learned: an error below 0.01 at the end. Always saying 1 has 0.167.", digits: 3)
    try page.figure(
      Figure.grid("The adding problem", columns: addingPanels.count, addingPanels))

    page.prose(
      #"""
      The curves are flat until the network finds out that the marks matter, and then fall. A run that is
      still flat at its end has not shown that it cannot learn, only that it has not yet.
      """#)
    let found = added[.lstm]!.map { $0.compactMap(\.found).map(Double.init).mean }
    page.claim(
      "The longer the sequence, the later the LSTM finds out.",
      holds: !found.contains(where: \.isNaN)
        && zip(found, found.dropFirst()).allSatisfy { $0 < $1 },
      otherwise: "Here the LSTM does not find out the later, the longer the sequence.")
    let learned = kinds.map { kind in
      added[kind]!.map { $0.count { $0.final < 0.01 } }.reduce(0, +)
    }
    page.claim(
      "The LSTM learns to add in \(learned[1]) of its \(3 * lengths.count) runs, the RNN in \(learned[0]).",
      holds: learned[1] > learned[0],
      otherwise: "Here the LSTM learns to add in no more of its runs than the RNN: "
        + "\(learned[1]) and \(learned[0]).", in: .fullRuns)

    page.prose("And copying, both with 64 units:")
    let delays = page.quick ? [5] : [5, 20], copySteps = page.quick ? 60 : 2000
    var copyPanels: [Figure] = []
    var copyRows: [[any CustomStringConvertible]] = []
    var copied: [LayerKind: [[MemoryRun]]] = [:]
    for delay in delays {
      let task = CopyTask(delay: delay, symbols: 5)
      var panel = Figure(
        "Copying after \(delay) steps", x: "training step", y: .log("cross-entropy, nats a step"))
      let all = try overKinds(page, "copying after \(delay) steps", kinds, first: page.seed) {
        kind, progress in
        try trainCopying(kind, hiddenSize: 64, task: task, steps: copySteps) {
          progress($0, copySteps)
        }
      }
      for kind in kinds {
        let runs = all[kind]!
        copied[kind, default: []].append(runs)
        panel.runs(runs, label: kind.title, color: colors[kind]!)
        copyRows.append([
          delay, kind.title, runs.map(\.final).mean,
          runs.map { String(format: "%.2g", $0.final) }.joined(separator: ", "), task.baseline,
        ])
        page.result(
          "copy\(delay).\(kind.rawValue).cross_entropy", over: runs.map(\.final), digits: 3)
      }
      panel.horizontalLine(y: task.baseline, label: "all but the symbols")
      copyPanels.append(panel)
    }
    page.table(
      ["delay", "layer", "cross-entropy", "runs", "all but the symbols"], copyRows, digits: 3)
    try page.figure(Figure.grid("The copy task", columns: copyPanels.count, copyPanels))

    let short = copied[.rnn]![0].map(\.final)
    page.print(
      String(
        format: "after %ld steps the RNN's seeds lie between %.2g and %.2g", delays[0],
        short.min()!,
        short.max()!))
    let last = kinds.map { copied[$0]!.last!.map(\.final) }
    page.claim(
      "After the longest delay the LSTM knows more of the symbols than the RNN, with every seed.",
      holds: last[1].max()! < last[0].min()!,
      otherwise: "After the longest delay not every LSTM knows more of the symbols than every RNN.",
      in: .thisRun)

    page.prose(
      #"""
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
    /// Of bias 3, a seed each: by how much the gradient grows over the first twenty steps of the sequence on
    /// its way back, from an empty cell and from a full one, and the size of the cell there and at the end.
    var climbs: [(empty: Double, full: Double, first: Double, last: Double)] = []
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
        let noise = Tensor(.normal([100, 1, 1], dtype: .float64))
        let norms = gradientByDistance(cell, reading: noise)
        if bias == 3, let cell = cell as? LSTMCell {
          let (full, sizes) = afterReading(cell, noise)
          let later = gradientByDistance(cell, reading: noise, from: full)
          climbs.append(
            (
              norms[1][99] / norms[1][80], later[1][99] / later[1][80], Array(sizes[..<20]).mean,
              Array(sizes[80...]).mean
            ))
        }
        // The very last is the state before the first step, on which no weight has acted.
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
    let climb = climbs.sorted { $0.empty < $1.empty }[1]
    page.claim(
      String(
        format:
          "The curves of bias 3 turn up at their end, where the sequence begins: over the first twenty steps "
          + "the gradient grows %.1f times (the median seed). It is the empty cell, %.2f on the average there and "
          + "%.2f over the last twenty: the tanh is steep, and the way through h adds to the direct one. For a "
          + "cell that has read the same noise once before the factor is %.1f.", climb.empty,
        climb.first,
        climb.last, climb.full),
      holds: climbs.allSatisfy { $0.empty > 1.2 * $0.full && $0.first < $0.last },
      otherwise:
        "At their end, where the sequence begins, the curves of bias 3 do not all rise more than "
        + "those of a cell that has read before.")

    page.prose(
      #"""
      So the untrained LSTM with a bias of 1 cannot reach back so far, and yet it learned to add. The
      picture before training does not explain that. A second one shows when it changes: not slowly from
      the start, but when the network finds out. Here is the gradient
      of the answer, $\partial \hat y / \partial c_t$ and for the RNN $\partial \hat y / \partial h_t$,
      while a sequence of the task is read: before training, on the way, and at its end, when the error
      is below 0.001 or 3,000 steps are spent. Beside the runs above stand two more of the first seed, whose
      forget biases begin at 0 and at 3.
      """#)
    let middle = lengths.count / 2, length = lengths[middle]
    let biases = [0.0, 3], seed = page.seed
    let biased = try overSeeds(page, "other forget biases", first: 0, count: 2) { place, progress in
      try Generator.withDefault(seed: seed) {
        try trainAdding(
          .lstm, length: length, steps: steps, forgetBias: biases[Int(place)], keeping: moments
        ) { progress($0, steps) }
      }
    }
    var watched: [(title: String, kind: LayerKind, length: Int, runs: [MemoryRun])] = []
    for (length, runs) in zip(lengths, added[.rnn]!) { watched.append(("RNN", .rnn, length, runs)) }
    watched.append(("LSTM, bias 0", .lstm, length, [biased[0]]))
    for (length, runs) in zip(lengths, added[.lstm]!) {
      watched.append(("LSTM, bias 1", .lstm, length, runs))
    }
    watched.append(("LSTM, bias 3", .lstm, length, [biased[1]]))
    for (bias, run) in zip(biases, biased) {
      page.result("adding\(length).lstm_forget\(Int(bias)).mse", run.final, digits: 3)
    }
    func sequence(_ length: Int) -> NDArray {
      AddingProblem(length: length).batch(1, generator: Generator(seed: page.seed)).inputs
    }
    /// A model with these weights.
    func model(_ kind: LayerKind, _ weights: StateDict) throws -> SequenceModel {
      let model = SequenceModel(kind, inputSize: 2, hiddenSize: 32, outputSize: 1)
      try model.loadStateDict(weights)
      return model
    }
    func norms(_ kind: LayerKind, _ weights: StateDict, length: Int) throws -> [Double] {
      let model = try model(kind, weights)
      let cell: any RecurrentCell =
        (model.layer as? LSTM)?.cells[0][0] ?? (model.layer as! RNN).cells[0][0]
      return gradientByDistance(cell, reading: Tensor(sequence(length))) { model.output($0).sum() }
        .last!
    }
    var during: [Figure] = []
    for (title, kind, _, runs) in watched.filter({ $0.length == length }) {
      var figure = Figure(title, x: "steps back", y: .log("norm, relative", min: 1e-20))
      for (step, weights) in runs[0].kept.sorted(by: { $0.key < $1.key }) {
        let error = runs[0].steps.lastIndex { $0 <= max(step, 1) }.map { runs[0].errors[$0] }
        figure.line(
          y: try norms(kind, weights, length: length).dropFirst().dropLast(),
          label: "step \(step), error \(String(format: "%.2g", error ?? .nan))")
      }
      during.append(figure)
    }
    try page.figure(
      .grid(
        "Gradient norm over \(length) steps while the adding problem is learned", columns: 2, during
      ))

    page.prose(
      #"""
      And all the runs, of all lengths: how many learned to add, and what was left of the gradient at the
      first step, the median of the seeds.
      """#)
    /// Of a run: what is left at the first step, at each of the moments that it reached and at its end.
    let reaches = try watched.map { watched in
      try watched.runs.map { run in
        try (moments.prefix(2) + [run.steps.last!]).map { step in
          try run.kept[step].map {
            try norms(watched.kind, $0, length: watched.length)[watched.length - 1]
          }
        }
      }
    }
    func median(_ values: [Double?]) -> String {
      let values = values.compactMap { $0 }.sorted()
      guard !values.isEmpty else { return "–" }
      let middle = values[values.count / 2]
      return middle == 0 ? "< 1e-22" : String(format: "%.1e", middle)
    }
    page.table(
      ["layer", "length", "learned to add", "before", "after \(moments[1]) steps", "at the end"],
      zip(watched, reaches).map { watched, reaches in
        [
          watched.title, watched.length,
          "\(watched.runs.count { $0.final < 0.01 }) of \(watched.runs.count)",
        ] + (0..<3).map { moment in median(reaches.map { $0[moment] }) }
      }, caption: "What is left of the gradient at the first step",
      alignments: [.left, .right, .right, .right, .right, .right])
    let ends = zip(watched, reaches).flatMap { watched, reaches in
      zip(watched.runs, reaches).map { (learned: $0.final < 0.01, left: $1[2]!) }
    }
    if let least = ends.filter(\.learned).map(\.left).min(),
      let most = ends.filter({ !$0.learned }).map(\.left).max()
    {
      page.claim(
        String(
          format:
            "In each of the %ld runs that learned to add the gradient reaches the first step at the end, with "
            + "%.1g or more; in none of the others with more than %.1g.",
          ends.count(where: \.learned), least, most),
        holds: least > most,
        otherwise: String(
          format:
            "How far the gradient reaches does not tell all: %.1g is left at the first step in a run that "
            + "learned to add, and %.1g in one that did not.", least, most))
    }
    let own = zip(watched, reaches).first { $0.0.title == "LSTM, bias 1" && $0.0.length == length }!
    page.claim(
      "At the end the LSTM's gradient reaches back to the first step.",
      holds: own.1[0][2]! > 100 * own.1[0][0]!,
      otherwise: "In this run the LSTM's gradient does not come to reach further back.",
      in: .fullRuns)
    let foundOut = [biased[0], own.0.runs[0], biased[1]].map(\.found)
    let told = foundOut.map { $0.map(String.init) ?? "–" }
    let after = foundOut.map { $0 ?? .max }
    page.claim(
      "The wider the forget gate stands open at the beginning, the sooner the network finds out: with "
        + "biases of 0, 1 and 3 after \(told[0]), \(told[1]) and \(told[2]) steps (–: not at all; one seed).",
      holds: after[0] > after[1] && after[1] > after[2],
      otherwise: "With biases of 0, 1 and 3 the network finds out after \(told[0]), \(told[1]) and "
        + "\(told[2]) steps (–: not at all; one seed): not the sooner, the wider the forget gate stands open."
    )

    page.prose(
      #"""
      ## What the gates do

      The LSTM that learned to add, while it reads one sequence: the three gates and the cell, one row a
      unit, one column a step, the eight units whose input gate changes the most. Each map has its own
      range of colors; of the cell, each unit is shown over its own largest.
      """#)
    page.show("gates", in: "Gates.swift")

    page.prose("One sequence of the task:")
    let inputs = sequence(length), run = added[.lstm]![middle][0]
    let lstm = try model(.lstm, run.kept[run.steps.last!]!).layer as! LSTM
    let read = gates(of: lstm, reading: inputs.select(axis: 1, index: 0))
    let marks = (0..<length).filter { inputs[$0][0][1].item == 1 }
    func opening(_ unit: Int) -> Double {
      let marked = marks.map { read.i[unit][$0] }.mean
      let others = read.i[unit].indices.filter { !marks.contains($0) }.map { read.i[unit][$0] }.mean
      return abs(marked - others)
    }
    let shown = read.i.indices.sorted { opening($0) > opening($1) }.prefix(8)
    let maps = [
      ("input gate i", read.i), ("forget gate f", read.f), ("output gate o", read.o),
      ("cell state c, over its largest", read.c),
    ].map { title, values in
      let rows = shown.map { unit in
        let largest = title.hasPrefix("cell") ? values[unit].map(abs).max()! : 1
        return values[unit].map { $0 / largest }
      }
      var map = Figure(title, x: "step", y: "unit")
      map.heatmap(
        rows, rows: shown.map { "\($0)" },
        palette: title.hasPrefix("cell") ? .diverging : .sequential)
      return map
    }
    try page.figure(
      .grid("Gates that open for marked numbers", columns: 2, maps), standsForChapter: true)
    page.print(
      "the marked numbers come at steps", marks.map(String.init).joined(separator: " and "))
    let kept = read.f.count { $0.mean > 0.95 }
    page.claim(
      "The gradient comes by way of few units: \(kept) of \(read.f.count) keep their forget gate above "
        + "0.95 on the average.", holds: kept > 0 && kept < read.f.count / 2,
      otherwise:
        "\(kept) of \(read.f.count) units keep their forget gate above 0.95 on the average.")
    page.result("gates.largest_opening", opening(shown[0]), digits: 3)
    page.claim(
      "There are input gates that open, or close, where a number is marked.",
      holds: opening(shown[0]) > 0.3, in: .fullRuns)
  }
}
