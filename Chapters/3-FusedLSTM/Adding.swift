import ChapterTools
import Foundation
import Unroll

extension FusedLSTM {
  /// The adding problem, RNN against LSTM. Gives its lengths, the steps of each run, those after which
  /// the weights were kept, and the runs of each length.
  func adding(
    _ page: Page
  ) throws -> ([Int], steps: Int, moments: [Int], added: [LayerKind: [[MemoryRun]]]) {
    page.prose(
      #"""
      ## Long memory

      Two tasks that cannot be done without it. In the *adding problem* two numbers of a long sequence
      are marked, and their sum is to be said at the end; always saying 1 has a mean squared error of
      $\frac{1}{6} \approx 0.167$. In the *copy task* five symbols, each of one of eight kinds, are shown,
      then nothing for a long time, then they are to be repeated, $T$ steps in all; knowing everything but
      the symbols costs $\frac{5 \ln 8}{T}$ nats a step.

      First adding, RNN against LSTM, both with 32 units, the LSTM's forget bias at 1, three seeds of each:
      """#)
    page.show("trainAdding", in: "../Shared/MemoryTraining.swift")

    page.prose("The error on 500 unseen sequences as training goes on, and first what it comes to:")
    let lengths = page.quick ? [30] : [50, 100, 200], steps = page.quick ? 150 : 2500
    let kinds = [LayerKind.rnn, .lstm]
    var addingRows: [[any CustomStringConvertible]] = []
    var added: [LayerKind: [[MemoryRun]]] = [:]
    let moments = [0, steps / 5]
    let runs = try addingRuns(
      page, lengths.map { (length: $0, kinds: kinds, seeds: 3) }, steps: steps, first: page.seed,
      keeping: moments)
    for (length, all) in zip(lengths, runs) {
      for kind in kinds {
        let runs = all[kind]!
        added[kind, default: []].append(runs)
        addingRows.append([
          length, kind.title, runs.map(\.final).mean,
          runs.map { $0.found.map(String.init) ?? "–" }.joined(separator: ", "),
          "\(runs.count { $0.final < 0.01 }) of \(runs.count)",
        ])
        page.result("adding\(length).\(kind.rawValue).mse", over: runs.map(\.final), digits: 3)
      }
    }
    page.table(
      ["length", "layer", "mean squared error", "below 0.05 after steps", "learned to add"],
      addingRows,
      caption: "Judged every \(steps / 25) steps; –: never. "
        + "Learned: an error below 0.01 at the end. Always saying 1 has 0.167.", digits: 3)
    let panels = kinds.flatMap { kind in
      zip(lengths, added[kind]!).map { length, runs in
        Figure(
          "\(kind.title), \(length) steps", y: .log("mean squared error", min: 1e-4, max: 10),
          runs: runs, steps: steps, baseline: ("always saying 1", AddingProblem.baseline))
      }
    }
    try page.figure(.grid("The adding problem", columns: lengths.count, panels))

    page.prose(
      #"""
      The curves are flat until the network finds out that the marks matter, and then fall. A run that is
      still flat at its end has not shown that it cannot learn, only that it has not yet.
      """#)
    let found = added[.lstm]!.map { $0.map { $0.found ?? .max }.sorted()[$0.count / 2] }
    page.claim(
      "The longer the sequence, the later the LSTM finds out, the median seed.",
      holds: found.last! < .max && zip(found, found.dropFirst()).allSatisfy { $0 < $1 },
      otherwise: "Here the LSTM does not find out the later, the longer the sequence.")
    let learned = kinds.map { kind in
      added[kind]!.map { $0.count { $0.final < 0.01 } }.reduce(0, +)
    }
    page.claim(
      "The LSTM learns to add in \(learned[1]) of its \(3 * lengths.count) runs, the RNN in \(learned[0]).",
      holds: learned[1] > learned[0],
      otherwise: "Here the LSTM learns to add in no more of its runs than the RNN: "
        + "\(learned[1]) and \(learned[0]).", in: .fullRuns)
    return (lengths, steps, moments, added)
  }
}
