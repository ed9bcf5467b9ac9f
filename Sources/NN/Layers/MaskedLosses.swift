// Losses over padded sequences: the padding counts for nothing, neither in the loss nor in the number
// it is divided by.
//
//     let mask = sequenceMask(lengths)                            // [time, batch]
//     let loss = mseLoss(output, target, reduction: .none).mean(where: mask)

extension Tensor {
  /// The sum of the numbers where the mask is not 0, whatever stands elsewhere.
  ///
  /// - Parameter mask: of this tensor's shape, or of its first axes: `[time, batch]` for
  ///   `[time, batch, feature]`.
  public func sum(where mask: NDArray) -> Tensor { kept(by: mask, "sum(where:)").sum() }

  /// The mean of the numbers where the mask is not 0; NaN where it is 0 everywhere.
  public func mean(where mask: NDArray) -> Tensor {
    let total = kept(by: mask, "mean(where:)").sum()
    let kept = (mask .!= 0).sum().item * Double(count / Swift.max(1, mask.count))
    return total / kept
  }

  private func kept(by mask: NDArray, _ operation: String) -> Tensor {
    guard shape.starts(with: mask.shape) else {
      wrongUse("\(operation): mask \(mask.shape) for \(shape), which begins otherwise")
    }
    let features = [Int](repeating: 1, count: rank - mask.rank)
    return maskedFill(mask.asType(dtype).reshaped(mask.shape + features) .== 0, 0)
  }
}
