/// The files in a zip or tar archive that are whole, by their names in it.
package enum Archive {
  /// Reads a zip archive (stored or deflated entries; no encryption, below 4 GB), each entry's
  /// CRC-32 checked.
  package static func zip(_ bytes: [UInt8], name: String) throws -> [String: [UInt8]] {
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
    var place = try number(end + 16, 4)
    var files: [String: [UInt8]] = [:]
    for _ in 0..<(try number(end + 10, 2)) {
      guard try number(place, 4) == 0x0201_4B50 else { throw broken("its directory is broken") }
      let method = try number(place + 10, 2), checksum = try number(place + 16, 4)
      let packed = try number(place + 20, 4), size = try number(place + 24, 4)
      let nameLength = try number(place + 28, 2)
      let local = try number(place + 42, 4)
      guard place + 46 + nameLength <= bytes.count else {
        throw broken("the archive ends too early")
      }
      let path = String(decoding: bytes[(place + 46)..<(place + 46 + nameLength)], as: UTF8.self)
      place += 46 + nameLength + (try number(place + 30, 2)) + (try number(place + 32, 2))
      if path.hasSuffix("/") { continue }
      let start = local + 30 + (try number(local + 26, 2)) + (try number(local + 28, 2))
      guard start + packed <= bytes.count else { throw broken("the archive ends too early") }
      let body = bytes[start..<start + packed]
      let content: [UInt8]
      switch method {
      case 0: content = Array(body)
      case 8:
        content = try inflated(body, windowBits: -15, name: "\(name), \(path)", longest: 1 << 30)
      default: throw broken("\(path) is packed by method \(method), which is not known here")
      }
      guard content.count == size, Int(crc32(of: content)) == checksum else {
        throw broken("\(path) is broken: its checksum is wrong")
      }
      files[path] = content
    }
    return files
  }

  /// Reads a tar archive (POSIX ustar), packed by gzip or not.
  package static func tar(_ packed: [UInt8], name: String) throws -> [String: [UInt8]] {
    let bytes = try gunzipped(packed, name: name)
    func text(_ place: Int, _ size: Int) -> String {
      String(decoding: bytes[place..<place + size].prefix { $0 != 0 }, as: UTF8.self)
    }
    var files: [String: [UInt8]] = [:]
    var place = 0
    while place + 512 <= bytes.count, bytes[place] != 0 {
      let octal = text(place + 124, 12).filter { "01234567".contains($0) }
      guard let size = Int(octal, radix: 8), place + 512 + size <= bytes.count else {
        throw ArchiveError(file: name, problem: "the archive ends too early or is no tar archive")
      }
      let isFile = bytes[place + 156] == 0 || bytes[place + 156] == 0x30
      if isFile { files[text(place, 100)] = Array(bytes[(place + 512)..<(place + 512 + size)]) }
      place += 512 + (size + 511) / 512 * 512
    }
    return files
  }
}
