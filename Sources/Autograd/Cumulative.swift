extension Tensor {
  /// yₜ = x₁ + … + xₜ along an axis.   ∂L/∂xₜ = Σ dy from t on
  public func cumulativeSum(axis: Int) -> Tensor {
    Tensor("cumulativeSum", of: self, value: value.cumulativeSum(axis: axis)) { dy in
      dy.cumulativeSum(axis: axis, reversed: true)
    }
  }

  /// The `k` largest numbers along an axis, the largest first, and their places; with `largest` false
  /// the smallest.   The gradient goes to those places.
  public func topK(
    _ k: Int, axis: Int = -1, largest: Bool = true
  ) -> (values: Tensor, indices: Indices) {
    let places = value.topKPlaces(k, axis: axis, largest: largest)
    return (gather(places, axis: normalizedAxis(axis, rank: rank, operation: "topK")), places)
  }
}
