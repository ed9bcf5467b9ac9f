extension NDArray {
  /// The places of the `k` largest numbers along an axis, the largest first; of equals the first, and
  /// NaN counts as the largest. The axis has size `k` then.
  ///
  /// - Parameters:
  ///   - k: how many; more than the axis has stop the program.
  ///   - axis: along which to look; negative counts from the end.
  ///   - largest: false for the smallest numbers, the smallest first.
  public func topKPlaces(_ k: Int, axis: Int = -1, largest: Bool = true) -> Indices {
    let axis = normalizedAxis(axis, rank: rank, operation: "topK")
    guard (0...shape[axis]).contains(k) else {
      wrongUse("topK: \(k) of axis \(axis) of \(shape)")
    }
    let rows = transposed(axis, -1)
    let n = shape[axis], values = rows.doubles
    var places: [Int] = []
    places.reserveCapacity(n == 0 ? 0 : values.count / n * k)
    for start in stride(from: 0, to: values.count, by: Swift.max(1, n)) {
      let row = values[start..<(start + n)]
      let order = row.indices.sorted { a, b in
        let (x, y) = (row[a], row[b])
        if x.isNaN || y.isNaN { return x.isNaN && y.isNaN ? a < b : x.isNaN == largest }
        return x == y ? a < b : largest ? x > y : x < y
      }
      places += order.prefix(k).map { $0 - start }
    }
    // Back from [..., k] to the axis' own place.
    var shape = rows.shape
    shape[rank - 1] = k
    return Indices(places, shape: shape).transposed(axis, rank - 1)
  }
}

extension Indices {
  /// Two axes exchanged.
  public func transposed(_ first: Int, _ second: Int) -> Indices {
    // Places are whole numbers far below 2⁵³, which Double holds exactly.
    let turned = NDArray(values.map(Double.init), shape: shape, dtype: .float64)
      .transposed(first, second)
    return Indices(turned.doubles.map { Int($0) }, shape: turned.shape)
  }
}
