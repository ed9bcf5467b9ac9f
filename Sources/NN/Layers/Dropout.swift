/// In training, sets each number to 0 with probability `probability` and scales the others by
/// 1/(1 − p); in evaluation, lets everything pass (Srivastava et al. 2014).
public final class Dropout: Module, UnaryLayer {
  public let probability: Double
  private let generator: Generator

  public init(_ probability: Double = 0.5, generator: Generator = .default) {
    guard (0...1).contains(probability) else {
      wrongUse("Dropout: probability \(probability) is not in 0...1")
    }
    (self.probability, self.generator) = (probability, generator)
  }

  public func forward(_ input: Tensor) -> Tensor {
    isTraining ? input.dropout(probability, generator: generator) : input
  }
}
