import Workbook

// A decoder looks back at all that the encoder has said, and takes a mean of it in which fitting
// things count more. Each query is compared with each key; what is compared well lends its value:
//
//     s = q kᵀ / √d                        [queries, keys], d = the width of q and k
//     w = softmax of s over the keys        each row adds up to 1
//     context = w v                         [queries, width of v]
//
// Of the keys only the first `length` are real, the rest is padding and gets weight 0. Scores may be
// as large as 1,000. `z.max(axis: 1)` and `z.sum(axis: 1)` give one number a row.

struct Attended: Codable {
  var context: Matrix
  var weights: Matrix
}

func attention(q: Matrix, k: Matrix, v: Matrix, length: Int) -> Attended {
  var scores = q.matmul(k.transposed) / Double(k.columns).squareRoot()
  for i in 0..<scores.rows {
    for j in length..<scores.columns { scores[i, j] = -.infinity }
  }
  let powers = (scores - scores.max(axis: 1)).exp()
  let weights = powers / powers.sum(axis: 1)
  return Attended(context: weights.matmul(v), weights: weights)
}

// MARK: - Checks

let attentionExercise = Exercise(
  "attention", chapter: 6, "Attention", minutes: 20,
  hints: [
    "A score of −∞ gets the weight e^−∞ = 0: set it before the softmax.",
    "Which axis adds up to 1? For each query the keys: axis 1.",
  ],
  solution: attention
) { trial in
  func ask(
    _ q: Matrix, _ k: Matrix, _ v: Matrix, _ length: Int, is golden: Attended? = nil
  ) throws {
    let root = Double(k.columns).squareRoot(), products = q.matmul(k.transposed)
    func hidden(_ s: Matrix, _ value: Double, from first: Int = length) -> Matrix {
      var s = s
      for i in 0..<s.rows { for j in first..<s.columns { s[i, j] = value } }
      return s
    }
    func softmax(_ s: Matrix) -> Matrix {
      let powers = (s - s.max(axis: 1)).exp()
      return powers / powers.sum(axis: 1)
    }
    func with(_ w: Matrix) -> Attended { Attended(context: w.matmul(v), weights: w) }
    let s = products / root, right = softmax(hidden(s, -.infinity)),
      naive = hidden(s, -.infinity).exp()
    try trial.expect(
      "", of: q, k, v, length, equals: golden ?? with(right),
      mistakes: [
        "The padding is attended to: only the first `length` keys are real.": with(softmax(s)),
        "The padding's scores are 0, and e⁰ = 1 is no small weight: −∞ is needed.":
          with(softmax(hidden(s, 0))),
        "The padding's weights were set to 0 after the softmax, and the rest no longer adds up to 1.":
          with(hidden(softmax(s), 0)),
        "The softmax goes over the queries; for each query the weights of the keys add up to 1.":
          with(softmax(hidden(s, -1e300).transposed).transposed),
        "The scores are not divided by √d.": with(softmax(hidden(products, -.infinity))),
        "The scores are divided by d; its root is meant.":
          with(softmax(hidden(products / (root * root), -.infinity))),
        "They are divided by the root of the number of keys; d is the width of a key.":
          with(softmax(hidden(products / Double(k.rows).squareRoot(), -.infinity))),
        "exp of a large score is infinite: take the row's largest away first.":
          with(naive / naive.sum(axis: 1)),
        "One key too few is attended to: the first `length` are real.":
          with(softmax(hidden(s, -.infinity, from: max(1, length - 1)))),
        "The scores have not been through a softmax.": with(hidden(s, 0)),
      ])
  }
  let g = trial.golden
  try ask(
    g.matrix("q"), g.matrix("k"), g.matrix("v"), Int(g.number("length")),
    is: Attended(context: g.matrix("context"), weights: g.matrix("weights")))
  for scale in [1.0, 1, 100] {
    let (queries, keys, width) = (trial.size(2...3), trial.size(5...6), trial.size(2...4))
    try ask(
      trial.matrix(queries, width, scale: scale), trial.matrix(keys, width, scale: scale),
      trial.matrix(keys, trial.size(2...3)), trial.size(3...4))
  }
}
