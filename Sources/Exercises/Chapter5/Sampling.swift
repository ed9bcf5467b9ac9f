import Workbook

// A language model writes by drawing the next character. Two knobs: the temperature T makes it bolder
// (above 1) or surer (below 1), and only the k best are drawn from, so that the long tail of nonsense
// is left out:
//
//     keep the k largest scores z (of equal ones those that stand first)
//     p[j] ∝ exp(z[j] / T) over those kept, adding up to 1; all others have p = 0
//     draw: the first index j, in order of index, with p[0] + … + p[j] > u
//
// u is a random number from 0 up to but not including 1, given, so that the draw can be checked. Scores
// may be as large as 1,000. Return the probabilities and the index.

struct Draw: Codable {
  var p: [Double]
  var index: Int
}

func sampling(scores z: [Double], temperature: Double, k: Int, u: Double) -> Draw {
  let best = z.indices.sorted { (z[$1], $0) < (z[$0], $1) }.prefix(k)
  var p = z.map { _ in 0.0 }
  for j in best { p[j] = exp((z[j] - z[best[0]]) / temperature) }
  let sum = p.reduce(0, +)
  p = p.map { $0 / sum }
  var below = 0.0
  for j in best.sorted() {
    below += p[j]
    if below > u { return Draw(p: p, index: j) }
  }
  return Draw(p: p, index: best.max()!)  // u is nearly 1 and the sum, rounded, nearly there
}

// MARK: - Checks

private func drawn(_ p: [Double], _ u: Double, in order: [Int]) -> Int {
  var below = 0.0
  for j in order {
    below += p[j]
    if below > u { return j }
  }
  return order[order.count - 1]
}

let samplingExercise = Exercise(
  "sampling", chapter: 5, "Sampling with temperature and top-k", minutes: 30,
  hints: [
    "Which indices are kept: `z.indices.sorted { z[$0] > z[$1] }.prefix(k)`.",
    "Take the largest score away before dividing by T and raising: exp((z − max) / T).",
    "Add up p in the order of the index until the sum exceeds u.",
  ],
  solution: sampling
) { trial in
  func ask(_ z: [Double], _ T: Double, _ k: Int, _ u: Double, is golden: [Double]? = nil) throws {
    let order = Array(z.indices), ranked = z.indices.sorted { (z[$1], $0) < (z[$0], $1) }
    func draw(
      _ T: Double, keep: [Int], power: (Double) -> Double = { exp($0) }, order: [Int]? = nil,
      over: [Int]? = nil
    ) -> Draw {
      let top = z.max() ?? 0
      func raised(_ j: Int) -> Double { power((z[j] - top) / T) }
      let sum = (over ?? keep).map(raised).reduce(0, +)
      let p = z.indices.map { keep.contains($0) ? raised($0) / sum : 0 }
      return Draw(p: p, index: drawn(p, u, in: order ?? keep.sorted()))
    }
    let kept = Array(ranked.prefix(k)), right = draw(T, keep: kept)
    let p = golden ?? right.p
    let unsafe = z.map { exp($0 / T) }, total = kept.map { unsafe[$0] }.reduce(0, +)
    try trial.expect(
      "", of: z, T, k, u, equals: Draw(p: p, index: right.index),
      mistakes: [
        "exp of a large score is infinite: take the largest score away first.":
          Draw(
            p: order.map { kept.contains($0) ? unsafe[$0] / total : 0 },
            index: total.isFinite ? right.index : kept.max() ?? 0),
        "The scores are multiplied by T; they are divided by it: a large T makes all alike.":
          draw(1 / T, keep: kept),
        "The temperature is not used.": draw(1, keep: kept),
        "All characters are kept; only the k best are drawn from.": draw(T, keep: order),
        "The k smallest are kept, not the k largest.":
          draw(T, keep: Array(ranked.suffix(k))),
        "The probabilities of the others were set to 0 and the rest not divided by its sum: what is "
          + "kept adds up to 1.": draw(T, keep: kept, over: order),
        "It draws the likeliest; draw by u.": Draw(p: p, index: ranked[0]),
        "The probabilities are added up from the likeliest on; go in the order of the index.":
          Draw(p: p, index: drawn(p, u, in: kept)),
        "The index is that among the kept ones, not that of the character.":
          Draw(p: p, index: kept.sorted().firstIndex(of: right.index) ?? 0),
        "The first k characters are kept, not the k best.":
          draw(T, keep: Array(order.prefix(k))),
      ])
  }
  let g = trial.golden
  try ask(
    g.numbers("scores"), g.number("temperature"), Int(g.number("k")), g.number("u"),
    is: g.numbers("p"))
  for shift in [0.0, 0, 1000] {
    // The first is among the worst, the second and the last among the best.
    var z = trial.numbers(trial.size(6...8))
    (z[0], z[1], z[z.count - 1]) = (-3, 1.8, 2)
    let k = trial.size(3...4), T = shift > 0 ? trial.uniform(0.8...1.2) : trial.uniform(1.5...2.5)
    // A draw in which the ways to draw differ: not the best, nor what adding up from it gives.
    var u = 0.5
    for _ in 0..<500 {
      u = trial.uniform(0.02...0.98)
      let p = sampling(scores: z, temperature: T, k: k, u: u)
      let ranked = z.indices.sorted { z[$0] > z[$1] }.prefix(k)
      let other = drawn(p.p, u, in: Array(ranked))
      let place = ranked.sorted().firstIndex(of: p.index)
      if Set([p.index, other, ranked[0], place]).count == 4 { break }
    }
    try ask(z.map { $0 + shift }, T, k, u)
  }
}
