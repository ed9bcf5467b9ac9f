/// The smooth curve of cubic pieces through given points whose first two pieces, and last two, are
/// one and the same cubic (not-a-knot ends: de Boor, *A Practical Guide to Splines*, 1978, ch. IV).
/// Through two points it is a line, through three a parabola.
struct CubicSpline {
  private let x, y, slopes: [Double]

  /// At least one point; `x` ascends.
  init(_ x: [Double], _ y: [Double]) {
    (self.x, self.y) = (x, y)
    slopes = Self.slopes(x, y)
  }

  /// The curve's slope at each point, from a tridiagonal system of equations.
  private static func slopes(_ x: [Double], _ y: [Double]) -> [Double] {
    let n = x.count
    let h = zip(x.dropFirst(), x).map { $0 - $1 }
    let s = h.indices.map { (y[$0 + 1] - y[$0]) / h[$0] }
    if n == 1 { return [0] }
    if n == 2 { return [s[0], s[0]] }
    if n == 3 {
      let bend = (s[1] - s[0]) / (h[0] + h[1])
      return [s[0] - bend * h[0], s[0] + bend * h[0], s[1] + bend * h[1]]
    }
    // Inside: the second derivative does not jump. At the ends: neither does the third at the
    // first and the last inner point.
    var below = [Double](repeating: 0, count: n), diagonal = below, above = below, right = below
    for i in 1..<n - 1 {
      below[i] = h[i]
      diagonal[i] = 2 * (h[i - 1] + h[i])
      above[i] = h[i - 1]
      right[i] = 3 * (h[i] * s[i - 1] + h[i - 1] * s[i])
    }
    func end(_ near: Double, _ far: Double, _ sNear: Double, _ sFar: Double) -> Double {
      ((near + 2 * (near + far)) * far * sNear + near * near * sFar) / (near + far)
    }
    (diagonal[0], above[0]) = (h[1], h[0] + h[1])
    right[0] = end(h[0], h[1], s[0], s[1])
    (diagonal[n - 1], below[n - 1]) = (h[n - 3], h[n - 2] + h[n - 3])
    right[n - 1] = end(h[n - 2], h[n - 3], s[n - 2], s[n - 3])
    for i in 1..<n {
      let factor = below[i] / diagonal[i - 1]
      diagonal[i] -= factor * above[i - 1]
      right[i] -= factor * right[i - 1]
    }
    var slopes = right
    slopes[n - 1] = right[n - 1] / diagonal[n - 1]
    for i in (0..<n - 1).reversed() {
      slopes[i] = (right[i] - above[i] * slopes[i + 1]) / diagonal[i]
    }
    return slopes
  }

  /// The curve at a place; outside the points the outer pieces go on.
  func callAsFunction(_ place: Double) -> Double {
    guard x.count > 1 else { return y[0] }
    var low = 0, high = x.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= place { low = middle } else { high = middle }
    }
    // Hermite's form of the piece between two points.
    let h = x[high] - x[low], t = (place - x[low]) / h
    let a = y[low], b = y[high], p = slopes[low] * h, q = slopes[high] * h
    return a + t * (p + t * (3 * (b - a) - 2 * p - q + t * (2 * (a - b) + p + q)))
  }
}
