import CKernels

// Numbers picked by place, and added back to their places, which is the gradient of picking.

extension NDArray {
  /// Whole slices along an axis, in the order of `indices`; a matrix of indices gives a further
  /// axis. `take` with axis 0 is an embedding's look-up.
  public func take(_ indices: Indices, axis: Int = 0) -> NDArray {
    taken(indices, axis: axis, operation: "take")
  }

  package func taken(_ indices: Indices, axis: Int, operation: String) -> NDArray {
    let axis = normalizedAxis(axis, rank: rank, operation: operation)
    check(indices, below: shape[axis], operation)
    let source = contiguous.storage
    let result = NDArray.uninitialized(
      Array(shape[..<axis]) + indices.shape + Array(shape[(axis + 1)...]), dtype)
    guard result.count > 0 else { return result }
    let outer = shape[..<axis].product
    let inner = shape[(axis + 1)...].product * dtype.byteCount
    var output = result.storage.pointer
    for row in 0..<outer {
      let start = source.pointer + row * shape[axis] * inner
      for index in indices.values {
        output.copyMemory(from: start + index * inner, byteCount: inner)
        output += inner
      }
    }
    return result
  }

  /// Adds slices to the places that `take` took them from, in place and in order: the gradient of
  /// `take`.
  public mutating func addTaken(_ slices: NDArray, at indices: Indices, axis: Int) {
    let axis = normalizedAxis(axis, rank: rank, operation: "addTaken")
    checkSameType("addTaken", self, slices)
    check(indices, below: shape[axis], "addTaken")
    let expected = Array(shape[..<axis]) + indices.shape + Array(shape[(axis + 1)...])
    guard slices.shape == expected else {
      wrongUse("addTaken: slices \(slices.shape) into \(shape), expected \(expected)")
    }
    guard slices.count > 0 else { return }
    let outer = shape[..<axis].product
    let inner = shape[(axis + 1)...].product
    if ck_is_plain() {
      var numbers = doubles
      let added = slices.doubles
      for row in 0..<outer {
        for (k, place) in indices.values.enumerated() {
          for i in 0..<inner {
            numbers[(row * shape[axis] + place) * inner + i] +=
              added[(row * indices.count + k) * inner + i]
          }
        }
      }
      self = NDArray(numbers, shape: shape, dtype: dtype)
      return
    }
    let source = slices.contiguous.storage
    makeWritable()
    let bytes = inner * dtype.byteCount
    for row in 0..<outer {
      ck_add_taken(
        dtype.kernel, indices.count, shape[axis], inner, indices.values,
        source.pointer + row * indices.count * bytes, storage.pointer + row * shape[axis] * bytes)
    }
  }

  /// Writes slices over rows, the places of the first axis.
  package mutating func put(_ slices: NDArray, rows: [Int]) {
    checkSameType("put", self, slices)
    guard slices.shape == [rows.count] + shape.dropFirst() else {
      wrongUse("put: slices \(slices.shape) over \(rows.count) rows of \(shape)")
    }
    let source = slices.contiguous.storage
    makeWritable()
    let bytes = shape.dropFirst().product * dtype.byteCount
    for (place, row) in rows.enumerated() {
      (storage.pointer + row * bytes).copyMemory(
        from: source.pointer + place * bytes, byteCount: bytes)
    }
  }

  /// One number for each index: `result[i, j, …] = self[i, index[i, j, …], …]` for axis 1. The
  /// indices have this array's number of axes, and along all but `axis` no larger sizes.
  public func gather(_ indices: Indices, axis: Int) -> NDArray {
    let result = NDArray.uninitialized(indices.shape, dtype)
    let source = contiguous.storage
    let bytes = dtype.byteCount
    var output = result.storage.pointer
    forEachGathered(indices, axis, "gather") { offset in
      output.copyMemory(from: source.pointer + offset &* bytes, byteCount: bytes)
      output += bytes
    }
    return result
  }

  /// Adds numbers to the places that `gather` took them from, in place and in order: the gradient of
  /// `gather`.
  public mutating func addGathered(_ values: NDArray, at indices: Indices, axis: Int) {
    let axis = normalizedAxis(axis, rank: rank, operation: "addGathered")
    checkSameType("addGathered", self, values)
    guard values.shape == indices.shape, indices.shape.count == rank else {
      wrongUse("addGathered: \(values.shape) at indices \(indices.shape) of \(shape)")
    }
    // Where several may go to one place they are added up in Double.
    if dtype == .float32, indices.shape[axis] > 1 {
      var wide = asType(.float64)
      wide.addGathered(values.asType(.float64), at: indices, axis: axis)
      self = wide.asType(.float32)
      return
    }
    let source = values.contiguous.storage
    makeWritable()
    let target = storage
    let bytes = dtype.byteCount
    var input = source.pointer
    forEachGathered(indices, axis, "addGathered") { offset in
      ck_axpy(dtype.kernel, 1, 1, input, target.pointer + offset &* bytes)
      input += bytes
    }
  }

  /// Calls `body` with the row-major offset in this array of each gathered number.
  private func forEachGathered(
    _ indices: Indices, _ axis: Int, _ operation: String, _ body: (Int) -> Void
  ) {
    let axis = normalizedAxis(axis, rank: rank, operation: operation)
    guard indices.shape.count == rank,
      (0..<rank).allSatisfy({ $0 == axis || indices.shape[$0] <= shape[$0] })
    else { wrongUse("\(operation): indices \(indices.shape) for \(shape) along axis \(axis)") }
    check(indices, below: shape[axis], operation)
    guard indices.count > 0 else { return }
    let steps = shape.rowMajorStrides
    var place = [Int](repeating: 0, count: rank)
    for index in indices.values {
      var offset = index * steps[axis]
      for k in 0..<rank where k != axis { offset += place[k] * steps[k] }
      body(offset)
      var k = rank - 1
      while k >= 0 {
        place[k] += 1
        if place[k] < indices.shape[k] { break }
        place[k] = 0
        k -= 1
      }
    }
  }

  private func check(_ indices: Indices, below size: Int, _ operation: String) {
    if let wrong = indices.values.first(where: { !(0..<size).contains($0) }) {
      wrongUse("\(operation): index \(wrong) is not in 0..<\(size), shape \(shape)")
    }
  }

  /// Rows of zeros with a single one, at the place that each index names: `[…, classes]`.
  public static func oneHot(
    _ indices: Indices, classes: Int, dtype: DType = .float32
  ) -> NDArray {
    let result = zeros(indices.shape + [classes], dtype: dtype)
    if let wrong = indices.values.first(where: { !(0..<classes).contains($0) }) {
      wrongUse("oneHot: class \(wrong) is not in 0..<\(classes)")
    }
    let pointer = result.storage.pointer
    for (row, index) in indices.values.enumerated() {
      ck_fill(dtype.kernel, 1, 1, pointer + (row * classes + index) * dtype.byteCount)
    }
    return result
  }
}
