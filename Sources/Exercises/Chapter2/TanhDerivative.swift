import Workbook

// The RNN's curve and its slope. The slope needs no second look at x: it is said by y itself, which
// is why a layer keeps its outputs for the way back.
//
//     y = tanh x        ∂y/∂x = 1 − y²
//
// Write both out, with no call of tanh: y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ). It has to hold for x = 1000
// and x = −1000 as well, where eˣ is infinite and ∞/∞ is no number. Multiply above and below by
// e⁻ˣ (or by eˣ) such that only a small one is left.

struct ValueAndSlope: Codable {
  var value: Double
  var slope: Double
}

func tanhDerivative(x: Double) -> ValueAndSlope {
  let small = exp(-2 * abs(x))
  let y = (1 - small) / (1 + small) * (x < 0 ? -1 : 1)
  return ValueAndSlope(value: y, slope: 1 - y * y)
}

// MARK: - Checks

let tanhDerivativeExercise = Exercise(
  "tanh-derivative", chapter: 2, "tanh and its slope", minutes: 10,
  hints: [
    "tanh(−x) = −tanh x, so it is enough to know it for x ≥ 0.",
    "For x ≥ 0: y = (1 − e⁻²ˣ) / (1 + e⁻²ˣ), and e⁻²ˣ is never more than 1.",
  ],
  solution: tanhDerivative
) { trial in
  func ask(_ x: Double, value: Double, slope: Double) throws {
    func pair(_ y: Double, _ slope: Double) -> ValueAndSlope {
      ValueAndSlope(value: y, slope: slope)
    }
    let direct = (exp(x) - exp(-x)) / (exp(x) + exp(-x))
    let half = 1 / (1 + exp(-x))
    try trial.expect(
      "tanh(\(Result.text(x))): ", of: x, equals: pair(value, slope), tolerance: 1e-8,
      mistakes: [
        "e to so large a power is infinite, and ∞/∞ is no number: arrange it so that only a power "
          + "below 1 is needed.": pair(direct, 1 - direct * direct),
        "The value is right, the slope is 1 − x²: it is 1 − y².": pair(value, 1 - x * x),
        "The value is right, the slope is 1 − y: the y is squared.": pair(value, 1 - value),
        "The value is right, the slope is y(1 − y), which is the sigmoid's.":
          pair(value, value * (1 - value)),
        "This is the sigmoid, which goes from 0 to 1; tanh goes from −1 to 1.":
          pair(half, half * (1 - half)),
        "This is tanh(x/2): the power is e⁻²ˣ, with the 2.":
          pair(tanh(x / 2), 1 - tanh(x / 2) * tanh(x / 2)),
        "The slope is that of |x|'s tanh: it is never negative.": pair(
          value, slope * (x < 0 ? -1 : 1)),
        "The sign is lost for negative x: tanh(−x) = −tanh x.": pair(abs(value), slope),
      ])
  }
  let golden = trial.golden
  for (x, (y, slope)) in zip(
    golden.numbers("x"), zip(golden.numbers("value"), golden.numbers("slope")))
  { try ask(x, value: y, slope: slope) }
  for _ in 0..<4 {
    let x = trial.uniform(0.3...2.5) * (trial.uniform() < 0.5 ? -1 : 1)
    // The slope as it is measured.
    try ask(
      x, value: tanh(x), slope: centralDifferences(Matrix(1, 1, [x])) { $0.tanh().sum() }.sum())
  }
  for x in [1000.0, -1000] { try ask(x, value: x < 0 ? -1 : 1, slope: 0) }
}
