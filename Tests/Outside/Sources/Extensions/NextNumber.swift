import UnrollNN

/// The next number after some.
public final class NextNumber: Module {
  let layer = MinimalGated(inputSize: 1, hiddenSize: 4)
  let output = Linear(4, 1)

  public func callAsFunction(_ numbers: [Double]) -> Double {
    let x = Tensor(NDArray(numbers, shape: [numbers.count, 1]))
    return inEvaluation { output(layer(x).h_n).item }
  }
}
