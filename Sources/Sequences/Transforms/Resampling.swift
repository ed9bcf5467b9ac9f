import Arrays

extension TimeSeries {
  /// The series on a regular grid, down or up: one row for every step of time from the first stamp
  /// to the last, aggregated from the rows that fall into [step, next step), and missing where none
  /// does. So missing stamps become visible; `filled` closes the gaps.
  ///
  ///     series.resampled(every: .hours(1), by: .mean).filled(.linear)
  ///
  /// Steps shorter than months are counted from midnight (UTC) of the first stamp's day, months
  /// from January; a row bears the stamp at which its step begins (as pandas' `resample` has it).
  public func resampled(every step: TimeStep, by aggregation: Aggregation = .mean) -> TimeSeries {
    resampled(every: step) { _ in aggregation }
  }

  /// The same with an aggregation for each column, chosen by its name: rain adds up, temperature
  /// does not.
  public func resampled(
    every step: TimeStep, by aggregation: (String) -> Aggregation
  ) -> TimeSeries {
    guard let first = times.first, let last = times.last else { return self }
    let start = step.gridStart(for: first), slack = slack(for: step)
    if case .seconds(let seconds) = step.length, !((last - first) / seconds < 1e9) {
      wrongUse("resampled: from \(stampText(first)) to \(stampText(last)) every \(step)")
    }
    var stamps: [Double] = []
    var bins: [Range<Int>] = []
    var row = 0
    while true {
      let stamp = step.after(start, count: stamps.count)
      guard stamp <= last + slack else { break }
      let end = step.after(start, count: stamps.count + 1)
      let from = row
      while row < count, times[row] < end - slack { row += 1 }
      stamps.append(stamp)
      bins.append(from..<row)
    }
    return TimeSeries(
      times: stamps, names: names,
      columns: zip(names, columns).map { name, column in
        let one = aggregation(name)
        return bins.map { one(column[$0]) }
      })
  }

  /// For each row one number from the `window` rows that end with it, or with it in their middle.
  ///
  /// - Parameters:
  ///   - window: rows that one number is made of, at least 1.
  ///   - aggregation: what they become.
  ///   - minimum: how many numbers must be there, `window` if left out; else the result is missing.
  ///     A count asks for so many rows instead, whatever they hold (as in pandas).
  ///   - centered: whether the row stands in the middle; of an even window, right of it.
  public func rolling(
    _ window: Int, by aggregation: Aggregation, minimum: Int? = nil, centered: Bool = false
  ) -> TimeSeries {
    guard window > 0 else { wrongUse("rolling: a window of \(window) rows") }
    let ahead = centered ? (window - 1) / 2 : 0
    return rolled(minimum ?? window, aggregation) { row in
      max(0, row + ahead + 1 - window)..<min(count, row + ahead + 1)
    }
  }

  /// For each row one number from the rows of the time span that ends with it: (t − span, t].
  public func rolling(
    over span: TimeStep, by aggregation: Aggregation, minimum: Int = 1
  ) -> TimeSeries {
    let ranges = rowsBefore(span: span)
    return rolled(minimum, aggregation) { ranges[$0] }
  }

  private func rolled(
    _ minimum: Int, _ aggregation: Aggregation, rows: (Int) -> Range<Int>
  ) -> TimeSeries {
    mapColumns { column in
      column.indices.map { row in
        let values = column[rows(row)]
        let there = aggregation == .count ? values.count : values.count { !$0.isNaN }
        return there >= minimum ? aggregation(values) : .nan
      }
    }
  }
}
