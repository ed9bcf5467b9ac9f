import Foundation

/// A recurrent network of one unit without input, xₜ = w·σ(xₜ₋₁) + b, and the error
/// (σ(x_T) − target)² after T steps: the example of Pascanu, Mikolov & Bengio (2013), figure 6.
struct OneUnit {
  var steps = 50
  var start = 0.5
  var target = 0.7

  private func σ(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// The error at (w, b) and its two derivatives, carried forward along with x.
  func error(w: Double, b: Double) -> (value: Double, dw: Double, db: Double) {
    var (x, dx_dw, dx_db) = (start, 0.0, 0.0)
    for _ in 0..<steps {
      let s = σ(x)
      let slope = w * s * (1 - s)
      (x, dx_dw, dx_db) = (w * s + b, s + slope * dx_dw, 1 + slope * dx_db)
    }
    let s = σ(x)
    let outer = 2 * (s - target) * s * (1 - s)
    return ((s - target) * (s - target), outer * dx_dw, outer * dx_db)
  }

  /// The places that gradient descent visits from (w, b), its gradient cut to a norm of at most
  /// `clip`.
  func descend(
    from start: (w: Double, b: Double), rate: Double, steps: Int, clip: Double = .infinity
  ) -> [(w: Double, b: Double)] {
    var (w, b) = start
    var path = [start]
    for _ in 0..<steps {
      let gradient = error(w: w, b: b)
      let norm = hypot(gradient.dw, gradient.db)
      let scale = norm > clip ? clip / norm : 1
      w -= rate * scale * gradient.dw
      b -= rate * scale * gradient.db
      path.append((w, b))
    }
    return path
  }
}
