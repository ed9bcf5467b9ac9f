import Arrays

/// Inputs made of others: bits turned over, numbers at their limits, parts cut, doubled, exchanged.
///
/// It knows nothing of the reader; a build for libFuzzer sees which branches an input takes and goes
/// far deeper.
package struct Mutator {
  private let seeds: [[UInt8]]
  private let generator: Generator

  package init(_ seeds: [[UInt8]], seed: UInt64) {
    (self.seeds, generator) = (seeds, Generator(seed: seed))
  }

  /// The next input.
  package mutating func next() -> [UInt8] {
    var bytes = pick(seeds)
    for _ in 0...below(4) { change(&bytes) }
    return bytes
  }

  private static let words: [[UInt8]] = [
    "0", "-1", "1e300", "-1e300", "nan", "inf", "9223372036854775807", "-9223372036854775808", "..",
    "/", "\\", "\"", "'", "\n", "\r", "\r\n", "\t", "\u{0}", "<script>", "%d", "{", "}", "[", "]",
    "(", ")", "$", "*", "_", "`", "#", "é", "e\u{301}", "漢", "👩‍👩‍👧", "\u{202E}", "\u{FEFF}", "",
  ].map { Array($0.utf8) }

  private mutating func change(_ bytes: inout [UInt8]) {
    let place = below(bytes.count + 1)
    let end = min(bytes.count, place + below(8))
    switch below(8) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
    case 1 where place < bytes.count: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][below(5)]
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: pick(Self.words), at: place)
    case 4: bytes.replaceSubrange(place..<end, with: pick(Self.words))
    case 5: bytes.removeSubrange(place...)
    case 6: bytes.insert(contentsOf: bytes[place..<end], at: place)
    default:
      let other = pick(seeds)
      bytes.replaceSubrange(place..., with: other[below(other.count + 1)...])
    }
  }

  private func below(_ limit: Int) -> Int { Int(generator.next() % UInt64(limit)) }
  private func pick(_ choices: [[UInt8]]) -> [UInt8] { choices[below(choices.count)] }
}
