import Arrays
import Foundation

/// The copy task (Hochreiter & Schmidhuber 1997; sizes as in Arjovsky, Shah & Bengio 2016): a few
/// symbols, a long silence, a sign, and then the symbols again, from memory.
///
///     input    3 1 4 1 5 · · · · · · · › · · · · ·
///     target   · · · · · · · · · · · · · 3 1 4 1 5
public struct CopyTask: Sendable {
  /// Steps of silence between the symbols and the sign.
  public let delay: Int
  /// How many symbols are to be remembered.
  public let symbols: Int
  /// How many different ones there are.
  public let alphabet: Int

  /// Classes of inputs and targets: the alphabet, silence and the sign.
  public var classes: Int { alphabet + 2 }
  /// Steps of a sequence.
  public var length: Int { delay + 2 * symbols + 1 }
  /// The cross-entropy per step, in nats, of knowing all about the task but the symbols: silence
  /// where silence is due, and each symbol with equal probability at the end.
  public var baseline: Double { Double(symbols) * log(Double(alphabet)) / Double(length) }

  /// - Parameters:
  ///   - delay: steps of silence, from 0: what makes the task hard.
  ///   - symbols: how many are to be remembered, from 1.
  ///   - alphabet: how many different ones there are, from 2. Fewer, here or above, stop the
  ///     program.
  public init(delay: Int, symbols: Int = 10, alphabet: Int = 8) {
    guard delay >= 0, symbols > 0, alphabet > 1 else {
      fatalError("CopyTask: delay \(delay), symbols \(symbols), alphabet \(alphabet)")
    }
    (self.delay, self.symbols, self.alphabet) = (delay, symbols, alphabet)
  }

  /// - Returns: inputs, one-hot `[time, batch, classes]`, and targets, classes `[time, batch]`.
  public func batch(
    _ size: Int, dtype: DType = .float32, generator: Generator = .default
  ) -> (inputs: NDArray, targets: Indices) {
    let (silence, sign) = (alphabet, alphabet + 1)
    var inputs = [Int](repeating: silence, count: length * size)
    var targets = [Int](repeating: silence, count: length * size)
    var generator = generator
    for b in 0..<size {
      for place in 0..<symbols {
        let symbol = Int.random(in: 0..<alphabet, using: &generator)
        inputs[place * size + b] = symbol
        targets[(length - symbols + place) * size + b] = symbol
      }
      inputs[(symbols + delay) * size + b] = sign
    }
    return (
      .oneHot(Indices(inputs, shape: [length, size]), classes: classes, dtype: dtype),
      Indices(targets, shape: [length, size])
    )
  }
}
