import Arrays

/// How much an archive may unpack to before it is refused, rather than taken into memory.
package struct ArchiveLimits: Sendable {
  /// Bytes of all files together.
  package var total: Int
  /// The same as a multiple of the archive's own bytes; text packs ten times, hardly more.
  package var ratio: Int
  /// Files and folders.
  package var count: Int
  /// An archive that unpacks to less than this is small, whatever the ratio.
  package var small: Int

  package init(
    total: Int = 1 << 30, ratio: Int = 200, count: Int = 10_000, small: Int = 1 << 24
  ) {
    (self.total, self.ratio, self.count, self.small) = (total, ratio, count, small)
  }

  /// The bytes that an archive of so many may unpack to, and which limit that is.
  func allowed(packed: Int) -> (bytes: Int, limit: String) {
    let (product, isTooLarge) = packed.multipliedReportingOverflow(by: ratio)
    let byRatio = max(small, isTooLarge ? .max : product)
    return byRatio < total
      ? (byRatio, "the most that \(packed) packed ones may become (\(ratio) times as many)")
      : (total, "the most that is unpacked")
  }
}

/// The files in a zip or tar archive that are whole, by their names in it. The names decide nothing:
/// whoever wants a file asks for it by name. Links and folders are left out.
package enum Archive {
  /// Reads a zip archive (stored or deflated entries; no encryption, below 4 GB), each entry's
  /// CRC-32 checked.
  package static func zip(
    _ bytes: [UInt8], name: String, limits: ArchiveLimits = ArchiveLimits()
  ) throws -> NameTable<[UInt8]> {
    func broken(_ problem: String) -> ArchiveError { ArchiveError(file: name, problem: problem) }
    func number(_ place: Int, _ size: Int) throws -> Int {
      guard place >= 0, place + size <= bytes.count else {
        throw broken("the archive ends too early")
      }
      return (0..<size).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
    // The directory stands at the end, before a comment of unknown length.
    let last = max(0, bytes.count - 22 - 65_535)
    guard
      let end = stride(from: bytes.count - 22, through: last, by: -1).first(where: {
        bytes[$0...].starts(with: [0x50, 0x4B, 0x05, 0x06])
      })
    else { throw broken("is no zip archive, or ends too early") }
    let count = try number(end + 10, 2)
    guard count <= limits.count else {
      throw broken("holds \(count) files; \(limits.count) are the most that is unpacked")
    }
    // What the directory says is added up before anything is unpacked.
    var place = try number(end + 16, 4)
    var entries: [ZipEntry] = []
    var total = 0
    let (allowed, limit) = limits.allowed(packed: bytes.count)
    for _ in 0..<count {
      guard try number(place, 4) == 0x0201_4B50 else { throw broken("its directory is broken") }
      let length = try number(place + 28, 2)
      guard place + 46 + length <= bytes.count else { throw broken("the archive ends too early") }
      let entry = ZipEntry(
        path: pathText(bytes[(place + 46)..<(place + 46 + length)]),
        method: try number(place + 10, 2), checksum: try number(place + 16, 4),
        packed: try number(place + 20, 4), size: try number(place + 24, 4),
        // Upper half: what Unix calls the mode.
        mode: try number(place + 5, 1) == 3 ? try number(place + 40, 2) : 0,
        local: try number(place + 42, 4))
      place += 46 + length + (try number(place + 30, 2)) + (try number(place + 32, 2))
      if entry.path.utf8.last == UInt8(ascii: "/") || entry.isLink { continue }
      total += entry.size
      guard total <= allowed else {
        throw broken("unpacks to more than \(allowed) bytes, \(limit)")
      }
      entries.append(entry)
    }
    var files = NameTable<[UInt8]>()
    for entry in entries {
      let local = entry.local
      let start = local + 30 + (try number(local + 26, 2)) + (try number(local + 28, 2))
      guard start + entry.packed <= bytes.count else { throw broken("the archive ends too early") }
      let body = bytes[start..<start + entry.packed]
      let content: [UInt8]
      switch entry.method {
      case 0: content = Array(body)
      case 8:
        content = try inflated(
          body, windowBits: -15, name: "\(name), \(entry.path)", longest: entry.size)
      default:
        throw broken(
          "\(entry.path) is packed by method \(entry.method), which is not known here")
      }
      guard content.count == entry.size, Int(crc32(of: content)) == entry.checksum else {
        throw broken("\(entry.path) is broken: its checksum is wrong")
      }
      files[entry.path] = content
    }
    return files
  }

  private struct ZipEntry {
    let path: String
    let method, checksum, packed, size, mode, local: Int
    var isLink: Bool { mode & 0o170000 == 0o120000 }
  }

  /// Names are UTF-8 or, in old archives, of a code page that is not told; then each byte is one
  /// character, so that different names stay different.
  private static func pathText(_ bytes: ArraySlice<UInt8>) -> String {
    String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  /// Reads a tar archive (POSIX ustar), packed by gzip or not, each header's sum checked.
  package static func tar(
    _ packed: [UInt8], name: String, limits: ArchiveLimits = ArchiveLimits()
  ) throws -> NameTable<[UInt8]> {
    func broken(_ problem: String) -> ArchiveError { ArchiveError(file: name, problem: problem) }
    let (allowed, limit) = limits.allowed(packed: packed.count)
    let bytes = try gunzipped(packed, name: name, longest: allowed, limit: limit)
    func field(_ place: Int, _ size: Int) -> ArraySlice<UInt8> {
      bytes[place..<place + size].prefix { $0 != 0 }
    }
    func octal(_ place: Int, _ size: Int) -> Int? {
      let digits = field(place, size).drop { $0 == 0x20 }.prefix { $0 != 0x20 }
      return Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }
    var files = NameTable<[UInt8]>()
    var place = 0, count = 0
    while place + 512 <= bytes.count, bytes[place] != 0 {
      count += 1
      guard count <= limits.count else {
        throw broken("holds more than \(limits.count) files, the most that is unpacked")
      }
      // The sum is taken with blanks in its own place.
      let sum = (0..<512).reduce(0) {
        $0 + ((148..<156).contains($1) ? 0x20 : Int(bytes[place + $1]))
      }
      guard octal(place + 148, 8) == sum, let size = octal(place + 124, 12), size >= 0,
        place + 512 + size <= bytes.count
      else { throw broken("the archive ends too early or is no tar archive") }
      let isFile = bytes[place + 156] == 0 || bytes[place + 156] == 0x30
      if isFile {
        let folder =
          field(place + 257, 5).elementsEqual("ustar".utf8) ? field(place + 345, 155) : []
        let path = pathText(folder + (folder.isEmpty ? [] : [0x2F]) + field(place, 100))
        files[path] = Array(bytes[(place + 512)..<(place + 512 + size)])
      }
      place += 512 + (size + 511) / 512 * 512
    }
    return files
  }
}
