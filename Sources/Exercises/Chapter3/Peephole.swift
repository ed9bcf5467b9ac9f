import Workbook

// Gers and Schmidhuber (2000) let the gates look at the cell: each unit's gate sees its own cell
// through a weight of its own, element by element. The input and the forget gate look at the cell as
// it was, the output gate at the cell as it has become:
//
//     i = σ(a₀ + w_i ⊙ c)      f = σ(a₁ + w_f ⊙ c)      g = tanh(a₂)
//     c′ = f ⊙ c + i ⊙ g       o = σ(a₃ + w_o ⊙ c′)     h′ = o ⊙ tanh c′
//
// a = x W_ihᵀ + h W_hhᵀ + b, [batch, 4 · hidden], is computed already; w_i, w_f, w_o are
// [1, hidden], c is [batch, hidden].

struct PeepholeState: Codable {
  var h: Matrix
  var c: Matrix
}

func peephole(a: Matrix, c: Matrix, w_i: Matrix, w_f: Matrix, w_o: Matrix) -> PeepholeState {
  let n = c.columns
  let i = (a.columns(0..<n) + w_i * c).sigmoid()
  let f = (a.columns(n..<2 * n) + w_f * c).sigmoid()
  let next = f * c + i * a.columns(2 * n..<3 * n).tanh()
  let o = (a.columns(3 * n..<4 * n) + w_o * next).sigmoid()
  return PeepholeState(h: o * next.tanh(), c: next)
}

// MARK: - Checks

let peepholeExercise = Exercise(
  "peephole", chapter: 3, "Peepholes", minutes: 15,
  hints: [
    "The order matters: i, f and g, then c′, and only then o.",
    "`w_i * c` is element by element: a row [1, hidden] is used for every row of c.",
  ],
  solution: peephole
) { trial in
  func ask(
    _ a: Matrix, _ c: Matrix, _ w_i: Matrix, _ w_f: Matrix, _ w_o: Matrix,
    is golden: PeepholeState? = nil
  ) throws {
    let n = c.columns, zero = Matrix.zeros(1, n)
    func part(_ gate: Int) -> Matrix { a.columns(gate * n..<(gate + 1) * n) }
    let right = peephole(a: a, c: c, w_i: w_i, w_f: w_f, w_o: w_o)
    let i = (part(0) + w_i * c).sigmoid(), f = (part(1) + w_f * c).sigmoid(), g = part(2).tanh()
    func with(o: Matrix, c next: Matrix = right.c) -> PeepholeState {
      PeepholeState(h: o * next.tanh(), c: next)
    }
    let lateI = (part(0) + w_i * right.c).sigmoid()
    try trial.expect(
      "", of: a, c, w_i, w_f, w_o, equals: golden ?? right,
      mistakes: [
        "The output gate looks at the cell as it was; by then c′ is there, and o sees that.":
          with(o: (part(3) + w_o * c).sigmoid()),
        "The output gate does not look at the cell.": with(o: part(3).sigmoid()),
        "The peephole weights of i and f are swapped.":
          peephole(a: a, c: c, w_i: w_f, w_f: w_i, w_o: w_o),
        "Neither i nor f looks at the cell.":
          peephole(a: a, c: c, w_i: zero, w_f: zero, w_o: w_o),
        "Only the forget gate and the output gate look at the cell; i does too.":
          peephole(a: a, c: c, w_i: zero, w_f: w_f, w_o: w_o),
        "Only the input gate and the output gate look at the cell; f does too.":
          peephole(a: a, c: c, w_i: w_i, w_f: zero, w_o: w_o),
        "The peephole is added after the sigmoid; it belongs inside.":
          {
            let next = (part(1).sigmoid() + w_f * c) * c + (part(0).sigmoid() + w_i * c) * g
            return with(o: part(3).sigmoid() + w_o * next, c: next)
          }(),
        "The candidate g looks at the cell as well; only the three gates do.":
          {
            let next = f * c + i * (part(2) + w_i * c).tanh()
            return with(o: (part(3) + w_o * next).sigmoid(), c: next)
          }(),
        "The input gate looks at the new cell, which is made with it: i and f see c as it was.":
          {
            let next = f * c + lateI * g
            return with(o: (part(3) + w_o * next).sigmoid(), c: next)
          }(),
      ])
  }
  let v = trial.golden
  try ask(
    v.matrix("a"), v.matrix("c"), v.matrix("w_i"), v.matrix("w_f"), v.matrix("w_o"),
    is: PeepholeState(h: v.matrix("h_n"), c: v.matrix("c_n")))
  for _ in 0..<3 {
    let (batch, hidden) = (trial.size(2...4), trial.size(2...4))
    try ask(
      trial.matrix(batch, 4 * hidden), trial.matrix(batch, hidden), trial.matrix(1, hidden),
      trial.matrix(1, hidden), trial.matrix(1, hidden))
  }
}
