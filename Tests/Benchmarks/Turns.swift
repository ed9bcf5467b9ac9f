import Foundation

/// The same work done in several ways, turn by turn: what a machine that changes its speed within
/// minutes says of one against another.
struct Turns {
  /// Seconds of each way, medians over the rounds.
  let seconds: [Double]
  /// Each way's seconds by the first one's of the same round: the medians.
  let ratios: [Double]

  /// About a hundredth of a second a turn, and in every other round from the last way to the first.
  init(_ ways: [() -> Void], rounds: Int) {
    let steps = ways.map { way in
      way()
      return max(1, min(10_000, Int(0.01 / Measurement.time(1, way))))
    }
    var seconds = ways.map { _ in [Double]() }, ratios = seconds
    let end = Date().addingTimeInterval(10)
    for round in 0..<rounds where round < 5 || Date() < end {
      var times = ways.map { _ in 0.0 }
      let order = round % 2 == 0 ? Array(ways.indices) : ways.indices.reversed()
      for way in order { times[way] = Measurement.time(steps[way], ways[way]) }
      for (way, time) in times.enumerated() {
        seconds[way].append(time)
        ratios[way].append(time / times[0])
      }
    }
    self.seconds = seconds.map(Measurement.median)
    self.ratios = ratios.map(Measurement.median)
  }

  /// A row beside those of the training steps.
  struct Row: Encodable {
    let workload: String
    let threads: Int
    let ours: Double
    /// Times as long as what it is compared with.
    let times: Double
    let comparedWith: String

    enum CodingKeys: String, CodingKey {
      case workload, threads
      case ours = "ours_s"
      case times = "times_as_long"
      case comparedWith = "compared_with"
    }
  }
}

/// Every step with each number of threads, beside the same on one.
struct Sharing {
  static let kind = "threads"
  static let goal = 1.0

  static func rows(_ workload: Workload, threads: [Int], rounds: Int) -> [Turns.Row] {
    let step = workload.make()
    let turns = Turns(
      threads.map { count in
        {
          Measurement.setThreads(count)
          step()
        }
      }, rounds: rounds)
    return threads.indices.map {
      Turns.Row(
        workload: "threads_\(workload.name)", threads: threads[$0], ours: turns.seconds[$0],
        times: turns.ratios[$0], comparedWith: "\(threads[0]) thread")
    }
  }
}

/// Cells by the general fused path, beside the LSTM of their size.
struct Cells {
  static let kind = "cells"
  static let goal = 1.3
  static let compared = [
    "charlm_lstm": [
      "charlm_checkpoint", "charlm_peephole", "charlm_coupled", "charlm_clockwork",
      "charlm_layer_norm", "charlm_written",
    ],
    "charlm_deep_lstm": ["charlm_depth_gated"],
  ]

  static func rows(_ first: String, _ others: [String], threads: Int, rounds: Int) -> [Turns.Row] {
    let names = [first] + others
    let steps = names.map { name in Workload.all.first { $0.name == name }!.make() }
    Measurement.setThreads(threads)
    let turns = Turns(steps, rounds: rounds)
    return names.indices.map {
      Turns.Row(
        workload: "cells_\(names[$0])", threads: threads, ours: turns.seconds[$0],
        times: turns.ratios[$0], comparedWith: first)
    }
  }
}
