/// Locally weighted straight lines over evenly spaced values (Cleveland 1979): at each place the line
/// nearest to the `window` values around it, those farther away weighing less.
///
/// - Returns: the smooth course at the places −`before` … count − 1 + `after`.
func loess(
  _ values: [Double], window: Int, before: Int = 0, after: Int = 0
) -> [Double] {
  let count = values.count
  guard count > 1 else { return Array(repeating: values.first ?? 0, count: count + before + after) }
  let reach = min(window, count)
  return values.withUnsafeBufferPointer { y in
    (-before..<count + after).map { place in
      let left = Swift.max(0, Swift.min(count - reach, place - reach / 2))
      let right = left + reach
      var far = Double(Swift.max(place - left, right - 1 - place))
      // A window wider than the series weighs as if it went on.
      if window > count { far += Double((window - count) / 2) }
      far = Swift.max(far, 1) * 1.0001
      var w0 = 0.0, w1 = 0.0, w2 = 0.0, s0 = 0.0, s1 = 0.0
      for k in left..<right {
        let d = Double(k - place), u = abs(d) / far, c = 1 - u * u * u, weight = c * c * c
        w0 += weight
        w1 += weight * d
        w2 += weight * d * d
        s0 += weight * y[k]
        s1 += weight * d * y[k]
      }
      let determinant = w0 * w2 - w1 * w1
      if determinant <= 1e-12 * w0 * w2 || w2 == 0 { return s0 / w0 }
      return (w2 * s0 - w1 * s1) / determinant
    }
  }
}
