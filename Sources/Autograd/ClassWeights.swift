// What the losses over classes do where classes count unequally or targets are smoothed, as PyTorch's.

/// The cross-entropy with (1 − ε) of each target on its class and ε evenly on all:
///
///     (1 − ε) · w_y · (−log p_y)  +  ε/C · Σ_c w_c · (−log p_c)
///
/// The mean of both terms is divided by Σ w_y over the targets that count.
func smoothed(
  _ input: Tensor, _ target: Indices, _ weight: [Double]?, _ ignored: Int, _ smoothing: Double,
  _ reduction: Reduction
) -> Tensor {
  checkSmoothing(smoothing)
  let weights = weight.map { input.classWeights($0, "crossEntropy") }
  let losses = crossEntropy(input, target, ignoreIndex: ignored, reduction: .none)
  let own = weights.map { losses * Tensor(target.weights(from: $0, ignoring: ignored)) } ?? losses
  if smoothing == 0 { return own.averaged(target, weights, ignoring: ignored, reduction) }

  let axis = input.rank == 1 ? 0 : 1
  let logP = input.logSoftmax(axis: axis)
  let all = (weights.map { logP * Tensor($0) } ?? logP).sum(axis: axis)
  let isIgnored = NDArray(
    target.values.map { $0 == ignored ? 1 : 0 }, shape: target.shape, dtype: input.dtype)
  let even = all.maskedFill(isIgnored, 0) * (-smoothing / Double(input.shape[axis]))
  return (own * (1 - smoothing) + even)
    .averaged(target, weights, ignoring: ignored, reduction)
}

func checkSmoothing(_ smoothing: Double) {
  guard (0...1).contains(smoothing) else {
    wrongUse("crossEntropy: labelSmoothing \(smoothing) is not in 0...1")
  }
}

extension Tensor {
  /// The weight of each class in a shape that stretches over this tensor of logits, whose classes
  /// are on axis 1 (0 of a single sample).
  func classWeights(_ weight: [Double], _ operation: String) -> NDArray {
    let axis = rank == 1 ? 0 : 1
    guard rank > 0, weight.count == shape[axis] else {
      wrongUse("\(operation): \(weight.count) class weights for input \(shape)")
    }
    if let place = weight.firstIndex(where: { !($0 >= 0 && $0 < .infinity) }) {
      wrongUse("\(operation): the weight \(weight[place]) of class \(place) is not 0 or more")
    }
    let behind = [Int](repeating: 1, count: rank - axis - 1)
    return NDArray(weight, shape: [weight.count] + behind, dtype: dtype)
  }

  /// Losses, one for each target, times the weights of their classes, as one number.
  func weighed(
    _ target: Indices, _ weights: NDArray, ignoring ignored: Int, _ reduction: Reduction
  ) -> Tensor {
    (self * Tensor(target.weights(from: weights, ignoring: ignored)))
      .averaged(target, weights, ignoring: ignored, reduction)
  }

  /// Losses, one for each target, as one number; the mean is divided by the weights of those targets
  /// that count, or by their number.
  fileprivate func averaged(
    _ target: Indices, _ weights: NDArray?, ignoring ignored: Int, _ reduction: Reduction
  ) -> Tensor {
    switch reduction {
    case .none: return self
    case .sum: return sum()
    case .mean:
      let table = weights?.doubles
      let total = target.values.reduce(0.0) { sum, label in
        sum + (label == ignored ? 0 : table?[label] ?? 1)
      }
      return sum() * (1 / total)
    }
  }
}

extension Indices {
  /// The weight of each target's class, 0 where the target is ignored.
  fileprivate func weights(from table: NDArray, ignoring ignored: Int) -> NDArray {
    let weights = table.doubles
    return NDArray(
      values.map { $0 == ignored ? 0 : weights[$0] }, shape: shape, dtype: table.dtype)
  }
}
