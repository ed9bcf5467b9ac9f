extension NDArray {
  /// The sums of the first one, two, … numbers along an axis; the shape stays. Added up in Double.
  ///
  /// - Parameters:
  ///   - axis: along which to sum; negative counts from the end.
  ///   - reversed: whether to sum from the end.
  public func cumulativeSum(axis: Int, reversed: Bool = false) -> NDArray {
    let axis = normalizedAxis(axis, rank: rank, operation: "cumulativeSum")
    let n = shape[axis], inner = shape[(axis + 1)...].reduce(1, *)
    let source = contiguous, result = NDArray.uninitialized(shape, dtype)
    func fill<T: BinaryFloatingPoint>(_: T.Type) {
      let x = source.storage.pointer.assumingMemoryBound(to: T.self)
      let y = result.storage.pointer.assumingMemoryBound(to: T.self)
      for first in stride(from: 0, to: count, by: Swift.max(1, n * inner)) {
        for column in first..<(first + inner) {
          var total = 0.0
          for step in 0..<n {
            let place = column + (reversed ? n - 1 - step : step) * inner
            total += Double(x[place])
            y[place] = T(total)
          }
        }
      }
    }
    if count == 0 { return result }
    if dtype == .float32 { fill(Float.self) } else { fill(Double.self) }
    return result
  }
}
