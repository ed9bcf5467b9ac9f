import CKernels
import Foundation

/// A part of an array, told by where it lies among the array's numbers in row-major order: what a
/// view shows, without the numbers.
package struct Window {
  package let shape: [Int]
  let strides: [Int]
  let offset: Int

  /// Some columns of all rows, when an array is taken as a matrix of so many rows.
  package struct Columns {
    package let rows: Int
    package var range: Range<Int>
  }

  /// The part as columns: a run of places is one of a single row. Nil where it is none.
  package func columns(of wholeShape: [Int]) -> Columns? {
    let count = wholeShape.product
    var width = 1, rows = 1, step: Int?
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if step == nil, strides[axis] == width {
        width *= shape[axis]
      } else {
        guard strides[axis] == (step ?? strides[axis]) * rows else { return nil }
        step = step ?? strides[axis]
        rows *= shape[axis]
      }
    }
    guard let step else { return Columns(rows: 1, range: offset..<offset + width) }
    guard rows > 0, rows * step == count, offset + width <= step else { return nil }
    return Columns(rows: rows, range: offset..<offset + width)
  }

  /// Columns, as the part of an array.
  package init(_ columns: Columns, of wholeShape: [Int]) {
    self.init(
      shape: [columns.rows, columns.range.count],
      strides: [wholeShape.product / columns.rows, 1], offset: columns.range.lowerBound)
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

  /// Writes numbers over some columns, in place.
  package mutating func put(_ numbers: NDArray, over columns: Window.Columns) {
    let source = numbers.contiguous.storage
    makeWritable()
    let bytes = columns.range.count &* dtype.byteCount
    let step = count / columns.rows &* dtype.byteCount
    var target = storage.pointer + columns.range.lowerBound &* dtype.byteCount
    for row in 0..<columns.rows {
      target.copyMemory(from: source.pointer + row &* bytes, byteCount: bytes)
      target += step
    }
  }

  /// Writes zeros everywhere but in some columns, in place.
  package mutating func clear(but columns: Window.Columns) {
    let width = count / columns.rows
    if columns.range == 0..<width { return }
    makeWritable()
    let bytes = dtype.byteCount
    for row in 0..<columns.rows {
      let start = storage.pointer + row &* width &* bytes
      memset(start, 0, columns.range.lowerBound &* bytes)
      memset(
        start + columns.range.upperBound &* bytes, 0, (width - columns.range.upperBound) &* bytes)
    }
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
