import CKernels

// Numbers of a view, written out in row-major order.

extension NDArray {
  /// A copy with memory of its own.
  package func copied() -> NDArray {
    let result = NDArray.uninitialized(shape, dtype)
    guard count > 0 else { return result }
    let source = storage.pointer, target = result.storage.pointer
    let bytes = dtype.byteCount, kernel = dtype.kernel
    if isContiguous {
      target.copyMemory(from: source, byteCount: count &* bytes)
      return result
    }
    let axes = mergedAxes()
    guard let last = axes.last else {
      target.copyMemory(from: source, byteCount: bytes)
      return result
    }
    // Rows stay rows, or become columns of a matrix that is turned; what is neither is picked up
    // number by number.
    if last.step == 1, axes.count > 1 {
      let rows = axes[axes.count - 2]
      forEachPlace(axes.dropLast(2)) { from, to in
        ck_copy_rows(
          kernel, rows.size, last.size, source + from &* bytes, rows.step, target + to &* bytes)
      }
    } else if let turned = axes.dropLast().lastIndex(where: { $0.step == 1 }) {
      let rows = axes[turned]
      var others = axes.dropLast()
      others.remove(at: turned)
      forEachPlace(others) { from, to in
        ck_transpose(
          kernel, rows.size, last.size, source + from &* bytes, last.step, target + to &* bytes,
          rows.written)
      }
    } else {
      forEachPlace(axes.dropLast()) { from, to in
        ck_gather_strided(
          kernel, last.size, source + from &* bytes, last.step, target + to &* bytes)
      }
    }
    return result
  }

  /// An axis as a copy goes along it: its size, the step from one number to the next, and the step
  /// between the places where they are written.
  private typealias Axis = (size: Int, step: Int, written: Int)

  /// The axes, neighbors that are stepped through evenly taken as one, those of size 1 left out.
  private func mergedAxes() -> [Axis] {
    var merged: [Axis] = []
    var written = 1
    for (size, step) in zip(shape, strides).reversed() where size != 1 {
      if let inner = merged.last, step == inner.step * inner.size {
        merged[merged.count - 1].size *= size
      } else {
        merged.append((size, step, written))
      }
      written *= size
    }
    return merged.reversed()
  }

  /// Calls `body` with where each place along some axes is read and written.
  private func forEachPlace(_ axes: ArraySlice<Axis>, _ body: (_ from: Int, _ to: Int) -> Void) {
    let axes = Array(axes)
    var place = [Int](repeating: 0, count: axes.count)
    var (from, to) = (0, 0)
    while true {
      body(from, to)
      var axis = axes.count - 1
      while axis >= 0 {
        place[axis] += 1
        from += axes[axis].step
        to += axes[axis].written
        if place[axis] < axes[axis].size { break }
        from -= axes[axis].step * axes[axis].size
        to -= axes[axis].written * axes[axis].size
        place[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
