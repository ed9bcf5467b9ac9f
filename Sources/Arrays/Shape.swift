/// Arithmetic on shapes: what the operations share.
extension [Int] {
  /// How many numbers an array of this shape holds. Stops the program where there is no such array.
  package var product: Int { product("NDArray") }

  /// The same for an operation that names itself.
  package func product(_ operation: StaticString) -> Int {
    if let result = checkedProduct { return result }
    let problem =
      contains { $0 < 0 } ? "a size is negative" : "these are more numbers than memory has places"
    wrongUse("\(operation): shape \(self): \(problem)")
  }

  /// How many numbers an array of this shape would hold; nil if a size is negative, or if not even
  /// their bytes could be counted. For shapes from outside, which are to be refused with an error.
  package var checkedProduct: Int? { checkedProductOfSizes(self) }

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

extension ArraySlice<Int> {
  /// How many numbers these axes of an array span.
  package var product: Int { checkedProductOfSizes(self) ?? Array(self).product }
}

@inline(__always)
private func checkedProductOfSizes(_ sizes: some Collection<Int>) -> Int? {
  var result = 1
  var fits = true
  for size in sizes {
    if size < 0 { return nil }
    let (next, overflow) = result.multipliedReportingOverflow(by: size)
    result = next
    if overflow { fits = false }
  }
  // Eight bytes to a number at the most. Where one size is 0 there is nothing to count.
  if fits, result <= Int.max / 8 { return result }
  return sizes.contains(0) ? 0 : nil
}

/// An axis counted from the front, whether given from the front (0…) or from the back (−1…).
public func normalizedAxis(_ axis: Int, rank: Int, operation: String) -> Int {
  let result = axis < 0 ? axis + rank : axis
  guard (0..<rank).contains(result) else {
    wrongUse("\(operation): axis \(axis) of an array with \(rank) axes")
  }
  return result
}

/// The shape that two operands are stretched to, as NumPy does: shapes are lined up at their last
/// axis, and an axis of size 1 (or a missing one) takes the other's size.
public func broadcastShape(_ a: [Int], _ b: [Int], operation: String) -> [Int] {
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
