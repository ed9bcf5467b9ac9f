import Workbook

// Padding costs time: in a batch of lengths 5, 3, 1 nearly half of the steps compute nothing. Packing
// leaves them out. The sequences are sorted, the longest first, and their steps are laid out one time
// step after the other, only those that exist:
//
//     order      the sequences' indices, longest first; equally long ones in the order they came in
//     batchSizes[t] = how many sequences have a step t
//     numbers    step 0 of all in that order, then step 1 of those that have one, …
//
// So with [[1, 2, 3], [4], [5, 6]]:  order 0, 2, 1;  batchSizes 3, 2, 1;  numbers 1, 5, 4, 2, 6, 3.

struct Packed: Codable {
  var order: [Int]
  var batchSizes: [Int]
  var numbers: [Double]
}

func packing(sequences: [[Double]]) -> Packed {
  let order = sequences.indices.sorted {
    (sequences[$1].count, $0) < (sequences[$0].count, $1)
  }
  var packed = Packed(order: order, batchSizes: [], numbers: [])
  for t in 0..<sequences[order[0]].count {
    let present = order.filter { sequences[$0].count > t }
    packed.batchSizes.append(present.count)
    packed.numbers += present.map { sequences[$0][t] }
  }
  return packed
}

// MARK: - Checks

let packingExercise = Exercise(
  "packing", chapter: 5, "Packing", minutes: 25,
  hints: [
    "Sort the indices, not the sequences: `sequences.indices.sorted { … }`.",
    "At step t go through `order` and take those with count > t.",
  ],
  solution: packing
) { trial in
  func ask(_ sequences: [[Double]], is golden: Packed? = nil) throws {
    let right = golden ?? packing(sequences: sequences)
    let counts = sequences.map(\.count), longest = counts.max() ?? 0
    func along(_ order: [Int]) -> Packed {
      let steps = (0..<longest).map { t in order.filter { counts[$0] > t } }
      return Packed(
        order: order, batchSizes: steps.map(\.count),
        numbers: steps.enumerated().flatMap { t, present in present.map { sequences[$0][t] } })
    }
    func changed(_ change: (inout Packed) -> Void) -> Packed {
      var result = right
      change(&result)
      return result
    }
    var rank = Array(repeating: 0, count: counts.count)
    for (place, index) in right.order.enumerated() { rank[index] = place }
    let descending = counts.indices.sorted { (counts[$1], $1) < (counts[$0], $0) }
    try trial.expect(
      "", of: sequences, equals: right,
      mistakes: [
        "The sequences are not sorted: the longest comes first.": along(Array(counts.indices)),
        "They are sorted the other way: the longest comes first.":
          along(counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }),
        "Equally long sequences have changed places: they stay in the order they came in.":
          along(descending),
        "The numbers stand sequence after sequence; they stand step after step.":
          changed { $0.numbers = right.order.flatMap { sequences[$0] } },
        "The numbers hold padding: only steps that exist are laid out.":
          changed {
            $0.numbers = (0..<longest).flatMap { t in
              right.order.map { counts[$0] > t ? sequences[$0][t] : 0 }
            }
          },
        "batchSizes are the sequences' lengths; they count, for each step, the sequences that have it.":
          changed { $0.batchSizes = right.order.map { counts[$0] } },
        "batchSizes count one step too far: sequence i has step t if t < its length.":
          changed { $0.batchSizes = (0..<longest).map { t in counts.filter { $0 >= t }.count } },
        "`order` says for each sequence where it has gone; it lists, place by place, which came there.":
          changed { $0.order = rank },
      ])
  }
  let g = trial.golden
  try ask(
    [g.numbers("a"), g.numbers("b"), g.numbers("c"), g.numbers("d")],
    is: Packed(
      order: g.integers("order"), batchSizes: g.integers("batch_sizes"),
      numbers: g.numbers("numbers")))
  for _ in 0..<3 {
    let n = trial.size(2...3)
    // Unsorted, two of a length, and no permutation that is its own inverse.
    let counts = [1, n, n + 3, n, n + 1]
    try ask(counts.map { trial.numbers($0) })
  }
}
