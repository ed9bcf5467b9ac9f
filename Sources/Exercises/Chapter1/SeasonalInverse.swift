import Workbook

// A network that was trained on seasonal differences forecasts seasonal differences. To get back to
// the series, each is added to the value one period before. For the first p of them that is a known
// value; after that it is a value that was just forecast.
//
//     y[k] = d[k] + (the value p steps before it)
//
// `last` holds the last p known values, oldest first. Return as many forecasts as there are
// differences.

func seasonalInverse(differences: [Double], last: [Double]) -> [Double] {
  var values = last
  for (k, difference) in differences.enumerated() { values.append(difference + values[k]) }
  return Array(values[last.count...])
}

// MARK: - Checks

let seasonalInverseExercise = Exercise(
  "seasonal-inverse", chapter: 1, "Back from seasonal differences", minutes: 15,
  hints: [
    "Write known and new values one after the other into one array: which index is p before?",
    "If `values` begins with `last`, the value p before forecast k is `values[k]`.",
  ],
  solution: seasonalInverse
) { trial in
  for _ in 0..<3 {
    let p = trial.size(3...5), count = p + trial.size(3...8)
    let last = trial.numbers(p), d = trial.numbers(count)
    let right = seasonalInverse(differences: d, last: last)
    let runningSum = d.indices.map { d[...$0].reduce(0, +) }
    try trial.expect(
      "y", of: d, last, equals: right, axes: ["k"],
      mistakes: [
        "After the first period it goes on adding to the known values: add to the value that was "
          + "forecast one period before.":
          d.indices.map { d[$0] + last[$0 % p] },
        "Each difference is added to the value right before it: go back by a whole period.":
          runningSum.map { $0 + last[p - 1] },
        "Each difference is added to the last known value.": d.map { $0 + last[p - 1] },
        "The known values are taken newest first; `last` begins with the oldest.":
          seasonalInverse(differences: d, last: last.reversed()),
        "The known values are returned in front; return the forecasts alone.": last + right,
        "Differences are taken away where they should be added.":
          seasonalInverse(differences: d.map { -$0 }, last: last),
        "It stops after one period: go on with the values that were just forecast.":
          Array(right[..<p]),
      ])
  }
  let last = trial.numbers(4), d = trial.numbers(2)
  try trial.expect(
    "y, fewer than a period,", of: d, last, equals: seasonalInverse(differences: d, last: last))
}
