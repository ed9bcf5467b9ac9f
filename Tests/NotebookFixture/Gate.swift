import Foundation

/// How far a gate is open: σ(w · x).
struct Gate {
  var weight: Double

  func callAsFunction(_ x: Double) -> Double { 1 / (1 + exp(-weight * (x - 2))) }
}
