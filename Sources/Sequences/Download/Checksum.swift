import Foundation

/// A digest by which one can tell that a file is whole. MD5 and SHA-1 are what the data sets'
/// publishers give; against malice neither helps, nor is it asked to.
public enum Checksum: Hashable, Sendable, CustomStringConvertible {
  /// RFC 1321, as 32 hexadecimal digits.
  case md5(String)
  /// RFC 3174, as 40 hexadecimal digits.
  case sha1(String)

  public var description: String {
    switch self {
    case .md5(let digits): "MD5 \(digits)"
    case .sha1(let digits): "SHA-1 \(digits)"
    }
  }

  /// The same kind of digest of some bytes.
  public func of(_ bytes: some Sequence<UInt8>) -> Checksum {
    switch self {
    case .md5: .md5(hexadecimal(MD5.digest(Array(bytes))))
    case .sha1: .sha1(hexadecimal(SHA1.digest(Array(bytes))))
    }
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// Calls `body` with each block of 16 words of a message filled up to whole blocks: a single 1 bit,
/// zeros, and the message's length in bits.
private func forEachBlock(
  _ message: [UInt8], bigEndian: Bool, _ body: (UnsafeBufferPointer<UInt32>) -> Void
) {
  var bytes = message
  bytes.append(0x80)
  while bytes.count % 64 != 56 { bytes.append(0) }
  let bits = UInt64(message.count) * 8
  withUnsafeBytes(of: bigEndian ? bits.bigEndian : bits.littleEndian) { bytes += $0 }
  var words = [UInt32](repeating: 0, count: 16)
  for block in stride(from: 0, to: bytes.count, by: 64) {
    for word in 0..<16 {
      let place = block + 4 * word
      let (a, b) = (UInt32(bytes[place]), UInt32(bytes[place + 1]))
      let (c, d) = (UInt32(bytes[place + 2]), UInt32(bytes[place + 3]))
      words[word] =
        bigEndian ? a << 24 | b << 16 | c << 8 | d : d << 24 | c << 16 | b << 8 | a
    }
    words.withUnsafeBufferPointer(body)
  }
}

private func rotate(_ word: UInt32, _ count: Int) -> UInt32 {
  word << UInt32(count) | word >> UInt32(32 - count)
}

private enum MD5 {
  /// ⌊2³² |sin(i + 1)|⌋.
  static let sines = (0..<64).map { UInt32(abs(sin(Double($0 + 1))) * 0x1p32) }
  static let turns = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]]

  static func digest(_ message: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
    forEachBlock(message, bigEndian: false) { words in
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      for i in 0..<64 {
        let mixed: UInt32
        let word: Int
        switch i / 16 {
        case 0: (mixed, word) = (b & c | ~b & d, i)
        case 1: (mixed, word) = (d & b | ~d & c, (5 * i + 1) % 16)
        case 2: (mixed, word) = (b ^ c ^ d, (3 * i + 5) % 16)
        default: (mixed, word) = (c ^ (b | ~d), 7 * i % 16)
        }
        let sum = a &+ mixed &+ sines[i] &+ words[word]
        (a, d, c) = (d, c, b)
        b = b &+ rotate(sum, turns[i / 16][i % 4])
      }
      state = [state[0] &+ a, state[1] &+ b, state[2] &+ c, state[3] &+ d]
    }
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }
}

private enum SHA1 {
  static func digest(_ message: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    var schedule = [UInt32](repeating: 0, count: 80)
    forEachBlock(message, bigEndian: true) { words in
      for i in 0..<16 { schedule[i] = words[i] }
      for i in 16..<80 {
        schedule[i] = rotate(
          schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1)
      }
      var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
      for i in 0..<80 {
        let (mixed, constant): (UInt32, UInt32) =
          switch i / 20 {
          case 0: (b & c | ~b & d, 0x5A82_7999)
          case 1: (b ^ c ^ d, 0x6ED9_EBA1)
          case 2: (b & c | b & d | c & d, 0x8F1B_BCDC)
          default: (b ^ c ^ d, 0xCA62_C1D6)
          }
        let sum = rotate(a, 5) &+ mixed &+ e &+ constant &+ schedule[i]
        (e, d, c, b, a) = (d, c, rotate(b, 30), a, sum)
      }
      for (i, word) in [a, b, c, d, e].enumerated() { state[i] = state[i] &+ word }
    }
    return state.flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - $0 * 8)) }
    }
  }
}
