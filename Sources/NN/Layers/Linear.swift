/// A fully connected layer: y = x·Wᵀ + b.
///
/// `weight` is `[outputSize, inputSize]`, `bias` `[outputSize]`; both start evenly from
/// ±1/√inputSize, as PyTorch's.
public final class Linear: Module, UnaryLayer {
  /// The sizes of the input's and of the output's last axis.
  public let inputSize, outputSize: Int
  /// W, `[outputSize, inputSize]`.
  public let weight: Parameter
  /// b, `[outputSize]`; nil where there is none.
  public let bias: Parameter?

  /// - Parameters:
  ///   - inputSize: the input's last axis; PyTorch's `in_features`.
  ///   - outputSize: the output's last axis; PyTorch's `out_features`.
  ///   - bias: whether b is added.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where the starting values are drawn from.
  public init(
    _ inputSize: Int, _ outputSize: Int, bias: Bool = true, dtype: DType = .float32,
    generator: Generator = .default
  ) {
    checkSizes("Linear", ("inputSize", inputSize), ("outputSize", outputSize))
    (self.inputSize, self.outputSize) = (inputSize, outputSize)
    let bound = 1 / Double(inputSize).squareRoot()
    weight = Parameter(uniform: bound, [outputSize, inputSize], dtype, generator)
    self.bias = bias ? Parameter(uniform: bound, [outputSize], dtype, generator) : nil
  }

  /// Input `[…, inputSize]`, output `[…, outputSize]`.
  public func forward(_ input: Tensor) -> Tensor {
    guard input.shape.last == inputSize else {
      wrongUse("Linear: input \(input.shape), expected \(inputSize) features")
    }
    return input.linear(weight, bias)
  }
}

/// Stops the program where a layer's size is not positive.
func checkSizes(_ layer: String, _ sizes: (name: String, size: Int)...) {
  for (name, size) in sizes where size < 1 {
    wrongUse("\(layer): \(name) \(size) is not positive")
  }
}
