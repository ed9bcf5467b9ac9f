import Arrays

/// Windows that span the same time rather than the same number of rows. Where stamps are irregular
/// their lengths differ: pad or pack them.
public struct TimeSpanWindows: Dataset {
  /// What the windows are cut from.
  public let series: TimeSeries
  /// The rows of each window.
  public let rows: [Range<Int>]
  private let array: NDArray

  init(_ series: TimeSeries, rows: [Range<Int>], dtype: DType) {
    (self.series, self.rows) = (series, rows)
    array = series.array(dtype: dtype)
  }

  /// How many windows there are.
  public var count: Int { rows.count }

  /// How many rows each window has.
  public var lengths: [Int] { rows.map(\.count) }

  /// A window's rows `[length, columns]`, as a view.
  public subscript(place: Int) -> NDArray { array[rows[place]] }

  /// Some windows, padded with zeros: `[time, batch, columns]`, and their lengths.
  public func batch(_ places: [Int]) -> (inputs: NDArray, lengths: [Int]) {
    (padSequence(places.map { self[$0] }), places.map { rows[$0].count })
  }
}

extension TimeSeries {
  /// Windows over a fixed span of time, one for each row: the rows in (t − span, t] for the stamp t,
  /// so that the row itself is always among them and no later one is.
  public func timeWindows(span: TimeStep, dtype: DType = .float32) -> TimeSpanWindows {
    TimeSpanWindows(self, rows: rowsBefore(span: span), dtype: dtype)
  }

  /// Windows over a fixed span of time, one for every step from the first stamp on: the rows in
  /// [t, t + span). Windows that hold no row are left out, as are those that reach beyond the last
  /// stamp.
  public func timeWindows(
    span: TimeStep, every step: TimeStep, dtype: DType = .float32
  ) -> TimeSpanWindows {
    var rows: [Range<Int>] = []
    if let first = times.first, let last = times.last {
      let slack = min(slack(for: step), slack(for: span))
      var from = 0, to = 0, number = 0
      while true {
        let start = step.after(first, count: number), end = span.after(start)
        if !(end <= last + slack) { break }
        while from < count, times[from] < start - slack { from += 1 }
        to = max(to, from)
        while to < count, times[to] < end - slack { to += 1 }
        if to > from { rows.append(from..<to) }
        number += 1
      }
    }
    return TimeSpanWindows(self, rows: rows, dtype: dtype)
  }

  /// For each row the rows of the span that ends with it.
  func rowsBefore(span: TimeStep) -> [Range<Int>] {
    var from = 0
    let slack = slack(for: span)
    return times.indices.map { row in
      let start = span.after(times[row], count: -1)
      while times[from] <= start + slack { from += 1 }
      return from..<row + 1
    }
  }
}
