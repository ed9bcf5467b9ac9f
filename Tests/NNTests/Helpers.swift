import Foundation
import NN
import Testing

/// Random numbers in Double, always the same.
func random(_ shape: [Int], seed: UInt64 = 5) -> NDArray {
  .uniform(shape, in: -1...1, dtype: .float64, generator: Generator(seed: seed))
}

/// Whether a program that stopped said so in these words.
func expectWords(
  _ words: String, _ result: ExitTest.Result?, sourceLocation: SourceLocation = #_sourceLocation
) {
  let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  #expect(said.contains(words), "it said: \(said.prefix(500))", sourceLocation: sourceLocation)
}
