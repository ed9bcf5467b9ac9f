import Arrays
import Foundation

/// The power transform that makes the spread of a series independent of its level: (x^λ − 1) / λ,
/// and log x for λ = 0 (Box & Cox 1964). For positive, finite numbers; missing ones stay missing.
public struct BoxCox: Equatable, Codable, Sendable {
  /// 1 leaves the shape as it is, 0 is the logarithm, ½ about the square root.
  public let lambda: Double

  /// The transform of this λ; `init(fittedTo:)` finds one.
  public init(lambda: Double) { self.lambda = lambda }

  /// The logarithm.
  public static let log = BoxCox(lambda: 0)

  /// The λ that makes the numbers most like a normal sample: where the likelihood
  /// (λ − 1) Σ log x − n/2 log var(x^(λ)) is greatest, sought in −5 … 5 by golden section. 1 for
  /// numbers that are constant but for rounding.
  public init(fittedTo values: [Double]) {
    let known = values.filter { !$0.isNaN }
    Self.check(values)
    guard let least = known.min(), let most = known.max(),
      !Spread.isRounding(most - least, around: most, count: known.count)
    else {
      self.init(lambda: 1)
      return
    }
    let logs = known.map { Foundation.log($0) }
    // Dividing by the geometric mean keeps large powers in range and moves the likelihood by a
    // constant alone.
    let mean = logs.reduce(0, +) / Double(logs.count)
    func likelihood(_ lambda: Double) -> Double {
      let powers = logs.map { lambda == 0 ? $0 - mean : expm1(lambda * ($0 - mean)) / lambda }
      let center = powers.reduce(0, +) / Double(powers.count)
      let variance =
        powers.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(powers.count)
      let value = -Double(powers.count) / 2 * Foundation.log(variance)
      // Powers beyond a Double's range.
      return value.isNaN ? -.infinity : value
    }
    let golden = (5.0.squareRoot() - 1) / 2
    var low = -5.0, high = 5.0
    var a = high - golden * (high - low), b = low + golden * (high - low)
    var atA = likelihood(a), atB = likelihood(b)
    while high - low > 1e-9 {
      if atA == -.infinity, atB == -.infinity {
        (low, high) = (a, b)
        a = high - golden * (high - low)
        b = low + golden * (high - low)
        (atA, atB) = (likelihood(a), likelihood(b))
      } else if atA > atB {
        (high, b, atB) = (b, a, atA)
        a = high - golden * (high - low)
        atA = likelihood(a)
      } else {
        (low, a, atA) = (a, b, atB)
        b = low + golden * (high - low)
        atB = likelihood(b)
      }
    }
    self.init(lambda: (low + high) / 2)
  }

  /// The numbers on the transformed scale. One that is not positive, or infinite, stops the
  /// program.
  public func transform(_ values: [Double]) -> [Double] {
    Self.check(values)
    return values.map {
      lambda == 0 ? Foundation.log($0) : expm1(lambda * Foundation.log($0)) / lambda
    }
  }

  /// The numbers that were transformed.
  public func inverse(_ values: [Double]) -> [Double] {
    values.map { lambda == 0 ? exp($0) : exp(log1p(lambda * $0) / lambda) }
  }

  /// Every column of a series on the transformed scale.
  public func transform(_ series: TimeSeries) -> TimeSeries {
    for (name, column) in zip(series.names, series.columns) { Self.check(column, of: name) }
    return series.mapColumns(transform)
  }

  /// Every column of a series on its own scale again.
  public func inverse(_ series: TimeSeries) -> TimeSeries { series.mapColumns(inverse) }

  private static func check(_ values: [Double], of column: String? = nil) {
    if let wrong = values.firstIndex(where: { $0 <= 0 || $0 == .infinity }) {
      wrongUse(
        "BoxCox: number \(wrong)\(column.map { " of \($0)" } ?? "") is \(values[wrong]), and only "
          + "positive, finite ones have logarithms")
    }
  }
}
