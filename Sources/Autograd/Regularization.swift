import Foundation

extension Tensor {
  /// Each number set to 0 with the given probability, the others scaled by 1/(1 − p) so that the sum
  /// stays the same on average (Srivastava et al. 2014). For training; in evaluation leave it out.
  public func dropout(_ probability: Double, generator: Generator = .default) -> Tensor {
    guard (0...1).contains(probability) else {
      wrongUse("dropout: probability \(probability) is not in 0...1")
    }
    if probability == 0 { return self }
    let kept = NDArray.bernoulli(
      shape, probability: 1 - probability, dtype: dtype, generator: generator)
    let mask = probability == 1 ? kept : kept / (1 - probability)
    return Tensor("dropout", of: self, value: value * mask) { dy in dy * mask }
  }

  /// Normalized over the last axes, whose sizes are `normalizedShape`: x̂ = (x − μ)/√(σ² + ε), then
  /// x̂·weight + bias (Ba, Kiros & Hinton 2016).
  ///
  /// ∂L/∂x = (g − mean g − x̂ · mean(g·x̂))/√(σ² + ε)  with  g = dy · weight
  public func layerNorm(
    _ normalizedShape: [Int], weight: Tensor? = nil, bias: Tensor? = nil, eps: Double = 1e-5
  ) -> Tensor {
    guard Array(shape.suffix(normalizedShape.count)) == normalizedShape else {
      wrongUse("layerNorm: \(shape) does not end in \(normalizedShape)")
    }
    let axes = Array((rank - normalizedShape.count)..<rank)
    let output = normalized("layerNorm", axes: axes, eps: eps)
    let weighted = weight.map { output * $0 } ?? output
    return bias.map { weighted + $0 } ?? weighted
  }

  /// x̂ = (x − μ)/√(σ² + ε) with the mean and the mean square distance from it over the axes.
  ///
  /// ∂L/∂x = (g − mean g − x̂ · mean(g·x̂))/√(σ² + ε)
  package func normalized(_ operation: StaticString, axes: [Int], eps: Double) -> Tensor {
    let centered = value.centered(axes: axes)
    let scale = ((centered * centered).mean(axes: axes, keepDims: true) + eps).sqrt().reciprocal()
    let normal = centered * scale
    return Tensor(operation, of: self, value: normal) { g in
      (g.centered(axes: axes)
        - normal * (g * normal).mean(axes: axes, keepDims: true)) * scale
    }
  }
}
