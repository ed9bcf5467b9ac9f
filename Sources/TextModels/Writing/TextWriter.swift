import Arrays
import Autograd
import Foundation
import NN
import Sequences
import Training

/// A network that has learned a text's characters and writes like it, with counts of the text where the
/// two together foresee it better.
///
///     let text = try CharacterText(contentsOf: file)
///     let writer = try WriterTrainer(.minutes(3)).fitted(to: text)
///     writer.scores.bitsPerCharacter                       // of text that no choice has seen
///     print(writer.write(prompt: "The river ", length: 300, Sampler(temperature: 0.8)))
///     try writer.write(to: saved)                          // and TextWriter(contentsOf: saved)
///
/// Where counts have a share, the file holds the text that they are counted from.
public struct TextWriter: SavedModel {
  public static let kind = "unroll.writer", version = 1

  /// What the text was called.
  public let name: String
  /// The characters that it knows.
  public let vocabulary: Vocabulary
  /// The size of its network, and how it learned.
  public let recipe: WriterRecipe
  /// How good it is.
  public let scores: WriterScores
  /// What was measured on the way.
  public let curve: [WriterPoint]
  private let weights: [StoredArray]
  /// The numbers of the characters that are counted; nil where counts have no share.
  private let counted: StoredArray?

  init(
    _ network: NextCharacterNetwork, _ text: CharacterText, recipe: WriterRecipe,
    scores: WriterScores, curve: [WriterPoint]
  ) {
    (name, vocabulary) = (text.name, text.vocabulary)
    (self.recipe, self.scores, self.curve) = (recipe, scores, curve)
    weights = network.stateDict().map { StoredArray($0.key, $0.value) }
      .sorted { $0.name.precedes($1.name) }
    counted =
      scores.countingShare > 0
      ? StoredArray("counted", NDArray(Self.counted(of: text).map(Float.init))) : nil
  }

  /// What of a text the writer counts: no more than is counted anew within a moment when it is loaded.
  static func counted(of text: CharacterText) -> [Int] { text.learned.suffix(500_000) }

  // MARK: Writing

  /// Characters that follow a prompt, which stands before them.
  ///
  /// - Parameters:
  ///   - prompt: characters that the text has not are read as unknown; see `unknown(in:)`.
  ///   - length: how many characters to write after it.
  ///   - sampler: how they are drawn: `.greedy` for always the likeliest.
  ///   - seed: the same seed, the same text.
  public func write(
    prompt: String = "", length: Int, _ sampler: Sampler = Sampler(temperature: 0.8),
    seed: UInt64 = 1
  ) -> String {
    guard length >= 0 else { wrongUse("TextWriter: \(length) characters to write") }
    var composer = composer(sampler, seed: seed)
    composer.write(prompt)
    for _ in 0..<length { composer.draw() }
    return composer.written
  }

  /// The same, character by character; and its `anew` writes another text in less time than it takes to
  /// make the network and count again.
  public func composer(_ sampler: Sampler, seed: UInt64 = 1) -> Composer {
    // It is its own, or was checked when it was read.
    Composer(try! network(), vocabulary, counting: counting(), sampler, seed: seed)
  }

  /// The characters of a prompt that the text has not, each once.
  public func unknown(in prompt: String) -> [Character] { vocabulary.unknown(in: prompt) }

  /// The network alone, which evaluates.
  public func network() throws -> NextCharacterNetwork {
    let network = NextCharacterNetwork(kinds: vocabulary.count, recipe)
    var state = StateDict()
    for weight in weights { state[weight.name] = weight.array }
    try network.loadStateDict(state)
    network.eval()
    return network
  }

  private func counting() -> Counting? {
    counted.map { counted in
      let counts = NGramCounts(
        counted.array.doubles.map { Int($0) }, order: scores.countingOrder,
        classes: vocabulary.count)
      return Counting(counts, share: scores.countingShare)
    }
  }

  // MARK: What comes from a file

  public func check() throws {
    func damaged(_ what: String) -> SavedModelError {
      SavedModelError(file: "", problem: "is damaged: \(what)")
    }
    let kinds = vocabulary.count, size = recipe.hiddenSize
    guard 3...CharacterText.mostKinds + 1 ~= kinds, 1...4096 ~= size,
      1...4096 ~= recipe.embeddingSize, 0..<1 ~= recipe.dropout,
      vocabulary.number(of: .unknown) == 0,
      vocabulary.tokens.dropFirst().allSatisfy({ $0.count == 1 })
    else { throw damaged("sizes that cannot be") }
    // Before a network of these sizes is made.
    guard
      weights.contains(where: {
        $0.name == "layer.weight_hh_l0" && $0.array.shape == [3 * size, size]
      }),
      weights.contains(where: {
        $0.name == "embedding.weight" && $0.array.shape == [kinds, recipe.embeddingSize]
      })
    else { throw damaged("weights of other sizes") }
    guard weights.allSatisfy({ $0.array.doubles.allSatisfy(\.isFinite) }) else {
      throw damaged("weights that are no numbers")
    }
    do { _ = try network() } catch { throw damaged("\(error)") }
    guard !curve.isEmpty, 1...20 ~= scores.countingOrder, 0...1 ~= scores.countingShare,
      (scores.countingShare > 0) == (counted != nil),
      counted?.array.doubles.allSatisfy({ 0..<Double(kinds) ~= $0 && $0 == $0.rounded() }) ?? true
    else { throw damaged("counts that cannot be") }
  }
}

/// What a writer is worth, in bits a character, of the text held out.
public struct WriterScores: Codable, Equatable, Sendable {
  /// Of what writes: network and counts by their shares.
  public let bitsPerCharacter: Double
  /// Of the network alone.
  public let network: Double
  /// Of counting alone, at its best order, over all that was learned.
  public let counting: Double
  /// How many characters counting looks at, the one foreseen included.
  public let countingOrder: Int
  /// The share of counts in what is foreseen, from 0 to 1, chosen by the text to choose by.
  public let countingShare: Double
  /// Training steps taken; the weights kept are those after `bestStep`.
  public let steps, bestStep: Int
  /// The share of characters held out that have no number of their own.
  public let unknownShare: Double
}

/// Bits a character on the way.
public struct WriterPoint: Codable, Equatable, Sendable {
  /// Training steps taken so far.
  public let step: Int
  /// Over the steps since the point before, and of the text to choose by.
  public let training, validation: Double
}

extension Vocabulary {
  /// The characters of a text that have no number, each once.
  public func unknown(in text: String) -> [Character] {
    var seen = Set<Character>()
    let none = number(of: .unknown)
    return text.filter { number(of: String($0)) == none && seen.insert($0).inserted }.map { $0 }
  }
}

extension NextCharacterNetwork {
  convenience init(kinds: Int, _ recipe: WriterRecipe) {
    self.init(
      kinds: kinds, embeddingSize: recipe.embeddingSize, hiddenSize: recipe.hiddenSize,
      dropout: recipe.dropout)
  }
}
