import Workbook

// A network's last layer gives scores; softmax makes probabilities of them, row by row (a row is one
// time step or one example, its columns are the classes):
//
//     p[i, j] = exp(z[i, j]) / Σₖ exp(z[i, k])
//
// Scores of 1,000 happen, and exp(1000) is infinite. Softmax doesn't change when all scores of a row
// fall by the same number, so take the row's largest away first: then the largest power is e⁰ = 1.

func softmax(scores z: Matrix) -> Matrix {
  let powers = (z - z.max(axis: 1)).exp()
  return powers / powers.sum(axis: 1)
}

// MARK: - Checks

let softmaxExercise = Exercise(
  "softmax", chapter: 2, "A softmax that survives 1,000", minutes: 10,
  hints: [
    "`z.max(axis: 1)` has one number a row, and z − z.max(axis: 1) takes it from each of the row.",
    "Over which axis do the probabilities add up to 1? Sum over that one, axis 1.",
  ],
  solution: softmax
) { trial in
  func ask(_ z: Matrix, is golden: Matrix? = nil) throws {
    let powers = z.exp(), largest = z.numbers.max() ?? 0
    let shifted = (z - largest).exp()
    try trial.expect(
      "p", of: z, equals: golden ?? softmax(scores: z),
      mistakes: [
        "exp of a large score is infinite, and ∞/∞ is no number: take the row's largest score away "
          + "first.": powers / powers.sum(axis: 1),
        "It is softmax over the rows, so that time steps compete: sum over the classes, axis 1.":
          softmax(scores: z.transposed).transposed,
        "The largest score of the whole batch was taken away, so in a row of much smaller ones every "
          + "power is 0: take each row's own.": shifted / shifted.sum(axis: 1),
        "The sum is over the whole matrix; each row adds up to 1 by itself.":
          shifted * (1 / shifted.sum()),
        "The powers are not divided by their row's sum, or by its largest, which is 1 by now.":
          (z - z.max(axis: 1)).exp(),
        "This is the logarithm of softmax; here the probabilities are asked.":
          z - z.max(axis: 1) - (z - z.max(axis: 1)).exp().sum(axis: 1).log(),
      ])
  }
  try ask(trial.golden.matrix("z"), is: trial.golden.matrix("p"))
  for _ in 0..<2 { try ask(trial.matrix(trial.size(2...3), trial.size(4...5))) }
  let columns = trial.size(3...5)
  try ask(
    .joined(rows: [
      trial.matrix(1, columns) + 1000, trial.matrix(1, columns) - 1000, trial.matrix(1, columns),
    ]))
}
