import Workbook

// A sequence of 10,000 steps is too long to go back through. Truncated backpropagation cuts it into
// pieces of k steps: the state goes on from piece to piece, the gradient stops at the cut.
//
// One unit, to keep it short: h[t] = tanh(x[t] + w · h[t − 1]), h[−1] = 0, and L = Σₜ g[t] · h[t].
// Within a piece, from its last step to its first:
//
//     δ[t] = (g[t] + δ[t + 1] · w) · (1 − h[t]²)       nothing comes back at a piece's last step
//     ∂L/∂w = Σₜ δ[t] · h[t − 1]                        over all steps of all pieces
//
// Where a piece begins, h[t − 1] is the state that the piece before has left: it is used as a
// number, with no gradient going on to it. The last piece may be shorter. Return that ∂L/∂w.

func truncatedBptt(x: [Double], g: [Double], w: Double, steps k: Int) -> Double {
  var h: [Double] = []
  for x in x { h.append(tanh(x + w * (h.last ?? 0))) }
  var sum = 0.0, later = 0.0
  for t in x.indices.reversed() {
    let isCut = (t + 1) % k == 0
    let delta = (g[t] + (isCut ? 0 : later)) * (1 - h[t] * h[t])
    sum += delta * (t > 0 ? h[t - 1] : 0)
    later = delta * w
  }
  return sum
}

// MARK: - Checks

/// - Parameter isCut: whether the gradient from step t + 1 stops before it reaches t.
private func gradient(
  _ x: [Double], _ g: [Double], _ w: Double, isCut: (Int) -> Bool,
  resets: (Int) -> Bool = { _ in false }, usesCutState: Bool = true
) -> Double {
  var h: [Double] = []
  for (t, x) in x.enumerated() { h.append(tanh(x + w * (resets(t) ? 0 : h.last ?? 0))) }
  var sum = 0.0, later = 0.0
  for t in x.indices.reversed() {
    let delta = (g[t] + (isCut(t) ? 0 : later)) * (1 - h[t] * h[t])
    let before = t > 0 && !resets(t) && (usesCutState || !isCut(t - 1)) ? h[t - 1] : 0
    sum += delta * before
    later = delta * w
  }
  return sum
}

let truncatedBpttExercise = Exercise(
  "truncated-bptt", chapter: 2, "Truncated backpropagation", minutes: 30,
  hints: [
    "Run forward once over the whole sequence; the cuts matter on the way back alone.",
    "Step t is the last of its piece if (t + 1) % k == 0: there, what came from t + 1 is dropped.",
  ],
  solution: truncatedBptt
) { trial in
  func ask(_ x: [Double], _ g: [Double], _ w: Double, _ k: Int, is golden: Double? = nil) throws {
    func faulty(_ isCut: @escaping (Int) -> Bool) -> Double { gradient(x, g, w, isCut: isCut) }
    let cut = { (t: Int) in (t + 1) % k == 0 }, begin = { (t: Int) in t % k == 0 }
    let pieces = Double((x.count + k - 1) / k)
    let lastPiece = (x.count - 1) / k * k
    func only(_ steps: Range<Int>) -> Double {
      // Only these steps' losses count.
      gradient(x, g.indices.map { steps.contains($0) ? g[$0] : 0 }, w, isCut: cut)
    }
    let right = golden ?? truncatedBptt(x: x, g: g, w: w, steps: k)
    try trial.expect(
      "∂L/∂w", of: x, g, w, k, equals: right,
      mistakes: [
        "That is the whole gradient: it is not stopped at the cuts.": faulty { _ in false },
        "The state is set back to 0 at each cut: the state goes on, only the gradient stops.":
          gradient(x, g, w, isCut: cut, resets: { $0 > 0 && begin($0) }),
        "A piece's first step adds nothing: δ · h[t − 1] counts there too, with the state that the "
          + "piece before has left.": gradient(x, g, w, isCut: cut, usesCutState: false),
        "The cut is one step late: pieces are the steps 0 … k − 1, k … 2k − 1, and so on.":
          faulty(begin),
        "Nothing comes back at any step: within a piece δ[t + 1] · w does.": faulty { _ in true },
        "That is the last piece's share: add up the pieces.": only(lastPiece..<x.count),
        "That is the first piece's share: add up the pieces.": only(0..<k),
        "That is a mean over the pieces; add them up.": right / pieces,
        "The pieces are counted from the sequence's end: the first piece has k steps, and the last "
          + "one is the shorter one.": faulty { (x.count - 1 - $0) % k == 0 },
      ])
  }
  let golden = trial.golden
  try ask(
    golden.numbers("x"), golden.numbers("g"), golden.number("w"), Int(golden.number("k")),
    is: golden.number("gradient"))
  for _ in 0..<3 {
    let k = trial.size(3...5), count = 2 * k + trial.size(1...(k - 1))
    try ask(
      trial.numbers(count, scale: 0.7), trial.numbers(count), trial.uniform(0.5...1.2), k)
  }
}
