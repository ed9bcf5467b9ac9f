import Workbook

// Backpropagation through time, by hand: the gradients of the layer of the exercise before,
//
//     a[t] = x[t] W_ihᵀ + h[t − 1] W_hhᵀ + b        h[t] = tanh a[t]        h[−1] = h0
//
// given g[t], what reaches h[t] from above (from the loss, not from later steps). With
// δ[t] = ∂L/∂a[t]:
//
//     δ[t] = (g[t] + δ[t + 1] W_hh) ⊙ (1 − h[t]²)                 δ[T] = 0: after the end is nothing
//     ∂L/∂W_ih = Σₜ δ[t]ᵀ x[t]         ∂L/∂W_hh = Σₜ δ[t]ᵀ h[t − 1]
//     ∂L/∂b = Σₜ Σ over the batch δ[t]         ∂L/∂h0 = δ[0] W_hh
//
// The states are given; go from the last step to the first. The weights are shared by all steps, so
// their gradients are sums over time.

struct RNNGradients: Codable {
  var W_ih: Matrix
  var W_hh: Matrix
  var b: Matrix
  var h0: Matrix
}

func bptt(
  x: [Matrix], h: [Matrix], h0: Matrix, g: [Matrix], W_ih: Matrix, W_hh: Matrix
) -> RNNGradients {
  var sums = RNNGradients(
    W_ih: .zeros(W_ih.rows, W_ih.columns), W_hh: .zeros(W_hh.rows, W_hh.columns),
    b: .zeros(1, W_hh.rows), h0: .zeros(h0.rows, h0.columns))
  for t in x.indices.reversed() {
    let delta = (g[t] + sums.h0) * (1 - h[t] * h[t])
    sums.W_ih += delta.transposed.matmul(x[t])
    sums.W_hh += delta.transposed.matmul(t > 0 ? h[t - 1] : h0)
    sums.b += delta.sum(axis: 0)
    sums.h0 = delta.matmul(W_hh)  // what the step before gets
  }
  return sums
}

// MARK: - Checks

/// The walk back with a fault in one of its places.
private func walk(
  _ x: [Matrix], _ h: [Matrix], _ h0: Matrix, _ g: [Matrix], _ W_ih: Matrix, _ W_hh: Matrix,
  back: (Matrix) -> Matrix, slope: (Matrix) -> Matrix = { 1 - $0 * $0 },
  state: ((Int) -> Matrix)? = nil, keep: (Matrix, Matrix) -> Matrix = { $0 + $1 }
) -> RNNGradients {
  var sums = RNNGradients(
    W_ih: .zeros(W_ih.rows, W_ih.columns), W_hh: .zeros(W_hh.rows, W_hh.columns),
    b: .zeros(1, W_hh.rows), h0: .zeros(h0.rows, h0.columns))
  for t in x.indices.reversed() {
    let delta = (g[t] + sums.h0) * slope(h[t])
    let before = state?(t) ?? (t > 0 ? h[t - 1] : h0)
    sums.W_ih = keep(sums.W_ih, delta.transposed.matmul(x[t]))
    sums.W_hh = keep(sums.W_hh, delta.transposed.matmul(before))
    sums.b = keep(sums.b, delta.sum(axis: 0))
    sums.h0 = back(delta)
  }
  return sums
}

let bpttExercise = Exercise(
  "bptt", chapter: 2, "Backpropagation through time, by hand", minutes: 60,
  hints: [
    "Check the shapes: δ[t] is [batch, hidden], and δᵀ x is [hidden, input], as W_ih is.",
    "Keep one matrix for δ[t + 1] W_hh, zero at first; use it, then overwrite it.",
    """
    for t in x.indices.reversed() {
      let delta = (g[t] + later) * (1 - h[t] * h[t])
      …                                   // three sums
      later = delta.matmul(W_hh)
    }
    """,
  ],
  solution: bptt
) { trial in
  func ask(
    _ x: [Matrix], _ h0: Matrix, _ g: [Matrix], _ W_ih: Matrix, _ W_hh: Matrix, _ h: [Matrix],
    is golden: RNNGradients
  ) throws {
    let last = x.count - 1
    func faulty(
      back: ((Matrix) -> Matrix)? = nil, slope: @escaping (Matrix) -> Matrix = { 1 - $0 * $0 },
      state: ((Int) -> Matrix)? = nil, keep: @escaping (Matrix, Matrix) -> Matrix = { $0 + $1 }
    ) -> RNNGradients {
      walk(
        x, h, h0, g, W_ih, W_hh, back: back ?? { $0.matmul(W_hh) }, slope: slope, state: state,
        keep: keep)
    }
    func share(of step: Int) -> RNNGradients {
      let delta = g[step] * (1 - h[step] * h[step])
      return RNNGradients(
        W_ih: delta.transposed.matmul(x[step]),
        W_hh: delta.transposed.matmul(step > 0 ? h[step - 1] : h0), b: delta.sum(axis: 0),
        h0: delta.matmul(W_hh))
    }
    try trial.expect(
      "∂L/∂", of: x, h, h0, g, W_ih, W_hh, equals: golden, tolerance: 1e-6,
      mistakes: [
        "That is the share of the last step alone: go through all steps and sum over time.":
          share(of: last),
        "That is the first step's share: the sums are overwritten (=) where they should grow (+=).":
          faulty(keep: { $1 }),
        "Nothing comes back from later steps: add δ[t + 1] W_hh to g[t].":
          faulty(back: { Matrix.zeros($0.rows, W_hh.columns) }),
        "The way back goes through W_hhᵀ: forward is h W_hhᵀ, so back is δ W_hh.":
          faulty(back: { $0.matmul(W_hh.transposed) }),
        "The slope of the tanh is missing: times 1 − h[t]².":
          faulty(slope: { Matrix.full($0.rows, $0.columns, 1) }),
        "The slope is 1 − h[t]; the h is squared.": faulty(slope: { 1 - $0 }),
        "∂L/∂W_hh uses h[t] where the step used h[t − 1].": faulty(state: { h[$0] }),
        "At t = 0 the state before is h0, not 0.":
          faulty(state: { $0 > 0 ? h[$0 - 1] : .zeros(h0.rows, h0.columns) }),
        "The gradients are means over time; the loss is no mean, so they are sums.":
          {
            let n = Double(x.count)
            return RNNGradients(
              W_ih: golden.W_ih / n, W_hh: golden.W_hh / n, b: golden.b / n, h0: golden.h0)
          }(),
        "∂L/∂h0 is δ[0] itself: it has to go through W_hh once more.":
          {
            var first = golden
            _ = walk(
              x, h, h0, g, W_ih, W_hh,
              back: {
                first.h0 = $0
                return $0.matmul(W_hh)
              })
            return first
          }(),
      ])
  }
  let golden = trial.golden
  try ask(
    golden.sequence("x"), golden.matrix("h0"), golden.sequence("g"), golden.matrix("weight_ih"),
    golden.matrix("weight_hh"), golden.sequence("h"),
    is: RNNGradients(
      W_ih: golden.matrix("d_weight_ih"), W_hh: golden.matrix("d_weight_hh"),
      b: golden.matrix("d_b"), h0: golden.matrix("d_h0")))
  for _ in 0..<2 {
    let (steps, batch) = (trial.size(3...5), trial.size(2...3))
    let (input, hidden) = (trial.size(2...3), trial.size(2...3))
    let x = trial.sequence(steps, batch, input), g = trial.sequence(steps, batch, hidden)
    let h0 = trial.matrix(batch, hidden, scale: 0.5), b = trial.matrix(1, hidden, scale: 0.5)
    let W_ih = trial.matrix(hidden, input, scale: 0.5)
    let W_hh = trial.matrix(hidden, hidden, scale: 0.7)
    func loss(_ W_ih: Matrix, _ W_hh: Matrix, _ b: Matrix, _ h0: Matrix) -> Double {
      zip(rnnSequence(x: x, h0: h0, W_ih: W_ih, W_hh: W_hh, b: b), g).map { ($0 * $1).sum() }
        .reduce(0, +)
    }
    try ask(
      x, h0, g, W_ih, W_hh, rnnSequence(x: x, h0: h0, W_ih: W_ih, W_hh: W_hh, b: b),
      is: RNNGradients(
        W_ih: centralDifferences(W_ih) { loss($0, W_hh, b, h0) },
        W_hh: centralDifferences(W_hh) { loss(W_ih, $0, b, h0) },
        b: centralDifferences(b) { loss(W_ih, W_hh, $0, h0) },
        h0: centralDifferences(h0) { loss(W_ih, W_hh, b, $0) }))
  }
}
