import ChapterTools
import Foundation
import Unroll

extension FusedLSTM {
  /// How far the gradient reaches back while the adding problem is learned, and in which runs.
  func reachWhileLearning(
    _ page: Page, _ lengths: [Int], steps: Int, _ moments: [Int],
    _ added: [LayerKind: [[MemoryRun]]]
  ) throws {
    page.prose(
      #"""
      So the untrained LSTM with a bias of 1 cannot reach back so far, and yet it learned to add. The
      picture before training does not explain that. A second one shows when it changes: not slowly from
      the start, but when the network finds out. Here is the gradient of the answer,
      $\partial \hat y / \partial h_t$ above and $\partial \hat y / \partial c_t$ below (the RNN has no
      $c$), while a sequence of the task is read: before training, on the way, and at its end, when the
      error is below 0.001 or 2,500 steps are spent. Beside the runs above stand as many whose forget
      biases begin at 0 and at 3. All are divided by the norm of $\partial \hat y / \partial h_T$. A line
      is the median of the seeds, its band reaches from the least to the largest, and what is below
      $10^{-20}$ is left out.
      """#)
    let middle = lengths.count / 2, length = lengths[middle]
    let biases = [0.0, 3], first = page.seed, seeds = page.quick ? 1 : 3
    let biasedRuns = try overSeeds(
      page, "other forget biases", first: 0, count: 2 * seeds
    ) { place, progress in
      try Generator.withDefault(seed: first &+ place / 2) {
        try trainAdding(
          .lstm, length: length, steps: steps, forgetBias: biases[Int(place % 2)], keeping: moments
        ) { progress($0, steps) }
      }
    }
    let biased = (0...1).map { bias in (0..<seeds).map { biasedRuns[2 * $0 + bias] } }
    var watched: [(title: String, kind: LayerKind, length: Int, runs: [MemoryRun])] = []
    for (length, runs) in zip(lengths, added[.rnn]!) { watched.append(("RNN", .rnn, length, runs)) }
    watched.append(("LSTM, bias 0", .lstm, length, biased[0]))
    for (length, runs) in zip(lengths, added[.lstm]!) {
      watched.append(("LSTM, bias 1", .lstm, length, runs))
    }
    watched.append(("LSTM, bias 3", .lstm, length, biased[1]))
    for (bias, runs) in zip(biases, biased) {
      page.result(
        "adding\(length).lstm_forget\(Int(bias)).mse", over: runs.map(\.final), digits: 3)
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
    func norms(_ kind: LayerKind, _ weights: StateDict, length: Int) throws -> [[Double]] {
      let model = try model(kind, weights)
      let cell: any RecurrentCell =
        (model.layer as? LSTM)?.cells[0][0] ?? (model.layer as! RNN).cells[0][0]
      return gradientByDistance(cell, reading: Tensor(sequence(length))) { model.output($0).sum() }
    }
    /// The weights of a run at a moment, the last of which is its end.
    let told = ["before", "after \(moments[1]) steps", "at the end"]
    func weights(_ run: MemoryRun, _ moment: Int) -> StateDict? {
      run.kept[moment < 2 ? moments[moment] : run.steps.last!]
    }
    let looks: [(color: Color, style: LineStyle)] = [
      (.blue, .dotted), (.orange, .dashed), (.green, .solid),
    ]
    var panels: [[Figure]] = [[], []]
    let shown = watched.filter { $0.length == length }
    for (title, kind, _, runs) in shown.filter({ $0.kind == .lstm }) + [shown[0]] {
      let all = try (0..<3).map { moment in
        try runs.compactMap { try weights($0, moment).map { try norms(kind, $0, length: length) } }
      }
      for (part, name) in ["∂ŷ/∂h", "∂ŷ/∂c"].prefix(kind == .lstm ? 2 : 1).enumerated() {
        var panel = Figure(
          "\(title): \(name)", x: "steps back",
          y: .log("norm / last ∂ŷ/∂h", min: 1e-20, max: 10))
        for (moment, look) in looks.enumerated() where !all[moment].isEmpty {
          // From the last step but one to the first.
          let steps = 1..<length
          let sorted = steps.map { back in all[moment].map { $0[part][back] }.sorted() }
          panel.fillBetween(
            x: steps, low: sorted.map { max($0[0], 1e-20) },
            high: sorted.map { max($0.last!, 1e-20) }, color: look.color)
          panel.line(
            x: steps, y: sorted.map { $0[$0.count / 2] }, label: told[moment], color: look.color,
            style: look.style, width: 3)
        }
        panels[part].append(panel)
      }
    }
    try page.figure(
      .grid(
        "Gradient norm over \(length) steps while the adding problem is learned",
        columns: panels[0].count, panels[0] + panels[1], size: .init(width: 1500, height: 1100)))
    let task = sequence(length)
    let beforeMarks = (0..<length).filter { task[$0][0][1].item == 1 }.map { length - $0 }
    /// Where ‖∂ŷ/∂h‖ is largest at the end, ten steps back and more, in each LSTM that learned to add.
    let peaks = try shown.filter { $0.kind == .lstm }.flatMap(\.runs).filter { $0.final < 0.01 }
      .map { run in
        let ofState = try norms(.lstm, run.kept[run.steps.last!]!, length: length)[0]
        return Set((10..<length).sorted { ofState[$0] > ofState[$1] }.prefix(2))
      }
    page.claim(
      "At the end $\\partial \\hat y / \\partial h_t$ is largest just before the marked numbers: there $h$ "
        + "has its part in opening the gates.",
      holds: !peaks.isEmpty && peaks.allSatisfy { $0 == Set(beforeMarks) },
      otherwise:
        "Not in every LSTM is $\\partial \\hat y / \\partial h_t$ largest just before the marked "
        + "numbers.")

    page.prose(
      #"""
      And all the runs, of all lengths: how many learned to add, and what was left of the gradient at the
      first step, the median of the seeds.
      """#)
    /// Of a run: what is left at the first step, at each of the moments that it reached and at its end.
    let reaches = try watched.map { watched in
      try watched.runs.map { run in
        try (0..<3).map { moment in
          try weights(run, moment).map {
            try norms(watched.kind, $0, length: watched.length).last![watched.length - 1]
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
      ["layer", "length", "learned to add"] + told,
      zip(watched, reaches).map { watched, reaches in
        [
          watched.title, watched.length,
          "\(watched.runs.count { $0.final < 0.01 }) of \(watched.runs.count)",
        ] + (0..<3).map { moment in median(reaches.map { $0[moment] }) }
      }, caption: "What is left at the first step, of ∂ŷ/∂h in the RNN, of ∂ŷ/∂c in the LSTM",
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
    let foundOut = [biased[0], own.0.runs, biased[1]].map { $0.map { $0.found ?? .max } }
    let after = foundOut.map { runs in
      runs.map { $0 == .max ? "–" : "\($0)" }.joined(separator: ", ")
    }
    page.claim(
      "The wider the forget gate stands open at the beginning, the sooner the network finds out, with every "
        + "seed: with bias 0 after \(after[0]) steps, with 1 after \(after[1]), with 3 after \(after[2]) "
        + "(–: not at all).",
      holds: zip(foundOut, foundOut.dropFirst()).allSatisfy { $0.min()! > $1.max()! },
      otherwise:
        "With bias 0 the network finds out after \(after[0]) steps, with 1 after \(after[1]), with "
        + "3 after \(after[2]) (–: not at all): it is not so that every seed finds out the sooner, the wider "
        + "the forget gate stands open at the beginning.")
  }
}
