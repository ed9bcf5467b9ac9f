import Workbook

// Sentences have different lengths, a batch is a rectangle. So the shorter ones are filled up at
// their end, and a mask says what is real:
//
//     numbers[i, t] = sequences[i][t]   if t < lengths[i],   else `filler`
//     mask[i, t]    = 1                 if t < lengths[i],   else 0
//     lengths[i]    = sequences[i].count
//
// The batch is as wide as its longest sequence: `[sequence, time]`. An empty sequence is a row of
// filler.

struct Padded: Codable {
  var numbers: Matrix
  var mask: Matrix
  var lengths: [Int]
}

func padding(sequences: [[Double]], filler: Double) -> Padded {
  let lengths = sequences.map(\.count), width = lengths.max() ?? 0
  return Padded(
    numbers: Matrix(sequences.map { $0 + Array(repeating: filler, count: width - $0.count) }),
    mask: Matrix(lengths.map { length in (0..<width).map { $0 < length ? 1 : 0 } }),
    lengths: lengths)
}

// MARK: - Checks

let paddingExercise = Exercise(
  "padding", chapter: 1, "Padding, mask and lengths", minutes: 15,
  hints: [
    "The mask is made from the lengths, never from the numbers: a real value may equal the filler.",
    "`sequence + Array(repeating: filler, count: width - sequence.count)` is one padded row.",
  ],
  solution: padding
) { trial in
  for _ in 0..<3 {
    let filler = Double(trial.size(2...9)), longest = trial.size(4...6)
    let counts = [trial.size(1...3), longest, 0, trial.size(1...3)]
    var sequences = counts.map { trial.numbers($0) }
    // A real value that looks like padding.
    sequences[1][trial.size(0...(longest - 1))] = filler
    let right = padding(sequences: sequences, filler: filler)
    let width = longest
    func changed(_ change: (inout Padded) -> Void) -> Padded {
      var result = right
      change(&result)
      return result
    }
    let front = Matrix(
      sequences.map { Array(repeating: filler, count: width - $0.count) + $0 })
    try trial.expect(
      "", of: sequences, filler, equals: right,
      mistakes: [
        "The mask is made by comparing numbers with the filler, and a real value that equals it is "
          + "lost: use the lengths.":
          changed { $0.mask = $0.numbers.map { $0 == filler ? 0 : 1 } },
        "The mask is 1 on the padding: it should be 1 on what is real.":
          changed { $0.mask = 1 - $0.mask },
        "The mask is one step too long: time counts from 0, so t < length.":
          changed {
            $0.mask = Matrix(counts.map { n in (0..<width).map { $0 <= n ? 1 : 0 } })
          },
        "The padding is 0; the caller says which filler to use.":
          changed { $0.numbers = $0.numbers * $0.mask },
        "The padding stands in front of the sequences; put it at their end.":
          changed { $0.numbers = front },
        "The lengths are those after padding, all the same: they are the sequences' own.":
          changed { $0.lengths = Array(repeating: width, count: 4) },
        "The empty sequence was dropped: each sequence keeps its row.":
          changed {
            $0.numbers = .joined(rows: [$0.numbers.rows(0..<2), $0.numbers.row(3)])
            $0.mask = .joined(rows: [$0.mask.rows(0..<2), $0.mask.row(3)])
            $0.lengths = [counts[0], counts[1], counts[3]]
          },
        "Time runs down the rows; a row is a sequence here, `[sequence, time]`.":
          changed {
            $0.numbers = $0.numbers.transposed
            $0.mask = $0.mask.transposed
          },
      ])
  }
}
