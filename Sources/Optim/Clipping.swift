/// Scales all gradients together so that their norm, over all parameters as one vector, is no larger
/// than `maxNorm` (Pascanu, Mikolov & Bengio 2013).
///
/// - Returns: the norm before. NaN or infinite if a gradient is; then the gradients are too.
@discardableResult
public func clipGradNorm(_ parameters: [Parameter], maxNorm: Double) -> Double {
  guard maxNorm >= 0 else { wrongUse("clipGradNorm: maxNorm \(maxNorm) is not 0 or more") }
  var squares = 0.0
  for parameter in parameters {
    squares += (parameter.fewRows?.values ?? parameter.grad)?.sumOfSquares ?? 0
  }
  let norm = squares.squareRoot()
  // PyTorch's small number, so that the clipped gradients are its own.
  let factor = maxNorm / (norm + 1e-6)
  if !(factor >= 1) {
    for parameter in parameters {
      parameter.changeGradient { $0.scale(by: factor) }
    }
  }
  return norm
}

/// Moves every number of every gradient into ±`limit`.
public func clipGradValue(_ parameters: [Parameter], limit: Double) {
  guard limit >= 0 else { wrongUse("clipGradValue: limit \(limit) is not 0 or more") }
  for parameter in parameters {
    parameter.changeGradient { $0 = $0.clamped(-limit, limit) }
  }
}
