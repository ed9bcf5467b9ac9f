import Foundation
import Optim

// The optimizers' equations on whole arrays, one line each, to compare the kernels with.

/// What an optimizer does to one parameter, step by step.
protocol Reference {
  /// The parameter after step t, counted from 1.
  mutating func step(_ p: NDArray, _ g: NDArray, _ t: Int) -> NDArray
}

struct PlainSGD: Reference {
  var rate = 0.1, momentum = 0.0, dampening = 0.0, decay = 0.0
  var nesterov = false
  var buffer: NDArray?

  mutating func step(_ p: NDArray, _ g: NDArray, _ t: Int) -> NDArray {
    let d = g + p * decay
    if momentum == 0 { return p - d * rate }
    let b = buffer.map { $0 * momentum + d * (1 - dampening) } ?? d
    buffer = b
    return p - (nesterov ? d + b * momentum : b) * rate
  }
}

struct PlainRMSprop: Reference {
  var rate = 0.01, alpha = 0.9, eps = 1e-8, momentum = 0.0, decay = 0.0
  var centered = false
  var square, mean, buffer: NDArray?

  mutating func step(_ p: NDArray, _ g: NDArray, _ t: Int) -> NDArray {
    let d = g + p * decay
    let s = (square ?? g * 0.0) * alpha + d * d * (1 - alpha)
    square = s
    var divisor = s
    if centered {
      let a = (mean ?? g * 0.0) * alpha + d * (1 - alpha)
      mean = a
      divisor = s - a * a
    }
    let step = d / (divisor.sqrt() + eps)
    if momentum == 0 { return p - step * rate }
    let b = (buffer ?? g * 0.0) * momentum + step
    buffer = b
    return p - b * rate
  }
}

struct PlainAdam: Reference {
  var rate = 0.01, beta1 = 0.9, beta2 = 0.99, eps = 1e-8, decay = 0.0
  var amsgrad = false, decoupled = false
  var m, v, largest: NDArray?

  mutating func step(_ p: NDArray, _ g: NDArray, _ t: Int) -> NDArray {
    let shrunk = decoupled ? p * (1 - rate * decay) : p
    let d = decoupled ? g : g + p * decay
    m = (m ?? g * 0.0) * beta1 + d * (1 - beta1)
    v = (v ?? g * 0.0) * beta2 + d * d * (1 - beta2)
    if amsgrad { largest = largest?.maximum(v!) ?? v! }
    let mHat = m! / (1 - pow(beta1, Double(t)))
    let vHat = (amsgrad ? largest! : v!) / (1 - pow(beta2, Double(t)))
    return shrunk - mHat / (vHat.sqrt() + eps) * rate
  }
}
