/// Makes mean 0 and variance 1 of every feature over the batch (and over time), then scales and
/// shifts by learned numbers (Ioffe & Szegedy 2015), as PyTorch's layer of this name.
///
///     ŷ = (x − μ)/√(σ² + ε) · weight + bias
///
/// In training μ and σ² are those of the batch, and running means of them are kept; in evaluation
/// the running ones are used:
///
///     running = (1 − momentum) · running + momentum · batch's     (σ² with n − 1 there)
///
/// `weight` (ones at the start) and `bias` (zeros) are `[features]`, as the buffers `running_mean`
/// (zeros) and `running_var` (ones); `num_batches_tracked` counts the batches.
public final class BatchNorm1d: Module, UnaryLayer {
  /// The size of axis 1.
  public let features: Int
  /// ε, added to the variance so that it divides.
  public let eps: Double
  /// The weight of a batch in the running means; nil: all batches weigh the same.
  public let momentum: Double?
  /// The learned scale and shift, each `[features]`; nil without `affine`.
  public let weight, bias: Parameter?
  /// The running means of μ and σ², `[features]`, and the number of batches in them, `[]`; nil
  /// without `trackRunningStats`. The names are those in PyTorch's files.
  public let running_mean, running_var, num_batches_tracked: Buffer?

  /// - Parameters:
  ///   - features: the size of axis 1.
  ///   - eps: ε, from 0, added to the variance.
  ///   - momentum: the weight of a batch in the running means; nil: all batches weigh the same.
  ///   - affine: whether there are a weight and a bias.
  ///   - trackRunningStats: whether running means are kept; without them the batch's own numbers
  ///     are used in evaluation too.
  ///   - dtype: the element type of the parameters.
  public init(
    _ features: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true, dtype: DType = .float32
  ) {
    checkSizes("BatchNorm1d", ("features", features))
    if let momentum, !(0...1).contains(momentum) {
      wrongUse("BatchNorm1d: momentum \(momentum) is not in 0...1")
    }
    guard eps >= 0, eps < .infinity else { wrongUse("BatchNorm1d: eps \(eps)") }
    (self.features, self.eps, self.momentum) = (features, eps, momentum)
    weight = affine ? Parameter(.ones([features], dtype: dtype)) : nil
    bias = affine ? Parameter(.zeros([features], dtype: dtype)) : nil
    running_mean = trackRunningStats ? Buffer(.zeros([features], dtype: dtype)) : nil
    running_var = trackRunningStats ? Buffer(.ones([features], dtype: dtype)) : nil
    num_batches_tracked = trackRunningStats ? Buffer(.zeros([], dtype: .float64)) : nil
  }

  /// Input `[batch, features]` or `[batch, features, time]`, output of the same shape.
  public func forward(_ input: Tensor) -> Tensor {
    guard (2...3).contains(input.rank), input.shape[1] == features else {
      wrongUse(
        "BatchNorm1d: input \(input.shape), expected [batch, \(features)] or "
          + "[batch, \(features), time]")
    }
    let axes = input.rank == 2 ? [0] : [0, 2]
    // The features' numbers, so that they meet axis 1.
    func along(_ x: NDArray) -> NDArray { input.rank == 2 ? x : x.reshaped([features, 1]) }
    var output: Tensor
    if !isTraining, let running_mean, let running_var {
      let scale = (running_var.value + eps).sqrt().reciprocal()
      output = (input - Tensor(along(running_mean.value))) * Tensor(along(scale))
    } else {
      guard input.count > features else {
        wrongUse(
          "BatchNorm1d: input \(input.shape) has no variance over \(input.count / features) "
            + "numbers for each feature")
      }
      if isTraining { track(input.value, axes) }
      output = input.normalized("batchNorm", axes: axes, eps: eps)
    }
    if let weight { output = output * (input.rank == 2 ? weight : weight.unsqueezed(1)) }
    if let bias { output = output + (input.rank == 2 ? bias : bias.unsqueezed(1)) }
    return output
  }

  /// Takes a batch into the running means. Numbers that are not finite would stay in them for ever:
  /// a batch that has such is passed over.
  private func track(_ x: NDArray, _ axes: [Int]) {
    guard let running_mean, let running_var, let num_batches_tracked else { return }
    let mean = x.mean(axes: axes), variance = x.variance(axes: axes)
    guard (mean + variance).doubles.allSatisfy(\.isFinite) else { return }
    num_batches_tracked.value = num_batches_tracked.value + 1
    let share = momentum ?? 1 / num_batches_tracked.value.item
    running_mean.value = running_mean.value * (1 - share) + mean * share
    running_var.value = running_var.value * (1 - share) + variance * share
  }
}
