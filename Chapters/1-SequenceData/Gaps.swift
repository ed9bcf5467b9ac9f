import Foundation
import UnrollChapter

extension SequenceData {
  /// Hours without a report, filled four ways.
  func gaps(_ page: Page, _ hourly: Hourly) throws {
    page.prose(
      #"""
      ## Missing stamps

      Sensors report when they like and fall silent. In a list of reports an outage cannot be seen,
      as there are no rows to be empty. `resampled` puts the series on a regular grid, here one row
      an hour with the mean of the hour's reports, and the missing hours become visible as *NaN*, not a
      number. Then they can be filled: with the number before, on the straight line, on a cubic *spline*,
      or along the mean course of the day. Two more ways look at the past alone: the same hour of the day
      before, and the mean of that hour on all days before.

      A mean of the reports from 9 to 10 bears the stamp 9, where the hour begins, as in pandas. It
      says what was so about half past nine, and there it is compared with the truth: at 9 a rising
      temperature would make every way of filling look wrong by half an hour's climb.
      """#)
    let reports = hourly.reports, truth = hourly.truth
    let grid = reports.resampled(every: .hours(1), by: .mean)
    page.print(reports, "(\(hourly.reportsSource))")
    page.print(grid)
    let measured = grid["temperature"]
    let missing = measured.indices.filter { measured[$0].isNaN }
    let known = Dictionary(uniqueKeysWithValues: zip(truth.times, truth["temperature"]))
    func rmse(_ filled: [Double]) -> Double {
      let squares = missing.compactMap { row -> Double? in
        guard let begin = known[grid.times[row]], let end = known[grid.times[row] + 3600],
          !filled[row].isNaN
        else { return nil }
        let there = (begin + end) / 2
        return (filled[row] - there) * (filled[row] - there)
      }
      return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }
    let fillings: [(name: String, filling: Filling)] = [
      ("previous", .previous), ("linear", .linear), ("spline", .spline),
      ("seasonal", .seasonal(period: 24)),
    ]
    var filled = fillings.map { ($0.name, grid.filled($0.filling)["temperature"]) }
    let panels = filled.map { name, filled in
      Self.filledHours(
        name, rmse(filled), grid: grid, filled: filled, truth: truth, missing: missing)
    }
    let previous = filled[0].1
    // On the first day nothing is before but the number before.
    func fromDaysBefore(_ rule: ([Double]) -> Double) -> [Double] {
      missing.reduce(into: previous) { values, row in
        let days = stride(from: row - 24, through: 0, by: -24).map { measured[$0] }
          .filter { !$0.isNaN }
        if !days.isEmpty { values[row] = rule(days) }
      }
    }
    filled.insert(
      contentsOf: [
        ("day before", fromDaysBefore { $0[0] }),
        ("days before", fromDaysBefore { $0.reduce(0, +) / Double($0.count) }),
      ], at: 1)
    let fillErrors = filled.enumerated().map { (name: $1.0, rmse: rmse($1.1), knowsAfter: $0 > 2) }
    page.table(
      ["filled with", "looks ahead", "error over all gaps, °C"],
      fillErrors.map { [$0.name, $0.knowsAfter ? "yes" : "no", $0.rmse] }, digits: 3)
    for (name, error, _) in fillErrors {
      page.result("fill.\(name.replacing(" ", with: "_")).rmse", error, unit: "°C")
    }
    page.result("fill.missing_hours", missing.count)
    try page.figure(.grid("One outage, filled four ways", columns: 2, panels))

    page.prose(
      #"""
      No way of filling is the right one. If the series is to be forecast live, only what was known *at
      that moment* may be used: the number before, or this hour of the days before. The other three
      look into the future: line and spline to the next report, the mean course of the day to all days
      that follow. What was not measured for long is best left out, with `limit`.

      A thermometer that is made up with a course of the day, the same on every day, is made for the
      mean course of the day; how another series is filled best, it does not say.
      """#)
    let best = fillErrors.min { $0.rmse < $1.rmse }!
    page.claim(
      "The least error over these gaps has the mean course of the day.",
      holds: best.name == "seasonal",
      otherwise:
        "The least error over these gaps has \"\(best.name)\", not the mean course of the day.")
    let blind = fillErrors.filter { !$0.knowsAfter }.min { $0.rmse < $1.rmse }!
    let seeing = fillErrors.filter(\.knowsAfter).min { $0.rmse < $1.rmse }!
    page.claim(
      String(
        format:
          "To look ahead helps: of the ways that look at the past alone the best, \"%@\", errs by "
          + "%.2f °C, of those that look ahead \"%@\" by %.2f.", blind.name, blind.rmse,
        seeing.name, seeing.rmse),
      holds: seeing.rmse < blind.rmse,
      otherwise: String(
        format:
          "Here nothing is gained by looking ahead: \"%@\" errs by %.2f °C, of the ways that look "
          + "ahead the best, \"%@\", by %.2f.", blind.name, blind.rmse, seeing.name, seeing.rmse))
  }
}
