import Workbook

// The GRU of the first paper (Cho and others, 2014) resets the state before the product:
//
//     r = σ(x W_rᵀ + h U_rᵀ + b_r)          z = σ(x W_zᵀ + h U_zᵀ + b_z)
//     n = tanh(x W_nᵀ + (r ⊙ h) U_nᵀ + b_n)
//     h′ = (1 − z) ⊙ n + z ⊙ h
//
// Here the weights of r, z, n stand one below the other, as everywhere: W [3 · hidden, input],
// U [3 · hidden, hidden], b [1, 3 · hidden]. `U.rows(0..<hidden)` is the reset gate's part. Weights
// trained in one form give other numbers in the other, so it has to be known which one a model has.

func gruResetBefore(x: Matrix, h: Matrix, W: Matrix, U: Matrix, b: Matrix) -> Matrix {
  let n = h.columns
  func gate(_ part: Range<Int>, _ h: Matrix) -> Matrix {
    x.matmul(W.rows(part).transposed) + h.matmul(U.rows(part).transposed) + b.columns(part)
  }
  let r = gate(0..<n, h).sigmoid(), z = gate(n..<2 * n, h).sigmoid()
  return (1 - z) * gate(2 * n..<3 * n, r * h).tanh() + z * h
}

// MARK: - Checks

let gruResetBeforeExercise = Exercise(
  "gru-reset-before", chapter: 4, "A GRU that resets before", minutes: 15,
  hints: [
    "Here one product for all three parts can't do: n's needs r, which needs a product first.",
    "r * h is element by element, and then goes through U_nᵀ.",
  ],
  solution: gruResetBefore
) { trial in
  func ask(
    _ x: Matrix, _ h: Matrix, _ W: Matrix, _ U: Matrix, _ b: Matrix, is golden: Matrix? = nil
  ) throws {
    let n = h.columns
    func input(_ k: Int) -> Matrix {
      x.matmul(W.rows(k * n..<(k + 1) * n).transposed) + b.columns(k * n..<(k + 1) * n)
    }
    func state(_ k: Int, _ h: Matrix) -> Matrix {
      h.matmul(U.rows(k * n..<(k + 1) * n).transposed)
    }
    let r = (input(0) + state(0, h)).sigmoid(), z = (input(1) + state(1, h)).sigmoid()
    func mixed(_ candidate: Matrix, _ z: Matrix) -> Matrix { (1 - z) * candidate + z * h }
    let candidate = (input(2) + state(2, r * h)).tanh()
    try trial.expect(
      "h′", of: x, h, W, U, b, equals: golden ?? mixed(candidate, z),
      mistakes: [
        "The reset gate multiplies the product (reset after, as PyTorch does); here it multiplies h, "
          + "and the product comes then.": mixed((input(2) + r * state(2, h)).tanh(), z),
        "The reset gate is not used.": mixed((input(2) + state(2, h)).tanh(), z),
        "z and 1 − z are swapped: z is how much of the old state stays.":
          z * candidate + (1 - z) * h,
        "r and z are swapped: the first part is the reset gate.":
          mixed((input(2) + state(2, z * h)).tanh(), r),
        "The gates see the state after the reset; r and z look at h itself.":
          mixed(candidate, (input(1) + state(1, r * h)).sigmoid()),
        "What stays is the state after the reset: z ⊙ h, with h as it was.":
          (1 - z) * candidate + z * (r * h),
        "The bias is forgotten.": gruResetBefore(x: x, h: h, W: W, U: U, b: .zeros(1, 3 * n)),
        "U_n is not transposed: it is square, so both ways fit.":
          mixed((input(2) + (r * h).matmul(U.rows(2 * n..<3 * n))).tanh(), z),
        "The candidate has a sigmoid; it is a tanh.":
          mixed((input(2) + state(2, r * h)).sigmoid(), z),
      ])
  }
  let g = trial.golden
  try ask(
    g.matrix("x"), g.matrix("h"), g.matrix("W"), g.matrix("U"), g.matrix("b"),
    is: g.matrix("output"))
  for _ in 0..<3 {
    let (batch, input, hidden) = (trial.size(2...3), trial.size(2...4), trial.size(2...4))
    try ask(
      trial.matrix(batch, input), trial.matrix(batch, hidden), trial.matrix(3 * hidden, input),
      trial.matrix(3 * hidden, hidden), trial.matrix(1, 3 * hidden))
  }
}
