import Workbook

// The same month a year ago is a good forecast of a series with seasons. What it leaves over is the
// seasonal difference, and often all that a network has to learn. With period p:
//
//     d[k] = series[k + p] − series[k]        k = 0 … count − p − 1
//
// It is p values shorter than the series.

func seasonalDifference(series: [Double], period: Int) -> [Double] {
  zip(series.dropFirst(period), series).map { $0 - $1 }
}

// MARK: - Checks

let seasonalDifferenceExercise = Exercise(
  "seasonal-difference", chapter: 1, "The seasonal difference", minutes: 10,
  hints: [
    "How many differences do 5 values with period 2 have? Write them down.",
    "`series.dropFirst(period)` is the series a season later; `zip` puts it beside the series.",
  ],
  solution: seasonalDifference
) { trial in
  for _ in 0..<3 {
    let p = trial.size(3...6), count = trial.size(15...25)
    let series = trial.numbers(count)
    func differences(by lag: Int, from first: Int) -> [Double] {
      (first..<count).map { series[$0] - series[$0 - lag] }
    }
    let right = seasonalDifference(series: series, period: p)
    try trial.expect(
      "d", of: series, p, equals: right,
      mistakes: [
        "This is the older value minus the newer one: a rise should be positive.": right.map {
          -$0
        },
        "This is the difference to the value before, not to the one a period before.":
          differences(by: 1, from: 1),
        "This is the difference to the value before, from index p on: go back by p.":
          differences(by: 1, from: p),
        "The first p values are kept in front; they have no value a season before, so they have no "
          + "difference.": Array(series[..<p]) + right,
        "There are zeros in front in place of the first p values, as if the series began flat.":
          Array(repeating: 0, count: p) + right,
        "It goes back by p − 1: from k + p to k are p steps.": differences(by: p - 1, from: p - 1),
        "The last difference is missing: k goes up to count − p − 1, included.":
          Array(right.dropLast()),
        "These are p-th differences, the difference taken p times; here one difference over p steps "
          + "is asked.":
          (0..<p).reduce(series) { values, _ in zip(values.dropFirst(), values).map { $0 - $1 } },
      ])
  }
  let series = trial.numbers(3)
  try trial.expect("d of a series shorter than the period", of: series, 4, equals: [Double]())
}
