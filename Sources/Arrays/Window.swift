import CKernels

/// A part of an array, told by where it lies among the array's numbers in row-major order: what a
/// view shows, without the numbers.
package struct Window {
  package let shape: [Int]
  let strides: [Int]
  let offset: Int

  /// The same part of an array of the whole's shape whose numbers lie in row-major order.
  package func part(of whole: NDArray) -> NDArray {
    whole.view(shape, strides: strides, offset: offset)
  }
}

extension NDArray {
  /// Where a view of this array lies, one that copies nothing: what it shows was found before.
  package func window(showing part: NDArray, _ view: (NDArray) -> NDArray) -> Window {
    isContiguous ? place(of: part) : place(of: view(laidOut))
  }

  /// Where a view of a part of this array lies in the whole.
  package func window(_ part: Window, _ view: (NDArray) -> NDArray) -> Window {
    place(of: view(part.part(of: laidOut)))
  }

  /// This array as if its numbers lay in row-major order. Only the layout counts; none is read.
  private var laidOut: NDArray {
    isContiguous ? self : NDArray(Storage(viewing: storage, shape: shape, strides: nil))
  }

  private func place(of part: NDArray) -> Window {
    Window(
      shape: part.shape, strides: part.strides,
      offset: (part.storage.pointer - storage.pointer) / dtype.byteCount)
  }

  /// Adds numbers to a part of this array of Doubles, in place.
  package mutating func add(_ share: NDArray, at window: Window) {
    guard dtype == .float64, share.shape == window.shape else {
      wrongUse("add: \(share.shape) into a part \(window.shape) of \(dtype) \(shape)")
    }
    if ck_is_plain() {
      let sum = window.part(of: contiguous) + share.asType(.float64)
      write(sum, to: window.part(of:))
      return
    }
    let source = share.contiguous.storage
    makeWritable()
    var input = source.pointer
    let sums = storage.pointer.assumingMemoryBound(to: Double.self) + window.offset
    forEachRow(window.shape, window.strides) { row in
      ck_add_strided(source.dtype.kernel, row.count, input, sums + row.first, row.firstStep)
      input += row.count &* source.dtype.byteCount
    }
  }
}
