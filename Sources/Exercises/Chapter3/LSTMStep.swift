import Workbook

// One step of an LSTM. Its state is a pair: the cell c, which remembers, and h, which it shows.
//
//     a = x W_ihᵀ + h W_hhᵀ + b          four gates beside one another, [batch, 4 · hidden]
//     i = σ(a₀)   f = σ(a₁)   g = tanh(a₂)   o = σ(a₃)        in PyTorch's order: i, f, g, o
//     c′ = f ⊙ c + i ⊙ g
//     h′ = o ⊙ tanh c′
//
//     x [batch, input]     h, c [batch, hidden]
//     W_ih [4 · hidden, input]     W_hh [4 · hidden, hidden]     b [1, 4 · hidden]
//
// `a.columns(0..<hidden)` is the first gate's part; a `Matrix` has `sigmoid()` and `tanh()`.

struct LSTMState: Codable {
  var h: Matrix
  var c: Matrix
}

func lstmStep(
  x: Matrix, h: Matrix, c: Matrix, W_ih: Matrix, W_hh: Matrix, b: Matrix
) -> LSTMState {
  let a = x.matmul(W_ih.transposed) + h.matmul(W_hh.transposed) + b
  let n = h.columns
  let i = a.columns(0..<n).sigmoid(), f = a.columns(n..<2 * n).sigmoid()
  let g = a.columns(2 * n..<3 * n).tanh(), o = a.columns(3 * n..<4 * n).sigmoid()
  let next = f * c + i * g
  return LSTMState(h: o * next.tanh(), c: next)
}

// MARK: - Checks

let lstmStepExercise = Exercise(
  "lstm-step", chapter: 3, "One step of an LSTM", minutes: 20,
  hints: [
    "One product for all four gates, then cut a into four parts of `hidden` columns.",
    "Compute c′ first: h′ looks at the new cell, not at the old one.",
  ],
  solution: lstmStep
) { trial in
  func ask(
    _ x: Matrix, _ h: Matrix, _ c: Matrix, _ W_ih: Matrix, _ W_hh: Matrix, _ b: Matrix,
    is golden: LSTMState? = nil
  ) throws {
    let n = h.columns
    let a = x.matmul(W_ih.transposed) + h.matmul(W_hh.transposed) + b
    func part(_ gate: Int) -> Matrix { a.columns(gate * n..<(gate + 1) * n) }
    func state(_ i: Int, _ f: Int, _ g: Int, _ o: Int) -> LSTMState {
      let next = part(f).sigmoid() * c + part(i).sigmoid() * part(g).tanh()
      return LSTMState(h: part(o).sigmoid() * next.tanh(), c: next)
    }
    let (i, f, o) = (part(0).sigmoid(), part(1).sigmoid(), part(3).sigmoid())
    let g = part(2).tanh(), next = f * c + i * g
    func with(_ cell: Matrix) -> LSTMState { LSTMState(h: o * cell.tanh(), c: cell) }
    try trial.expect(
      "", of: x, h, c, W_ih, W_hh, b, equals: golden ?? state(0, 1, 2, 3),
      mistakes: [
        "The gates are taken in the order i, f, o, g; PyTorch's is i, f, g, o.": state(0, 1, 3, 2),
        "Input and forget gate are swapped: the first part is i, the second f.": state(1, 0, 2, 3),
        "g has a sigmoid; the candidate is between −1 and 1, a tanh.":
          with(f * c + i * part(2).sigmoid()),
        "h′ shows the old cell: c′ first, then h′ = o ⊙ tanh c′.":
          LSTMState(h: o * c.tanh(), c: next),
        "h′ lacks the tanh around the cell.": LSTMState(h: o * next, c: next),
        "h′ lacks the output gate.": LSTMState(h: next.tanh(), c: next),
        "The old cell is forgotten: your step does not use c.": with(i * g),
        "The old cell is kept whole: times the forget gate.": with(c + i * g),
        "The bias is forgotten.": lstmStep(
          x: x, h: h, c: c, W_ih: W_ih, W_hh: W_hh, b: .zeros(1, 4 * n)),
        "Your step does not use h: the gates see the input alone.": lstmStep(
          x: x, h: .zeros(h.rows, n), c: c, W_ih: W_ih, W_hh: W_hh, b: b),
        "The cell that is returned went through the tanh; only what is shown does.":
          LSTMState(h: o * next.tanh(), c: next.tanh()),
      ])
  }
  let g = trial.golden
  try ask(
    g.matrix("x"), g.matrix("h"), g.matrix("c"), g.matrix("weight_ih"), g.matrix("weight_hh"),
    g.matrix("b"), is: LSTMState(h: g.matrix("h_n"), c: g.matrix("c_n")))
  for _ in 0..<3 {
    let (batch, input, hidden) = (trial.size(2...3), trial.size(2...4), trial.size(2...4))
    try ask(
      trial.matrix(batch, input), trial.matrix(batch, hidden), trial.matrix(batch, hidden),
      trial.matrix(4 * hidden, input), trial.matrix(4 * hidden, hidden), trial.matrix(1, 4 * hidden)
    )
  }
}
