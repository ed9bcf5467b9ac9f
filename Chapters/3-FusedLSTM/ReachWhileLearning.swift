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
  }
}
