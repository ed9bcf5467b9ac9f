import Foundation
import Sequences

/// What is counted of a text, whatever its order.
public enum BagFeatures: String, Codable, Sendable, CaseIterable {
  /// Each character, as often as it comes.
  case characters
  /// Each word and mark, as often as it comes.
  case words
  /// Whether runs of one to five characters come, in small letters, spaces included.
  case characterNGrams
  /// Whether words, and two in a row, come.
  case wordPairs

  /// How many characters of a text are counted.
  static let limit = 20_000

  /// A number of 64 bits for each feature of the text, twice for one that counts twice. Two features
  /// of one number are less likely than one in a million texts.
  package func keys(of text: String) -> [UInt64] {
    let text = text.composed(atMost: Self.limit)
    switch self {
    case .characters: return text.map { fingerprint($0.utf8) }
    case .words: return words(text)
    case .wordPairs:
      let words = words(text)
      // A mark at each end, for what begins a text and what ends it.
      let marked = [1] + words + [2]
      return unique(words + zip(marked, marked.dropFirst()).map { fingerprint([$0, $1]) })
    case .characterNGrams:
      let spaced = text.lowercased().split(whereSeparator: \.isWhitespace)
      let characters = " \(spaced.joined(separator: " ")) ".map { fingerprint($0.utf8) }
      return unique(
        (1...5).flatMap { n in
          characters.count < n
            ? [] : (0...characters.count - n).map { fingerprint(characters[$0..<$0 + n]) }
        })
    }
  }

  private func words(_ text: String) -> [UInt64] {
    WordTokenizer().tokens(of: text).map { fingerprint($0.utf8) }
  }
}

/// The numbers once each, in the order in which they first come.
private func unique(_ keys: [UInt64]) -> [UInt64] {
  var seen = Set<UInt64>(minimumCapacity: keys.count)
  return keys.filter { seen.insert($0).inserted }
}

/// FNV-1a over numbers, with SplitMix64's last step.
private func fingerprint(_ numbers: some Sequence<some BinaryInteger>) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for number in numbers { hash = (hash ^ UInt64(truncatingIfNeeded: number)) &* 0x100_0000_01B3 }
  hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
  hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
  return hash ^ (hash >> 31)
}
