import UnrollChapter

/// A forecast of the test months that needs no network.
public struct Baseline: Sendable {
  public let name, title: String
  /// In thousands of passengers, a month each.
  public let forecasts: [Double]
  public let rmse: Double
}

extension AirlineRecipe {
  /// The networks' error less that of others, in thousands of passengers, and where nine tenths of the
  /// differences lie on months drawn anew: 44 months are few, and another 44 would have said something
  /// else. Half years are drawn as a whole, as a month's error tells of the next one's.
  ///
  /// - Parameters:
  ///   - runs: the forecasts of each seed.
  ///   - others: theirs; a baseline has one.
  public func difference(
    _ runs: [[Double]], from others: [[Double]]
  ) -> (mean: Double, interval: ClosedRange<Double>) {
    let truth = Array(passengers[test])
    func squares(_ forecasts: [Double]) -> [Double] {
      zip(forecasts, truth).map { ($0 - $1) * ($0 - $1) }
    }
    let (own, theirs) = (runs.map(squares), others.map(squares))
    func difference(_ months: [Int]) -> Double {
      func rmse(_ squares: [Double]) -> Double { months.map { squares[$0] }.mean.squareRoot() }
      return own.map(rmse).mean - theirs.map(rmse).mean
    }
    let drawn = bootstrap(truth.count, blockLength: 6, statistic: difference)
    return (difference(Array(truth.indices)), drawn.interval(0.9))
  }

  /// Tells how networks of several seeds stand beside each of the `others`, and what can be said of it.
  public func tell(
    _ runs: [[Double]], called name: String, beside others: [Baseline], on page: Page
  ) {
    let told = others.map { ($0.title, difference(runs, from: [$0.forecasts])) }
    page.table(
      ["\(name) beside", "error more (+) or less (−)", "months drawn anew, nine tenths between"],
      told.map { title, difference in
        [
          title, difference.mean.signed,
          "\(difference.interval.lowerBound.signed) to \(difference.interval.upperBound.signed)",
        ]
      }, alignments: [.left, .right, .right])
    func titles(_ isSo: (ClosedRange<Double>) -> Bool) -> String {
      told.filter { isSo($0.1.interval) }.map(\.0).joined(separator: "; ")
    }
    let groups = [
      ("ahead of", titles { $0.upperBound < 0 }), ("behind", titles { $0.lowerBound > 0 }),
      ("not to be told from", titles { $0.contains(0) }),
    ]
    for (relation, names) in groups where !names.isEmpty {
      page.print("\(name), over these \(test.count) months, is \(relation): \(names)")
    }
  }
}

extension Double {
  fileprivate var signed: String {
    let text = String(format: "%.2f", abs(self))
    return (self < 0 ? "−" : "+") + text
  }
}
