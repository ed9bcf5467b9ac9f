import CKernels

/// Where an array's numbers are: one object a view, the memory owned by the object that made it.
package final class Storage {
  @exclusivity(unchecked) package private(set) var shape: [Int]
  package let pointer: UnsafeMutableRawPointer
  @exclusivity(unchecked) package private(set) var count: Int
  @exclusivity(unchecked) package private(set) var dtype: DType
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

  /// New memory, if it is small in an object that was used before (see `NDArray.recycle`).
  package static func make(_ shape: [Int], _ dtype: DType, count: Int) -> Storage {
    guard let spare = spare(for: dtype, count) else { return Storage(shape, dtype, count: count) }
    spare.shape = shape
    return spare
  }

  /// New memory for an array of another's shape and type.
  static func make(like other: Storage) -> Storage {
    guard let spare = spare(for: other.dtype, other.count) else {
      return Storage(other.shape, other.dtype, count: other.count)
    }
    if spare.shapeBits != other.shapeBits { spare.shape = other.shape }
    return spare
  }

  @inline(__always)
  private static func spare(for dtype: DType, _ count: Int) -> Storage? {
    guard count &* dtype.byteCount <= smallest, let spare = ck_take_spare(ck_spare_storage) else {
      return nil
    }
    let storage = Unmanaged<Storage>.fromOpaque(spare).takeRetainedValue()
    ck_count_spare(Int64(smallest))
    storage.count = count
    storage.dtype = dtype
    return storage
  }

  /// The size of the smallest piece of memory, in bytes.
  fileprivate static var smallest: Int { 1 << 6 }

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
  private var shapeBits: Int { unsafeBitCast(shape, to: Int.self) }
}

extension NDArray {
  /// Says that this array is not needed any more. If its memory is small and no one else can see it,
  /// the object is kept for the next small array: for operations on a few numbers most of the time
  /// goes into making and freeing objects, and a backward walk knows when it is done with them.
  package consuming func recycle() {
    guard storage.ownsMemory, storage.count &* storage.dtype.byteCount <= Storage.smallest,
      let place = ck_spare_place(ck_spare_storage)
    else { return }
    let array = UnsafeMutableRawPointer(place).assumingMemoryBound(to: NDArray.self)
    array.initialize(to: self)
    if isKnownUniquelyReferenced(&array.pointee.storage) {
      ck_keep_spare(ck_spare_storage)
      ck_count_spare(-Int64(Storage.smallest))
    } else {
      array.deinitialize(count: 1)
    }
  }
}

/// Bytes that all arrays of this process hold now.
public var arrayBytesInUse: Int { ck_bytes_in_use() }

/// What this thread has taken for arrays less what it has given back: for tests, beside which others
/// run on other threads.
package var arrayBytesInUseHere: Int { Int(ck_bytes_in_use_here()) }
