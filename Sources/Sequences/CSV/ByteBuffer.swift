import Foundation

/// The part of a file that is being looked at: bytes from `place` on that have not been used yet,
/// and more of them whenever they are asked for.
///
/// Eight bytes behind the last may be read, whatever they hold: those who look at eight at a time
/// need not stop before the end.
struct ByteBuffer: ~Copyable {
  private(set) var bytes: UnsafeMutablePointer<UInt8>
  /// How many bytes there are, used ones included.
  private(set) var count = 0
  /// Where the unused bytes begin.
  var place = 0
  /// Whether nothing follows the bytes.
  private(set) var atEnd = false
  private var capacity: Int
  private let handle: UnsafeMutablePointer<FILE>?
  /// How large the file was when it was opened, and how much of it has come.
  private var size = 0, got = 0

  /// How many bytes have not been used.
  var unread: Int { count - place }
  /// How many bytes have not been used or not been read.
  var bytesAhead: Int { unread + max(0, size - got) }

  init(bytes source: [UInt8]) {
    capacity = max(1, source.count)
    bytes = Self.allocate(capacity)
    bytes.update(from: source, count: source.count)
    (count, handle, atEnd) = (source.count, nil, true)
  }

  /// Opens a file. Throws `CSVError` if that cannot be done.
  init(file: URL) throws {
    var directory: ObjCBool = false
    if FileManager.default.fileExists(atPath: file.path, isDirectory: &directory),
      directory.boolValue
    {
      throw CSVError(file: file.path, problem: "is a folder")
    }
    guard let handle = fopen(file.path, "rb") else {
      throw CSVError(file: file.path, problem: String(cString: strerror(errno)))
    }
    self.handle = handle
    var status = stat()
    if fstat(fileno(handle), &status) == 0 { size = Int(status.st_size) }
    capacity = 1 << 17
    bytes = Self.allocate(capacity)
  }

  deinit {
    bytes.deallocate()
    if let handle { fclose(handle) }
  }

  /// Moves the unused bytes to the front and reads on behind them. When the buffer is full of
  /// unused bytes it is doubled first.
  mutating func refill() throws {
    guard let handle, !atEnd else { return }
    if place > 0 {
      bytes.update(from: bytes + place, count: unread)
      (count, place) = (unread, 0)
    } else if count == capacity {
      let larger = Self.allocate(2 * capacity)
      larger.update(from: bytes, count: count)
      bytes.deallocate()
      (bytes, capacity) = (larger, 2 * capacity)
    }
    let room = capacity - count
    let new = fread(bytes + count, 1, room, handle)
    count += new
    got += new
    guard new < room else { return }
    if ferror(handle) != 0 { throw ReadError(text: String(cString: strerror(errno))) }
    atEnd = true
  }

  func starts(with prefix: [UInt8]) -> Bool {
    unread >= prefix.count && prefix.indices.allSatisfy { bytes[place + $0] == prefix[$0] }
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: count + 8)
    (bytes + count).initialize(repeating: 0, count: 8)
    return bytes
  }

  private struct ReadError: Error, CustomStringConvertible {
    let text: String
    var description: String { "cannot be read: " + text }
  }
}
