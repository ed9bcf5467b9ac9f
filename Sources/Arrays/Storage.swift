import CKernels

/// Where an array's numbers are: one object a view, the memory owned by the object that made it.
///
/// `strides` is nil for a row-major array, the usual case, which then needs no list of its own.
package final class Storage {
  package let dtype: DType
  package let shape: [Int]
  package let strides: [Int]?
  package let count: Int
  package let pointer: UnsafeMutableRawPointer
  /// The object whose memory this is a view of; nil if the memory is this object's own.
  let owner: Storage?

  /// New memory, not yet written to.
  package init(_ shape: [Int], _ dtype: DType, count: Int) {
    self.dtype = dtype
    self.shape = shape
    self.strides = nil
    self.count = count
    self.owner = nil
    self.pointer = ck_alloc(count &* dtype.byteCount)
  }

  /// A view of another array's memory that starts `offset` numbers after that array's first.
  init(viewing base: Storage, shape: [Int], strides: [Int]?, offset: Int = 0) {
    self.dtype = base.dtype
    self.shape = shape
    self.strides = strides
    self.count = shape.product
    self.owner = base.owner ?? base
    self.pointer = base.pointer + offset &* base.dtype.byteCount
  }

  deinit {
    if owner == nil { ck_free(pointer, count &* dtype.byteCount) }
  }
}

/// Bytes that all arrays of this process hold now.
public var arrayBytesInUse: Int { ck_bytes_in_use() }
