import Arrays
import CZlib
import Foundation

/// What is wrong with a compressed file or an archive.
public struct ArchiveError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The file as it was named.
  public let file: String
  /// What is wrong, in words.
  public let problem: String

  /// For readers of one's own.
  public init(file: String, problem: String) { (self.file, self.problem) = (file, problem) }

  public var description: String { "\(file): \(problem)".onOneLine }
}

/// The bytes of a gzip file (RFC 1952), their checksum checked. Bytes that are not compressed come
/// back as they are.
///
/// - Parameters:
///   - bytes: all of the file.
///   - name: what the file is called in errors.
///   - longest: more bytes than this are refused rather than taken into memory.
public func gunzipped(
  _ bytes: [UInt8], name: String, longest: Int = 1 << 30
) throws -> [UInt8] {
  try gunzipped(bytes, name: name, longest: longest, limit: nil)
}

/// - Parameters:
///   - limit: what the number `longest` is, for the error.
///   - piece: the bytes given to zlib at once, which counts them in 32 bits.
package func gunzipped(
  _ bytes: [UInt8], name: String, longest: Int, limit: String?, piece: Int = 1 << 30
) throws -> [UInt8] {
  guard bytes.starts(with: [0x1F, 0x8B]) else { return bytes }
  return try inflated(
    bytes[...], windowBits: 15 + 16, name: name, longest: longest, limit: limit, piece: piece)
}

/// Inflates bytes: gzip with 31 window bits, bare deflate with −15. Several gzip members in one file
/// are joined.
func inflated(
  _ bytes: ArraySlice<UInt8>, windowBits: Int32, name: String, longest: Int, limit: String? = nil,
  piece: Int = 1 << 30
) throws -> [UInt8] {
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  try bytes.withUnsafeBufferPointer { input in
    var stream = z_stream()
    guard unroll_inflate_init(&stream, windowBits) == Z_OK else {
      throw ArchiveError(file: name, problem: "cannot be unpacked: no memory")
    }
    defer { inflateEnd(&stream) }
    stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
    // How many bytes have not been given to zlib.
    var left = input.count
    func refill() {
      let more = min(left, piece - Int(stream.avail_in))
      stream.avail_in += UInt32(more)
      left -= more
    }
    while true {
      refill()
      let (status, count) = buffer.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        return (inflate(&stream, Z_NO_FLUSH), buffer.count - Int(stream.avail_out))
      }
      output += buffer[..<count]
      guard output.count <= longest else {
        let which = limit.map { ", \($0)" } ?? ""
        throw ArchiveError(file: name, problem: "unpacks to more than \(longest) bytes\(which)")
      }
      switch status {
      case Z_STREAM_END:
        refill()
        guard windowBits > 15, stream.avail_in > 1, stream.next_in[0] == 0x1F,
          stream.next_in[1] == 0x8B
        else { return }
        inflateReset(&stream)
      case Z_OK: continue
      case Z_BUF_ERROR:
        throw ArchiveError(file: name, problem: "the compressed data ends too early")
      default:
        let reason = stream.msg.map { String(cString: $0) } ?? "error \(status)"
        throw ArchiveError(file: name, problem: "the compressed data is broken: \(reason)")
      }
    }
  }
  return output
}

/// CRC-32, as zip files have it.
func crc32(of bytes: [UInt8]) -> UInt32 {
  // zlib counts the bytes of a call in 32 bits.
  var sum: UInt = 0
  bytes.withUnsafeBufferPointer { bytes in
    for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
      let count = min(1 << 30, bytes.count - start)
      sum = UInt(CZlib.crc32(uLong(sum), bytes.baseAddress! + start, UInt32(count)))
    }
  }
  return UInt32(sum)
}
