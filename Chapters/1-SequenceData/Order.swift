import UnrollChapter

extension SequenceData {
  /// What order is worth: a series, and the same numbers shuffled.
  func order(_ page: Page) throws -> Hourly {
    page.prose(
      #"""
      ## What a sequence is

      A table of people can be shuffled: whoever stands in row 7 is the same in row 700. A *sequence*
      cannot. Each number $x_t$ has a place in time, and most of what there is to know of it is
      known from its neighbors. How much, the *autocorrelation* says, the correlation of a series
      with itself $k$ steps earlier, $k$ being the *lag*:

      $$r_k = \frac{\sum_{t>k} (x_t - \bar x)(x_{t-k} - \bar x)}{\sum_t (x_t - \bar x)^2}$$

      Here are 720 hours of a measurement, and the same numbers in random order. Both have one mean,
      one spread, one histogram. Only the first is a sequence.
      """#)
    let hourly = try Hourly(page.data, seed: page.seed)
    let series = hourly.series, values = series["value"]
    page.print(series, "(\(hourly.source))")
    var generator = Generator(seed: page.seed)
    let shuffled = values.shuffled(using: &generator)
    let hours = values.indices.map { Double($0) }
    let lags = 0...72
    var ordered = Figure("In order of time", x: "hour", y: Axis(hourly.unit))
    ordered.line(x: hours, y: values, width: 2)
    var mixed = Figure("The same numbers, shuffled", x: "hour", y: Axis(hourly.unit))
    mixed.line(x: hours, y: shuffled, color: .orange, width: 2)
    var memory = Figure("Autocorrelation in order", x: "lag k in hours", y: "r")
    memory.impulses(x: Array(lags), y: autocorrelation(values, lags))
    var none = Figure("Autocorrelation shuffled", x: "lag k in hours", y: Axis("r", max: 1))
    none.impulses(x: Array(lags), y: autocorrelation(shuffled, lags), color: .orange)
    try page.figure(
      .grid(
        "A sequence, and a bag of the same numbers", columns: 2, [ordered, mixed, memory, none]))
    let daily = autocorrelation(values, lags)[24], lost = autocorrelation(shuffled, lags)[24]
    page.result("autocorrelation.lag_24", daily)
    page.result("autocorrelation.lag_24_shuffled", lost)
    page.claim(
      String(
        format: "Yesterday at this hour, $k = 24$, says a great deal in order, $r = %.2f$, and "
          + "nothing in the other, $r = %.2f$.", daily, lost),
      holds: daily > 0.5 && abs(lost) < 0.15,
      otherwise: String(
        format: "At $k = 24$ the autocorrelation is $%.2f$ in order and $%.2f$ shuffled.", daily,
        lost),
      in: page.data == nil ? .everyRun : .thisRun)
    return hourly
  }

  private func autocorrelation(_ values: [Double], _ lags: ClosedRange<Int>) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    let centered = values.map { $0 - mean }
    let square = centered.reduce(0) { $0 + $1 * $1 }
    return lags.map { lag in
      zip(centered.dropFirst(lag), centered).reduce(0) { $0 + $1.0 * $1.1 } / square
    }
  }
}
