import Sequences

/// Finds the seasons of a series by its autocorrelation.
public enum SeasonDetection {
  /// Rows in each season that the values show, shortest first; at most two.
  ///
  /// Differences are looked at, so that a trend is none. Of the lags at which they resemble
  /// themselves, those count that stand out from both neighbours, are as likely as `candidates` says
  /// (where the step of time is known), and fit into the series twice and a half. The longer of two
  /// seasons has to show in what the shorter leaves over.
  public static func seasons(of values: [Double], candidates: [Int]? = nil) -> [Int] {
    var found: [Int] = []
    var rest = values
    while found.count < 2 {
      let longest = min(values.count * 2 / 5, 2000)
      guard longest >= 2 else { break }
      let changes = zip(rest.dropFirst(), rest).map(-)
      let likeness = autocorrelation(changes, upTo: longest)
      // What chance alone would show, with what shorter lags show already (Bartlett 1946).
      var sum = 0.0, limits = [0.0]
      for lag in 1..<likeness.count {
        limits.append(2.0 * ((1 + 2 * sum) / Double(changes.count)).squareRoot())
        sum += likeness[lag] * likeness[lag]
      }
      func shows(_ lag: Int) -> Bool {
        guard lag >= 2, lag < likeness.count, likeness[lag] > max(0.1, limits[lag]) else {
          return false
        }
        // A peak, but for chance, behind a valley …
        let reach = max(1, lag / 8)
        let around = likeness[(lag - reach)..<min(likeness.count, lag + reach + 1)]
        guard likeness[lag] >= around.max()! - 0.05, likeness[1..<lag].min()! < likeness[lag] - 0.1
        else { return false }
        // … that comes again after every season; the shoulder of a slow wave does not.
        let again = stride(from: lag, to: min(likeness.count, 4 * lag + 1), by: lag)
        return mean(again.map { likeness[$0] }) > 0.6 * likeness[lag]
      }
      let lags = (candidates ?? Array(2...longest)).filter { lag in
        !found.contains(lag) && lag <= longest && shows(lag)
          && (found.isEmpty || (lag > found[0] && (candidates != nil || lag % found[0] == 0)))
      }
      guard var best = lags.max(by: { likeness[$0] < likeness[$1] }) else { break }
      if candidates == nil {
        // A multiple of a season resembles as much: the shortest that does about as well.
        best = lags.first { likeness[$0] > 0.5 * likeness[best] && best % $0 == 0 } ?? best
        guard likeness[best] > 0.25 else { break }
      } else if found.isEmpty {
        best = lags.min()!
      }
      found.append(best)
      guard 2 * best <= rest.count else { break }
      rest = Decomposition(rest, seasons: [best]).adjusted
    }
    return found.sorted()
  }

  /// What lengths are likely with this step of time: a day, a week, a year, in rows.
  public static func candidates(every step: TimeStep) -> [Int] {
    let seconds = (step.after(0, count: 12) - step.after(0)) / 11
    let lengths: [Double] = [3600, 86_400, 7 * 86_400, 365.2425 * 86_400]
    return lengths.compactMap { length in
      let rows = length / seconds
      guard rows >= 1.9, rows < 10_000 else { return nil }
      // Months and quarters have no fixed length; weeks do not divide a year.
      let whole = Int(rows.rounded())
      return abs(rows - Double(whole)) < 0.02 * rows ? whole : nil
    }
  }

  /// How alike the values are to themselves `lag` rows before, from 1 (lag 0) down.
  public static func autocorrelation(_ values: [Double], upTo longest: Int) -> [Double] {
    let center = mean(values), x = values.map { $0 - center }
    let whole = x.reduce(0) { $0 + $1 * $1 }
    guard whole > 0 else { return [1] }
    return x.withUnsafeBufferPointer { x in
      (0...min(longest, x.count - 1)).map { lag in
        var sum = 0.0
        for t in lag..<x.count { sum += x[t] * x[t - lag] }
        return sum / whole
      }
    }
  }
}
