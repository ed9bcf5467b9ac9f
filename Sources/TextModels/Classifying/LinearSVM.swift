import Arrays

/// A linear classifier with the squared hinge loss, one class against the rest: liblinear's dual
/// coordinate descent (Hsieh et al. 2008), which is scikit-learn's `LinearSVC`.
///
/// Of each class it minimizes ½‖w‖² + C Σ max(0, 1 − y (w·x + b))², b among w.
package enum LinearSVM {
  /// An example: the features that are not 0, and their values.
  package typealias Row = (places: [Int], values: [Float])

  /// - Parameters:
  ///   - isMember: whether each row is of the class.
  ///   - tolerance: enough is learned when no example's gradient is larger.
  /// - Returns: the weights of one class's features, b behind them.
  package static func weights(
    _ rows: [Row], isMember: [Bool], features: Int, c: Double = 1, epochs: Int = 30,
    tolerance: Double = 0.02, seed: UInt64
  ) -> [Float] {
    var w = [Double](repeating: 0, count: features + 1)
    var alpha = [Double](repeating: 0, count: rows.count)
    let diagonal = 1 / (2 * c)
    let squares = rows.map { $0.values.reduce(1.0) { $0 + Double($1) * Double($1) } + diagonal }
    let generator = Generator(seed: seed)
    w.withUnsafeMutableBufferPointer { w in
      for _ in 0..<epochs {
        var largest = 0.0
        for place in generator.permutation(rows.count) {
          let (places, values) = rows[place], y: Double = isMember[place] ? 1 : -1
          var score = w[features]
          for (feature, value) in zip(places, values) { score += w[feature] * Double(value) }
          let gradient = y * score - 1 + diagonal * alpha[place]
          if alpha[place] == 0, gradient >= 0 { continue }
          largest = max(largest, abs(gradient))
          let next = max(0, alpha[place] - gradient / squares[place])
          let change = (next - alpha[place]) * y
          alpha[place] = next
          w[features] += change
          for (feature, value) in zip(places, values) { w[feature] += change * Double(value) }
        }
        if largest < tolerance { break }
      }
    }
    return w.map(Float.init)
  }
}
