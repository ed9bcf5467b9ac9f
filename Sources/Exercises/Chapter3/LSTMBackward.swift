import Workbook

// The way back through one step of an LSTM, by hand. Forward it was (see lstm-step)
//
//     a = x W_ihᵀ + h W_hhᵀ + b     i = σ(a₀)  f = σ(a₁)  g = tanh(a₂)  o = σ(a₃)
//     c′ = f ⊙ c + i ⊙ g            h′ = o ⊙ tanh c′
//
// and dh′ = ∂L/∂h′ and dc′ = ∂L/∂c′ arrive from later. Work backward, one line at a time:
//
//     do = dh′ ⊙ tanh c′
//     s  = dc′ + dh′ ⊙ o ⊙ (1 − tanh² c′)          all that reaches c′: two ways lead to it
//     di = s ⊙ g      df = s ⊙ c      dg = s ⊙ i      dc = s ⊙ f
//     da = [ di ⊙ i(1 − i),  df ⊙ f(1 − f),  dg ⊙ (1 − g²),  do ⊙ o(1 − o) ]
//     dW_ih = daᵀ x     dW_hh = daᵀ h     db = Σ over the batch da     dx = da W_ih     dh = da W_hh
//
// The gates and c′ are given. `Matrix.joined(columns: [a, b, …])` puts matrices beside one another.

struct LSTMGradients: Codable {
  var x: Matrix
  var h: Matrix
  var c: Matrix
  var W_ih: Matrix
  var W_hh: Matrix
  var b: Matrix
}

struct Gates: Codable {
  var i: Matrix
  var f: Matrix
  var g: Matrix
  var o: Matrix
}

func lstmBackward(
  x: Matrix, h: Matrix, c: Matrix, W_ih: Matrix, W_hh: Matrix, gates: Gates, nextC: Matrix,
  dh: Matrix, dc: Matrix
) -> LSTMGradients {
  let (i, f, g, o) = (gates.i, gates.f, gates.g, gates.o)
  let shown = nextC.tanh()
  let s = dc + dh * o * (1 - shown * shown)
  let da = Matrix.joined(columns: [
    s * g * i * (1 - i), s * c * f * (1 - f), s * i * (1 - g * g), dh * shown * o * (1 - o),
  ])
  return LSTMGradients(
    x: da.matmul(W_ih), h: da.matmul(W_hh), c: s * f, W_ih: da.transposed.matmul(x),
    W_hh: da.transposed.matmul(h), b: da.sum(axis: 0))
}

// MARK: - Checks

let lstmBackwardExercise = Exercise(
  "lstm-backward", chapter: 3, "An LSTM's step backward, by hand", minutes: 90,
  hints: [
    "c′ reaches the loss in two ways: by itself (dc′), and through h′ = o ⊙ tanh c′.",
    "σ′ = σ(1 − σ) and tanh′ = 1 − tanh², both said by the gates that you are given.",
    "Put da together with joined(columns:) in the order i, f, g, o; the rest is four products.",
  ],
  solution: lstmBackward
) { trial in
  func ask(
    _ x: Matrix, _ h: Matrix, _ c: Matrix, _ W_ih: Matrix, _ W_hh: Matrix, _ b: Matrix,
    _ dh: Matrix, _ dc: Matrix, is golden: LSTMGradients
  ) throws {
    let n = h.columns, a = x.matmul(W_ih.transposed) + h.matmul(W_hh.transposed) + b
    func part(_ gate: Int) -> Matrix { a.columns(gate * n..<(gate + 1) * n) }
    let (i, f, o) = (part(0).sigmoid(), part(1).sigmoid(), part(3).sigmoid())
    let g = part(2).tanh(), next = f * c + i * g, shown = next.tanh()
    /// From what reaches c′ and the four slopes.
    func gradients(
      s: Matrix? = nil, o dO: Matrix? = nil, slopes: [Matrix]? = nil,
      by order: (Matrix) -> Matrix = { $0 }
    ) -> LSTMGradients {
      let s = s ?? dc + dh * o * (1 - shown * shown)
      let slopes = slopes ?? [i * (1 - i), f * (1 - f), 1 - g * g, o * (1 - o)]
      let da = order(
        Matrix.joined(columns: [
          s * g * slopes[0], s * c * slopes[1], s * i * slopes[2],
          (dO ?? dh * shown) * slopes[3],
        ]))
      return LSTMGradients(
        x: da.matmul(W_ih), h: da.matmul(W_hh), c: s * f, W_ih: da.transposed.matmul(x),
        W_hh: da.transposed.matmul(h), b: da.sum(axis: 0))
    }
    func changed(_ change: (inout LSTMGradients) -> Void) -> LSTMGradients {
      var result = golden
      change(&result)
      return result
    }
    let ones = Matrix.full(h.rows, n, 1)
    try trial.expect(
      "∂L/∂", of: x, h, c, W_ih, W_hh, Gates(i: i, f: f, g: g, o: o), next, dh, dc,
      equals: golden, tolerance: 1e-6,
      mistakes: [
        "What comes back along the cell, dc′, is not used: c′ reaches the loss in two ways.":
          gradients(s: dh * o * (1 - shown * shown)),
        "What comes back through h′ doesn't reach the cell: s = dc′ + dh′ ⊙ o ⊙ (1 − tanh² c′).":
          gradients(s: dc),
        "On the way from h′ to the cell the slope of tanh is missing: times 1 − tanh² c′.":
          gradients(s: dc + dh * o),
        "On the way from h′ to the cell the slope is taken at c′ itself: 1 − tanh² c′, not 1 − c′².":
          gradients(s: dc + dh * o * (1 - next * next)),
        "The output gate gets dh′ ⊙ c′; what it lets through is tanh c′.": gradients(o: dh * next),
        "The slopes of the gates are missing: σ(1 − σ) for i, f and o, 1 − g² for g.":
          gradients(slopes: [ones, ones, ones, ones]),
        "g has a sigmoid's slope, g(1 − g); it is a tanh: 1 − g².":
          gradients(slopes: [i * (1 - i), f * (1 - f), g * (1 - g), o * (1 - o)]),
        "∂L/∂c is s itself: the old cell came in times f, so its gradient goes back times f.":
          changed { $0.c = dc + dh * o * (1 - shown * shown) },
        "∂L/∂c is dc′ ⊙ f, without what came through h′.": changed { $0.c = dc * f },
        "The order of the parts of da is i, f, o, g; it is i, f, g, o.":
          gradients(by: { da in
            .joined(columns: [
              da.columns(0..<2 * n), da.columns(3 * n..<4 * n), da.columns(2 * n..<3 * n),
            ])
          }),
        "∂L/∂b is a mean over the batch; it is a sum.":
          changed { $0.b = golden.b / Double(x.rows) },
      ])
  }
  let v = trial.golden
  try ask(
    v.matrix("x"), v.matrix("h"), v.matrix("c"), v.matrix("weight_ih"), v.matrix("weight_hh"),
    v.matrix("b"), v.matrix("dh"), v.matrix("dc"),
    is: LSTMGradients(
      x: v.matrix("d_x"), h: v.matrix("d_h"), c: v.matrix("d_c"), W_ih: v.matrix("d_weight_ih"),
      W_hh: v.matrix("d_weight_hh"), b: v.matrix("d_b")))
  let (batch, input, hidden) = (trial.size(2...3), trial.size(2...3), trial.size(2...3))
  let x = trial.matrix(batch, input), h = trial.matrix(batch, hidden)
  let c = trial.matrix(batch, hidden), b = trial.matrix(1, 4 * hidden, scale: 0.5)
  let W_ih = trial.matrix(4 * hidden, input, scale: 0.5)
  let W_hh = trial.matrix(4 * hidden, hidden, scale: 0.5)
  let dh = trial.matrix(batch, hidden), dc = trial.matrix(batch, hidden)
  func loss(
    _ x: Matrix, _ h: Matrix, _ c: Matrix, _ W_ih: Matrix, _ W_hh: Matrix, _ b: Matrix
  ) -> Double {
    let next = lstmStep(x: x, h: h, c: c, W_ih: W_ih, W_hh: W_hh, b: b)
    return (next.h * dh).sum() + (next.c * dc).sum()
  }
  try ask(
    x, h, c, W_ih, W_hh, b, dh, dc,
    is: LSTMGradients(
      x: centralDifferences(x) { loss($0, h, c, W_ih, W_hh, b) },
      h: centralDifferences(h) { loss(x, $0, c, W_ih, W_hh, b) },
      c: centralDifferences(c) { loss(x, h, $0, W_ih, W_hh, b) },
      W_ih: centralDifferences(W_ih) { loss(x, h, c, $0, W_hh, b) },
      W_hh: centralDifferences(W_hh) { loss(x, h, c, W_ih, $0, b) },
      b: centralDifferences(b) { loss(x, h, c, W_ih, W_hh, $0) }))
}
