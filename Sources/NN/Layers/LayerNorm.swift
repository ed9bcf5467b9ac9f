/// Makes mean 0 and variance 1 over the last axes of every sample, then scales and shifts by learned
/// numbers (Ba, Kiros & Hinton 2016).
///
/// `weight` (ones at the start) and `bias` (zeros) have the shape `normalizedShape`.
public final class LayerNorm: Module, UnaryLayer {
  /// The sizes of the last axes, over which mean and variance are taken.
  public let normalizedShape: [Int]
  /// ε, added to the variance so that it divides.
  public let eps: Double
  /// The learned scale and shift, each of shape `normalizedShape`; nil where left out.
  public let weight, bias: Parameter?

  /// - Parameters:
  ///   - normalizedShape: the sizes of the last axes, over which mean and variance are taken.
  ///   - eps: ε, added to the variance.
  ///   - elementwiseAffine: whether there are a weight and a bias at all.
  ///   - bias: whether there is a bias beside the weight.
  ///   - dtype: the element type of the parameters.
  public init(
    _ normalizedShape: [Int], eps: Double = 1e-5, elementwiseAffine: Bool = true,
    bias: Bool = true, dtype: DType = .float32
  ) {
    (self.normalizedShape, self.eps) = (normalizedShape, eps)
    weight = elementwiseAffine ? Parameter(.ones(normalizedShape, dtype: dtype)) : nil
    self.bias = elementwiseAffine && bias ? Parameter(.zeros(normalizedShape, dtype: dtype)) : nil
  }

  /// Over the last axis alone, of the given size.
  public convenience init(
    _ size: Int, eps: Double = 1e-5, elementwiseAffine: Bool = true, bias: Bool = true,
    dtype: DType = .float32
  ) {
    self.init([size], eps: eps, elementwiseAffine: elementwiseAffine, bias: bias, dtype: dtype)
  }

  /// Input `[…] + normalizedShape`, output of the same shape.
  public func forward(_ input: Tensor) -> Tensor {
    input.layerNorm(normalizedShape, weight: weight, bias: bias, eps: eps)
  }
}
