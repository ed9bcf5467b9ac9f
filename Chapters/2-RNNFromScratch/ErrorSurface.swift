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

  /// The b between −10 and 10 at which σ(x_T) is `answer`. There is one where w > 0, as x_T then grows with
  /// b: half of the interval is left out at a time.
  func place(where answer: Double, w: Double) -> Double {
    var (low, high) = (-10.0, 10.0)
    for _ in 0..<60 {
      let b = (low + high) / 2
      var x = start
      for _ in 0..<steps { x = w * σ(x) + b }
      if σ(x) < answer { low = b } else { high = b }
    }
    return (low + high) / 2
  }

  /// The lines through the places of equal error: one below the least error, where the answer is too
  /// small, and one above it if an answer can be that much too large.
  func contours(error: Double, w: [Double]) -> [[(w: Double, b: Double)]] {
    let off = error.squareRoot()
    return [target - off, target + off].filter { (0..<1).contains($0) }.map { answer in
      w.map { ($0, place(where: answer, w: $0)) }
    }
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

/// What of the error is shown in the page, where the start of the two descents is dragged: the data of
/// `Interactive.Component.surface`.
package struct Cliff: Encodable {
  let steps: Int
  let start, target: Double
  let rate = 0.3, updates = 60, clip = 0.5
  let w = [4.0, 6], b = [-3.0, -1], from = [5, -2.2]
  /// The errors whose lines are drawn: up from the valley, then every 0.05.
  let levels = [0.02, 0.04, 0.06, 0.08] + (2...8).map { Double($0) / 20 }

  init(unit: OneUnit) { (steps, start, target) = (unit.steps, unit.start, unit.target) }

  /// The lines of equal error at each w, as the page shows them: below the least error, and above it.
  package func lines(w: [Double]) -> [[Double]] {
    levels.flatMap { level in
      OneUnit(steps: steps, start: start, target: target).contours(error: level, w: w)
        .map { $0.map(\.b) }
    }
  }

  package init() { self.init(unit: OneUnit()) }

  /// The places of a descent, as the page shows them.
  package func path(from place: [Double], clip: Double = .infinity) -> [[Double]] {
    OneUnit(steps: steps, start: start, target: target)
      .descend(from: (w: place[0], b: place[1]), rate: rate, steps: updates, clip: clip)
      .map { [$0.w, $0.b] }
  }
}
