import Workbook

// One step of a GRU as PyTorch and cuDNN have it: the reset gate works on the state's product, its
// bias included ("reset after").
//
//     p = x W_ihᵀ + b_ih           q = h W_hhᵀ + b_hh          each [batch, 3 · hidden]: r, z, n
//     r = σ(p₀ + q₀)               z = σ(p₁ + q₁)
//     n = tanh(p₂ + r ⊙ q₂)
//     h′ = (1 − z) ⊙ n + z ⊙ h
//
//     W_ih [3 · hidden, input]     W_hh [3 · hidden, hidden]     b_ih, b_hh [1, 3 · hidden]

func gruStep(
  x: Matrix, h: Matrix, W_ih: Matrix, W_hh: Matrix, b_ih: Matrix, b_hh: Matrix
) -> Matrix {
  let p = x.matmul(W_ih.transposed) + b_ih, q = h.matmul(W_hh.transposed) + b_hh
  let n = h.columns
  let r = (p.columns(0..<n) + q.columns(0..<n)).sigmoid()
  let z = (p.columns(n..<2 * n) + q.columns(n..<2 * n)).sigmoid()
  let candidate = (p.columns(2 * n..<3 * n) + r * q.columns(2 * n..<3 * n)).tanh()
  return (1 - z) * candidate + z * h
}

// MARK: - Checks

let gruStepExercise = Exercise(
  "gru-step", chapter: 4, "One step of a GRU", minutes: 20,
  hints: [
    "Keep the two products apart, since r multiplies only the state's.",
    "b_hh's third part stands inside the product with r.",
  ],
  solution: gruStep
) { trial in
  func ask(
    _ x: Matrix, _ h: Matrix, _ W_ih: Matrix, _ W_hh: Matrix, _ b_ih: Matrix, _ b_hh: Matrix,
    is golden: Matrix? = nil
  ) throws {
    let n = h.columns
    let p = x.matmul(W_ih.transposed) + b_ih, q = h.matmul(W_hh.transposed) + b_hh
    func part(_ a: Matrix, _ gate: Int) -> Matrix { a.columns(gate * n..<(gate + 1) * n) }
    func gate(_ index: Int) -> Matrix { (part(p, index) + part(q, index)).sigmoid() }
    let (r, z) = (gate(0), gate(1))
    func mixed(_ z: Matrix, _ r: Matrix) -> Matrix {
      (1 - z) * (part(p, 2) + r * part(q, 2)).tanh() + z * h
    }
    let candidate = (part(p, 2) + r * part(q, 2)).tanh(), bias = part(b_hh, 2)
    let one = Matrix.full(h.rows, n, 1)
    let before = (part(p, 2) + (r * h).matmul(W_hh.rows(2 * n..<3 * n).transposed) + bias).tanh()
    try trial.expect(
      "h′", of: x, h, W_ih, W_hh, b_ih, b_hh, equals: golden ?? mixed(z, r),
      mistakes: [
        "z and 1 − z are swapped: z is how much of the old state stays.":
          z * candidate + (1 - z) * h,
        "r and z are swapped: the first part is the reset gate.": mixed(r, z),
        "The reset gate is applied to h before the product (reset before); here it multiplies the "
          + "product and its bias.": (1 - z) * before + z * h,
        "The bias b_hh of the candidate stands outside of the product with r: r ⊙ q₂, bias included.":
          (1 - z) * (part(p, 2) + r * (part(q, 2) - bias) + bias).tanh() + z * h,
        "The reset gate is not used.": mixed(z, one),
        "The reset gate multiplies the input's part as well: only the state's.":
          (1 - z) * (r * (part(p, 2) + part(q, 2))).tanh() + z * h,
        "The old state is gone: h′ = (1 − z) ⊙ n + z ⊙ h.": (1 - z) * candidate,
        "The candidate has a sigmoid; it is a tanh.":
          (1 - z) * (part(p, 2) + r * part(q, 2)).sigmoid() + z * h,
        "The bias b_hh is forgotten.":
          gruStep(x: x, h: h, W_ih: W_ih, W_hh: W_hh, b_ih: b_ih, b_hh: .zeros(1, 3 * n)),
        "The bias b_ih is forgotten.":
          gruStep(x: x, h: h, W_ih: W_ih, W_hh: W_hh, b_ih: .zeros(1, 3 * n), b_hh: b_hh),
      ])
  }
  let g = trial.golden
  try ask(
    g.matrix("x"), g.matrix("h"), g.matrix("weight_ih"), g.matrix("weight_hh"),
    g.matrix("bias_ih"), g.matrix("bias_hh"), is: g.matrix("output"))
  for _ in 0..<3 {
    let (batch, input, hidden) = (trial.size(2...3), trial.size(2...4), trial.size(2...4))
    try ask(
      trial.matrix(batch, input), trial.matrix(batch, hidden), trial.matrix(3 * hidden, input),
      trial.matrix(3 * hidden, hidden), trial.matrix(1, 3 * hidden), trial.matrix(1, 3 * hidden))
  }
}
