import ChapterTools
import Foundation
import Unroll

extension FusedLSTM {
  /// The copy task, RNN against LSTM.
  func copying(_ page: Page) throws {
    page.prose("And copying, both with 64 units:")
    let kinds = [LayerKind.rnn, .lstm]
    let delays = page.quick ? [5] : [5, 20], copySteps = page.quick ? 60 : 2000
    var copyRows: [[any CustomStringConvertible]] = []
    var copied: [LayerKind: [[MemoryRun]]] = [:]
    for delay in delays {
      let task = CopyTask(delay: delay, symbols: 5)
      let all = try overKinds(page, "copying after \(delay) steps", kinds, first: page.seed) {
        kind, progress in
        try trainCopying(kind, hiddenSize: 64, task: task, steps: copySteps) {
          progress($0, copySteps)
        }
      }
      for kind in kinds {
        let runs = all[kind]!
        copied[kind, default: []].append(runs)
        copyRows.append([
          delay, kind.title, runs.map(\.final).mean,
          runs.map { String(format: "%.2g", $0.final) }.joined(separator: ", "), task.baseline,
        ])
        page.result(
          "copy\(delay).\(kind.rawValue).cross_entropy", over: runs.map(\.final), digits: 3)
      }
    }
    page.table(
      ["delay", "layer", "cross-entropy", "runs", "all but the symbols"], copyRows, digits: 3)
    let panels = kinds.flatMap { kind in
      zip(delays, copied[kind]!).map { delay, runs in
        Figure(
          "\(kind.title), after \(delay) steps",
          y: .log("cross-entropy, nats a step", min: 0.01, max: 10), runs: runs, steps: copySteps,
          baseline: ("all but the symbols", CopyTask(delay: delay, symbols: 5).baseline))
      }
    }
    try page.figure(.grid("The copy task", columns: delays.count, panels))

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
  }
}
