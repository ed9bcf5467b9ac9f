import Arrays

/// Differences of a series, which take out trend and season, and the way back.
///
/// (1 − B)^order (1 − B^season)^seasonalOrder, where B steps back by one row: order 1 is the change
/// since the row before, season 12 with monthly rows the change since the same month a year ago
/// (Box & Jenkins 1970, ch. 9).
///
///     let differencing = Differencing(season: 12)              // monthly and yearly change
///     let changes = differencing.differences(of: passengers)   // 13 shorter
public struct Differencing: Equatable, Sendable {
  /// How often the change since the row before is taken; rows in a season, 0 for none; how often
  /// the change since a season before is taken.
  public let order, season, seasonalOrder: Int
  /// What row t − k is multiplied by in the difference at t; the first is 1.
  public let coefficients: [Double]

  /// - Parameters:
  ///   - order: how often the change since the row before is taken.
  ///   - season: rows in a season; nil for no seasonal difference.
  ///   - seasonalOrder: how often the change since a season before is taken.
  public init(order: Int = 1, season: Int? = nil, seasonalOrder: Int = 1) {
    guard order >= 0, seasonalOrder >= 0, (season ?? 1) > 0 else {
      wrongUse("Differencing: order \(order), season \(season ?? 0), taken \(seasonalOrder) times")
    }
    self.order = order
    self.season = season ?? 0
    self.seasonalOrder = season == nil ? 0 : seasonalOrder
    var polynomial = [1.0]
    let lags =
      Array(repeating: 1, count: order)
      + Array(repeating: self.season, count: self.seasonalOrder)
    for lag in lags {
      var product = polynomial + Array(repeating: 0, count: lag)
      for k in polynomial.indices { product[k + lag] -= polynomial[k] }
      polynomial = product
    }
    coefficients = polynomial
  }

  /// How many rows at the beginning have no difference: those that one needs to find the way back.
  public var lag: Int { coefficients.count - 1 }

  /// The differences of all rows but the first `lag`. A row with a missing number among those it
  /// needs has none.
  public func differences(of values: [Double]) -> [Double] {
    guard values.count > lag else { return [] }
    return (lag..<values.count).map { row in
      var sum = 0.0
      for (k, factor) in coefficients.enumerated() where factor != 0 {
        sum += factor * values[row - k]
      }
      return sum
    }
  }

  /// The number that belongs to a difference, given the numbers before it (at least `lag`): turns
  /// the forecast of a change into that of the series.
  public func value(
    ofDifference difference: Double, after history: some BidirectionalCollection<Double>
  )
    -> Double
  {
    guard history.count >= lag else {
      wrongUse("Differencing: \(history.count) numbers before, \(lag) are needed")
    }
    var sum = difference
    for (factor, value) in zip(coefficients.dropFirst(), history.reversed()) where factor != 0 {
      sum -= factor * value
    }
    return sum
  }

  /// Numbers that go on from `history` by the given differences, each from those before it.
  public func values(ofDifferences differences: [Double], after history: [Double]) -> [Double] {
    var values = Array(history.suffix(lag))
    guard history.count >= lag else {
      wrongUse("Differencing: \(history.count) numbers before, \(lag) are needed")
    }
    for difference in differences {
      values.append(value(ofDifference: difference, after: values))
    }
    return Array(values.dropFirst(lag))
  }
}

/// A series' differences, with what it takes to return to the series: its first rows, and the
/// numbers after each gap, where no difference tells the level.
public struct DifferencedSeries: Sendable {
  /// The differences, with the stamps of the rows they belong to.
  public let series: TimeSeries
  /// The differences that were taken.
  public let differencing: Differencing
  /// The rows without a difference, of each column.
  let head: TimeSeries
  /// Numbers that no difference leads to, by their row in `series`, for each column.
  let restarts: [[Int: Double]]

  init(_ original: TimeSeries, _ differencing: Differencing) {
    let lag = min(differencing.lag, original.count)
    self.differencing = differencing
    head = original[0..<lag]
    let differences = original.columns.map { differencing.differences(of: $0) }
    series = TimeSeries(
      times: Array(original.times[lag...]), names: original.names, columns: differences)
    restarts = zip(original.columns, differences).map { column, differences in
      var restarts: [Int: Double] = [:]
      for row in differences.indices
      where differences[row].isNaN && !column[row + lag].isNaN {
        restarts[row] = column[row + lag]
      }
      return restarts
    }
  }

  /// The series itself. Whole numbers come back exactly (below 2⁵³), others up to rounding.
  public func integrated() -> TimeSeries { integrated(series) }

  /// The series that other differences at the same stamps lead to, such as smoothed or predicted
  /// ones.
  public func integrated(_ differences: TimeSeries) -> TimeSeries {
    guard differences.names.map(ExactName.init) == series.names.map(ExactName.init),
      differences.count == series.count
    else {
      wrongUse(
        "integrated: \(differences.count) rows of \(listed(differences.names)), "
          + "the series has \(series.count) of \(listed(series.names))")
    }
    let lag = head.count
    let columns = differences.columns.indices.map { place in
      var values = head.columns[place]
      values.reserveCapacity(lag + differences.count)
      for (row, difference) in differences.columns[place].enumerated() {
        values.append(
          restarts[place][row]
            ?? differencing.value(ofDifference: difference, after: values.suffix(lag)))
      }
      return values
    }
    return TimeSeries(
      times: head.times + differences.times, names: series.names, columns: columns)
  }
}

extension TimeSeries {
  /// The series' differences, which remember the way back: see `Differencing`.
  public func differenced(
    order: Int = 1, season: Int? = nil, seasonalOrder: Int = 1
  ) -> DifferencedSeries {
    DifferencedSeries(
      self, Differencing(order: order, season: season, seasonalOrder: seasonalOrder))
  }
}
