import Foundation

/// The part of a file that is being looked at, as UTF-8: bytes from `place` on that have not been
/// used yet, and more of them whenever they are asked for.
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
  /// The first place from which on the file cannot be decoded; beyond all bytes if it can.
  private(set) var undecodable = Int.max
  /// The encoding the file is read in.
  let encoding: String
  private var capacity: Int
  private let handle: UnsafeMutablePointer<FILE>?
  /// How large the file was when it was opened, and how much of it has come.
  private var size = 0, got = 0
  /// How far the bytes are known to be UTF-8.
  private var checked = 0
  /// What another encoding is turned into UTF-8 with, and the bytes of it that have come.
  private let transcoder: Transcoder?
  private var raw: [UInt8] = []

  /// How many bytes have not been used.
  var unread: Int { count - place }
  /// How many bytes have not been used or not been read.
  var bytesAhead: Int { unread + max(0, size - got) }

  init(bytes source: some Collection<UInt8>) {
    capacity = max(1, source.count)
    bytes = Self.allocate(capacity)
    _ = UnsafeMutableBufferPointer(start: bytes, count: capacity).update(fromContentsOf: source)
    (count, handle, atEnd) = (source.count, nil, true)
    encoding = "utf-8"
    transcoder = nil
  }

  /// Opens a file. Throws `CSVError` if that cannot be done, or if there is no such encoding.
  init(file: URL, encoding asked: String? = nil) throws {
    var directory: ObjCBool = false
    if FileManager.default.fileExists(atPath: file.path, isDirectory: &directory),
      directory.boolValue
    {
      throw CSVError(file: file.path, problem: "is a folder")
    }
    guard let handle = fopen(file.path, "rb") else {
      throw CSVError(file: file.path, problem: String(cString: strerror(errno)))
    }
    var first = [UInt8](repeating: 0, count: 1 << 17)
    first.removeLast(first.count - fread(&first, 1, first.count, handle))
    let name = file.lastPathComponent
    do {
      let encoding = try Self.encoding(asked, of: first, name)
      try self.init(
        handle, first, encoding, Self.transcoder(from: encoding, name), capacity: 1 << 17)
    } catch {
      fclose(handle)
      throw error
    }
  }

  /// A file of which the `first` bytes have been read.
  private init(
    _ handle: UnsafeMutablePointer<FILE>, _ first: [UInt8], _ encoding: String,
    _ transcoder: Transcoder?, capacity: Int
  ) {
    (self.handle, self.encoding, self.transcoder) = (handle, encoding, transcoder)
    var status = stat()
    if fstat(fileno(handle), &status) == 0 { size = Int(status.st_size) }
    (got, self.capacity) = (first.count, capacity)
    bytes = Self.allocate(capacity)
    if transcoder == nil {
      count = first.count
      _ = UnsafeMutableBufferPointer(start: bytes, count: count).update(fromContentsOf: first)
      atEnd = feof(handle) != 0
      check()
    } else {
      raw = first
    }
  }

  /// The encoding asked for; without one that which a mark at the file's beginning tells, or UTF-8.
  private static func encoding(
    _ asked: String?, of first: [UInt8], _ file: String
  ) throws -> String {
    if let asked { return asked }
    if first.starts(with: [0xFF, 0xFE, 0, 0]) || first.starts(with: [0, 0, 0xFE, 0xFF]) {
      return "utf-32"
    }
    if first.starts(with: [0xFF, 0xFE]) || first.starts(with: [0xFE, 0xFF]) { return "utf-16" }
    if let likely = unmarkedUTF16(first) {
      throw CSVError(
        file: file, line: 1,
        problem: "the file seems to be UTF-16 without a mark; say encoding: \"\(likely)\"")
    }
    return "utf-8"
  }

  private static func transcoder(from encoding: String, _ file: String) throws -> Transcoder? {
    if Transcoder.isUTF8(encoding) { return nil }
    if let transcoder = Transcoder(from: encoding, to: "UTF-8") { return transcoder }
    throw CSVError(file: file, problem: "there is no encoding \(shortened(encoding))")
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
      if undecodable != Int.max { undecodable -= place }
      (count, checked, place) = (unread, checked - place, 0)
    }
    if capacity - count < 64 {
      let larger = Self.allocate(2 * capacity)
      larger.update(from: bytes, count: count)
      bytes.deallocate()
      (bytes, capacity) = (larger, 2 * capacity)
    }
    if transcoder != nil {
      try decode(handle)
    } else {
      let room = capacity - count
      let new = fread(bytes + count, 1, room, handle)
      count += new
      got += new
      if new < room { try end(handle) }
      check()
    }
  }

  /// Notes that the file has ended, or that it cannot be read on.
  private mutating func end(_ handle: UnsafeMutablePointer<FILE>) throws {
    if ferror(handle) != 0 { throw ReadError(text: String(cString: strerror(errno))) }
    atEnd = true
  }

  private mutating func check() {
    guard undecodable == Int.max else { return }
    let (place, isWrong) = checkUTF8(bytes, from: checked, to: count, isEnd: atEnd)
    checked = place
    if isWrong { undecodable = place }
  }

  /// Fills the buffer from a file of another encoding.
  private mutating func decode(_ handle: UnsafeMutablePointer<FILE>) throws {
    while true {
      // One byte is kept for the mark below.
      let room = capacity - count - 1
      var output = UnsafeMutableBufferPointer(start: bytes + count, count: room)
      var left = 0
      let end = raw.withUnsafeMutableBufferPointer { all in
        var input = all
        defer { left = input.count }
        return transcoder!.convert(&input, into: &output)
      }
      raw.removeFirst(raw.count - left)
      count += room - output.count
      if end == .outputFull { return }
      if end != .wrong, try fetch(handle) { continue }
      if end != .inputUsed {
        undecodable = count
        bytes[count] = UInt8(ascii: "?")
        count += 1
      }
      atEnd = true
      return
    }
  }

  /// Reads more bytes of another encoding; false if there are none.
  private mutating func fetch(_ handle: UnsafeMutablePointer<FILE>) throws -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let new = fread(&piece, 1, piece.count, handle)
    got += new
    raw += piece[..<new]
    if ferror(handle) != 0 { throw ReadError(text: String(cString: strerror(errno))) }
    return new > 0
  }

  /// What is wrong where the file cannot be decoded.
  var problem: String {
    guard transcoder == nil else {
      let wrong = raw.prefix(2).map { String($0, radix: 16, uppercase: true) }
      return "the bytes \(wrong.joined(separator: " ")) … are not \(encoding)"
    }
    let byte = String(bytes[undecodable], radix: 16, uppercase: true)
    let all = UnsafeBufferPointer(start: bytes, count: count)
    // After some characters of UTF-8 it is one broken place, not another encoding.
    let isBroken = all[..<undecodable].count { $0 >= 0x80 } > 6
    let likely = (isBroken ? nil : likelyEncoding(all)).map {
      "; the file seems to be in \($0), say encoding: \"\($0)\""
    }
    return "the byte \(byte) here is no UTF-8" + (likely ?? "")
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
