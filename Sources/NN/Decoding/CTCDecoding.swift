import Foundation

/// What a network trained with `ctcLoss` says, by the likeliest class of each step: repeated classes
/// and then blanks are struck out.
///
/// - Parameters:
///   - logProbabilities: `[time, batch, classes]`; logits do as well.
///   - lengths: the real time steps of each sequence; all if left out.
///   - blank: the number of the class that stands for nothing.
/// - Returns: for each sequence its labels.
public func ctcGreedyDecode(
  _ logProbabilities: NDArray, lengths: [Int]? = nil, blank: Int = 0
) -> [[Int]] {
  let (steps, batch) = checkedCTC("ctcGreedyDecode", logProbabilities, lengths)
  if logProbabilities.count == 0 { return Array(repeating: [], count: batch) }
  let best = logProbabilities.argmax(axis: 2).values
  return (0..<batch).map { sequence in
    var labels: [Int] = [], before = blank
    for t in 0..<(lengths?[sequence] ?? steps) {
      let label = best[t * batch + sequence]
      if label != before && label != blank { labels.append(label) }
      before = label
    }
    return labels
  }
}

/// The likeliest labels of one sequence, summed over their alignments, among the `width` best
/// beginnings at each step (Graves 2012, prefix search; Hannun et al. 2014).
///
/// - Parameters:
///   - logProbabilities: `[time, classes]`, from `logSoftmax`.
///   - width: how many beginnings are kept.
///   - blank: the number of the class that stands for nothing.
/// - Returns: the beginnings kept at the end with log p, the best first.
public func ctcBeamDecode(
  _ logProbabilities: NDArray, width: Int = 16, blank: Int = 0
) -> [(labels: [Int], logProbability: Double)] {
  guard logProbabilities.rank == 2, width > 0 else {
    wrongUse("ctcBeamDecode: \(logProbabilities.shape), expected [time, classes]; width \(width)")
  }
  let classes = logProbabilities.shape[1], logP = logProbabilities.doubles
  /// log p of all alignments that end in the blank, and of those that end in the last label.
  struct Ends {
    var blank = -Double.infinity, label = -Double.infinity
    var total: Double { logAdd(blank, label) }
  }
  var beams: [[Int]: Ends] = [[]: Ends(blank: 0)]
  for t in 0..<logProbabilities.shape[0] {
    var next: [[Int]: Ends] = [:]
    for (prefix, ends) in beams {
      for label in 0..<classes {
        let p = logP[t * classes + label]
        if label == blank {
          next[prefix, default: Ends()].blank.logAdd(ends.total + p)
        } else if label == prefix.last {
          next[prefix, default: Ends()].label.logAdd(ends.label + p)
          next[prefix + [label], default: Ends()].label.logAdd(ends.blank + p)
        } else {
          next[prefix + [label], default: Ends()].label.logAdd(ends.total + p)
        }
      }
    }
    beams = Dictionary(uniqueKeysWithValues: best(next.map { ($0, $1) }, width) { $0.1.total })
  }
  return best(beams.map { ($0, $1.total) }, width) { $0.1 }
    .map { (labels: $0.0, logProbability: $0.1) }

  /// The largest by score; among equals the labels decide, so that every run gives the same.
  func best<Value>(
    _ all: [([Int], Value)], _ count: Int, score: (([Int], Value)) -> Double
  ) -> [([Int], Value)] {
    Array(
      all.sorted { a, b in
        let (x, y) = (score(a), score(b))
        return x == y ? a.0.lexicographicallyPrecedes(b.0) : x > y
      }.prefix(count))
  }
}

private func checkedCTC(
  _ operation: String, _ array: NDArray, _ lengths: [Int]?
) -> (steps: Int, batch: Int) {
  guard array.rank == 3 else {
    wrongUse("\(operation): \(array.shape), expected [time, batch, classes]")
  }
  if let lengths {
    guard lengths.count == array.shape[1], lengths.allSatisfy((0...array.shape[0]).contains) else {
      wrongUse("\(operation): lengths \(lengths) for \(array.shape)")
    }
  }
  return (array.shape[0], array.shape[1])
}

/// log(eᵃ + eᵇ).
private func logAdd(_ a: Double, _ b: Double) -> Double {
  let (low, high) = (min(a, b), max(a, b))
  return low == -.infinity ? high : high + log1p(exp(low - high))
}

extension Double {
  fileprivate mutating func logAdd(_ other: Double) { self = NN.logAdd(self, other) }
}
