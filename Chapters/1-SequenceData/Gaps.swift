import Foundation
import Unroll

extension SequenceData {
  /// Hours without a report, filled four ways.
  func gaps(_ page: Page, _ hourly: Hourly) throws {
    page.prose(
      #"""
      ## Missing stamps

      Sensors report when they like and fall silent. In a list of reports an outage cannot be seen,
      as there are no rows to be empty. `resampled` puts the series on a regular grid, here one row
      an hour with the mean of the hour's reports, and the missing hours become visible as NaN. Then
      they can be filled: with the number before, on the straight line, on a cubic spline, or along
      the mean course of the day.

      A mean of the reports from 9 to 10 bears the stamp 9, where the hour begins, as in pandas. It
      says what was so about half past nine, and there it is compared with the truth: at 9 a rising
      temperature would make every way of filling look wrong by half an hour's climb.
      """#)
    let reports = hourly.reports, truth = hourly.truth
    let grid = reports.resampled(every: .hours(1), by: .mean)
    page.print(reports)
    page.print(grid)
    let fillings: [(String, Filling)] = [
      ("previous", .previous), ("linear", .linear), ("spline", .spline),
      ("seasonal", .seasonal(period: 24)),
    ]
    let missing = grid.times.indices.filter { grid["temperature"][$0].isNaN }
    let known = Dictionary(uniqueKeysWithValues: zip(truth.times, truth["temperature"]))
    var panels: [Figure] = []
    var fillErrors: [(name: String, rmse: Double)] = []
    for (name, filling) in fillings {
      let filled = grid.filled(filling)["temperature"]
      let errors = missing.compactMap { row -> Double? in
        guard let begin = known[grid.times[row]], let end = known[grid.times[row] + 3600],
          !filled[row].isNaN
        else { return nil }
        let there = (begin + end) / 2
        return (filled[row] - there) * (filled[row] - there)
      }
      let rmse = (errors.reduce(0, +) / Double(errors.count)).squareRoot()
      page.result("fill.\(name).rmse", rmse, unit: "°C")
      fillErrors.append((name, rmse))
      panels.append(
        Self.filledHours(name, rmse, grid: grid, filled: filled, truth: truth, missing: missing))
    }
    page.result("fill.missing_hours", missing.count)
    try page.figure(.grid("One outage, filled four ways", columns: 2, panels))

    page.prose(
      #"""
      No way of filling is the right one. The number before is all that was known *at that moment*:
      if the series is to be forecast live, nothing else is honest. The other three look into the
      future: line and spline to the next report, the mean course of the day to all days that follow.
      What was not measured for long is best left out, with `limit`.
      """#)
    let best = fillErrors.min { $0.rmse < $1.rmse }!
    page.claim(
      "The least error over these gaps has the mean course of the day.",
      holds: best.name == "seasonal",
      otherwise:
        "The least error over these gaps has \"\(best.name)\", not the mean course of the day.")
  }
}
