/// In training, sets each number to 0 with probability `probability` and scales the others by
/// 1/(1 − p); in evaluation, lets everything pass (Srivastava et al. 2014).
public final class Dropout: Module, UnaryLayer {
  /// The share of numbers that is set to 0 in training.
  public let probability: Double
  private let generator: Generator

  /// - Parameters:
  ///   - probability: from 0 to 1, or the program stops.
  ///   - generator: draws which numbers are set to 0. Where runs shall repeat, give the one of the
  ///     trainer.
  public init(_ probability: Double = 0.5, generator: Generator = .default) {
    guard (0...1).contains(probability) else {
      wrongUse("Dropout: probability \(probability) is not in 0...1")
    }
    (self.probability, self.generator) = (probability, generator)
  }

  /// Input of any shape, output of the same.
  public func forward(_ input: Tensor) -> Tensor {
    isTraining ? input.dropout(probability, generator: generator) : input
  }
}
