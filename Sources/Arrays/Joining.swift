extension NDArray {
  /// Arrays one after the other along an axis that they may differ in.
  public static func concatenate(_ arrays: [NDArray], axis: Int = 0) -> NDArray {
    guard let first = arrays.first else { wrongUse("concatenate: no arrays") }
    let axis = normalizedAxis(axis, rank: first.rank, operation: "concatenate")
    var shape = first.shape
    shape[axis] = 0
    for array in arrays {
      checkSameType("concatenate", first, array)
      var other = array.shape, expected = first.shape
      guard other.count == expected.count else {
        wrongUse(
          "concatenate: \(first.shape) and \(array.shape) have different numbers of axes")
      }
      shape[axis] = together([shape[axis], other[axis]], "concatenate")
      (other[axis], expected[axis]) = (0, 0)
      guard other == expected else {
        wrongUse(
          "concatenate: \(first.shape) and \(array.shape) along axis \(axis): the other axes differ"
        )
      }
    }
    let result = NDArray.uninitialized(shape, first.dtype)
    guard result.count > 0 else { return result }
    let outer = shape[..<axis].product
    let inner = shape[(axis + 1)...].product * first.dtype.byteCount
    var output = result.storage.pointer
    let sources = arrays.map { ($0.contiguous.storage, $0.shape[axis] * inner) }
    for row in 0..<outer {
      for (source, bytes) in sources {
        output.copyMemory(from: source.pointer + row * bytes, byteCount: bytes)
        output += bytes
      }
    }
    return result
  }

  /// Arrays of one shape side by side along a new axis.
  public static func stack(_ arrays: [NDArray], axis: Int = 0) -> NDArray {
    guard let first = arrays.first else { wrongUse("stack: no arrays") }
    let axis = normalizedAxis(axis, rank: first.rank + 1, operation: "stack")
    for array in arrays where array.shape != first.shape {
      wrongUse("stack: \(first.shape) and \(array.shape) differ")
    }
    return concatenate(arrays.map { $0.unsqueezed(axis) }, axis: axis)
  }

  /// The array cut along an axis into parts of the given sizes, as views.
  public func split(_ sizes: [Int], axis: Int = 0) -> [NDArray] {
    let axis = normalizedAxis(axis, rank: rank, operation: "split")
    guard together(sizes, "split") == shape[axis] else {
      wrongUse("split: sizes \(sizes) for axis \(axis) of \(shape)")
    }
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return narrow(axis: axis, start: start, length: size)
    }
  }

  /// The array cut along an axis into parts of `size` (the last may be smaller), as views.
  public func split(size: Int, axis: Int = 0) -> [NDArray] {
    guard size > 0 else { wrongUse("split: size \(size) is not positive") }
    let whole = shape[normalizedAxis(axis, rank: rank, operation: "split")]
    return split(
      stride(from: 0, to: whole, by: size).map { Swift.min(size, whole - $0) }, axis: axis)
  }

  /// The array cut along an axis into `count` parts of (nearly) equal size, as views.
  public func chunk(_ count: Int, axis: Int = 0) -> [NDArray] {
    guard count > 0 else { wrongUse("chunk: \(count) parts") }
    let whole = shape[normalizedAxis(axis, rank: rank, operation: "chunk")]
    return split(size: whole == 0 ? 1 : (whole - 1) / count + 1, axis: axis)
  }
}

/// Places along one axis, taken together.
private func together(_ sizes: [Int], _ operation: String) -> Int {
  var total = 0
  for size in sizes {
    let (next, overflow) = total.addingReportingOverflow(size)
    if size < 0 || overflow { wrongUse("\(operation): sizes \(sizes) along one axis") }
    total = next
  }
  return total
}
