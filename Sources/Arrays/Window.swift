import CKernels
import Foundation

/// A part of an array, told by where it lies among the array's numbers in row-major order: what a
/// view shows, without the numbers.
package struct Window {
  package let shape: [Int]
  let strides: [Int]
  let offset: Int

  /// The places of the part where they are one run.
  package var run: Range<Int>? {
    var step = 1
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if strides[axis] != step { return nil }
      step *= shape[axis]
    }
    return offset..<offset + step
  }

  /// A run of places, as the part of an array.
  package init(_ run: Range<Int>) {
    self.init(shape: [run.count], strides: [1], offset: run.lowerBound)
  }

  init(shape: [Int], strides: [Int], offset: Int) {
    (self.shape, self.strides, self.offset) = (shape, strides, offset)
  }

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

  /// Writes numbers over a run of places, in place.
  package mutating func put(_ numbers: NDArray, over run: Range<Int>) {
    let source = numbers.contiguous.storage
    makeWritable()
    (storage.pointer + run.lowerBound &* dtype.byteCount).copyMemory(
      from: source.pointer, byteCount: run.count &* dtype.byteCount)
  }

  /// Writes zeros everywhere but at a run of places, in place.
  package mutating func clear(but run: Range<Int>) {
    makeWritable()
    let bytes = dtype.byteCount
    memset(storage.pointer, 0, run.lowerBound &* bytes)
    memset(storage.pointer + run.upperBound &* bytes, 0, (count - run.upperBound) &* bytes)
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
