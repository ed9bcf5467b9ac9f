import Workbook

// Gradients explode now and then, and one such step undoes hours. Clipping keeps the direction and
// shortens the step: with all gradients of the model as one long vector,
//
//     norm = √( Σ over all matrices and all their numbers g² )
//     g ← g · min(1, largest / norm)
//
// One factor for all, so that the direction stays. What is short enough is left alone; gradients of
// all zeros stay zeros.

func clipByNorm(gradients: [Matrix], largest: Double) -> [Matrix] {
  let norm = gradients.map { ($0 * $0).sum() }.reduce(0, +).squareRoot()
  return norm > largest ? gradients.map { $0 * (largest / norm) } : gradients
}

// MARK: - Checks

let clipByNormExercise = Exercise(
  "clip-by-norm", chapter: 2, "Clipping by norm", minutes: 10,
  hints: [
    "Sum the squares of all matrices first, then take one root.",
    "Divide only if norm > largest, and 0/0 can't happen.",
  ],
  solution: clipByNorm
) { trial in
  func ask(_ gradients: [Matrix], _ largest: Double, is golden: [Matrix]? = nil) throws {
    func norm(_ g: Matrix) -> Double { (g * g).sum().squareRoot() }
    func scaled(_ factor: Double) -> [Matrix] { gradients.map { $0 * factor } }
    let squares = gradients.map { ($0 * $0).sum() }.reduce(0, +), total = squares.squareRoot()
    let sums = gradients.map { $0.numbers.map { abs($0) }.reduce(0, +) }.reduce(0, +)
    let highest = gradients.flatMap(\.numbers).map { abs($0) }.max() ?? 0
    let count = Double(gradients.map(\.numbers.count).reduce(0, +))
    try trial.expect(
      "g", of: gradients, largest,
      equals: golden ?? clipByNorm(gradients: gradients, largest: largest),
      mistakes: [
        "Each matrix is clipped by its own norm, which turns the direction: one norm over all.":
          gradients.map { $0 * min(1, largest / max(norm($0), 1e-300)) },
        "Each number is cut off at ±largest, which turns the direction: scale all by one factor.":
          gradients.map { $0.map { min(largest, max(-largest, $0)) } },
        "Gradients that are short enough are made longer: the factor is at most 1.":
          scaled(largest / total),
        "The root is missing: the norm is the root of the sum of squares.":
          scaled(min(1, largest / squares)),
        "That is scaled by the sum of absolute values; the norm is the root of the sum of squares.":
          scaled(min(1, largest / sums)),
        "That is scaled by the largest number; the norm is the root of the sum of squares.":
          scaled(min(1, largest / highest)),
        "That is scaled by the root of the mean square: sum, not mean.":
          scaled(min(1, largest / (squares / count).squareRoot())),
        "The gradients have length 1 now, not `largest`: multiply by largest / norm.":
          scaled(total > largest ? 1 / total : 1),
        "Nothing is clipped, though the norm is too large.": gradients,
      ])
  }
  let golden = trial.golden
  try ask(
    [golden.matrix("g1"), golden.matrix("g2")], golden.number("largest"),
    is: [golden.matrix("clipped1"), golden.matrix("clipped2")])
  for _ in 0..<2 {
    let gradients = [
      trial.matrix(trial.size(2...3), trial.size(2...4), scale: 3),
      trial.matrix(1, trial.size(2...4), scale: 0.3),
    ]
    try ask(gradients, trial.uniform(0.3...0.8))
    try ask(gradients.map { $0 * 0.01 }, trial.uniform(1.5...2))  // short enough
  }
  try ask([.zeros(2, 3), .zeros(1, 2)], 1)
}
