import Unroll

/// Reads numbers and answers with their mean: through the padding, or packed.
package final class MeanReader: Module {
  let gru = GRU(inputSize: 1, hiddenSize: 16)
  let output = Linear(16, 1)
  let isPacked: Bool

  package init(isPacked: Bool) { self.isPacked = isPacked }

  /// x `[time, batch, 1]`, answers `[batch, 1]`.
  package func callAsFunction(_ x: Tensor, _ lengths: [Int]) -> Tensor {
    let last = isPacked ? gru(packPaddedSequence(x, lengths: lengths)).h_n : gru(x).h_n
    return output(last[0])
  }

  /// Sequences of 2 to 20 numbers around a level of their own, padded, and their means.
  package static func batch(_ size: Int) -> (x: Tensor, lengths: [Int], y: Tensor) {
    let generator = Generator.default
    let sequences = (0..<size).map { _ in
      let length = 2 + Int(generator.uniform() * 19)
      return NDArray.normal([length, 1], mean: generator.normal(), standardDeviation: 0.5)
    }
    return (
      Tensor(padSequence(sequences)), sequences.map(\.shape[0]),
      Tensor(NDArray(sequences.map { $0.mean().item }, shape: [size, 1]))
    )
  }
}
