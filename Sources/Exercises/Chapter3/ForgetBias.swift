import Workbook

// A fresh LSTM forgets: with biases of 0 its forget gate is σ(0) = 1/2, and after ten steps a
// thousandth of the memory is left. So the forget gate's bias is set before training. To what? Say
// that, with nothing coming in, half of the memory shall be left after T steps:
//
//     σ(b)ᵀ = 1/2      so  σ(b) = p = 2^(−1/T),      b = log(p / (1 − p))
//
// PyTorch's LSTM has two biases, b_ih and b_hh, which are added up, each `[1, 4 · hidden]` in the
// order i, f, g, o. Give the forget gate's units this b, by b_ih alone; all else is 0.

struct Biases: Codable {
  var b_ih: Matrix
  var b_hh: Matrix
}

func forgetBias(hidden: Int, steps: Int) -> Biases {
  let p = pow(2, -1 / Double(steps))
  var biases = Biases(b_ih: .zeros(1, 4 * hidden), b_hh: .zeros(1, 4 * hidden))
  for unit in 0..<hidden { biases.b_ih[0, hidden + unit] = log(p / (1 - p)) }
  return biases
}

// MARK: - Checks

let forgetBiasExercise = Exercise(
  "forget-bias", chapter: 3, "A forget gate that remembers", minutes: 10,
  hints: [
    "Mind the division of whole numbers: -1 / steps is 0 for an Int; -1 / Double(steps) isn't.",
    "The forget gate is the second of four: columns hidden ..< 2 · hidden.",
  ],
  solution: forgetBias
) { trial in
  for _ in 0..<3 {
    let n = trial.size(2...5), steps = trial.size(5...40)
    let p = pow(2, -1 / Double(steps)), b = log(p / (1 - p))
    func biases(_ value: Double, gate: Int = 1, both: Bool = false) -> Biases {
      var row = Matrix.zeros(1, 4 * n)
      for unit in 0..<n { row[0, gate * n + unit] = value }
      return Biases(b_ih: row, b_hh: both ? row : .zeros(1, 4 * n))
    }
    try trial.expect(
      "", of: n, steps, equals: forgetBias(hidden: n, steps: steps),
      mistakes: [
        "Both biases have it, and they are added up: the gate begins at σ(2b).":
          biases(b, both: true),
        "It is the input gate's bias: the forget gate is the second of the four.":
          biases(b, gate: 0),
        "It is the third part, the candidate g's: the forget gate is the second of the four.":
          biases(b, gate: 2),
        "It is the last part, the output gate's: the forget gate is the second of the four.":
          biases(b, gate: 3),
        "That is p, what the gate should be; its bias goes through a sigmoid first.": biases(p),
        "The sign is turned around, and the gate forgets nearly all: b = log(p / (1 − p)).":
          biases(-b),
        "Every gate has it; only the forget gate should.":
          Biases(b_ih: .full(1, 4 * n, b), b_hh: .zeros(1, 4 * n)),
        "That is half of the memory after one step; T is not used.": biases(0),
        "−1/T was divided as whole numbers and is 0, so that p = 1: use Double(steps).":
          biases(.infinity),
        "That is the popular 1, whatever T is.": biases(1),
        "It is half over e, not over 2: p = exp(−1/T) leaves 37 %.":
          biases(log(exp(-1 / Double(steps)) / (1 - exp(-1 / Double(steps))))),
      ])
  }
}
