import Arrays
import Autograd
import Foundation
import NN

/// Characters in, scores for the next character out, at every step.
public final class NextCharacterNetwork: Module {
  /// The characters' vectors, `[kinds, embeddingSize]`.
  public let embedding: Embedding
  /// Reads them one after the other.
  public let layer: GRU
  /// Before and after the GRU, in training alone.
  public let dropout: Dropout
  /// From a state to a score for each character.
  public let output: Linear

  /// - Parameters:
  ///   - kinds: characters in the vocabulary.
  ///   - embeddingSize: numbers in a character's vector.
  ///   - hiddenSize: numbers in the GRU's state.
  ///   - probability: the share of numbers set to 0 in training, before and after the GRU.
  public init(kinds: Int, embeddingSize: Int = 48, hiddenSize: Int, dropout probability: Double) {
    embedding = Embedding(kinds, embeddingSize)
    layer = GRU(inputSize: embeddingSize, hiddenSize: hiddenSize)
    dropout = Dropout(probability)
    output = Linear(hiddenSize, kinds)
  }

  /// Ids `[time, batch]`; scores `[time · batch, kinds]`, and the state to go on from,
  /// `[1, batch, hiddenSize]`.
  public func callAsFunction(_ ids: Indices, _ state: Tensor? = nil) -> (Tensor, state: Tensor) {
    let (states, last) = layer(dropout(embedding(ids)), state)
    let rows = states.reshaped([ids.count, layer.hiddenSize])
    return (output(dropout(rows)), last.detach())
  }

  /// The probability of each character of a text from the second on, after all before it.
  ///
  /// - Parameters:
  ///   - ids: the text's characters, by the vocabulary's numbers.
  ///   - rows: the text is read in so many rows at once, which is faster; each begins 200
  ///     characters before its own, so that it knows what came before.
  public func probabilities(of ids: [Int], rows: Int = 1) -> [Double] {
    let count = ids.count - 1
    guard count > 0 else { return [] }
    let length = (count + rows - 1) / rows, lead = rows > 1 ? 200 : 0
    // Where each row begins; before the text's beginning stands its first character.
    let starts = (0..<rows).map { $0 * length - lead }
    func id(_ place: Int) -> Int { ids[max(0, min(place, count))] }
    return inEvaluation {
      var found = [[Double]](repeating: [], count: rows), state: Tensor?
      for start in stride(from: 0, to: lead + length, by: 500) {
        let steps = start..<min(start + 500, lead + length)
        func cut(_ shift: Int) -> [Int] {
          steps.flatMap { step in starts.map { id($0 + step + shift) } }
        }
        let (scores, last) = self(Indices(cut(0), shape: [steps.count, rows]), state)
        let losses = crossEntropy(scores, Indices(cut(1)), reduction: .none).value.doubles
        for (place, loss) in losses.enumerated() where steps.lowerBound + place / rows >= lead {
          found[place % rows].append(exp(-loss))
        }
        state = last
      }
      return Array(found.joined().prefix(count))
    }
  }
}

/// The mean of −log₂ p: bits a character.
public func meanBits(_ probabilities: [Double]) -> Double {
  -probabilities.reduce(0) { $0 + log2(max($1, 1e-300)) } / Double(probabilities.count)
}
