import Arrays
import Autograd
import Foundation
import NN
import Sequences
import Training

/// Lets a network write: each character drawn goes back in as the next input.
///
///     var composer = Composer(network, vocabulary, Sampler(temperature: 0.8), seed: 1)
///     composer.write("Once upon a time")
///     for _ in 0..<200 { composer.draw() }
///     print(composer.written)
public struct Composer {
  /// Which character each number stands for.
  public let vocabulary: Vocabulary
  /// How characters are drawn; it may be changed while the text is written.
  public var sampler: Sampler
  let network: NextCharacterNetwork
  private let counting: Counting?
  private let generator: Generator
  private var state: Tensor?
  private var logits: [Double] = []
  /// What was read last, as much of it as the counts look back on.
  private var context: [Int] = []
  /// The character of each number; none of the special ones.
  private let characters: [Character?]
  /// What has been written, what was given included.
  public private(set) var written = ""

  /// - Parameters:
  ///   - network: one that evaluates.
  ///   - vocabulary: the network's.
  ///   - counting: counts to ask together with the network, if any.
  ///   - sampler: how characters are drawn.
  ///   - seed: the same seed, the same text.
  public init(
    _ network: NextCharacterNetwork, _ vocabulary: Vocabulary, counting: Counting? = nil,
    _ sampler: Sampler, seed: UInt64
  ) {
    (self.network, self.vocabulary, self.counting) = (network, vocabulary, counting)
    self.sampler = sampler
    generator = Generator(seed: seed)
    characters = vocabulary.tokens.map { $0.count == 1 ? $0.first : nil }
    // As if a line had just ended.
    read("\n")
  }

  /// Another one with the same network and counts, which begins anew.
  public func anew(_ sampler: Sampler, seed: UInt64) -> Composer {
    Composer(network, vocabulary, counting: counting, sampler, seed: seed)
  }

  /// Takes in what it does not write.
  public mutating func read(_ text: String) {
    read(vocabulary.encode(CharacterTokenizer().tokens(of: text)))
  }

  private mutating func read(_ ids: [Int]) {
    // Of a long text piece by piece, as each character has a row of scores.
    for start in stride(from: 0, to: ids.count, by: 500) {
      let piece = Array(ids[start..<min(start + 500, ids.count)])
      let (scores, last) = noGrad { network(Indices(piece).reshaped([piece.count, 1]), state) }
      state = last
      if start + 500 >= ids.count { logits = scores.value[-1].doubles }
    }
    guard let counting, !ids.isEmpty else { return }
    context = (context + ids).suffix(counting.counts.order - 1)
    logits = counting.mixed(logits, after: context)
  }

  /// Writes what is given.
  public mutating func write(_ given: String) {
    if given.isEmpty { return }
    written += given
    read(given)
  }

  /// Draws one of the characters that are allowed and writes it; none if there is none.
  @discardableResult
  public mutating func draw(_ isAllowed: (Character) -> Bool = { _ in true }) -> Character? {
    var allowed = logits
    for (id, character) in characters.enumerated() where character.map(isAllowed) != true {
      allowed[id] = -.infinity
    }
    guard allowed.contains(where: { $0 > -.infinity }) else { return nil }
    let id = sampler.next(allowed, generator: generator)
    let character = characters[id]!
    written.append(character)
    read([id])
    return character
  }

  /// Ends the line that is being written, unread.
  public mutating func endLine() {
    if written.last == " " { written.removeLast() }
    written += "\n"
  }
}

/// Counts that are asked together with a network: p is `share` · counted + (1 − `share`) · network's.
public struct Counting: Sendable {
  /// What has been counted.
  public let counts: NGramCounts
  /// From 0 to 1.
  public let share: Double

  /// Counts with their share of what is foreseen.
  public init(_ counts: NGramCounts, share: Double) { (self.counts, self.share) = (counts, share) }

  /// Logits of both together.
  func mixed(_ logits: [Double], after context: [Int]) -> [Double] {
    let largest = logits.max()!
    let weights = logits.map { exp($0 - largest) }
    let total = weights.reduce(0, +)
    return zip(weights, counts.probabilities(after: context)).map {
      log(share * $1 + (1 - share) * $0 / total)
    }
  }
}
