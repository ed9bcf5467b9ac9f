import Workbook

// To classify a text, one takes the state after its last word. In a padded batch that is not the last
// step: there the shorter ones have long been reading padding. For each sequence i of the batch:
//
//     result[i] = states[lengths[i] − 1][i]           one row for each sequence, [batch, hidden]
//
// `states` has a matrix [batch, hidden] for each step. A sequence of length 0 has a row of zeros.

func lastStep(states: [Matrix], lengths: [Int]) -> Matrix {
  .joined(
    rows: lengths.enumerated().map { i, length in
      length > 0 ? states[length - 1].row(i) : .zeros(1, states[0].columns)
    })
}

// MARK: - Checks

let lastStepExercise = Exercise(
  "last-step", chapter: 5, "The last real step", minutes: 10,
  hints: [
    "`states[t].row(i)` is the state of sequence i at step t; which t does it need?",
    "`Matrix.joined(rows:)` puts rows one below the other.",
  ],
  solution: lastStep
) { trial in
  func ask(_ states: [Matrix], _ lengths: [Int], is golden: Matrix? = nil) throws {
    let end = states.count - 1, hidden = states[0].columns
    let zero = Matrix.zeros(1, hidden)
    func rows(_ row: (Int, Int) -> Matrix) -> Matrix {
      .joined(rows: lengths.enumerated().map { row($0, $1) })
    }
    func mean(_ i: Int, _ steps: Range<Int>) -> Matrix {
      steps.map { states[$0].row(i) }.reduce(zero) { $0 + $1 } / Double(max(1, steps.count))
    }
    let sorted = lengths.sorted(by: >)
    try trial.expect(
      "result", of: states, lengths,
      equals: golden ?? lastStep(states: states, lengths: lengths),
      mistakes: [
        "That is the batch's last step, where shorter sequences have read padding.":
          rows { i, _ in states[end].row(i) },
        "That is one step too far: steps count from 0, so the last real one is length − 1.":
          rows { i, n in states[min(n, end)].row(i) },
        "That is the state before the last one: lengths[i] − 1, not − 2.":
          rows { i, n in n > 1 ? states[n - 2].row(i) : zero },
        "That is the first step.": rows { i, n in n > 0 ? states[0].row(i) : zero },
        "That is the mean of the states; the last one is asked.": rows { i, n in mean(i, 0..<n) },
        "That is the mean over all steps, padding included.":
          rows { i, _ in mean(i, 0..<states.count) },
        "All rows are taken at the longest sequence's last step: each has its own length.":
          rows { i, _ in states[sorted[0] - 1].row(i) },
        "The lengths are taken in sorted order, and no longer belong to their rows.":
          .joined(
            rows: sorted.enumerated().map { i, n in n > 0 ? states[n - 1].row(i) : zero }),
        "All rows are those of the first sequence: row i of the states, not row 0.":
          rows { _, n in n > 0 ? states[n - 1].row(0) : zero },
        "The sequence of length 0 has the state of a step that it doesn't have: a row of zeros.":
          rows { i, n in n > 0 ? states[n - 1].row(i) : states[0].row(i) },
        "The sequence of length 0 has the state of the batch's last step: a row of zeros.":
          rows { i, n in n > 0 ? states[n - 1].row(i) : states[end].row(i) },
      ])
  }
  let g = trial.golden
  try ask(g.sequence("states"), g.integers("lengths"), is: g.matrix("last"))
  for _ in 0..<3 {
    let steps = trial.size(6...7), hidden = trial.size(2...4)
    // None is as long as the batch, so that its last step is never right.
    try ask(
      trial.sequence(steps, 4, hidden), [trial.size(2...3), steps - 1, 0, trial.size(2...3)])
  }
}
