import Foundation

/// A digest of bytes that come piece by piece.
package struct RunningDigest: Sendable {
  /// RFC 1321, RFC 3174, FIPS 180-4.
  package enum Kind: Sendable { case md5, sha1, sha256 }

  package let kind: Kind
  private var state: [UInt32]
  /// What has come since the last whole block of 64 bytes.
  private var pending: [UInt8] = []
  private var count: UInt64 = 0

  package init(_ kind: Kind) {
    self.kind = kind
    state =
      switch kind {
      case .md5: MD5.start
      case .sha1: SHA1.start
      case .sha256: SHA256.start
      }
  }

  package mutating func update(_ bytes: some Sequence<UInt8>) {
    let before = pending.count
    pending.append(contentsOf: bytes)
    count += UInt64(pending.count - before)
    takeBlocks()
  }

  /// The digest of all that has come.
  package var bytes: [UInt8] {
    // Filled up to whole blocks: a single 1 bit, zeros, and the length in bits.
    var last = self
    last.pending.append(0x80)
    while last.pending.count % 64 != 56 { last.pending.append(0) }
    let bits = count &* 8
    withUnsafeBytes(of: kind == .md5 ? bits.littleEndian : bits.bigEndian) { last.pending += $0 }
    last.takeBlocks()
    return last.state.flatMap { word in
      withUnsafeBytes(of: kind == .md5 ? word.littleEndian : word.bigEndian) { [UInt8]($0) }
    }
  }

  private mutating func takeBlocks() {
    let whole = pending.count / 64 * 64
    guard whole > 0 else { return }
    var words = [UInt32](repeating: 0, count: 16)
    for block in stride(from: 0, to: whole, by: 64) {
      for word in 0..<16 {
        let place = block + 4 * word
        let (a, b) = (UInt32(pending[place]), UInt32(pending[place + 1]))
        let (c, d) = (UInt32(pending[place + 2]), UInt32(pending[place + 3]))
        words[word] =
          kind == .md5
          ? d << 24 | c << 16 | b << 8 | a : a << 24 | b << 16 | c << 8 | d
      }
      let change =
        switch kind {
        case .md5: MD5.change(state, words)
        case .sha1: SHA1.change(state, words)
        case .sha256: SHA256.change(state, words)
        }
      for (i, word) in change.enumerated() { state[i] = state[i] &+ word }
    }
    pending.removeFirst(whole)
  }
}

private func rotate(_ word: UInt32, _ count: Int) -> UInt32 {
  word << UInt32(count) | word >> UInt32(32 - count)
}

private enum MD5 {
  static let start: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
  /// ⌊2³² |sin(i + 1)|⌋.
  static let sines = (0..<64).map { UInt32(abs(sin(Double($0 + 1))) * 0x1p32) }
  static let turns = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]]

  /// What a block of 16 words adds to the state.
  static func change(_ state: [UInt32], _ words: [UInt32]) -> [UInt32] {
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
    return [a, b, c, d]
  }
}

private enum SHA1 {
  static let start: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]

  /// What a block of 16 words adds to the state.
  static func change(_ state: [UInt32], _ words: [UInt32]) -> [UInt32] {
    var schedule = words
    for i in 16..<80 {
      schedule.append(
        rotate(schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1))
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
    return [a, b, c, d, e]
  }
}

private enum SHA256 {
  /// The first 32 bits after the point of the square roots of the first 8 primes, and of the cube
  /// roots of the first 64.
  static let start = primes(8).map { fraction(Double($0).squareRoot()) }
  static let constants = primes(64).map { fraction(cbrt(Double($0))) }

  private static func fraction(_ root: Double) -> UInt32 {
    UInt32((root - root.rounded(.down)) * 0x1p32)
  }

  private static func primes(_ count: Int) -> [Int] {
    var primes: [Int] = []
    var number = 2
    while primes.count < count {
      if primes.allSatisfy({ number % $0 != 0 }) { primes.append(number) }
      number += 1
    }
    return primes
  }

  /// What a block of 16 words adds to the state.
  static func change(_ state: [UInt32], _ words: [UInt32]) -> [UInt32] {
    // To the right by n is to the left by 32 − n.
    func right(_ word: UInt32, _ count: Int) -> UInt32 { rotate(word, 32 - count) }
    var schedule = words
    for i in 16..<64 {
      let (x, y) = (schedule[i - 15], schedule[i - 2])
      schedule.append(
        schedule[i - 16] &+ schedule[i - 7] &+ (right(x, 7) ^ right(x, 18) ^ x >> 3)
          &+ (right(y, 17) ^ right(y, 19) ^ y >> 10))
    }
    var s = state
    for i in 0..<64 {
      let (a, b, c, e) = (s[0], s[1], s[2], s[4])
      let first =
        s[7] &+ (right(e, 6) ^ right(e, 11) ^ right(e, 25)) &+ (e & s[5] ^ ~e & s[6])
        &+ constants[i] &+ schedule[i]
      let second = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) &+ (a & b ^ a & c ^ b & c)
      s = [first &+ second, a, b, c, s[3] &+ first, e, s[5], s[6]]
    }
    return s
  }
}
