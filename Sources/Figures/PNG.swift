import Foundation

/// The little of PNG (RFC 2083) that tells a whole picture from half of one.
enum PNG {
  /// What is wrong with the file, or nil if it is a picture of that size from first to last chunk.
  static func flaw(in data: Data, width: Int, height: Int) -> String? {
    let bytes = [UInt8](data)
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
      return bytes.isEmpty ? "the file is empty" : "it does not begin as a PNG does"
    }
    var at = 8
    var sawPixels = false
    while at + 12 <= bytes.count {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      let kind = String(decoding: bytes[at + 4..<at + 8], as: UTF8.self)
      guard at + 12 + length <= bytes.count else { break }
      if at == 8 {
        guard kind == "IHDR", length == 13 else { return "it has no header" }
        let sides = [16, 20].map { bytes[$0..<$0 + 4].reduce(0) { $0 << 8 | Int($1) } }
        guard sides == [width, height] else {
          return "it is \(sides[0]) × \(sides[1]) pixels instead of \(width) × \(height)"
        }
      }
      if kind == "IDAT" { sawPixels = true }
      at += 12 + length
      if kind == "IEND" {
        if at != bytes.count { return "bytes follow its end" }
        return sawPixels && bytes.count > 1000 ? nil : "it is nearly empty"
      }
    }
    return "it is cut off after \(bytes.count) bytes"
  }
}
