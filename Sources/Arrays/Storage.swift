import CKernels

/// Where an array's numbers are: one object a view, the memory owned by the object that made it.
package final class Storage {
  @exclusivity(unchecked) package internal(set) var shape: [Int]
  package let pointer: UnsafeMutableRawPointer
  @exclusivity(unchecked) package internal(set) var count: Int
  @exclusivity(unchecked) package internal(set) var dtype: DType
  /// What a view has besides; nil for an array with row-major memory of its own, the usual case.
  private let view: View?

  private final class View {
    /// Steps along each axis; nil if they are those of a row-major array.
    let strides: [Int]?
    /// The storage whose memory this is.
    let owner: Storage
    init(strides: [Int]?, owner: Storage) {
      self.strides = strides
      self.owner = owner
    }
  }

  /// New memory, not yet written to.
  package init(_ shape: [Int], _ dtype: DType, count: Int) {
    self.dtype = dtype
    self.shape = shape
    self.count = count
    self.view = nil
    self.pointer = ck_alloc(count &* dtype.byteCount)
  }

  /// A view of another array's memory that starts `offset` numbers after that array's first.
  init(viewing base: Storage, shape: [Int], strides: [Int]?, offset: Int = 0) {
    self.dtype = base.dtype
    self.shape = shape
    self.count = shape.product
    self.view = View(strides: strides, owner: base.view?.owner ?? base)
    self.pointer = base.pointer + offset &* base.dtype.byteCount
  }

  deinit {
    if view == nil { ck_free(pointer, count &* dtype.byteCount) }
  }

  package var strides: [Int]? { view?.strides }
  /// Whether the numbers lie one after the other, the last axis fastest.
  package var isContiguous: Bool { view == nil || view!.strides == nil }
  package var ownsMemory: Bool { view == nil }

  func hasShape(of other: Storage) -> Bool {
    shapeBits == other.shapeBits || (count == other.count && shape == other.shape)
  }

  /// Equal for shapes that share their memory, as most that are compared do.
  @inline(__always)
  var shapeBits: Int { unsafeBitCast(shape, to: Int.self) }
}

/// Many tasks may read one array's memory. Who writes to it is the only one that refers to it:
/// `NDArray.makeWritable` sees to that.
extension Storage: @unchecked Sendable {}

/// Bytes that all arrays of this process hold now.
public var arrayBytesInUse: Int { ck_bytes_in_use() }

/// What this thread has taken for arrays less what it has given back: for tests, beside which others
/// run on other threads.
package var arrayBytesInUseHere: Int { Int(ck_bytes_in_use_here()) }
