import CKernels

/// Other ways to look at the same numbers. None of these copies, but `reshaped` of an array whose
/// numbers do not lie in row-major order.
extension NDArray {
  /// A view; strides that turn out to be row-major are dropped.
  package func view(_ shape: [Int], strides: [Int], offset: Int = 0) -> NDArray {
    var step = 1
    var rowMajor = true
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if strides[axis] != step { rowMajor = false }
      step &*= shape[axis]
    }
    return NDArray(
      Storage(
        viewing: storage, shape: shape, strides: rowMajor || step == 0 ? nil : strides,
        offset: offset))
  }

  /// The same numbers, in the same row-major order, under another shape. One size may be −1: it is
  /// worked out from the others.
  public func reshaped(_ shape: [Int]) -> NDArray {
    var shape = shape
    if let open = shape.firstIndex(of: -1) {
      shape[open] = 1
      let known = shape.product("reshaped")
      guard known > 0, count % known == 0 else {
        shape[open] = -1
        wrongUse("reshaped: \(self.shape) to \(shape): the sizes do not divide")
      }
      shape[open] = count / known
    }
    let places = shape.product("reshaped")
    guard places == count else {
      wrongUse("reshaped: \(self.shape) to \(shape): \(count) numbers and \(places)")
    }
    if shape == self.shape { return self }
    return NDArray(Storage(viewing: contiguous.storage, shape: shape, strides: nil))
  }

  /// Two axes exchanged.
  public func transposed(_ first: Int, _ second: Int) -> NDArray {
    let i = normalizedAxis(first, rank: rank, operation: "transposed")
    let j = normalizedAxis(second, rank: rank, operation: "transposed")
    if i == j { return self }
    var shape = shape, strides = strides
    shape.swapAt(i, j)
    strides.swapAt(i, j)
    return view(shape, strides: strides)
  }

  /// A matrix on its side: `[rows, columns]` → `[columns, rows]`.
  public var transposed: NDArray {
    guard rank == 2 else { wrongUse("transposed: \(shape) is not a matrix; name two axes") }
    return transposed(0, 1)
  }

  /// All axes in a new order: axis k of the result is axis `axes[k]` of this array.
  public func permuted(_ axes: [Int]) -> NDArray {
    let axes = axes.map { normalizedAxis($0, rank: rank, operation: "permuted") }
    guard axes.sorted() == Array(0..<rank) else {
      wrongUse("permuted: \(axes) is no order of the \(rank) axes of \(shape)")
    }
    return view(axes.map { shape[$0] }, strides: axes.map { strides[$0] })
  }

  /// `length` places along one axis, from `start` on.
  public func narrow(axis: Int, start: Int, length: Int) -> NDArray {
    let axis = normalizedAxis(axis, rank: rank, operation: "narrow")
    guard start >= 0, length >= 0, start <= shape[axis], length <= shape[axis] - start else {
      wrongUse("narrow: \(length) places from \(start) on of axis \(axis) of \(shape)")
    }
    var smaller = shape
    smaller[axis] = length
    return view(smaller, strides: strides, offset: start * strides[axis])
  }

  /// Places `start`, `start + step`, … before `end` along one axis. As in Python, negative ends
  /// count from the back and ends beyond the array are taken as its end.
  public func slice(axis: Int, start: Int = 0, end: Int = .max, step: Int = 1) -> NDArray {
    let axis = normalizedAxis(axis, rank: rank, operation: "slice")
    guard step > 0 else { wrongUse("slice: step \(step) is not positive") }
    let size = shape[axis]
    func clamp(_ place: Int) -> Int {
      Swift.min(Swift.max(place < 0 ? place + size : place, 0), size)
    }
    let first = clamp(start)
    let length = first < clamp(end) ? (clamp(end) - first - 1) / step + 1 : 0
    var smaller = shape, steps = strides
    smaller[axis] = length
    let offset = length > 0 ? first * steps[axis] : 0
    if length > 1 { steps[axis] *= step }
    return view(smaller, strides: steps, offset: offset)
  }

  /// One place of one axis; the axis goes.
  public func select(axis: Int, index: Int) -> NDArray {
    let axis = normalizedAxis(axis, rank: rank, operation: "select")
    let place = index < 0 ? index + shape[axis] : index
    guard (0..<shape[axis]).contains(place) else {
      wrongUse("select: place \(index) of axis \(axis) of \(shape)")
    }
    var smaller = shape, steps = strides
    let offset = place * steps[axis]
    smaller.remove(at: axis)
    steps.remove(at: axis)
    return view(smaller, strides: steps, offset: offset)
  }

  /// A new axis of size 1.
  public func unsqueezed(_ axis: Int) -> NDArray {
    let axis = normalizedAxis(axis, rank: rank + 1, operation: "unsqueezed")
    var larger = shape, steps = strides
    larger.insert(1, at: axis)
    steps.insert(1, at: axis)
    return view(larger, strides: steps)
  }

  /// Without an axis of size 1; without all of them if none is named.
  public func squeezed(_ axis: Int? = nil) -> NDArray {
    guard let axis else { return reshaped(shape.filter { $0 != 1 }) }
    let place = normalizedAxis(axis, rank: rank, operation: "squeezed")
    guard shape[place] == 1 else {
      wrongUse("squeezed: axis \(axis) of \(shape) has size \(shape[place]), not 1")
    }
    return select(axis: place, index: 0)
  }

  /// Axes of size 1 (and missing axes in front) repeated to the given shape, without a copy.
  public func expanded(to target: [Int]) -> NDArray {
    if target == shape { return self }
    _ = target.product("expanded")
    guard broadcastShape(shape, target, operation: "expanded") == target else {
      wrongUse("expanded: \(shape) to \(target)")
    }
    return view(target, strides: broadcastStrides(to: target))
  }

  /// This array's strides as seen from a larger shape: 0 where it repeats.
  package func broadcastStrides(to target: [Int]) -> [Int] {
    let added = target.count - rank
    let own = strides
    return target.indices.map { axis in
      axis < added || (shape[axis - added] == 1 && target[axis] != 1) ? 0 : own[axis - added]
    }
  }

  // MARK: Subscripts

  /// One place of the first axis: row `index` of a matrix.
  public subscript(index: Int) -> NDArray {
    get { select(axis: 0, index: index) }
    set { write(newValue) { $0.select(axis: 0, index: index) } }
  }

  /// Some places of the first axis: rows `range` of a matrix.
  public subscript(range: Range<Int>) -> NDArray {
    get { narrow(axis: 0, start: range.lowerBound, length: range.count) }
    set {
      write(newValue) { $0.narrow(axis: 0, start: range.lowerBound, length: range.count) }
    }
  }

  /// One index or range for each of the first axes: `a[0, 2..<5, -1]`.
  public subscript(places: any ArrayPlace...) -> NDArray {
    get { at(places) }
    set { write(newValue) { $0.at(places) } }
  }

  private func at(_ places: [any ArrayPlace]) -> NDArray {
    var result = self
    var axis = 0
    for place in places {
      guard axis < result.rank else {
        wrongUse("subscript: \(places.count) places for \(shape), which has \(rank) axes")
      }
      result = place.apply(to: result, axis: axis)
      if !(place is Int) { axis += 1 }
    }
    return result
  }

  /// Writes `values`, stretched where needed, into the part of this array that `part` views: with
  /// `values` for dy and zeros for this array, the gradient of a view.
  ///
  ///     dx.write(dy, to: { $0.narrow(axis: 0, start: 2, length: 3) })
  public mutating func write(_ values: NDArray, to part: (NDArray) -> NDArray) {
    checkSameType("assignment", self, values)
    let target = part(self).shape
    guard broadcastShape(values.shape, target, operation: "assignment") == target else {
      wrongUse("assignment: \(values.shape) into \(target)")
    }
    let source = values.expanded(to: target).contiguous.storage
    makeWritable()
    let window = part(self)
    guard window.count > 0 else { return }
    let bytes = dtype.byteCount
    var input = source.pointer
    forEachRow(window.shape, window.strides) { row in
      ck_scatter_strided(
        dtype.kernel, row.count, input, window.storage.pointer + row.first &* bytes, row.firstStep)
      input += row.count &* bytes
    }
  }
}

/// What may stand in a subscript: a number (the axis goes) or a range (it stays).
public protocol ArrayPlace {
  /// What is left of the array when this place stands for an axis; a place that is not there stops
  /// the program.
  func apply(to array: NDArray, axis: Int) -> NDArray
}

extension Int: ArrayPlace {
  public func apply(to array: NDArray, axis: Int) -> NDArray {
    array.select(axis: axis, index: self)
  }
}

extension Range: ArrayPlace where Bound == Int {
  public func apply(to array: NDArray, axis: Int) -> NDArray {
    array.narrow(axis: axis, start: lowerBound, length: count)
  }
}

extension ClosedRange: ArrayPlace where Bound == Int {
  public func apply(to array: NDArray, axis: Int) -> NDArray {
    array.narrow(axis: axis, start: lowerBound, length: count)
  }
}

extension PartialRangeFrom: ArrayPlace where Bound == Int {
  public func apply(to array: NDArray, axis: Int) -> NDArray {
    array.slice(axis: axis, start: lowerBound)
  }
}

extension PartialRangeUpTo: ArrayPlace where Bound == Int {
  public func apply(to array: NDArray, axis: Int) -> NDArray {
    array.slice(axis: axis, end: upperBound)
  }
}
