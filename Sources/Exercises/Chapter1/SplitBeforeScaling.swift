import Workbook

// Networks like numbers around 0, so a series is standardized: minus its mean, divided by its
// standard deviation. Both are fitted to data, and the test part must not be part of that: it stands
// for what nobody has seen yet. So split first, fit on the training part, and apply the same two
// numbers to both parts.
//
//     μ = mean of the first n values,   σ = √(mean of (x − μ)² over the first n values)
//     z = (x − μ) / σ                   for every value of the series
//
// Return both parts, scaled: the first n values, and the others.

struct ScaledParts: Codable {
  var training: [Double]
  var test: [Double]
}

func splitBeforeScaling(series: [Double], trainingCount n: Int) -> ScaledParts {
  let training = series[..<n]
  let mean = training.reduce(0, +) / Double(n)
  let variance = training.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(n)
  let scaled = series.map { ($0 - mean) / variance.squareRoot() }
  return ScaledParts(training: Array(scaled[..<n]), test: Array(scaled[n...]))
}

// MARK: - Checks

let splitBeforeScalingExercise = Exercise(
  "split-before-scaling", chapter: 1, "Split first, then scale", minutes: 10,
  hints: [
    "How many values may the mean see? Only the first n.",
    "The test part gets the training part's mean and deviation, so its own mean will not be 0.",
  ],
  solution: splitBeforeScaling
) { trial in
  for _ in 0..<3 {
    let count = trial.size(12...20), n = trial.size(6...9)
    // A series that climbs: what is fitted to the wrong part shows.
    let series = trial.numbers(count).enumerated().map { 20 + Double($0) + $1 }
    let (all, head, tail) = (series[...], series[..<n], series[n...])
    func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
    func deviation(_ values: ArraySlice<Double>, _ count: Int) -> Double {
      let mean = mean(values)
      return (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count)).squareRoot()
    }
    func scaled(
      _ m: Double, _ s: Double, test: (Double, Double)? = nil
    ) -> ScaledParts {
      let (m2, s2) = test ?? (m, s)
      return ScaledParts(
        training: head.map { ($0 - m) / s }, test: tail.map { ($0 - m2) / s2 })
    }
    let (m, s) = (mean(head), deviation(head, n))
    try trial.expect(
      "", of: series, n, equals: splitBeforeScaling(series: series, trainingCount: n),
      mistakes: [
        "The mean and the deviation are those of the whole series: the test part leaks into the "
          + "training part. Fit them to the first n values.":
          scaled(mean(all), deviation(all, count)),
        "The test part is scaled by its own mean and deviation: use the training part's, or a rise "
          + "from one part to the other is scaled away.":
          scaled(m, s, test: (mean(tail), deviation(tail, count - n))),
        "The mean is the training part's, the deviation the whole series': both are fitted to the "
          + "first n values.": scaled(m, deviation(all, count)),
        "The sum of squares is divided by n − 1; here it is the mean of squares, divided by n.":
          scaled(m, deviation(head, n - 1)),
        "It is divided by the variance: take its square root first.": scaled(m, s * s),
        "The mean is not taken away.": scaled(0, s),
        "The test part is left as it was: it goes through the same two numbers.":
          scaled(m, s, test: (0, 1)),
        "The parts overlap or are cut at another place: the training part is the first n values.":
          ScaledParts(
            training: series[...n].map { ($0 - m) / s }, test: tail.map { ($0 - m) / s }),
      ])
  }
}
