import Arrays

/// The temporal order problem (Hochreiter & Schmidhuber 1997, experiment 6a): somewhere in a long
/// sequence of meaningless symbols stand two that count, each an X or a Y; say at the end which two
/// they were, and in which order. Four answers, equally likely.
public struct TemporalOrder: Sendable {
  /// Steps of a sequence.
  public let length: Int
  /// X, Y and four symbols without meaning, one-hot.
  public static let symbols = 6
  /// XX, XY, YX, YY.
  public static let classes = 4

  /// The problem over so many steps; fewer than 10 stop the program.
  public init(length: Int) {
    guard length >= 10 else { fatalError("TemporalOrder: length \(length); it needs 10 steps") }
    self.length = length
  }

  /// The first symbol that counts stands in the second tenth of the sequence, the other in the sixth.
  ///
  /// - Returns: inputs, one-hot `[time, batch, 6]`, and answers `[batch]`: 0 … 3.
  public func batch(
    _ size: Int, dtype: DType = .float32, generator: Generator = .default
  ) -> (inputs: NDArray, targets: Indices) {
    var inputs = [Int](repeating: 0, count: length * size)
    var answers = [Int](repeating: 0, count: size)
    var generator = generator
    for b in 0..<size {
      for t in 0..<length { inputs[t * size + b] = Int.random(in: 2..<6, using: &generator) }
      for tenth in [1, 5] {
        let symbol = Int.random(in: 0..<2, using: &generator)
        let start = length * tenth / 10, end = length * (tenth + 1) / 10
        inputs[Int.random(in: start..<end, using: &generator) * size + b] = symbol
        answers[b] = 2 * answers[b] + symbol
      }
    }
    return (
      .oneHot(Indices(inputs, shape: [length, size]), classes: Self.symbols, dtype: dtype),
      Indices(answers)
    )
  }
}
