import Sequences
import Workbook

// A forecast that is worth something: it beats the one that costs nothing, on data that you don't see.
// `history` are monthly values of whole years, oldest first, at least four years; say the `horizon`
// months that follow. What to beat is the same month last year,
//
//     forecast[k] = history[count − 12 + k mod 12]
//
// by the mean absolute error. The series are what airlines, shops and power stations have: they grow,
// they have seasons that grow with the level, and they scatter. Any method will do. One that is
// enough, and that hardly any network beats on so little data, takes one more number from the history:
// how much larger the last year was than the one before.

func beatLastYear(history: [Double], horizon: Int) -> [Double] {
  let last = history.suffix(12), before = history.dropLast(12).suffix(12)
  let growth = last.reduce(0, +) / before.reduce(0, +)
  return (0..<horizon).map { k in
    history[history.count - 12 + k % 12] * pow(growth, Double(k / 12 + 1))
  }
}

// MARK: - Checks

let beatLastYearExercise = Exercise(
  "beat-last-year", chapter: 6, "A forecast that beats last year", minutes: 60,
  hints: [
    "Draw the airline passengers of chapter 2: what does the same month last year always miss?",
    "growth = sum of the last 12 months / sum of the 12 before; multiply, once for each year ahead.",
  ],
  solution: beatLastYear
) { trial in
  func ask(_ values: [Double], _ horizon: Int, _ name: String) throws {
    let history = Array(values.dropLast(horizon)), truth = values.suffix(horizon)
    let count = history.count
    func error(_ forecast: [Double]) -> Double {
      zip(truth, forecast).map { abs($0 - $1) }.reduce(0, +) / Double(horizon)
    }
    func said(_ value: (Int) -> Double) -> [Double] { (0..<horizon).map(value) }
    let season = said { history[count - 12 + $0 % 12] }
    let mean = history.suffix(12).reduce(0, +) / 12
    let growth = mean * 12 / history.dropLast(12).suffix(12).reduce(0, +)
    try trial.expect(
      of: history, horizon,
      mistakes: [
        "That is the same month last year itself: it misses the growth.": season,
        "That is the last value again and again: it misses the season.": said { _ in
          history[count - 1]
        },
        "That is the mean of the last year: it misses the season.": said { _ in mean },
        "That is last year one month early: month k of the forecast is 12 before, not 11.": said {
          history[count - 12 + ($0 + 1) % 12]
        },
        "That is last year one month late: month k of the forecast is 12 before, not 13.": said {
          history[count - 13 + $0 % 12]
        },
        "The growth is divided by, where it should be multiplied with.": season.map { $0 / growth },
        "That is the first year again; the last one is nearer.": said { history[$0 % 12] },
        "The growth is that of the last month alone, which is mostly season.": season.map {
          $0 * history[count - 1] / history[count - 2]
        },
        "The forecast has a line through the years and no season.": said {
          mean * pow(growth, (Double($0) + 6.5) / 12)
        },
      ]
    ) { forecast in
      if forecast.count != horizon {
        return "expected a forecast of \(horizon) months, got \(forecast.count)"
      }
      let (own, rival) = (error(forecast), error(season))
      if own < rival { return nil }
      return "on \(name) the mean error is \(Result.text(own)), and the same month last year's is "
        + Result.text(rival)
    }
  }
  for _ in 0..<4 {
    let years = trial.size(5...8), growth = trial.uniform(1.09...1.16)
    let pattern = trial.numbers(12, scale: 0.25), level = trial.uniform(50...500)
    let values = (0..<years * 12).map { month in
      level * pow(growth, Double(month) / 12) * exp(pattern[month % 12])
        * (1 + 0.01 * trial.uniform(-1...1))
    }
    try ask(values, 12, "a series of \(years - 1) years that you have not seen")
  }
  try ask(AirlinePassengers.monthly, 12, "the airline passengers of 1960")
}
