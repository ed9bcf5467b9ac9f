/// Between what bounds a share lies, with 95 % confidence, of which so many out of so many are a sample:
/// Wilson's interval (1927), statsmodels' `proportion_confint(method="wilson")`.
///
///     proportionInterval(87, of: 100)      // 0.79 to 0.92
public func proportionInterval(_ count: Int, of total: Int) -> ClosedRange<Double> {
  guard total > 0, (0...total).contains(count) else {
    wrongUse("proportionInterval: \(count) of \(total)")
  }
  let n = Double(total), p = Double(count) / n, z = 1.959963984540054
  let scale = 1 + z * z / n
  let middle = (p + z * z / (2 * n)) / scale
  let reach = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot() / scale
  return max(0, middle - reach)...min(1, middle + reach)
}
