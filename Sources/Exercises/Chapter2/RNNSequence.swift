import Workbook

// The same step at every time, each with the state that the one before has left:
//
//     h[t] = tanh(x[t] W_ihᵀ + h[t − 1] W_hhᵀ + b)        h[−1] = h0
//
//     x   one matrix [batch, input] a time step           h0   [batch, hidden]
//     W_ih [hidden, input]      W_hh [hidden, hidden]      b    [1, hidden]
//
// Return the states of all steps, h0 not among them.

func rnnSequence(
  x: [Matrix], h0: Matrix, W_ih: Matrix, W_hh: Matrix, b: Matrix
) -> [Matrix] {
  var h = h0
  return x.map { x in
    h = (x.matmul(W_ih.transposed) + h.matmul(W_hh.transposed) + b).tanh()
    return h
  }
}

// MARK: - Checks

let rnnSequenceExercise = Exercise(
  "rnn-sequence", chapter: 2, "A whole sequence", minutes: 15,
  hints: [
    "A variable h, h0 at first, is overwritten at every step and kept in a list.",
    "for x in x { h = …; states.append(h) }",
  ],
  solution: rnnSequence
) { trial in
  func ask(
    _ x: [Matrix], _ h0: Matrix, _ W_ih: Matrix, _ W_hh: Matrix, _ b: Matrix,
    is golden: [Matrix]? = nil
  ) throws {
    func run(_ x: [Matrix], _ h0: Matrix) -> [Matrix] {
      rnnSequence(x: x, h0: h0, W_ih: W_ih, W_hh: W_hh, b: b)
    }
    let right = run(x, h0), none = Matrix.zeros(h0.rows, h0.columns)
    try trial.expect(
      "h", of: x, h0, W_ih, W_hh, b, equals: golden ?? right, axes: ["t"],
      mistakes: [
        "Every step begins from h0: the state is not carried, your step does not use h[t − 1].":
          x.map { run([$0], h0)[0] },
        "The sequence begins from 0; it begins from h0.": run(x, none),
        "Every step begins from 0: the state is not carried.": x.map { run([$0], none)[0] },
        "The states are one step late: the first one returned is h0, the last one is missing.":
          [h0] + right.dropLast(),
        "h0 is among the states; return what the steps gave.": [h0] + right,
        "The sequence is read from its end.": run(x.reversed(), h0).reversed(),
        "Only the last state is returned: return those of all steps.": [right[right.count - 1]],
        "Every step sees the first input: x[t] goes on with t.":
          run(Array(repeating: x[0], count: x.count), h0),
        "The carried state is x[t] W_ihᵀ + h W_hhᵀ + b without its tanh: carry what you return.":
          {
            var inside = h0
            return x.map {
              inside = $0.matmul(W_ih.transposed) + inside.matmul(W_hh.transposed) + b
              return inside.tanh()
            }
          }(),
      ])
  }
  let g = trial.golden
  try ask(
    g.sequence("x"), g.matrix("h0"), g.matrix("weight_ih"), g.matrix("weight_hh"), g.matrix("b"),
    is: g.sequence("output"))
  for _ in 0..<3 {
    let (steps, batch) = (trial.size(3...6), trial.size(2...3))
    let (input, hidden) = (trial.size(2...3), trial.size(2...4))
    try ask(
      trial.sequence(steps, batch, input), trial.matrix(batch, hidden),
      trial.matrix(hidden, input), trial.matrix(hidden, hidden), trial.matrix(1, hidden))
  }
}
