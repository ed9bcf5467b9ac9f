import Foundation

/// The digest by which a page's policy knows its scripts (FIPS 180-4).
enum SHA256 {
  static func base64(of text: String) -> String {
    Data(
      digest(Array(text.utf8)).flatMap { word in
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
      }
    ).base64EncodedString()
  }

  private static func digest(_ message: [UInt8]) -> [UInt32] {
    var bytes = message + [0x80]
    bytes += [UInt8](repeating: 0, count: (120 - bytes.count % 64) % 64)
    let bits = UInt64(message.count) * 8
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) }

    var state = primes(8).map { fraction(Double($0).squareRoot()) }
    let constants = primes(64).map { fraction(cbrt(Double($0))) }
    var w = [UInt32](repeating: 0, count: 64)
    for start in stride(from: 0, to: bytes.count, by: 64) {
      for t in 0..<16 { w[t] = (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[start + 4 * t + $1]) } }
      for t in 16..<64 {
        let (a, b) = (w[t - 15], w[t - 2])
        let small = turned(a, 7) ^ turned(a, 18) ^ a >> 3
        w[t] = w[t - 16] &+ small &+ w[t - 7] &+ (turned(b, 17) ^ turned(b, 19) ^ b >> 10)
      }
      var s = state
      for t in 0..<64 {
        let big = turned(s[4], 6) ^ turned(s[4], 11) ^ turned(s[4], 25)
        let one = s[7] &+ big &+ (s[4] & s[5] ^ ~s[4] & s[6]) &+ constants[t] &+ w[t]
        let other = turned(s[0], 2) ^ turned(s[0], 13) ^ turned(s[0], 22)
        let two = other &+ (s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2])
        s = [one &+ two, s[0], s[1], s[2], s[3] &+ one, s[4], s[5], s[6]]
      }
      for k in 0..<8 { state[k] = state[k] &+ s[k] }
    }
    return state
  }

  private static func turned(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word >> bits | word << (32 - bits)
  }

  private static func primes(_ count: Int) -> [Int] {
    // The 64th is 311.
    Array((2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }.prefix(count))
  }

  /// The first 32 bits behind the point: Double has as many to spare.
  private static func fraction(_ number: Double) -> UInt32 {
    UInt32((number - number.rounded(.down)) * 4_294_967_296)
  }
}
