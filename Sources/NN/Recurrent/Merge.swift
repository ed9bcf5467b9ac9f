/// How the outputs of the two directions of a layer become one. (Keras: concat, sum, ave, mul.)
public enum Merge: String, Sendable, CaseIterable {
  /// Side by side, which doubles the features; or number by number.
  case concatenate, sum, mean, product

  /// Forward and backward outputs `[…, size]`; the result has 2·size features where they are
  /// concatenated and `size` otherwise.
  public func callAsFunction(_ forward: Tensor, _ backward: Tensor) -> Tensor {
    switch self {
    case .concatenate: .concatenate([forward, backward], axis: -1)
    case .sum: forward + backward
    case .mean: (forward + backward) * 0.5
    case .product: forward * backward
    }
  }

  /// How many features the result has of directions with `size` each.
  public func size(_ size: Int) -> Int { self == .concatenate ? 2 * size : size }
}
