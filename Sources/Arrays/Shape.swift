/// Arithmetic on shapes: what the operations share.
extension [Int] {
  /// How many numbers an array of this shape holds.
  package var product: Int {
    var result = 1
    for size in self { result &*= size }
    return result
  }

  /// The steps from one number to the next along each axis when rows lie one after the other.
  package var rowMajorStrides: [Int] {
    var strides = [Int](repeating: 1, count: count)
    var step = 1
    for axis in indices.reversed() {
      strides[axis] = step
      step &*= self[axis]
    }
    return strides
  }
}

/// An axis counted from the front, whether given from the front (0…) or from the back (−1…).
package func normalizedAxis(_ axis: Int, rank: Int, operation: String) -> Int {
  let result = axis < 0 ? axis + rank : axis
  guard (0..<rank).contains(result) else {
    wrongUse("\(operation): axis \(axis) of an array with \(rank) axes")
  }
  return result
}

/// The shape that two operands are stretched to, as NumPy does: shapes are lined up at their last
/// axis, and an axis of size 1 (or a missing one) takes the other's size.
package func broadcastShape(_ a: [Int], _ b: [Int], operation: String) -> [Int] {
  if a == b { return a }
  let rank = max(a.count, b.count)
  var result = [Int](repeating: 1, count: rank)
  for back in 1...max(rank, 1) where rank > 0 {
    let m = back <= a.count ? a[a.count - back] : 1
    let n = back <= b.count ? b[b.count - back] : 1
    guard m == n || m == 1 || n == 1 else {
      wrongUse("\(operation): \(a) and \(b): sizes \(m) and \(n) differ and neither is 1")
    }
    result[rank - back] = m == 1 ? n : m
  }
  return result
}
