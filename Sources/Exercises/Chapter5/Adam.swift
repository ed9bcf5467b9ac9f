import Workbook

// Adam (Kingma and Ba, 2015), for one parameter p. m is a running mean of the gradients, v of their
// squares; both begin at 0 and are too small at first, which the corrections mend. At step t, counted
// from 1:
//
//     m ← β₁ m + (1 − β₁) g                 m̂ = m / (1 − β₁ᵗ)
//     v ← β₂ v + (1 − β₂) g²                v̂ = v / (1 − β₂ᵗ)
//     p ← p − rate · m̂ / (√v̂ + ε)
//
// with β₁ = 0.9, β₂ = 0.999, ε = 1e-8. Return p after each step. (The gradients are given, one a step;
// in training they would depend on p.)

func adam(parameter: Double, gradients: [Double], rate: Double) -> [Double] {
  var (p, m, v) = (parameter, 0.0, 0.0)
  return gradients.enumerated().map { index, g in
    let t = Double(index + 1)
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    p -= rate * m / (1 - pow(0.9, t)) / ((v / (1 - pow(0.999, t))).squareRoot() + 1e-8)
    return p
  }
}

// MARK: - Checks

/// Adam with a fault.
private func walk(
  _ parameter: Double, _ gradients: [Double], _ rate: Double, first: Double = 0.9,
  second: Double = 0.999, firstStep: Int = 1,
  step: (_ m: Double, _ v: Double, _ a: Double, _ b: Double) -> Double = {
    $0 / $2 / (($1 / $3).squareRoot() + 1e-8)
  }, sign: Double = -1, squares: (Double) -> Double = { $0 * $0 }
) -> [Double] {
  var (p, m, v) = (parameter, 0.0, 0.0)
  return gradients.enumerated().map { index, g in
    let t = Double(index + firstStep)
    m = first * m + (1 - first) * g
    v = second * v + (1 - second) * squares(g)
    p += sign * rate * step(m, v, 1 - pow(first, t), 1 - pow(second, t))
    return p
  }
}

let adamExercise = Exercise(
  "adam", chapter: 5, "Adam", minutes: 20,
  hints: [
    "Keep p, m and v as variables; t is the index plus 1.",
    "m̂ and v̂ are used in this step only: m and v themselves go on uncorrected.",
  ],
  solution: adam
) { trial in
  func ask(_ p: Double, _ g: [Double], _ rate: Double, is golden: [Double]? = nil) throws {
    try trial.expect(
      "p", of: p, g, rate, equals: golden ?? walk(p, g, rate), axes: ["step"], tolerance: 1e-8,
      mistakes: [
        "The corrections are missing: m and v begin at 0 and are too small at first.":
          walk(p, g, rate, step: { m, v, _, _ in m / (v.squareRoot() + 1e-8) }),
        "v̂ is not corrected, m̂ is.":
          walk(p, g, rate, step: { m, v, a, _ in m / a / (v.squareRoot() + 1e-8) }),
        "m̂ is not corrected, v̂ is.":
          walk(p, g, rate, step: { m, v, _, b in m / ((v / b).squareRoot() + 1e-8) }),
        "The steps count from 2 in the corrections; the first step is t = 1.":
          walk(p, g, rate, firstStep: 2),
        "It is divided by v̂; the root of v̂ is as large as a gradient.":
          walk(p, g, rate, step: { m, v, a, b in m / a / (v / b + 1e-8) }),
        "ε stands under the root; it is added after it.":
          walk(p, g, rate, step: { m, v, a, b in m / a / (v / b + 1e-8).squareRoot() }),
        "β₁ and β₂ are swapped: the squares are remembered longer.":
          walk(p, g, rate, first: 0.999, second: 0.9),
        "It climbs: p becomes smaller where the gradient is positive.": walk(p, g, rate, sign: 1),
        "v is a mean of the gradients; it is one of their squares.":
          walk(
            p, g, rate, step: { m, v, a, b in m / a / (abs(v / b).squareRoot() + 1e-8) },
            squares: { $0 }),
        "That is p − rate · g, plain gradient descent.":
          g.indices.map { p - rate * g[...$0].reduce(0, +) },
        "The momentum is missing: the step is g / √v̂, not m̂ / √v̂.":
          walk(p, g, rate, first: 0),
        "The parameter begins anew from where it started at each step.":
          {
            let right = [p] + walk(p, g, rate)
            return g.indices.map { p + right[$0 + 1] - right[$0] }
          }(),
      ])
  }
  let v = trial.golden
  try ask(
    v.number("parameter"), v.numbers("gradients"), v.number("rate"), is: v.numbers("values"))
  for _ in 0..<3 {
    // Small enough for ε to be seen, and of both signs.
    let g = trial.numbers(trial.size(4...7), scale: 0.003)
    try ask(trial.uniform(-1...1), g, trial.uniform(0.05...0.5))
  }
}
