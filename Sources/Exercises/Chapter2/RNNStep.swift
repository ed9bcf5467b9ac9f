import Workbook

// One step of a recurrent layer, for a batch. x is what comes in now, h the state that the step
// before has left:
//
//     h′ = tanh(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh)
//
//     x    [batch, input]          h    [batch, hidden]
//     W_ih [hidden, input]         W_hh [hidden, hidden]       b_ih, b_hh [1, hidden]
//
// A row of W belongs to one hidden unit, as in PyTorch; hence the transposes. A `Matrix` has
// `matmul`, `transposed`, `+` (a bias of one row is added to every row) and `tanh()`.

func rnnStep(
  x: Matrix, h: Matrix, W_ih: Matrix, W_hh: Matrix, b_ih: Matrix, b_hh: Matrix
) -> Matrix {
  (x.matmul(W_ih.transposed) + b_ih + h.matmul(W_hh.transposed) + b_hh).tanh()
}

// MARK: - Checks

let rnnStepExercise = Exercise(
  "rnn-step", chapter: 2, "One step of an RNN", minutes: 10,
  hints: [
    "Which shapes fit? [batch, input] × [input, hidden] gives [batch, hidden]: W_ih is transposed.",
    "One line: two products, two biases, one tanh around all of it.",
  ],
  solution: rnnStep
) { trial in
  func ask(
    _ x: Matrix, _ h: Matrix, _ W_ih: Matrix, _ W_hh: Matrix, _ b_ih: Matrix, _ b_hh: Matrix,
    is golden: Matrix? = nil
  ) throws {
    let (none, zero) = (Matrix.zeros(h.rows, h.columns), Matrix.zeros(1, h.columns))
    func step(
      h: Matrix = h, W_hh: Matrix = W_hh, b_ih: Matrix = b_ih, b_hh: Matrix = b_hh
    ) -> Matrix {
      rnnStep(x: x, h: h, W_ih: W_ih, W_hh: W_hh, b_ih: b_ih, b_hh: b_hh)
    }
    let inside = x.matmul(W_ih.transposed) + b_ih + h.matmul(W_hh.transposed) + b_hh
    try trial.expect(
      "h′", of: x, h, W_ih, W_hh, b_ih, b_hh, equals: golden ?? step(),
      mistakes: [
        "Your step does not use the state h: what came before is forgotten.": step(h: none),
        "W_hh is not transposed: it is square, so both ways fit, and only h W_hhᵀ is meant.":
          step(W_hh: W_hh.transposed),
        "The bias b_hh is forgotten: the state's product has a bias of its own.": step(b_hh: zero),
        "The bias b_ih is forgotten: the input's product has a bias of its own.": step(b_ih: zero),
        "Both biases are forgotten.": step(b_ih: zero, b_hh: zero),
        "One bias is added twice, the other not at all.": step(b_hh: b_ih),
        "The tanh is missing.": inside,
        "The tanh is around the input's part alone: it goes around the whole sum.":
          (x.matmul(W_ih.transposed) + b_ih).tanh() + h.matmul(W_hh.transposed) + b_hh,
        "There is a sigmoid where tanh should be.": inside.sigmoid(),
        "The state is added as it is, without W_hh.":
          (x.matmul(W_ih.transposed) + b_ih + h + b_hh).tanh(),
      ])
  }
  let g = trial.golden
  try ask(
    g.matrix("x"), g.matrix("h"), g.matrix("weight_ih"), g.matrix("weight_hh"),
    g.matrix("bias_ih"), g.matrix("bias_hh"), is: g.matrix("output"))
  for _ in 0..<3 {
    let (batch, input, hidden) = (trial.size(2...4), trial.size(2...4), trial.size(2...5))
    try ask(
      trial.matrix(batch, input), trial.matrix(batch, hidden), trial.matrix(hidden, input),
      trial.matrix(hidden, hidden), trial.matrix(1, hidden), trial.matrix(1, hidden))
  }
}
