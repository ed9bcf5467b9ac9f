import Workbook

// How wrong are the scores z, if the right class of row i is targets[i]? The loss is the mean over
// the rows of −log p of the right class, and its gradient is as simple as can be:
//
//     loss = 1/n Σᵢ ( log Σₖ exp(z[i, k]) − z[i, targets[i]] )
//     ∂loss/∂z[i, j] = ( p[i, j] − (1 if j is the target, else 0) ) / n
//
// Scores of 1,000 and of −1,000 must do no harm. The logarithm of a softmax is not safe, since p may
// be 0 and log 0 is −∞: with m the row's largest score, log Σ exp(z) = m + log Σ exp(z − m).

struct LossAndGradient: Codable {
  var loss: Double
  var gradient: Matrix
}

func crossEntropy(scores z: Matrix, targets: [Int]) -> LossAndGradient {
  let n = Double(z.rows), largest = z.max(axis: 1)
  let powers = (z - largest).exp()
  let logSum = largest + powers.sum(axis: 1).log()
  var loss = 0.0
  var gradient = powers / powers.sum(axis: 1) / n
  for (i, target) in targets.enumerated() {
    loss += (logSum[i, 0] - z[i, target]) / n
    gradient[i, target] -= 1 / n
  }
  return LossAndGradient(loss: loss, gradient: gradient)
}

// MARK: - Checks

let crossEntropyExercise = Exercise(
  "cross-entropy", chapter: 2, "Cross-entropy and its gradient", minutes: 20,
  hints: [
    "For one row: m = the largest score, logSum = m + log Σ exp(z − m), loss = logSum − z[target].",
    "The gradient is softmax with 1 taken from the target's place, all divided by the rows.",
  ],
  solution: crossEntropy
) { trial in
  func ask(_ z: Matrix, _ targets: [Int], is golden: LossAndGradient) throws {
    let n = Double(z.rows), right = golden
    let p = (z - z.max(axis: 1)).exp() / (z - z.max(axis: 1)).exp().sum(axis: 1)
    let naive = z.exp() / z.exp().sum(axis: 1)
    var hot = Matrix.zeros(z.rows, z.columns)
    for (i, target) in targets.enumerated() { hot[i, target] = 1 }
    func loss(_ p: Matrix) -> Double {
      -targets.enumerated().map { log(p[$0, $1]) }.reduce(0, +) / n
    }
    func pair(_ loss: Double, _ gradient: Matrix) -> LossAndGradient {
      LossAndGradient(loss: loss, gradient: gradient)
    }
    try trial.expect(
      "", of: z, targets, equals: right, tolerance: 1e-7,
      mistakes: [
        "exp of a large score is infinite: take the row's largest score away first.":
          pair(loss(naive), (naive - hot) / n),
        "The logarithm of a probability that has become 0: compute log Σ exp(z) − z[target] without "
          + "softmax in between.": pair(loss(p), right.gradient),
        "Loss and gradient are sums over the rows; take the mean of both.":
          pair(right.loss * n, right.gradient * n),
        "The loss is a mean, the gradient a sum: divide the gradient by the rows as well.":
          pair(right.loss, right.gradient * n),
        "The loss is a sum, the gradient belongs to the mean.":
          pair(right.loss * n, right.gradient),
        "The gradient is softmax alone: take 1 from the place of the right class.":
          pair(right.loss, p / n),
        "The sign of the gradient is turned around: p − 1 at the target, p elsewhere.":
          pair(right.loss, -right.gradient),
        "The loss lacks its minus: a probability's logarithm is negative, a loss is not.":
          pair(-right.loss, right.gradient),
      ])
  }
  let g = trial.golden
  try ask(
    g.matrix("z"), g.integers("targets"),
    is: LossAndGradient(loss: g.number("loss"), gradient: g.matrix("gradient")))
  for _ in 0..<2 {
    let (n, classes) = (trial.size(2...4), trial.size(3...5))
    let z = trial.matrix(n, classes), targets = (0..<n).map { _ in trial.size(0...(classes - 1)) }
    func loss(_ z: Matrix) -> Double { crossEntropy(scores: z, targets: targets).loss }
    try ask(
      z, targets, is: LossAndGradient(loss: loss(z), gradient: centralDifferences(z, loss)))
  }
  let z = Matrix([[1000, 0, 3], [-1000, 1000, 0], trial.numbers(3)])
  let targets = [0, 0, trial.size(0...2)]
  try ask(z, targets, is: crossEntropy(scores: z, targets: targets))
}
