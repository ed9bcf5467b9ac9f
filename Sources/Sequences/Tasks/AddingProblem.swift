import Arrays

/// The adding problem (Hochreiter & Schmidhuber 1997, experiment 4, in the form of Le, Jaitly & Hinton
/// 2015): two numbers of a long sequence are marked; say their sum at the end. The first mark lies in
/// the first half, the second in the other, so that the answer needs a memory of at least half the
/// length at times.
public struct AddingProblem: Sendable {
  /// Steps of a sequence.
  public let length: Int

  /// The mean squared error of always answering 1, the mean of the sum of two numbers from [0, 1):
  /// twice the variance 1/12 of one.
  public static let baseline = 1.0 / 6

  /// The problem over so many steps; fewer than 2 stop the program.
  public init(length: Int) {
    guard length >= 2 else { fatalError("AddingProblem: length \(length); two marks need 2 steps") }
    self.length = length
  }

  /// - Returns: inputs `[time, batch, 2]`, a number from [0, 1) and its mark (0 or 1) at each step;
  ///   targets `[batch, 1]`.
  public func batch(
    _ size: Int, dtype: DType = .float32, generator: Generator = .default
  ) -> (inputs: NDArray, targets: NDArray) {
    var inputs = [Double](repeating: 0, count: length * size * 2)
    var targets = [Double](repeating: 0, count: size)
    var generator = generator
    for b in 0..<size {
      let marks = [
        Int.random(in: 0..<(length / 2), using: &generator),
        Int.random(in: (length / 2)..<length, using: &generator),
      ]
      for t in 0..<length {
        let number = generator.uniform()
        inputs[(t * size + b) * 2] = number
        if marks.contains(t) {
          inputs[(t * size + b) * 2 + 1] = 1
          targets[b] += number
        }
      }
    }
    return (
      NDArray(inputs, shape: [length, size, 2], dtype: dtype),
      NDArray(targets, shape: [size, 1], dtype: dtype)
    )
  }
}
