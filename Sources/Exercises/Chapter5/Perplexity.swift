import Workbook

// How good is a language model? Give it a text and see how likely it found each next character. The
// perplexity says between how many equally likely ones it was, in effect, choosing:
//
//     perplexity = exp( −1/n Σᵢ log pᵢ )
//
// where pᵢ is the probability that it gave to what really came. Here the texts come in batches:
// logs[k] holds the logarithms log pᵢ of one batch, and batches differ in size. Each character counts
// the same, in whatever batch it is. No character at all: the perplexity is 1.

func perplexity(logs: [[Double]]) -> Double {
  let all = logs.flatMap { $0 }
  return all.isEmpty ? 1 : exp(-all.reduce(0, +) / Double(all.count))
}

// MARK: - Checks

let perplexityExercise = Exercise(
  "perplexity", chapter: 5, "Perplexity", minutes: 10,
  hints: [
    "The mean is over all characters: sum everything, count everything, then divide.",
    "The logarithms are negative, so the exponent is positive and the result at least 1.",
  ],
  solution: perplexity
) { trial in
  func ask(_ logs: [[Double]], is golden: Double? = nil) throws {
    let all = logs.flatMap { $0 }, n = Double(max(1, all.count)), sum = all.reduce(0, +)
    let means = logs.filter { !$0.isEmpty }.map { $0.reduce(0, +) / Double($0.count) }
    let batches = Double(max(1, means.count))
    try trial.expect(
      "perplexity", of: logs, equals: golden ?? perplexity(logs: logs),
      mistakes: [
        "The mean of the batches' means lets a character of a small batch count more: sum over all "
          + "characters, then divide.": exp(-means.reduce(0, +) / batches),
        "The mean of the batches' perplexities is larger than the perplexity of all: mean first, exp "
          + "then.": means.map { exp(-$0) }.reduce(0, +) / batches,
        "The minus is missing: a perplexity is at least 1.": exp(sum / n),
        "That is the mean of −log p, the cross-entropy; perplexity is e to that power.": -sum / n,
        "The sum is not divided by the number of characters.": exp(-sum),
        "The mean of 1/p, not e to the mean of −log p.": all.map { exp(-$0) }.reduce(0, +) / n,
        "The logarithms are natural ones, so the base is e; this is 2 to that power.":
          pow(2, -sum / n),
        "It is divided by the number of batches, not of characters.": exp(-sum / batches),
        "1 over the mean probability; the mean is of the logarithms.":
          1 / (all.map { exp($0) }.reduce(0, +) / n),
      ])
  }
  let g = trial.golden
  try ask([g.numbers("first"), g.numbers("second")], is: g.number("perplexity"))
  for _ in 0..<3 {
    try ask(
      [trial.size(1...2), trial.size(4...6), trial.size(3...4)].map { count in
        (0..<count).map { _ in log(trial.uniform(0.2...0.9)) }
      })
  }
  try trial.expect("perplexity of nothing", of: [[Double]](), equals: 1.0)
}
